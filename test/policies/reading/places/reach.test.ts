/** Whose a place is: every way in which a resource names one, in every spelling, with the harmless twin. */
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../scripts/plan/types.ts';
import type { Register } from '../../../../policies/model/facts.ts';
import { contextFor } from '../../../../policies/context.ts';
import { countsAsProduction } from '../../../../policies/reading/places/reach.ts';
import type { BeyondReach } from '../../../../policies/reading/places/reach.ts';
import { aRuleInput, classifyRisk } from '../../../builders/facts.ts';
import { aPlan } from '../../../builders/plan.ts';
import type { PlanBuilder } from '../../../builders/plan.ts';
import { aBoroughRegister, aPlatformRegister, aPolicySet, aRegister } from '../../../builders/policy.ts';

const production = 'acme-production';
const productionZone = '1'.repeat(32);

const registers: readonly Register[] = [
  aRegister({
    stacks: [
      {
        name: production,
        environment: 'production',
        zones: ['shop.example', 'xn--bcher-kva.example'],
        zoneIds: { 'shop.example': productionZone },
        hosts: ['tickets.partner.example'],
        objects: ['checkout', 'list-of-production'],
      },
      {
        name: 'acme-staging',
        environment: 'staging',
        zones: ['staging-shop.example', 'lab.shop.example'],
        objects: ['trial'],
      },
    ],
  }),
  aBoroughRegister(),
  aPlatformRegister({
    stacks: [{ name: 'platform', environment: 'account', zones: [], hosts: ['sluice.example'] }],
  }),
];

function context(plan: PlanBuilder) {
  return contextFor(aRuleInput({ plan: plan.build(), policy: aPolicySet({ registers }) }));
}

function beyond(plan: PlanBuilder): BeyondReach | null {
  return [...context(plan).reach.beyond.values()][0] ?? null;
}

interface Put {
  readonly zone?: string | null;
  readonly stack?: string;
}

function put(type: string, after: JsonObject, { zone, stack = 'acme-staging' }: Put = {}): PlanBuilder {
  const plan = aPlan().inStack(stack);
  return (zone === undefined ? plan : plan.inZone(zone)).creating(`cloudflare_${type}.x`, after);
}

/** Stacks that are reached, what nobody owns in round brackets, what is not known in square ones. */
function reached(plan: PlanBuilder): readonly string[] {
  const found = beyond(plan);
  return found === null
    ? []
    : [
        ...found.stacks.keys(),
        ...found.nobodys.map((what) => `(${what})`),
        ...found.unknown.map((what) => `[${what}]`),
      ];
}

const account = (parts: JsonObject): JsonObject => ({ account_id: 'a', ...parts });
const onAccount = { zone: null } as const;

describe('a host of production is production, however it is written', () => {
  it.each([
    'www.shop.example/*',
    'shop.example',
    'https://www.shop.example/checkout',
    '*://www.shop.example/*',
    '//www.shop.example/',
    'WWW.SHOP.Example/*',
    'www.shop.example./*',
    'www.shop.example:443/*',
    'www.shop.example:*/x',
    'www.shop.example?x=1',
    'www.shop.example#x',
    'user@www.shop.example/',
    'www.sh%6fp.example/',
    'www。shop。example/',
    'bücher.example/*',
    'xn--bcher-kva.example/*',
    'tickets.partner.example/*',
    'eu.tickets.partner.example/*',
    '*.shop.example/*',
    '*shop.example/*',
    'www.shop.*/x',
    'w*w.shop.example/',
    '*.partner.example/',
  ])('%s', (pattern) => {
    expect(reached(put('workers_route', { pattern }))).toContain(production);
  });

  it.each([
    'h1.staging-shop.example/*',
    '*.staging-shop.example/*',
    'lab.shop.example/*',
    '*.lab.shop.example/*',
    '*/login',
    '/login',
    'h1.staging-shop.example/www.shop.example',
    'h1.staging-shop.example/?to=www.shop.example',
  ])('and %s is the own one', (pattern) => {
    expect(reached(put('workers_route', { pattern }))).toEqual([]);
  });

  it.each([
    ['notshop.example/*', '(notshop.example)'],
    ['www.shop.example.evil.example/*', '(www.shop.example.evil.example)'],
    ['*.partner2.example/*', '(*.partner2.example)'],
    ['partner.example', '(partner.example)'],
  ])('and %s is nobody’s', (pattern, nobody) => {
    expect(reached(put('workers_route', { pattern }))).toEqual([nobody]);
  });

  it('cannot be told where it cannot be read', () => {
    expect(reached(put('workers_route', { pattern: 'a b/*' }))).toEqual([
      production,
      '[the host in pattern]',
    ]);
    expect(reached(put('workers_route', { pattern: '.' }))).toEqual([production, '[the host in pattern]']);
  });
});

