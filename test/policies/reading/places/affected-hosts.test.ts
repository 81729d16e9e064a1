/** Whose visitors a change concerns, as far as that can be told; else every host of the zone. */
import { describe, expect, it } from 'vitest';
import { affectedHosts } from '../../../../policies/reading/places/affected-hosts.ts';
import { indexPlan } from '../../../../policies/reading/plan-index.ts';
import { canonicalBundle } from '../../../../scripts/plan/bundle.ts';
import { assemblePlan, diffBundles } from '../../../../scripts/plan/difference/diff.ts';
import type { JsonObject } from '../../../../scripts/plan/types.ts';
import { aRecordOf, terraform, zoneId } from '../../../attacks/estate.ts';

const zones = { shop: { name: 'shop.example', account: { id: 'a' } } };
const everywhere = ['all hosts of shop.example'];

function hosts(before: JsonObject, after: JsonObject): readonly string[] {
  const bundle = (resource: JsonObject) =>
    canonicalBundle('acme-production', {
      terraform,
      provider: { cloudflare: [{}] },
      resource: { cloudflare_zone: zones, ...resource },
    });
  const stack = diffBundles({
    stack: 'acme-production',
    before: bundle(before),
    after: bundle(after),
  });
  return affectedHosts(indexPlan(assemblePlan([stack], 'configuration')));
}

const records = (...all: readonly JsonObject[]): JsonObject => ({
  cloudflare_dns_record: Object.fromEntries(all.map((record, at) => [`r${String(at)}`, record])),
});
const rule = (ref: string, expression: string, parts: JsonObject = {}): JsonObject => ({
  ref,
  action: 'block',
  description: ref,
  enabled: true,
  expression,
  ...parts,
});
const waf = (rules: readonly JsonObject[], parts: JsonObject = {}): JsonObject => ({
  cloudflare_ruleset: {
    waf: {
      kind: 'zone',
      name: 'waf',
      phase: 'http_request_firewall_custom',
      zone_id: zoneId,
      rules,
      ...parts,
    },
  },
});
const api = rule('api', 'http.host eq "api.shop.example" and http.request.method eq "PUT"');
const www = rule('www', 'http.host in {"www.shop.example" "shop.example"}');
const anywhere = rule('anywhere', 'ip.src.asnum eq 64496');
const route = (pattern: string): JsonObject => ({
  cloudflare_workers_route: { it: { zone_id: zoneId, pattern, script: 'it' } },
});

describe('a DNS record', () => {
  it.each<[string, JsonObject, JsonObject, readonly string[]]>([
    ['new', records(), records(aRecordOf('www', '192.0.2.1')), ['www.shop.example']],
    [
      'renamed, under both names',
      records(aRecordOf('old', '192.0.2.1')),
      records(aRecordOf('www', '192.0.2.1')),
      ['old.shop.example', 'www.shop.example'],
    ],
    [
      'of which only the comment changes',
      records(aRecordOf('www', '192.0.2.1')),
      records({ ...aRecordOf('www', '192.0.2.1'), comment: 'the shop' }),
      [],
    ],
    [
      'whose name is not known',
      records(),
      records({ ...aRecordOf('www', '192.0.2.1'), name: '${var.name}' }),
      everywhere,
    ],
  ])('%s', (_, before, after, expected) => {
    expect(hosts(before, after)).toEqual(expected);
  });

  it('is counted where nobody reads so many', () => {
    const many = Array.from({ length: 23 }, (_, at) =>
      aRecordOf(`h${String(at).padStart(2, '0')}`, '192.0.2.1'),
    );
    const named = hosts(records(), records(...many));
    expect([named.length, named.at(-1)]).toEqual([9, '15 more hosts of shop.example']);
    expect(hosts(records(), records(...many.slice(0, 9))).at(-1)).toBe('1 more host of shop.example');
  });
});

describe('a rule', () => {
  it.each<[string, JsonObject, JsonObject, readonly string[]]>([
    ['that is new', waf([www]), waf([www, api]), ['api.shop.example']],
    ['that goes', waf([www, api]), waf([api]), ['shop.example', 'www.shop.example']],
    [
      'that gets another host, under both',
      waf([api]),
      waf([rule('api', 'http.host eq "www.shop.example"')]),
      ['api.shop.example', 'www.shop.example'],
    ],
    ['that acts on no host in particular', waf([api]), waf([api, anywhere]), everywhere],
    [
      'whose expression negates a host',
      waf([]),
      waf([rule('it', 'not http.host eq "api.shop.example"')]),
      everywhere,
    ],
    ['that is not understood', waf([]), waf([rule('it', 'http.host eq')]), everywhere],
    ['that comes before another', waf([www, api]), waf([api, www]), everywhere],
    ['whose phase changes', waf([api]), waf([api], { phase: 'http_ratelimit' }), everywhere],
  ])('%s', (_, before, after, expected) => {
    expect(hosts(before, after)).toEqual(expected);
  });
});

describe('anything else', () => {
  it.each<[string, JsonObject, JsonObject, readonly string[]]>([
    ['that names its host', {}, route('api.shop.example/v1/*'), ['api.shop.example']],
    ['that names every host', {}, route('*/v1/*'), everywhere],
    [
      'a setting',
      {},
      { cloudflare_zone_setting: { it: { zone_id: zoneId, setting_id: 'ssl', value: 'strict' } } },
      everywhere,
    ],
    ['that a later provider has', {}, { cloudflare_new_thing: { it: { zone_id: zoneId } } }, everywhere],
    [
      'of the account',
      {},
      { cloudflare_list: { it: { account_id: 'a', kind: 'ip', name: 'partners' } } },
      ['all hosts of the account of acme-production'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(hosts(before, after)).toEqual(expected);
  });

  it('is not named beside all hosts of its zone', () => {
    const setting = {
      cloudflare_zone_setting: { it: { zone_id: zoneId, setting_id: 'ssl', value: 'strict' } },
    };
    expect(hosts({}, { ...records(aRecordOf('www', '192.0.2.1')), ...setting })).toEqual(everywhere);
  });
});
