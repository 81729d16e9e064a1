/** One example of each kind of validator, refused and taken. Sources: the provider's Go sources, tag v5.14.0. */
import { describe, expect, it } from 'vitest';
import { allowedValuesOf, refusedIn, requiredText } from '../../../scripts/provider/accepted.ts';
import { factsOf, cloudflareSource } from '../../../scripts/provider/facts.ts';
import { providerTypes } from '../../../scripts/provider/types.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';

const zone = '0123456789abcdef0123456789abcdef';
const rule = (parts: JsonObject): JsonObject => ({
  zone_id: zone,
  name: 'n',
  rules: [{ action: 'block', ...parts }],
});
const app = (parts: JsonObject): JsonObject => ({ type: 'self_hosted', ...parts });
const said = (type: string, values: JsonObject): readonly string[] =>
  refusedIn(`cloudflare_${type}`, values).map(({ path, required }) => `${path.join('.')}: ${required}`);

describe('the provider takes no', () => {
  it.each<[string, string, JsonObject, string, JsonObject]>([
    [
      'value that is not listed',
      'certificate_pack',
      { validity_days: 91 },
      'validity_days: be one of 14, 30, 90, 365',
      { validity_days: 90 },
    ],
    [
      'number out of range',
      'dns_record',
      { priority: 65_536 },
      'priority: be from 0 to 65535',
      { priority: '65535' },
    ],
    [
      'number that is too small',
      'load_balancer',
      { rules: [{ priority: 0 }, { priority: -1 }] },
      'rules.1.priority: be at least 0',
      { rules: [{ priority: 0 }] },
    ],
    [
      'number that is too large',
      'page_rule',
      { actions: { browser_cache_ttl: 31_536_001 } },
      'actions.browser_cache_ttl: be at most 31536000',
      { actions: { browser_cache_ttl: 31_536_000 } },
    ],
    ['empty text', 'ruleset', { ...rule({}), name: '' }, 'name: have at least 1 character(s)', rule({})],
    [
      'empty list',
      'ruleset',
      rule({ action_parameters: { phases: [] }, action: 'skip' }),
      'rules.0.action_parameters.phases: have at least 1 element(s)',
      rule({ action_parameters: { phases: ['http_ratelimit'] }, action: 'skip' }),
    ],
    [
      'text of another shape',
      'ruleset',
      { ...rule({}), zone_id: 'shop' },
      'zone_id: match ^[0-9a-f]{32}$',
      { ...rule({}), zone_id: '${cloudflare_zone.z.id}' },
    ],
    [
      'day instead of a time',
      'api_token',
      { expires_on: '2026-11-24' },
      'expires_on: be a time such as 2026-11-24T20:15:00Z',
      { expires_on: '2026-11-24T20:15:00+01:00' },
    ],
    ['text that is not JSON', 'image', { metadata: '{' }, 'metadata: be JSON text', { metadata: '{"a":1}' }],
    [
      'address without a path',
      'list_item',
      { redirect: { source_url: 'https://shop.example' } },
      'redirect.source_url: be a URL with a path, such as https://www.shop.example/',
      { redirect: { source_url: 'shop.example/' } },
    ],
    [
      'element that is not listed',
      'healthcheck',
      { check_regions: ['WEU', 'MARS'] },
      'check_regions: be one of "WNAM", ',
      { check_regions: ['WEU', null, '${var.region}'] },
    ],
    [
      'amount between two choices',
      'logpush_job',
      { max_upload_records: 999 },
      'max_upload_records: be one of 0, or be from 1000 to 1000000',
      { max_upload_records: 0 },
    ],
    [
      'other value than the only one',
      'ruleset',
      rule({ action: 'set_config', action_parameters: { disable_rum: false } }),
      'rules.0.action_parameters.disable_rum: be true, or be left away',
      rule({ action: 'set_config', action_parameters: { disable_rum: true } }),
    ],
    [
      'two that exclude each other',
      'dns_record',
      { content: '192.0.2.1', data: { port: 1 } },
      'content: be left away when data is set',
      { content: '192.0.2.1', data: null },
    ],
    [
      'one without the other',
      'ruleset',
      rule({ logging: {} }),
      'rules.0.logging: come with rules[].logging.enabled',
      rule({ logging: { enabled: true } }),
    ],
    [
      'neither of two',
      'ruleset',
      { name: 'n' },
      'account_id: be set, or one of zone_id',
      { name: 'n', account_id: '${var.account}' },
    ],
    [
      'both of two',
      'ruleset',
      { ...rule({}), account_id: zone },
      'account_id: be left away when zone_id is set',
      { ...rule({}), account_id: '${var.maybe}' },
    ],
    [
      'none of several',
      'ruleset',
      rule({ action: 'rewrite', action_parameters: { uri: {} } }),
      'rules.0.action_parameters.uri.path: be set, or one of rules[].action_parameters.uri.query',
      rule({ action: 'rewrite', action_parameters: { uri: { query: { value: 'a' } } } }),
    ],
    [
      'parameter of another action',
      'ruleset',
      rule({
        action: 'log',
        action_parameters: { response: { status_code: 403, content: 'no', content_type: 'text/plain' } },
      }),
      'rules.0.action_parameters.response: be left away unless rules[].action is "block"',
      rule({
        action_parameters: { response: { status_code: 403, content: 'no', content_type: 'text/plain' } },
      }),
    ],
    [
      'argument of another kind',
      'zero_trust_access_application',
      app({ type: 'bookmark', skip_interstitial: true }),
      'skip_interstitial: be left away unless type is "self_hosted"',
      app({ skip_interstitial: true }),
    ],
    [
      'argument where it may not be',
      'zero_trust_access_identity_provider',
      { type: 'onetimepin', scim_config: {} },
      'scim_config: be left away when type is "onetimepin"',
      { type: 'okta', scim_config: {} },
    ],
    [
      'missing argument of a kind',
      'zero_trust_access_application',
      { type: 'saas' },
      'saas_app: be set when type is "saas"',
      { type: 'saas', saas_app: {} },
    ],
    [
      'two conditions in one',
      'zero_trust_access_policy',
      { include: [{ everyone: {}, email: { email: 'a@shop.example' } }] },
      'include.0: have at most 1 of its members set',
      { include: [{ everyone: {}, email: null }] },
    ],
    [
      'item of another kind of list',
      'list',
      { kind: 'asn', items: [{ asn: 64_500 }, { ip: '192.0.2.1' }] },
      'items.1: have asn, for that is its kind',
      { kind: 'asn', items: [{ asn: 64_500 }] },
    ],
  ])('%s', (...[, type, bad, expected, good]) => {
    expect(said(type, bad)).toContainEqual(expect.stringContaining(expected));
    expect(said(type, good)).toEqual([]);
  });

  it('value of which it prints anything', () => {
    expect(JSON.stringify(refusedIn('cloudflare_image', { metadata: 'secret-value' }))).not.toContain(
      'secret-value',
    );
  });
});

