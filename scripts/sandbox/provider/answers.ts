/**
 * What Cloudflare answers for attributes that the configuration leaves open, per type, as far as configurations in
 * the field refer to them. Everything else is empty. Host names and keys are made up; nothing here is reachable.
 */
import type { Json } from '../../plan/types.ts';
import { digest, text } from './identity.ts';
import { isObject } from './values.ts';
import type { ProviderValue, ValueObject } from './values.ts';

/** What an answer may depend on. */
export interface AnswerContext {
  readonly type: string;
  readonly id: string;
  readonly now: string;
  readonly revision: number;
  readonly planned: ValueObject;
  readonly zoneName: string | null;
}

type ProviderAnswer = (context: AnswerContext) => Json;
type ProviderAnswers = Readonly<Record<string, ProviderAnswer>>;

const always =
  (value: Json): ProviderAnswer =>
  () =>
    value;

const names = ['ada', 'bob', 'cleo', 'dan', 'elle', 'finn', 'gina', 'hugo'];

const pick = (context: AnswerContext, salt: string): string => {
  const index = Number.parseInt(digest(context.id + salt).slice(0, 4), 16) % names.length;
  return `${names[index] ?? 'ada'}.ns.cloudflare.com`;
};

const zone: ProviderAnswers = {
  status: always('active'),
  name_servers: (context) => [pick(context, 'first'), `x${pick(context, 'second')}`],
  original_name_servers: always([]),
  vanity_name_servers: always([]),
  permissions: always(['#zone:read', '#zone:edit']),
  development_mode: always(0),
  'meta.cdn_only': always(false),
  'meta.custom_certificate_quota': always(1),
  'meta.dns_only': always(false),
  'meta.foundation_dns': always(false),
  'meta.page_rule_quota': always(125),
  'meta.phishing_detected': always(false),
  'meta.step': always(2),
  'owner.id': (context) => inner(context.planned['account'], 'id'),
  'owner.type': always('organization'),
  'plan.id': always('94f3b7b768b0458b56d2cac4fe5ec0f9'),
  'plan.can_subscribe': always(false),
  'plan.currency': always('USD'),
  'plan.externally_managed': always(false),
  'plan.is_subscribed': always(true),
  'plan.legacy_discount': always(false),
  'plan.legacy_id': always('enterprise'),
  'plan.name': always('Enterprise Website'),
  'plan.price': always(0),
};

const proxiable: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

const dnsRecord: ProviderAnswers = {
  content: (context) => recordContent(context.planned),
  meta: always('{}'),
  proxiable: (context) => proxiable.has(text(context.planned['type']) ?? ''),
  tags: always([]),
  comment_modified_on: (context) => (context.planned['comment'] === null ? null : context.now),
  tags_modified_on: (context) => (hasElements(context.planned['tags']) ? context.now : null),
};

const dnssec: ProviderAnswers = {
  algorithm: always('13'),
  digest: (context) => digest(`${context.id} ds`).toUpperCase(),
  digest_algorithm: always('SHA256'),
  digest_type: always('2'),
  ds: (context) =>
    `${context.zoneName ?? 'zone'}. 3600 IN DS ${keyTag(context)} 13 2 ${digest(`${context.id} ds`).toUpperCase()}`,
  flags: always(257),
  key_tag: (context) => keyTag(context),
  key_type: always('ECDSAP256SHA256'),
  public_key: (context) => Buffer.from(digest(`${context.id} key`), 'hex').toString('base64'),
  status: always('active'),
};

const list: ProviderAnswers = { num_items: always(0), num_referencing_filters: always(0) };

const token: ProviderAnswers = { status: always('active') };

const accessApplication: ProviderAnswers = {
  aud: (context) => digest(`${context.id} aud`),
};

const serviceToken: ProviderAnswers = {
  client_id: (context) => `${digest(`${context.id} client`).slice(0, 32)}.access`,
  expires_at: (context) => context.now.replace(/^\d+/, (year) => String(Number(year) + 1)),
};

const tables: Readonly<Record<string, ProviderAnswers>> = {
  cloudflare_zone: zone,
  cloudflare_dns_record: dnsRecord,
  cloudflare_zone_dnssec: dnssec,
  cloudflare_zone_setting: { editable: always(true) },
  cloudflare_ruleset: { version: (context) => String(context.revision) },
  cloudflare_list: list,
  cloudflare_api_token: token,
  cloudflare_account_token: token,
  cloudflare_account_member: {
    'user.email': (context) => text(context.planned['email']),
    'user.id': (context) => digest(`user ${text(context.planned['email']) ?? ''}`).slice(0, 32),
    'user.two_factor_authentication_enabled': always(false),
  },
  cloudflare_certificate_pack: { status: always('active'), primary_certificate: always('0') },
  cloudflare_custom_hostname: { status: always('active') },
  cloudflare_hostname_tls_setting: { status: always('active') },
  cloudflare_zero_trust_access_application: accessApplication,
  cloudflare_zero_trust_access_policy: { app_count: always(0), reusable: always(true) },
  cloudflare_zero_trust_access_service_token: serviceToken,
  cloudflare_zero_trust_tunnel_cloudflared: { status: always('inactive'), tun_type: always('cfd_tunnel') },
  cloudflare_turnstile_widget: { sitekey: (context) => `0x4${digest(context.id).slice(0, 21)}` },
};

/** The answer for `path` (list indices written as `[]`); undefined when the table has none. */
export function answerFor(context: AnswerContext, path: string): Json | undefined {
  const table = tables[context.type];
  return table !== undefined && Object.hasOwn(table, path) ? table[path]?.(context) : undefined;
}

function keyTag(context: AnswerContext): number {
  return Number.parseInt(digest(`${context.id} tag`).slice(0, 4), 16);
}

function inner(value: ProviderValue | undefined, name: string): Json {
  return isObject(value) ? text(value[name]) : null;
}

function hasElements(value: ProviderValue | undefined): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** Order of the parts of `data` in the record's content, as zone files write them. */
const dataOrder: Readonly<Record<string, readonly string[]>> = {
  CAA: ['flags', 'tag', 'value'],
  CERT: ['type', 'key_tag', 'algorithm', 'certificate'],
  DNSKEY: ['flags', 'protocol', 'algorithm', 'public_key'],
  DS: ['key_tag', 'algorithm', 'digest_type', 'digest'],
  HTTPS: ['priority', 'target', 'value'],
  NAPTR: ['order', 'preference', 'flags', 'service', 'regex', 'replacement'],
  SMIMEA: ['usage', 'selector', 'matching_type', 'certificate'],
  SRV: ['weight', 'port', 'target'],
  SSHFP: ['algorithm', 'type', 'fingerprint'],
  SVCB: ['priority', 'target', 'value'],
  TLSA: ['usage', 'selector', 'matching_type', 'certificate'],
  URI: ['weight', 'target'],
};

function recordContent(planned: ValueObject): Json {
  const data = planned['data'];
  if (!isObject(data)) {
    return null;
  }
  const type = text(planned['type']) ?? '';
  const order = dataOrder[type] ?? Object.keys(data).toSorted();
  const parts = order.flatMap((name) => dataText(data[name]) ?? []);
  return parts
    .map((part, index) => (order[index] === 'value' && type === 'CAA' ? `"${part}"` : part))
    .join(' ');
}

function dataText(value: ProviderValue | undefined): string | null {
  return isObject(value) ? null : text(value instanceof Object && 'value' in value ? value.value : value);
}
