/** Options of Access applications and policies, and in which direction each lets in more or asks for less. */
import { canonicalJson } from '../../../scripts/json/json.ts';
import type { Json, ResourceChange } from '../../../scripts/plan/types.ts';
import { isReference, readValue } from '../values.ts';
import type { Side, Value } from '../values.ts';
import { hasMoreUsers, isApprovedByFewer, listed, reachesMoreTargets, sshUsers } from './restrictions.ts';

export interface Option {
  readonly id: string;
  readonly path: readonly string[];
  /** Whether less is asked for, or of fewer, than before; null stands for what is not set. */
  readonly isLooser: (before: Json, after: Json) => boolean;
  /** Where it is not set Cloudflare fills it in, and a plan calls it unknown although nobody changes it. */
  readonly isComputed?: true;
  /** What of the value is compared and shown; all of it where nothing is said. */
  readonly part?: (value: Json) => Json;
  /** A switch without which, before the change, the option means nothing. */
  readonly onlyWith?: string;
}

const becomesTrue: Option['isLooser'] = (before, after) => after === true && before !== true;
const wasTrue: Option['isLooser'] = (before, after) => before === true && after !== true;

/** From the weakest; `none` where nothing is said. */
const sameSite = ['none', 'lax', 'strict'];

/** Arguments of provider 5.14.0; their defaults are those of Cloudflare's documentation of Access applications. */
export const options: readonly Option[] = [
  {
    id: 'session_duration',
    path: ['session_duration'],
    isLooser: (before, after) => seconds(after) > seconds(before),
    isComputed: true,
  },
  { id: 'allow_authenticate_via_warp', path: ['allow_authenticate_via_warp'], isLooser: becomesTrue },
  {
    id: 'allowed_idps',
    path: ['allowed_idps'],
    // None named means that every one is allowed.
    isLooser: (before, after) => {
      const [was, is] = [listed(before), listed(after)];
      return was.length > 0 && (is.length === 0 || is.some((one) => !was.includes(one)));
    },
  },
  { id: 'options_preflight_bypass', path: ['options_preflight_bypass'], isLooser: becomesTrue },
  { id: 'service_auth_401_redirect', path: ['service_auth_401_redirect'], isLooser: becomesTrue },
  { id: 'skip_interstitial', path: ['skip_interstitial'], isLooser: becomesTrue },
  ...['allow_all_headers', 'allow_all_methods', 'allow_all_origins', 'allow_credentials'].map((name) => ({
    id: `cors_${name}`,
    path: ['cors_headers', name],
    isLooser: becomesTrue,
  })),
  {
    id: 'cors_allowed_origins',
    path: ['cors_headers', 'allowed_origins'],
    isLooser: (before, after) => listed(after).includes('*') && !listed(before).includes('*'),
  },
  { id: 'enable_binding_cookie', path: ['enable_binding_cookie'], isLooser: wasTrue },
  {
    id: 'http_only_cookie_attribute',
    path: ['http_only_cookie_attribute'],
    isLooser: (before, after) => after === false && before !== false,
    isComputed: true,
  },
  { id: 'path_cookie_attribute', path: ['path_cookie_attribute'], isLooser: wasTrue },
  {
    id: 'same_site_cookie_attribute',
    path: ['same_site_cookie_attribute'],
    isLooser: (before, after) =>
      sameSite.indexOf(text(after, 'none')) < sameSite.indexOf(text(before, 'none')),
  },
  { id: 'approval_required', path: ['approval_required'], isLooser: wasTrue },
  {
    id: 'approval_groups',
    path: ['approval_groups'],
    isLooser: isApprovedByFewer,
    onlyWith: 'approval_required',
  },
  { id: 'connection_rules', path: ['policies'], part: sshUsers, isLooser: hasMoreUsers },
  { id: 'target_criteria', path: ['target_criteria'], isLooser: reachesMoreTargets },
  { id: 'allow_iframe', path: ['allow_iframe'], isLooser: becomesTrue },
  {
    id: 'saas_redirect_uris',
    path: ['saas_app', 'redirect_uris'],
    isLooser: (before, after) => listed(after).some((one) => !listed(before).includes(one)),
  },
  {
    id: 'saas_consumer_service_url',
    path: ['saas_app', 'consumer_service_url'],
    isLooser: (before, after) => before !== null && after !== before,
  },
  {
    id: 'saas_pkce_without_secret',
    path: ['saas_app', 'allow_pkce_without_client_secret'],
    isLooser: becomesTrue,
  },
  { id: 'isolation_required', path: ['isolation_required'], isLooser: wasTrue },
  { id: 'purpose_justification_required', path: ['purpose_justification_required'], isLooser: wasTrue },
];

/** The value of an option on one side of a change; as before it where only Cloudflare fills it in. */
export function optionOn(change: ResourceChange, side: Side, { path, isComputed, part }: Option): Value {
  const found = readValue(change, side, path);
  const isWritten = isReference(change.after?.[path[0] ?? '']);
  const value =
    side === 'after' && found.kind === 'unknown' && isComputed === true && !isWritten
      ? readValue(change, 'before', path)
      : found;
  return value.kind === 'known' && part !== undefined ? { kind: 'known', value: part(value.value) } : value;
}

/** Whether the option means anything in what stood there before. */
export function isInForce(change: ResourceChange, option: Option): boolean {
  const { onlyWith, part } = option;
  const before = part === undefined ? null : optionOn(change, 'before', option);
  const isEmpty = before?.kind === 'known' && canonicalJson(before.value) === '{}';
  return (onlyWith === undefined || change.before?.[onlyWith] === true) && !isEmpty;
}

function text(value: Json, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

/** Whether what lasts for a time lasts longer after the change; what is not set, or not known, lasts as it did. */
export function isLongerDuration(change: ResourceChange, name: string): boolean {
  const [before, after] = [change.before?.[name] ?? null, change.after?.[name] ?? null];
  return before !== null && after !== null && seconds(after) > seconds(before);
}

/** A session lasts for a day where nothing is said. */
const defaultSession = '24h';
const unitSeconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Of a duration as Go writes it (`1h30m`); what cannot be read counts as endless. */
function seconds(value: Json): number {
  const written = text(value, defaultSession);
  const parts = [...written.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/gu)];
  const isWhole = parts.map(([part]) => part).join('') === written && parts.length > 0;
  const sum = parts.reduce(
    (total, [, count, unit]) => total + Number(count) * (unitSeconds[unit ?? ''] ?? 0),
    0,
  );
  return isWhole && Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY;
}