describe('every type that names a host', () => {
  const host = 'www.shop.example';
  it.each<[string, JsonObject]>([
    ['api_shield_operation', { host }],
    ['authenticated_origin_pulls', { config: [{ hostname: host }] }],
    ['authenticated_origin_pulls', { hostname: host }],
    ['certificate_pack', { hosts: ['h1.staging-shop.example', host] }],
    ['custom_hostname', { hostname: host }],
    ['email_routing_rule', { matchers: [{ type: 'literal', field: 'to', value: 'info@shop.example' }] }],
    ['hostname_tls_setting', { hostname: host }],
    ['keyless_certificate', { host }],
    ['load_balancer', { name: host }],
    ['observatory_scheduled_test', { url: `${host}/x` }],
    ['page_rule', { target: `*${host}/*` }],
    ['rate_limit', { match: { request: { url: `*.shop.example/*` } } }],
    ['regional_hostname', { hostname: host }],
    ['spectrum_application', { dns: { type: 'CNAME', name: host } }],
    ['token_validation_rules', { selector: { include: [{ host: [host] }] } }],
    ['waiting_room', { host }],
    ['waiting_room', { host: 'h1.staging-shop.example', additional_routes: [{ host }] }],
    ['web3_hostname', { name: host }],
    ['workers_route', { pattern: host }],
    ['zone', { name: 'shop.example', account: { id: 'a' } }],
    ['zone_lockdown', { urls: [`${host}/admin*`] }],
    ['zero_trust_access_mtls_hostname_settings', { settings: [{ hostname: host }] }],
    ['zero_trust_access_application', { type: 'self_hosted', domain: `${host}/admin` }],
    ['zero_trust_access_application', { domain: host }],
    ['zero_trust_access_application', { type: 'self_hosted', self_hosted_domains: [host] }],
    ['zero_trust_access_application', { destinations: [{ type: 'public', uri: `${host}/x` }] }],
    ['zero_trust_access_application', { destinations: [{ type: 'private', hostname: host }] }],
  ])('in a zone: %s %j', (type, after) => {
    expect(reached(put(type, after))).toEqual([production]);
  });

  it.each<[string, JsonObject]>([
    ['list', { items: [{ ip: '192.0.2.1' }, { redirect: { source_url: `${host}/old`, target_url: 'x' } }] }],
    ['list', { items: [{ hostname: { url_hostname: host } }] }],
    ['list_item', { list_id: '${cloudflare_list.x.id}', redirect: { source_url: host } }],
    ['list_item', { list_id: '${cloudflare_list.x.id}', hostname: { url_hostname: host } }],
    ['origin_ca_certificate', { hostnames: [host] }],
    ['pages_domain', { name: host, project_name: 'trial' }],
    ['r2_custom_domain', { domain: host, bucket_name: 'trial' }],
    ['turnstile_widget', { domains: [host] }],
    ['web_analytics_rule', { host, ruleset_id: 'trial' }],
    ['web_analytics_site', { host }],
    ['workers_custom_domain', { hostname: host, service: 'trial' }],
    ['zero_trust_access_mtls_certificate', { associated_hostnames: [host] }],
    [
      'zero_trust_tunnel_cloudflared_config',
      { tunnel_id: 'trial', config: { ingress: [{ hostname: host }] } },
    ],
    ['zero_trust_access_application', { type: 'self_hosted', domain: host }],
  ])('of the account: %s %j', (type, after) => {
    expect(reached(put(type, account(after), onAccount))).toEqual([production]);
    const own = JSON.parse(JSON.stringify(after).replaceAll(host, 'h1.staging-shop.example')) as JsonObject;
    expect(reached(put(type, account(own), onAccount))).toEqual([]);
  });

  it.each<[string, JsonObject]>([
    ['dns_record', { name: 'h1.staging-shop.example', type: 'CNAME', content: host }],
    ['load_balancer_monitor', { header: { Host: [host] } }],
    ['custom_hostname', { hostname: 'h1.staging-shop.example', custom_origin_server: host }],
  ])('and what goes to production is not production: %s %j', (type, after) => {
    expect(reached(put(type, after))).toEqual([]);
  });

  it('a redirect leads where it likes', () => {
    const redirect = { source_url: 'h1.staging-shop.example/a', target_url: `https://${host}/` };
    expect(reached(put('list', account({ items: [{ redirect }] }), onAccount))).toEqual([]);
  });
});

