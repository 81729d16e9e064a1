/**
 * An application behind Cloudflare Access and the policies that open it. A policy always names people, groups or
 * networks: "everyone" and "bypass" cannot be expressed.
 */
import { Construct } from 'constructs';
import { ZeroTrustAccessApplication } from '@cdktf/provider-cloudflare/lib/zero-trust-access-application/index.js';
import {
  ZeroTrustAccessPolicy,
  type ZeroTrustAccessPolicyInclude,
} from '@cdktf/provider-cloudflare/lib/zero-trust-access-policy/index.js';
import { EstateError } from './checks/estate-error.ts';
import type { Zone } from './zone.ts';

export type Selector =
  | { readonly email: string }
  | { readonly emailDomain: string }
  | { readonly ip: string }
  | { readonly country: string }
  | { readonly serviceTokenId: string };

export interface AccessPolicy {
  /** Logical id inside the zone. */
  readonly id: string;
  readonly name: string;
  readonly decision: 'allow' | 'deny' | 'non_identity';
  /** Any of these. */
  readonly include: readonly [Selector, ...Selector[]];
  /** All of these. */
  readonly require?: readonly Selector[];
  readonly exclude?: readonly Selector[];
  /** For example `8h`. Default 8h. */
  readonly sessionDuration?: string;
  /** Ask the visitor for a reason and record it. */
  readonly justification?: boolean;
}

export interface AccessApplicationProps {
  /** Logical id inside the zone. */
  readonly id: string;
  readonly name: string;
  /** Host, relative to the zone, and optional path: `admin` or `www/admin`. */
  readonly location: string;
  readonly policies: readonly [AccessPolicy, ...AccessPolicy[]];
  readonly sessionDuration?: string;
}

const defaultSession = '8h';

export class AccessApplication extends Construct {
  constructor(zone: Zone, props: AccessApplicationProps) {
    super(zone, `access-${props.id}`);
    const policies = props.policies.map((policy) => this.declarePolicy(zone, policy));
    zone.stack.declare(
      'cloudflare_zero_trust_access_application',
      zone.scoped(props.id),
      (id) =>
        new ZeroTrustAccessApplication(this, id, {
          accountId: zone.stack.accountId,
          name: props.name,
          type: 'self_hosted',
          domain: applicationDomain(zone, props.location),
          sessionDuration: props.sessionDuration ?? defaultSession,
          httpOnlyCookieAttribute: true,
          sameSiteCookieAttribute: 'lax',
          enableBindingCookie: true,
          appLauncherVisible: false,
          policies: policies.map((policy, index) => ({ id: policy.id, precedence: index + 1 })),
        }),
    );
  }

  private declarePolicy(zone: Zone, policy: AccessPolicy): ZeroTrustAccessPolicy {
    const name = zone.scoped(policy.id);
    const place = zone.stack.place('cloudflare_zero_trust_access_policy', name);
    const written = (selectors: readonly Selector[]) =>
      selectors.map((selector) => asInclude(place, selector));
    return zone.stack.declare(
      'cloudflare_zero_trust_access_policy',
      name,
      (id) =>
        new ZeroTrustAccessPolicy(this, id, {
          accountId: zone.stack.accountId,
          name: policy.name,
          decision: policy.decision,
          include: written(policy.include),
          ...(policy.require !== undefined && { require: written(policy.require) }),
          ...(policy.exclude !== undefined && { exclude: written(policy.exclude) }),
          sessionDuration: policy.sessionDuration ?? defaultSession,
          ...(policy.justification === true && {
            purposeJustificationRequired: true,
            purposeJustificationPrompt: 'Which change or incident is this for?',
          }),
        }),
    );
  }
}

function applicationDomain(zone: Zone, location: string): string {
  const [host = '', ...path] = location.split('/');
  return [zone.hostname(host), ...path].join('/');
}

/** Every address, in either family: an Access selector of this width would open the application to anyone. */
const everyAddress: ReadonlySet<string> = new Set(['0.0.0.0/0', '::/0']);

function asInclude(place: string, selector: Selector): ZeroTrustAccessPolicyInclude {
  if ('email' in selector) {
    return { email: { email: selector.email } };
  }
  if ('emailDomain' in selector) {
    return { emailDomain: { domain: selector.emailDomain } };
  }
  if ('country' in selector) {
    return { geo: { countryCode: selector.country } };
  }
  if ('serviceTokenId' in selector) {
    return { serviceToken: { tokenId: selector.serviceTokenId } };
  }
  if (everyAddress.has(selector.ip)) {
    throw new EstateError(
      place,
      `the policy names every address (${selector.ip})`,
      'Name the networks of the people',
    );
  }
  return { ip: { ip: selector.ip } };
}
