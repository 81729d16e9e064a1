/** Thirty changes as they are raised every week, with the level that an experienced change manager gives each, and why. */
import type { RuleInput } from '../../../policies/model/facts.ts';
import type { RiskLevel } from '../../../policies/model/record.ts';
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';
import { aDnsRecord, aPlan } from '../../builders/plan.ts';
import type { PlanBuilder } from '../../builders/plan.ts';

export interface TypicalChange {
  readonly change: string;
  /** `standard`: an entry of the catalogue stands for the approval. */
  readonly level: RiskLevel | 'standard';
  readonly why: string;
  readonly plan: PlanBuilder;
  readonly packages?: RuleInput['packages'];
}

const record = (parts: JsonObject): JsonObject => ({ zone_id: 'zone-1', ttl: 1, ...parts });
const www = (parts: JsonObject = {}): JsonObject => ({ zone_id: 'zone-1', ...aDnsRecord(parts) });

const rule = (parts: JsonObject = {}): JsonObject => ({
  ref: 'block-admin',
  description: 'Keep strangers out of /admin',
  expression: 'http.host eq "www.shop.example" and http.request.uri.path eq "/admin"',
  action: 'block',
  enabled: true,
  ...parts,
});
const ruleset = (phase: string, ...list: readonly Json[]): JsonObject => ({
  zone_id: 'zone-1',
  kind: 'zone',
  name: 'default',
  phase,
  rules: list,
});
const custom = 'http_request_firewall_custom';

/** From one rule of a phase to another; null where there is none. */
function rules(before: JsonObject | null, after: JsonObject | null, phase = custom): PlanBuilder {
  const side = (one: JsonObject | null): JsonObject => ruleset(phase, ...(one === null ? [] : [one]));
  return aPlan().updating('cloudflare_ruleset.waf', side(before), side(after));
}

function setting(id: string, before: Json, after: Json): PlanBuilder {
  const side = (value: Json): JsonObject => ({ zone_id: 'zone-1', setting_id: id, value });
  return aPlan().updating(`cloudflare_zone_setting.${id}`, side(before), side(after));
}

function allowed(...addresses: readonly string[]): JsonObject {
  return {
    account_id: 'a',
    name: 'office_allow',
    kind: 'ip',
    items: addresses.map((ip) => ({ ip, comment: 'Office' })),
  };
}

function allowList(before: readonly string[], after: readonly string[]): PlanBuilder {
  return aPlan().updating('cloudflare_list.office', allowed(...before), allowed(...after), {
    attributes: [
      {
        path: ['items', before.length, 'ip'],
        kind: 'added',
        before: null,
        after: after.at(-1) ?? null,
        unknown: false,
        sensitive: false,
        forcesReplacement: false,
      },
    ],
  });
}

const rateLimit = (requests: number, parts: JsonObject = {}): JsonObject =>
  rule({
    ref: 'login-rate',
    description: 'Slow down guesses at /login',
    expression: 'http.host eq "www.shop.example" and http.request.uri.path eq "/login"',
    ratelimit: {
      characteristics: ['ip.src', 'cf.colo.id'],
      period: 60,
      requests_per_period: requests,
      mitigation_timeout: 600,
    },
    ...parts,
  });

const redirect = (target: string): JsonObject => ({
  ref: 'old-page',
  description: 'The old page moved',
  expression: 'http.host eq "www.shop.example" and http.request.uri.path eq "/old"',
  action: 'redirect',
  enabled: true,
  action_parameters: { from_value: { target_url: { value: target }, status_code: 301 } },
});

const policy = (...include: readonly Json[]): JsonObject => ({
  account_id: 'a',
  name: 'staff',
  decision: 'allow',
  include,
});
const mail = (domain: string): Json => ({ email_domain: { domain } });

