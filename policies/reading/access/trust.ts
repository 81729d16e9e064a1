/**
 * Whom Access believes: identity providers, certificate authorities, service tokens, and what holds for the whole
 * organization. What a policy asks of somebody is worth as much as the one who vouches for it.
 * Arguments of provider 5.14.0; meaning: Cloudflare's documentation of identity providers, mutual TLS and organizations.
 */
import type { Json, JsonObject, ResourceChange } from '../../../scripts/plan/types.ts';
import type { Estate } from '../estate.ts';
import { isReference } from '../values.ts';
import type { Side } from '../values.ts';
import { guardsOn, placeOf } from './places.ts';
import { applicationType, policiesOf, resourceNamed, valuesOn } from './policies.ts';
import { listed } from './restrictions.ts';
import { chosenIn } from './selectors.ts';
import { isObject } from '../../../scripts/json/json.ts';

export const providerType = 'cloudflare_zero_trust_access_identity_provider';
export const certificateType = 'cloudflare_zero_trust_access_mtls_certificate';
export const organizationType = 'cloudflare_zero_trust_organization';
export const tokenType = 'cloudflare_zero_trust_access_service_token';

/** Members of the configuration that do not say who is believed: the secret, how it asks, what it tells besides. */
const besides: ReadonlySet<string> = new Set([
  'attributes',
  'claims',
  'client_secret',
  'prompt',
  'redirect_url',
  'scopes',
  'support_groups',
]);

/** Switches of the configuration that ask for more when they are on. */
const safeguards: ReadonlySet<string> = new Set([
  'conditional_access_enabled',
  'pkce_enabled',
  'sign_request',
]);

/** Arguments of the provider's configuration that say who is believed, and differ. */
export function changedIdentity(change: ResourceChange): readonly string[] {
  const [before, after] = [identityOf(change, 'before'), identityOf(change, 'after')];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => {
    const [was, is] = [before[name] ?? null, after[name] ?? null];
    return safeguards.has(name) ? was === true && is !== true : JSON.stringify(was) !== JSON.stringify(is);
  });
}

function identityOf(change: ResourceChange, side: Side): JsonObject {
  const values = valuesOn(change, side);
  const config = values?.['config'];
  const members = isObject(config) ? config : config === undefined ? {} : { config };
  const entries = Object.entries(members).filter(([name, value]) => value !== null && !besides.has(name));
  return Object.fromEntries([...entries, ['type', values?.['type'] ?? null]]);
}

/** True when what is believed after a change is known only after apply. */
export function isOpenIdentity(change: ResourceChange, name: string): boolean {
  return isReference(identityOf(change, 'after')[name]);
}

/** Applications from before that let people log in by any provider, or by this one. */
export function applicationsUsing(provider: ResourceChange, estate: Estate): readonly ResourceChange[] {
  return estate.all(applicationType).filter((application) => {
    const allowed = application.after === null ? null : idpsOf(application, 'before');
    return allowed !== null && (allowed.length === 0 || allowed.some((id) => isMeant(id, provider, estate)));
  });
}

/** Null for an application that was not there. */
function idpsOf(application: ResourceChange, side: Side): readonly Json[] | null {
  const values = valuesOn(application, side);
  return values === null ? null : listed(values['allowed_idps']);
}

function isMeant(id: Json, provider: ResourceChange, estate: Estate): boolean {
  return (
    typeof id === 'string' &&
    resourceNamed(id, providerType, { estate, stack: provider.stack, side: 'before' }) === provider
  );
}

/** Hosts of a certificate authority that it did not have, or all of them where another certificate stands there now. */
export function newlyTrustedHosts(change: ResourceChange): readonly string[] {
  const [before, after] = [change.before, valuesOn(change, 'after')];
  const isOther = before === null || before['certificate'] !== after?.['certificate'];
  const old = new Set(isOther ? [] : listed(before['associated_hostnames']));
  return listed(after?.['associated_hostnames']).filter(
    (host): host is string => typeof host === 'string' && !old.has(host),
  );
}

/**
 * Whether somebody with a client certificate enters at the host, as the application in front of it was and is. Null when
 * that is not known: nobody here says what stands before the host, or its policies are not all known.
 */
export function asksForCertificate(host: string, estate: Estate): boolean | null {
  const [before, after] = [
    guardsOn('before', estate)(placeOf(host)),
    guardsOn('after', estate)(placeOf(host)),
  ];
  if (before === null || after === null) {
    // What is new, or goes, is judged by the rules about applications.
    return before === null && after === null ? null : false;
  }
  const policies = policiesOf(after, 'after', estate);
  if (policies === null || policies.some(({ decision }) => decision === null)) {
    return null;
  }
  return policies.some(
    ({ decision, include, require }) =>
      decision !== 'deny' &&
      [...include, ...require].some((element) =>
        chosenIn(element).some(([kind]) => kind === 'certificate' || kind === 'common_name'),
      ),
  );
}
