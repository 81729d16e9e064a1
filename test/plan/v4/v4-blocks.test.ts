/** Blocks of version 4 that version 5 says in another way, and blocks that JSON writes without a list. */
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';
import { v5Body } from '../../../scripts/plan/v4/types.ts';
import { changeAt, configuration, diff, pathsOf } from '../configurations.ts';

type Body = Record<string, Json>;

const held = (version?: string): Body => ({
  terraform: {
    required_providers: {
      cloudflare: { source: 'cloudflare/cloudflare', ...(version === undefined ? {} : { version }) },
    },
  },
});
const one = (type: string, body: Body, more: Body = held('~> 4.40')): JsonObject =>
  configuration({ [type]: { it: body } }, more);

describe('blocks that became something else', () => {
  it.each<[string, string, Body, Body]>([
    ['addresses of a map', 'cloudflare_address_map', { ips: [{ ip: '192.0.2.1' }] }, { ips: ['192.0.2.1'] }],
    [
      'headers of a health check',
      'cloudflare_healthcheck',
      { path: '/up', header: [{ header: 'Host', values: ['a.example'] }] },
      { http_config: { path: '/up', header: { Host: ['a.example'] } } },
    ],
    [
      'headers of a monitor',
      'cloudflare_load_balancer_monitor',
      { header: [{ header: 'Host', values: ['a.example'] }] },
      { header: { Host: ['a.example'] } },
    ],
    [
      'the header of an origin',
      'cloudflare_load_balancer_pool',
      { origins: [{ name: 'o', header: [{ header: 'Host', values: ['a.example'] }] }] },
      { origins: [{ name: 'o', header: { host: ['a.example'] } }] },
    ],
    [
      'pools of a rule',
      'cloudflare_load_balancer',
      { rules: [{ name: 'r', overrides: [{ region_pools: [{ region: 'WEU', pool_ids: ['p'] }] }] }] },
      { rules: [{ name: 'r', overrides: { region_pools: { WEU: ['p'] } } }] },
    ],
    [
      'times of a page rule',
      'cloudflare_page_rule',
      { actions: [{ cache_ttl_by_status: [{ codes: '200-299', ttl: 300 }] }] },
      { actions: { cache_ttl_by_status: { '200-299': '300' } } },
    ],
    [
      'ports of Spectrum',
      'cloudflare_spectrum_application',
      { origin_port_range: [{ start: 8000, end: 8010 }] },
      { origin_port: '8000-8010' },
    ],
    [
      'a certificate of its own',
      'cloudflare_custom_ssl',
      { custom_ssl_options: [{ certificate: 'PEM', private_key: '${var.key}', geo_restrictions: 'us' }] },
      { certificate: 'PEM', private_key: '${var.key}', geo_restrictions: { label: 'us' } },
    ],
    [
      'behaviours that are a risk',
      'cloudflare_risk_behavior',
      { behavior: [{ name: 'imp_travel', enabled: true, risk_level: 'high' }] },
      { behaviors: { imp_travel: { enabled: true, risk_level: 'high' } } },
    ],
    [
      'entries of a profile',
      'cloudflare_dlp_profile',
      { type: 'custom', entry: [{ name: 'e', enabled: true, pattern: [{ regex: 'x' }] }] },
      { type: 'custom', entries: [{ name: 'e', enabled: true, pattern: { regex: 'x' } }] },
    ],
    [
      'claims of an application',
      'cloudflare_access_application',
      { saas_app: [{ custom_attribute: [{ name: 'mail', source: [{ name: 'email' }] }] }] },
      { saas_app: { custom_attributes: [{ name: 'mail', source: { name: 'email' } }] } },
    ],
    [
      'services of a project',
      'cloudflare_pages_project',
      { deployment_configs: [{ preview: [{ service_binding: [{ name: 'API', service: 'api' }] }] }] },
      { deployment_configs: { preview: { services: { API: { service: 'api' } } } } },
    ],
    [
      'bindings of a Worker',
      'cloudflare_worker_script',
      {
        name: 'w',
        kv_namespace_binding: [{ name: 'KV', namespace_id: 'n' }],
        queue_binding: [{ binding: 'Q', queue: 'q' }],
        d1_database_binding: [{ name: 'DB', database_id: 'd' }],
        service_binding: { name: 'API', service: 'api', environment: null },
      },
      {
        script_name: 'w',
        bindings: [
          { name: 'DB', id: 'd', type: 'd1' },
          { name: 'KV', namespace_id: 'n', type: 'kv_namespace' },
          { name: 'Q', queue_name: 'q', type: 'queue' },
          { name: 'API', service: 'api', type: 'service' },
        ],
      },
    ],
  ])('%s', (_, type, before, after) => {
    expect(v5Body(type, before)).toEqual(after);
    // What is of version 5 already stays the same object.
    expect(v5Body(type, after)).toBe(after);
  });

  it('what is an expression, or says too little, stays as it is', () => {
    const bodies: readonly (readonly [string, Body])[] = [
      ['cloudflare_spectrum_application', { origin_port: 443 }],
      ['cloudflare_load_balancer_monitor', { header: '${var.headers}' }],
      ['cloudflare_load_balancer_pool', { origins: [{ header: { header: 'X-Other', values: ['a'] } }] }],
      ['cloudflare_workers_script', { script_name: 'w', kv_namespace_binding: '${var.bindings}' }],
      ['cloudflare_workers_script', { script_name: 'w', webassembly_binding: [{ name: 'W', module: 'm' }] }],
    ];
    for (const [type, body] of bodies) {
      expect(v5Body(type, body)).toEqual(body);
    }
  });

  it('a binding whose text is secret stays secret', () => {
    const script = (text: string): JsonObject =>
      one('cloudflare_worker_script', { name: 'w', secret_text_binding: [{ name: 'S', text }] });
    const change = changeAt(diff(script('old-value'), script('new-value')), 'cloudflare_worker_script.it');
    expect(change.attributes.map(({ sensitive }) => sensitive)).toEqual([true]);
  });
});

