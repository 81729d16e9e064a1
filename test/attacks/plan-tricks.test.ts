/** Ways to get something past the rules by writing it unusually. Each is refused although everybody approved it. */
import { describe, expect, it } from 'vitest';
import { changeKind } from '../../scripts/provider/kind.ts';
import { effectDigest } from '../../scripts/plan/digest.ts';
import type { JsonObject } from '../../scripts/plan/types.ts';
import {
  aRecordOf,
  bundleWith,
  decisionOn,
  moved,
  planTo,
  released,
  stackPlan,
  stoppedBy,
  terraform,
  zoneId,
} from './estate.ts';

const honest = planTo(bundleWith(moved));

const www = aRecordOf('www', '192.0.2.10');
const kindOf = (after: JsonObject | null, blocks: JsonObject = {}, resource: JsonObject = {}) =>
  stackPlan(bundleWith(after, resource, blocks)).changes.map(
    (change) => `${change.address} ${changeKind(change)}`,
  );

const skip = (expression: string) => ({
  cloudflare_ruleset: {
    waf: {
      zone_id: zoneId,
      kind: 'zone',
      phase: 'http_request_firewall_custom',
      name: 'custom',
      rules: [
        {
          ref: 'skip',
          description: 'partner, until 2026-12-31',
          action: 'skip',
          enabled: true,
          expression,
          action_parameters: { ruleset: 'current' },
        },
      ],
    },
  },
});

describe('something that runs on the release machine', () => {
  it('is not in the honest change', () => {
    expect(decisionOn(honest).verdict).toBe('allow');
  });

  it.each<[string, string, JsonObject, JsonObject]>([
    [
      'a provisioner on a builtin resource',
      'plan-no-provisioners',
      { terraform_data: { x: { provisioner: { 'local-exec': { command: 'env' } } } } },
      {},
    ],
    [
      'a provisioner in a list of blocks',
      'plan-no-provisioners',
      { terraform_data: { x: { provisioner: [{ 'local-exec': [{ command: 'env' }] }] } } },
      {},
    ],
    [
      'a connection block alone',
      'plan-no-provisioners',
      { terraform_data: { x: { connection: { host: '192.0.2.1' } } } },
      {},
    ],
    [
      'a program as data source',
      'plan-data-sources-allowed',
      {},
      { data: { external: { x: { program: ['env'] } } } },
    ],
    [
      'a data source in a list of types',
      'plan-data-sources-allowed',
      {},
      { data: [{ http: { x: { url: 'https://example.com' } } }] },
    ],
    [
      'the state of another stack',
      'plan-data-sources-allowed',
      {},
      { data: { terraform_remote_state: { x: { backend: 's3', config: { key: 'borough-production' } } } } },
    ],
    ['a provider from elsewhere', 'plan-providers-allowed', { null_resource: { x: {} } }, {}],
    [
      'a provider under the name of the allowed one',
      'plan-providers-allowed',
      {},
      { terraform: { required_providers: { cloudflare: { source: 'evil/cloudflare' } } } },
    ],
    [
      'a provider chosen by the resource',
      'plan-providers-allowed',
      { cloudflare_list: { x: { provider: 'evil.alias', account_id: 'a', kind: 'ip', name: 'x' } } },
      {
        terraform: {
          required_providers: {
            ...(terraform['required_providers'] as JsonObject),
            evil: { source: 'evil/evil' },
          },
        },
      },
    ],
    [
      'a module of the repository',
      'plan-safe-configuration',
      {},
      { module: { x: { source: '../../../modules/x' } } },
    ],
    [
      'a module from elsewhere',
      'plan-modules-local',
      {},
      { module: { x: { source: 'git::https://example.com/x.git' } } },
    ],
    [
      'requests to another server',
      'plan-safe-configuration',
      {},
      { provider: { cloudflare: [{ base_url: 'https://example.com' }] } },
    ],
    [
      'requests to another server under an alias',
      'plan-safe-configuration',
      {},
      { provider: { cloudflare: [{}, { alias: 'b', base_url: 'https://example.com' }] } },
    ],
    [
      'another state',
      'plan-backend-unchanged',
      {},
      { terraform: { ...terraform, backend: { local: { path: '/tmp/x' } } } },
    ],
    [
      'a state at HCP',
      'plan-backend-unchanged',
      {},
      { terraform: { ...terraform, cloud: { organization: 'x' } } },
    ],
  ])('%s stops the change', (_, rule, resource, blocks) => {
    const decision = decisionOn(planTo(bundleWith(moved, resource, blocks)));
    expect([decision.verdict === 'allow', stoppedBy(decision)]).toEqual([
      false,
      expect.arrayContaining([rule]),
    ]);
  });
});