describe('a zone', () => {
  const record = (zone: string | null, parts: JsonObject = {}) =>
    reached(put('dns_record', { name: 'www', type: 'A', ...parts }, { zone }));

  it('is whose register lists it, by name or by id', () => {
    expect(record('shop.example')).toEqual([production]);
    expect(record(productionZone)).toEqual([production]);
    expect(record('staging-shop.example')).toEqual([]);
    expect(record('lab.shop.example')).toEqual([]);
    expect(record('deeper.shop.example')).toEqual([production]);
  });

  it('is nobody’s when no register lists it', () => {
    expect(record('2'.repeat(32))).toEqual([`(zone id ${'2'.repeat(32)})`]);
    expect(record('elsewhere.example')).toEqual(['(zone elsewhere.example)']);
    expect(record('z1')).toEqual(['(zone z1)']);
  });

  it('is not known when only Terraform can tell, or when it is left out', () => {
    for (const zone of [
      '${data.cloudflare_zones.a.id}',
      'cloudflare_zone.shop',
      'data.cloudflare_zone.shop',
      null,
    ]) {
      expect(record(zone)).toEqual([production, '[its zone]']);
    }
  });

  it('counts when it is left, too', () => {
    const moved = (was: Json, is: Json) =>
      reached(
        aPlan()
          .inStack('acme-staging')
          .replacing('cloudflare_dns_record.x', { zone_id: was }, { zone_id: is }),
      );
    expect(moved(productionZone, '${cloudflare_zone.shop.id}')).toEqual([production]);
    expect(moved('${cloudflare_zone.shop.id}', '${cloudflare_zone.shop.id}')).toEqual([]);
    expect(moved('${local.other}', '${cloudflare_zone.shop.id}')).toEqual([production, '[its zone]']);
    const gone = aPlan()
      .inStack('acme-staging')
      .deleting('cloudflare_dns_record.x', { zone_id: '${cloudflare_zone.shop.id}' });
    expect(reached(gone)).toEqual([]);
  });
});