export const typicalChanges: readonly TypicalChange[] = [
  {
    change: 'A TXT record that verifies the site to a search engine',
    level: 'standard',
    why: 'approved beforehand: nothing reads it but the search engine',
    plan: aPlan().creating(
      'cloudflare_dns_record.verification',
      record({ name: 'shop.example', type: 'TXT', content: '"search-site-verification=abc"' }),
    ),
  },
  {
    change: 'One address more on an allow-list, as 198.51.100.11',
    level: 'standard',
    why: 'approved beforehand: one address, a list of that name',
    plan: allowList(['192.0.2.1'], ['192.0.2.1', '198.51.100.11']),
  },
  {
    change: 'The same, as 198.51.100.11/32',
    level: 'standard',
    why: 'the same address in another spelling',
    plan: allowList(['192.0.2.1/32'], ['192.0.2.1/32', '198.51.100.11/32']),
  },
  {
    change: 'A comment on a DNS record',
    level: 'low',
    why: 'no answer changes',
    plan: aPlan().updating('cloudflare_dns_record.www', www(), www({ comment: 'Shop' })),
  },
  {
    change: 'A DNS record in staging gets another address',
    level: 'low',
    why: 'no customer is there, and it is undone in a minute',
    plan: aPlan()
      .withoutStack('acme-production')
      .inStack('acme-staging')
      .updating(
        'cloudflare_dns_record.www',
        www({ name: 'www.staging-shop.example' }),
        www({ name: 'www.staging-shop.example', content: '192.0.2.20' }),
      ),
  },
  {
    change: 'A CNAME for a newsletter service',
    level: 'medium',
    why: 'a new name harms no old one, but it is production of a first-tier client',
    plan: aPlan().creating(
      'cloudflare_dns_record.news',
      record({ name: 'news.shop.example', type: 'CNAME', content: 'mail.newsletter.example' }),
    ),
  },
  {
    change: 'The TTL of www',
    level: 'medium',
    why: 'only how long an error would last changes',
    plan: aPlan().updating('cloudflare_dns_record.www', www({ ttl: 300 }), www({ ttl: 3600 })),
  },
  {
    change: 'www gets another origin address behind the proxy',
    level: 'medium',
    why: 'often done, seen at once by the probes, undone in a minute',
    plan: aPlan().updating('cloudflare_dns_record.www', www(), www({ content: '192.0.2.20' })),
  },
  {
    change: 'www is deleted',
    level: 'high',
    why: 'the shop cannot be reached, and resolvers remember it',
    plan: aPlan().deleting('cloudflare_dns_record.www', www()),
  },
  {
    change: 'www leaves the proxy',
    level: 'high',
    why: 'the origin is shown and every protection is passed by',
    plan: aPlan().updating('cloudflare_dns_record.www', www(), www({ proxied: false })),
  },
  {
    change: 'The mail goes to another provider (MX)',
    level: 'high',
    why: 'lost mail does not come back with a rollback',
    plan: aPlan().updating(
      'cloudflare_dns_record.mx',
      record({ name: 'shop.example', type: 'MX', content: 'mx1.mail.example', priority: 10 }),
      record({ name: 'shop.example', type: 'MX', content: 'mx1.other.example', priority: 10 }),
    ),
  },
  {
    change: 'A subdomain is delegated (NS)',
    level: 'high',
    why: 'somebody else answers from then on',
    plan: aPlan().creating(
      'cloudflare_dns_record.lab',
      record({ name: 'lab.shop.example', type: 'NS', content: 'ns1.lab.example' }),
    ),
  },
  {
    change: 'A new WAF rule that logs',
    level: 'medium',
    why: 'it stops nobody; it stands in a ruleset of production',
    plan: rules(null, rule({ action: 'log' })),
  },
  {
    change: 'A WAF rule begins to block without having logged',
    level: 'medium',
    why: 'one path of one host; what it stops is known only afterwards, so the rule about log mode denies it as well',
    plan: rules(null, rule()),
  },
  {
    change: 'A blocking rule is removed',
    level: 'high',
    why: 'a protection ends: security agrees',
    plan: rules(rule(), null),
  },
  {
    change: 'A skip of the WAF for a partner',
    level: 'high',
    why: 'a hole, however small: security agrees',
    plan: rules(
      null,
      rule({
        ref: 'partner',
        description: 'Partner, until 2026-12-20',
        expression: 'http.host eq "www.shop.example" and ip.src eq 198.51.100.7',
        action: 'skip',
        action_parameters: { ruleset: 'current' },
      }),
    ),
  },
  {
    change: 'A rule that blocks everybody',
    level: 'high',
    why: 'no host, no path: the whole zone',
    plan: rules(null, rule({ expression: 'true' })),
  },
  {
    change: 'A rate limit at the login, first in log mode',
    level: 'medium',
    why: 'it stops nobody yet',
    plan: rules(null, rateLimit(20, { action: 'log' }), 'http_ratelimit'),
  },
  {
    change: 'The rate limit at the login is raised tenfold',
    level: 'high',
    why: 'guessing becomes cheaper: security agrees',
    plan: rules(rateLimit(20), rateLimit(200), 'http_ratelimit'),
  },
  {
    change: 'TLS 1.2 at least instead of 1.0',
    level: 'medium',
    why: 'old clients are turned away, nothing is weakened',
    plan: setting('min_tls_version', '1.0', '1.2'),
  },
  {
    change: 'Flexible SSL instead of strict',
    level: 'high',
    why: 'traffic to the origin is no longer encrypted: security agrees',
    plan: setting('ssl', 'strict', 'flexible'),
  },
  {
    change: 'Early hints on',
    level: 'medium',
    why: 'browsers ignore what they do not know; it is production',
    plan: setting('early_hints', 'off', 'on'),
  },
  {
    change: 'A page is redirected within the shop',
    level: 'medium',
    why: 'one page, seen at once',
    plan: rules(
      redirect('https://www.shop.example/a'),
      redirect('https://www.shop.example/b'),
      'http_request_dynamic_redirect',
    ),
  },
  {
    change: 'HSTS with preload',
    level: 'high',
    why: 'browsers keep it for a year, whatever is rolled back',
    plan: setting(
      'security_header',
      { strict_transport_security: { enabled: true, max_age: 31536000, preload: false } },
      { strict_transport_security: { enabled: true, max_age: 31536000, preload: true } },
    ),
  },
  {
    change: 'DNSSEC is switched off',
    level: 'high',
    why: 'resolvers that know the old key refuse the zone for hours',
    plan: aPlan().updating(
      'cloudflare_zone_dnssec.shop',
      { zone_id: 'zone-1', status: 'active' },
      { zone_id: 'zone-1', status: 'disabled' },
    ),
  },
  {
    change: 'An Access policy lets in another company',
    level: 'high',
    why: 'more people than before: security agrees',
    plan: aPlan()
      .inZone(null)
      .updating(
        'cloudflare_zero_trust_access_policy.staff',
        policy(mail('shop.example')),
        policy(mail('shop.example'), mail('agency.example')),
      ),
  },
  {
    change: 'A Worker in production gets new code',
    level: 'high',
    why: 'code in the way of every request, and no rule can read it',
    plan: aPlan()
      .inZone(null)
      .updating(
        'cloudflare_workers_script.edge',
        { account_id: 'a', script_name: 'edge', content: 'export default {}' },
        { account_id: 'a', script_name: 'edge', content: 'export default { fetch() {} }' },
      ),
  },
  {
    change: 'Somebody becomes an administrator of the account',
    level: 'critical',
    why: 'they could do everything else on this list',
    plan: aPlan()
      .inZone(null)
      .creating('cloudflare_account_member.new', {
        account_id: 'a',
        email: 'new@shop.example',
        roles: ['33666b9c79b9a5273fc7344ff42f953d'],
      }),
  },
  {
    change: 'One setting for two clients at once',
    level: 'critical',
    why: 'two services, two windows, two contracts, one mistake',
    plan: aPlan()
      .updating('cloudflare_dns_record.www', www(), www({ ttl: 300 }))
      .inStack('borough-production')
      .updating(
        'cloudflare_dns_record.www',
        www({ name: 'www.borough.example' }),
        www({ name: 'www.borough.example', ttl: 300 }),
      ),
  },
  {
    change: 'A zone is deleted',
    level: 'critical',
    why: 'everything in it goes with it, and its name servers are others when it comes back',
    plan: aPlan().deleting('cloudflare_zone.shop', {
      name: 'shop.example',
      account: { id: 'a' },
      type: 'full',
    }),
  },
];