describe('a block that stands once, without a list', () => {
  const rule = (expression: string): Body => ({
    kind: 'zone',
    rules: { ref: 'r', action: 'block', expression },
  });

  it.each<[string, string, Body, Body, readonly string[]]>([
    ['a rule', 'cloudflare_ruleset', rule('a'), rule('b'), ['changed rules[ref=r].expression']],
    [
      'an item with its value',
      'cloudflare_list',
      { kind: 'ip', item: { comment: 'c', value: { ip: '192.0.2.1' } } },
      { kind: 'ip', item: { comment: 'd', value: { ip: '192.0.2.1' } } },
      ['changed items[ip=192.0.2.1].comment'],
    ],
    [
      'an origin',
      'cloudflare_load_balancer_pool',
      { origins: { name: 'o', enabled: true } },
      { origins: { name: 'o', enabled: false } },
      ['changed origins[name=o].enabled'],
    ],
    [
      'a block within a block',
      'cloudflare_tunnel_config',
      { config: { ingress_rule: { service: 'http://a' } } },
      { config: [{ ingress_rule: [{ service: 'http://b' }] }] },
      ['changed config.ingress[0].service'],
    ],
  ])('%s is one of a list', (...[, type, before, after, paths]) => {
    const change = changeAt(diff(one(type, before), one(type, after)), `${type}.it`);
    expect(pathsOf(change)).toEqual(paths);
  });

  it('is the same with a list and without one', () => {
    const listed: Body = { kind: 'zone', rules: [{ ref: 'r', action: 'block', expression: 'a' }] };
    expect(diff(one('cloudflare_ruleset', rule('a')), one('cloudflare_ruleset', listed)).changes).toEqual([]);
  });

  it.each([
    ['held to version 5', held('~> 5.14')],
    ['held to nothing', held()],
  ])('stays what it is in a configuration that is %s: Terraform asks for the list', (_, more) => {
    const change = changeAt(
      diff(one('cloudflare_ruleset', rule('a'), more), one('cloudflare_ruleset', rule('b'), more)),
      'cloudflare_ruleset.it',
    );
    expect(pathsOf(change)).toEqual(['changed rules.expression']);
  });

  it('a type that only version 4 has says for which version a configuration is written', () => {
    const both = (expression: string): JsonObject =>
      configuration(
        {
          cloudflare_ruleset: { it: rule(expression) },
          cloudflare_record: { www: { name: 'www', type: 'A', value: '192.0.2.1' } },
        },
        held(),
      );
    const change = changeAt(diff(both('a'), both('b')), 'cloudflare_ruleset.it');
    expect(pathsOf(change)).toEqual(['changed rules[ref=r].expression']);
  });
});