describe('an account', () => {
  it('is whose register lists it', () => {
    expect(reached(put('list', { account_id: 'a' }, onAccount))).toEqual([]);
    expect(reached(put('list', { account_id: 'b' }, onAccount))).toEqual([
      'borough-production',
      'borough-staging',
    ]);
    expect(reached(put('list', { account_id: 'z' }, onAccount))).toEqual(['(account z)']);
    expect(reached(put('list', { account_id: '${var.account}' }, onAccount))).toEqual([
      production,
      '[its account]',
    ]);
    expect(reached(put('zone', { name: 'lab.shop.example', account: { id: 'b' } }))).toEqual([
      'borough-production',
      'borough-staging',
    ]);
  });

  it('of a stack that no register has is still somebody’s', () => {
    const found = reached(put('list', { account_id: 'a' }, { zone: null, stack: 'stray' }));
    expect(found).toEqual([production, 'acme-staging']);
  });

  it.each([
    'zero_trust_gateway_policy',
    'zero_trust_gateway_settings',
    'account_dns_settings',
    'pages_project',
    'a_type_that_is_new',
    'access_rule',
    'zero_trust_organization',
    'custom_pages',
  ])('is reached as a whole by %s', (type) => {
    expect(reached(put(type, account({}), onAccount))).toEqual([production]);
  });

  it('is reached by a type that is not known even in a zone, and not by one that is', () => {
    expect(reached(put('a_type_that_is_new', {}))).toEqual([production]);
    expect(reached(put('access_rule', {}))).toEqual([]);
    const builtin = aPlan()
      .inStack('acme-staging')
      .creating('terraform_data.x', {}, { provider: 'terraform.io/builtin/terraform', zone: null });
    expect(reached(builtin)).toEqual([]);
    const strange = aPlan().inStack('acme-staging').creating('other_list.x', {}, { type: 'other_list' });
    expect(reached(strange)).toEqual([production]);
    expect(reached(put('constructor', {}))).toEqual([production]);
  });

  it('has every host where a pattern names none', () => {
    const item = { list_id: 'trial', redirect: { source_url: '*/old' } };
    expect(reached(put('list_item', account(item), onAccount))).toEqual([production]);
  });
});

describe('a ruleset', () => {
  const ruleset = (expression: Json, parts: JsonObject = {}, where: Put = onAccount) => {
    const rules = [{ ref: 'r', action: 'block', expression }];
    return reached(
      put(
        'ruleset',
        account({ kind: 'root', phase: 'http_request_firewall_custom', rules, ...parts }),
        where,
      ),
    );
  };

  it('of the account is confined by the hosts of its expressions', () => {
    expect(ruleset('http.host eq "h1.staging-shop.example"')).toEqual([]);
    expect(ruleset('http.host eq "www.shop.example"')).toEqual([production]);
    expect(ruleset('http.host in {"h1.staging-shop.example" "www.shop.example"}')).toEqual([production]);
    expect(ruleset('http.host eq "www.borough.example"')).toEqual(['borough-production']);
    expect(ruleset('http.host eq "www.elsewhere.example"')).toEqual(['(www.elsewhere.example)']);
  });

  it('reaches all of the account when they are not confined, not known or not understood', () => {
    for (const expression of [
      'ip.src eq 192.0.2.1',
      'http.host ne "a.example"',
      'http.host eq',
      '${var.e}',
      7,
    ]) {
      expect(ruleset(expression)).toEqual([production]);
    }
    expect(ruleset('x', { rules: '${var.rules}' })).toEqual([production]);
    expect(ruleset('x', { rules: [] })).toEqual([production]);
  });

  it('is judged by what a rule matched before as well', () => {
    const root = (expression: string) => account({ kind: 'root', rules: [{ ref: 'r', expression }] });
    const [mine, its] = ['http.host eq "h1.staging-shop.example"', 'http.host eq "www.shop.example"'];
    const plan = () => aPlan().inStack('acme-staging').inZone(null);
    expect(reached(plan().updating('cloudflare_ruleset.x', root(its), root(mine)))).toEqual([production]);
    expect(reached(plan().deleting('cloudflare_ruleset.x', root(its)))).toEqual([production]);
    expect(reached(plan().deleting('cloudflare_ruleset.x', root(mine)))).toEqual([]);
  });

  it('of a zone stays in it, unless it names hosts of others', () => {
    expect(ruleset('ip.src eq 192.0.2.1', {}, {})).toEqual([]);
    expect(ruleset('http.host eq "www.shop.example"', {}, {})).toEqual([production]);
  });
});