describe('a destruction written as something else', () => {
  it('is not what an honest update shows', () => {
    expect(kindOf(moved)).toEqual(['cloudflare_dns_record.www update']);
  });

  it.each<[string, JsonObject, 'delete' | 'replace']>([
    ['count 0', { count: 0 }, 'delete'],
    ['count as text', { count: '0' }, 'delete'],
    ['count as a literal between marks', { count: '${0}' }, 'delete'],
    ['count as text between marks', { count: '${"0"}' }, 'delete'],
    ['count as an expression', { count: '${1 - 1}' }, 'replace'],
    [
      'count of another attribute',
      { count: '${cloudflare_dns_record.www.priority}', priority: 0 },
      'replace',
    ],
    ['for_each over nothing', { for_each: {} }, 'delete'],
    ['for_each over an empty set', { for_each: '${toset([])}' }, 'delete'],
    ['for_each over an expression', { for_each: '${setsubtract(["a"], ["a"])}' }, 'replace'],
    ['a type that forces replacement', { type: 'TXT' }, 'replace'],
  ])('by %s', (_, parts, kind) => {
    expect(kindOf({ ...www, ...parts })).toEqual([`cloudflare_dns_record.www ${kind}`]);
  });

  it('by removal from the state', () => {
    const decision = decisionOn(
      planTo(
        bundleWith(
          null,
          {},
          { removed: [{ from: 'cloudflare_dns_record.www', lifecycle: { destroy: false } }] },
        ),
      ),
    );
    expect(stoppedBy(decision)).toContain('plan-no-forget');
  });

  it('of a zone, by a move onto another name', () => {
    const resource = { cloudflare_zone: { other: { name: 'other.example', account: { id: 'a' } } } };
    const blocks = { moved: [{ from: 'cloudflare_zone.shop', to: 'cloudflare_zone.other' }] };
    const decision = decisionOn(planTo(bundleWith(moved, resource, blocks)));
    expect(stoppedBy(decision)).toEqual(
      expect.arrayContaining(['plan-protected-addresses', 'plan-zone-deletion']),
    );
  });

  it('of a zone, by switching it off', () => {
    const resource = { cloudflare_zone: { shop: { count: 0, name: 'shop.example', account: { id: 'a' } } } };
    expect(stoppedBy(decisionOn(planTo(bundleWith(moved, resource))))).toContain('plan-zone-deletion');
  });
});

const judged = (expression: string) =>
  stoppedBy(decisionOn(planTo(bundleWith(aRecordOf('www', '192.0.2.10'), skip(expression))), 'waf'));

describe('a skip for everybody', () => {
  it('is not a skip for one path', () => {
    expect(judged('(http.host eq "www.shop.example" and http.request.uri.path eq "/partner")')).toEqual([]);
  });

  it.each([
    'true',
    '(true or http.host eq "x")',
    'not false',
    '(http.request.uri.path wildcard "*")',
    '(http.request.uri.path matches ".*")',
    '(len(http.request.uri.path) ge 0)',
    '(http.host contains "")',
    '(http.host eq "a") or (http.host ne "a")',
  ])('is refused when written as %s', (expression) => {
    expect(judged(expression)).toContain('waf-skip-scope');
  });
});

describe('the digest of the effect', () => {
  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['an unproxied record', aRecordOf('www', '192.0.2.20', { proxied: false }), {}, {}],
    ['a number for a text', aRecordOf('www', '192.0.2.20', { ttl: 300 }), {}, {}],
    [
      'where the provider sends requests',
      moved,
      {},
      { provider: { cloudflare: [{ base_url: 'https://example.com' }] } },
    ],
    [
      'another provider version',
      moved,
      {},
      {
        terraform: {
          required_providers: { cloudflare: { source: 'cloudflare/cloudflare', version: '5.13.0' } },
        },
      },
    ],
    ['ignored attributes', { ...moved, lifecycle: { ignore_changes: ['content'] } }, {}, {}],
    ['a data source', moved, {}, { data: { cloudflare_zone: { x: { name: 'x' } } } }],
  ])('differs for %s', (_, record, resource, blocks) => {
    expect(effectDigest(planTo(bundleWith(record, resource, blocks)))).not.toBe(effectDigest(honest));
  });

  it('does not move with what is released elsewhere in the stack', () => {
    const elsewhere = { cloudflare_list: { x: { account_id: 'a', kind: 'ip', name: 'x' } } };
    const before = bundleWith(aRecordOf('www', '192.0.2.10'), elsewhere);
    expect(effectDigest(planTo(bundleWith(moved, elsewhere), before))).toBe(effectDigest(honest));
    expect(released).not.toEqual(before);
  });
});