it('is known of no type that has no entry', () => {
  expect(factsOf('cloudflare_ruleset', cloudflareSource)).not.toBeNull();
  expect(refusedIn('constructor', { name: '' })).toEqual([]);
  expect(allowedValuesOf('constructor')).toEqual({});
});

it('compiles every pattern of the table', () => {
  const patterns = [...JSON.stringify(providerTypes()).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(
    ([, text = '""']) => JSON.parse(text) as string,
  );
  expect(patterns.length).toBeGreaterThan(5);
  for (const pattern of patterns) {
    expect(() => new RegExp(pattern, 'u')).not.toThrow();
  }
});

describe('the nearest value that the provider takes', () => {
  const nearest = (type: string, values: JsonObject): readonly unknown[] =>
    refusedIn(`cloudflare_${type}`, values).map((refused) => refused.nearest);

  it.each<[string, string, JsonObject, unknown]>([
    ['of a slip in a word', 'ruleset', { zone_id: zone, rules: [{ action: 'blok' }] }, 'block'],
    ['of a slip in a word of a list', 'load_balancer_pool', { check_regions: ['WNAM', 'WEUU'] }, 'WEU'],
    ['of a number that is too large', 'dns_record', { priority: 65_536 }, 65_535],
    ['of a number that is too small', 'load_balancer', { rules: [{ priority: -1 }] }, 0],
    ['among numbers', 'certificate_pack', { validity_days: 91 }, 90],
    [
      'is none where every one would be a guess',
      'ruleset',
      { zone_id: zone, rules: [{ action: 'xyzzy' }] },
      null,
    ],
  ])('%s', (_, type, values, expected) => {
    expect(nearest(type, values)).toContainEqual(expected);
  });

  it('is never the one that was refused, over all types', () => {
    const tried = providerTypes().flatMap(([type, { accepts = {} }]) =>
      Object.keys(accepts)
        .filter((path) => /^\w+$/.test(path))
        .flatMap((path) => ['off', 'a', -1, 1_000_000, true].map((value) => ({ type, path, value }))),
    );
    const same = tried.flatMap(({ type, path, value }) =>
      refusedIn(type, { [path]: value })
        .filter((refused) => refused.path.join('.') === path && refused.nearest === value)
        .map((refused) => `${type}.${path}: ${requiredText(refused)}`),
    );
    expect(same).toEqual([]);
  });
});