describe('an Access application', () => {
  const application = (after: JsonObject) =>
    reached(put('zero_trust_access_application', account(after), onAccount));

  it('without a host reaches all of the account, unless it is of another service', () => {
    expect(application({ type: 'warp' })).toEqual([production]);
    expect(application({ type: 'app_launcher', domain: 'h1.staging-shop.example' })).toEqual([production]);
    expect(application({ type: 'self_hosted' })).toEqual([production]);
    expect(application({ type: '${var.type}', domain: 'h1.staging-shop.example' })).toEqual([production]);
    expect(application({ type: 'saas' })).toEqual([]);
    expect(application({ type: 'bookmark', domain: 'https://somewhere.example' })).toEqual([]);
  });

  it('that becomes another one counts as both', () => {
    const plan = aPlan()
      .inStack('acme-staging')
      .inZone(null)
      .updating(
        'cloudflare_zero_trust_access_application.x',
        { type: 'self_hosted', domain: 'www.shop.example' },
        { type: 'bookmark', domain: 'www.shop.example' },
      );
    expect(reached(plan)).toEqual([production]);
  });
});

describe('an object of the account', () => {
  const item = (list_id: Json) => reached(put('list_item', account({ ip: '192.0.2.1', list_id }), onAccount));

  it('is the own one by reference, and otherwise whose register lists it', () => {
    expect(item('${cloudflare_list.office.id}')).toEqual([]);
    expect(item('${cloudflare_list.office["a"].id}')).toEqual([]);
    expect(item('trial')).toEqual([]);
    expect(item('list-of-production')).toEqual([production]);
  });

  it('counts as production when it is somebody’s who is not told', () => {
    expect(item('0123')).toEqual([production]);
    expect(item('${format("%s", "list-of-production")}')).toEqual([production, '[list_id]']);
    expect(item('${data.cloudflare_list.x.id}')).toEqual([production, '[list_id]']);
    expect(item('a${cloudflare_list.office.id}')).toEqual([production, '[list_id]']);
  });

  it('that Terraform makes in the same run is the own one', () => {
    const plan = put('list_item', account({ ip: '192.0.2.1' }), onAccount).withUnknown('list_id');
    expect(reached(plan)).toEqual([]);
  });

  it.each<[string, JsonObject]>([
    ['workers_script', { script_name: 'checkout' }],
    ['workers_script', { script_name: 'trial', bindings: [{ type: 'kv_namespace', namespace_id: '0123' }] }],
    ['workers_script', { script_name: 'trial', bindings: [{ type: 'service', service: 'checkout' }] }],
    ['workers_cron_trigger', { script_name: 'checkout' }],
    ['workers_kv', { namespace_id: '0123' }],
    ['r2_bucket_cors', { bucket_name: 'invoices' }],
    ['queue_consumer', { queue_id: '0123' }],
    ['zero_trust_tunnel_cloudflared_config', { tunnel_id: '0123' }],
    ['zero_trust_access_short_lived_certificate', { app_id: '0123' }],
    ['worker_version', { worker_id: '0123' }],
  ])('is written to by %s %j', (type, after) => {
    expect(reached(put(type, account(after), onAccount))).toEqual([production]);
  });

  it('of the own stack may be named', () => {
    expect(reached(put('workers_script', account({ script_name: 'trial' }), onAccount))).toEqual([]);
  });
});

describe('what is reached', () => {
  const route = put('workers_route', { pattern: 'www.shop.example/*' });

  it('is told with its domain and with what names it', () => {
    const found = beyond(route);
    expect(found?.stacks).toEqual(new Map([[production, 'www.shop.example']]));
    expect(found?.domains).toEqual(['shop.example']);
    expect(context(route).reach.stacks).toEqual([production, 'acme-staging']);
  });

  it('is nothing at all for what stays in its own stack', () => {
    expect(beyond(put('workers_route', { pattern: 'h1.staging-shop.example/*' }))).toBeNull();
  });

  it('is told sorted, of each kind', () => {
    const urls = ['z.nobody.example', 'a.nobody.example', 'xn--bcher-kva.example', 'shop.example'];
    const lockdown = beyond(put('zone_lockdown', { urls }));
    expect(lockdown?.domains).toEqual(['shop.example', 'xn--bcher-kva.example']);
    expect(lockdown?.nobodys).toEqual(['a.nobody.example', 'z.nobody.example']);
    const worker = { name: '${var.name}', account_id: '${var.account}' };
    const unknown = beyond(put('pages_domain', { ...worker, project_name: '${var.project}' }, onAccount));
    expect(unknown?.unknown).toEqual(['its account', 'name', 'project_name']);
  });

  it.each([
    [productionZone.toUpperCase(), [production]],
    [`${productionZone}.example`, [`(zone ${productionZone}.example)`]],
    [`a${productionZone}`, [`(zone a${productionZone})`]],
    ['cloudflare_zone.shop', [production, '[its zone]']],
    ['my.cloudflare_zone.example', ['(zone my.cloudflare_zone.example)']],
  ])('of the zone %s is %j', (zone, expected) => {
    expect(reached(put('workers_route', {}, { zone }))).toEqual(expected);
  });

  it('makes a change one of production', () => {
    const given = context(route);
    const own = context(put('workers_route', { pattern: 'h1.staging-shop.example/*' }));
    const [change, other] = [given.index.changes[0], own.index.changes[0]];
    expect(change !== undefined && countsAsProduction(given, change)).toBe(true);
    expect(other !== undefined && countsAsProduction(own, other)).toBe(false);
  });

  it('of staging, by production, is no more than it was', () => {
    const plan = aPlan().creating('cloudflare_load_balancer.x', { name: 'h1.staging-shop.example' });
    expect(reached(plan)).toEqual(['acme-staging']);
    expect(context(plan).reach.stacks).toEqual([production, 'acme-staging']);
  });

  it('belongs to both when two registers claim it', () => {
    const twice = [
      ...registers,
      aRegister({
        client: 'other',
        accountId: 'o',
        stacks: [{ name: 'other-production', environment: 'production', zones: ['staging-shop.example'] }],
      }),
    ];
    const plan = put('workers_route', { pattern: 'h1.staging-shop.example/*' }).build();
    const { reach } = contextFor(aRuleInput({ plan, policy: aPolicySet({ registers: twice }) }));
    expect(reach.stacks).toEqual(['acme-staging', 'other-production']);
  });

  it('is a floor of its own, with the owner’s tier and the number of zones', () => {
    const risk = (plan: PlanBuilder) =>
      classifyRisk(aRuleInput({ plan: plan.build(), policy: aPolicySet({ registers }) }));
    const of = (plan: PlanBuilder, id: string) => risk(plan).reasons.find((reason) => reason.id === id);
    expect(of(route, 'foreign-place')).toMatchObject({
      level: 'high',
      text: 'acme-staging acts on acme-production: www.shop.example',
      subjects: ['acme-staging/cloudflare_workers_route.x'],
    });
    expect(of(route, 'critical-service')).toMatchObject({ subjects: [production] });
    expect(of(route, 'blast-radius')).toMatchObject({ text: '2 zones change' });
    const twin = put('workers_route', { pattern: 'h1.staging-shop.example/*' });
    expect(of(twin, 'foreign-place')).toBeUndefined();
    expect(of(twin, 'critical-service')).toBeUndefined();
    expect(of(twin, 'blast-radius')).toBeUndefined();
    const back = aPlan().creating('cloudflare_load_balancer.x', { name: 'h1.staging-shop.example' });
    expect(of(back, 'foreign-place')).toBeUndefined();
  });
});
