/** What differs and changes nothing, beside its twin that does change something. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { effectDigest } from '../../../scripts/plan/digest.ts';
import { readPlan } from '../../../scripts/plan/read.ts';
import { readTerraformPlan } from '../../../scripts/plan/terraform/plan.ts';
import type { Json, JsonObject, StackPlan } from '../../../scripts/plan/types.ts';
import {
  actionsOf,
  attributeAt,
  changeAt,
  configuration,
  diff,
  pathsOf,
  planOf,
  record,
  withRecords,
  withRules,
  zone,
  zoneId,
} from '../configurations.ts';

type Body = Record<string, Json>;

/** Address of the one resource that `only` makes. */
const address = (type: string): string => `${type}.x`;

const only = (type: string, body: Body): JsonObject =>
  configuration({ cloudflare_zone: zone, [type]: { x: body } });

const between = (type: string, before: Body, after: Body): StackPlan =>
  diff(only(type, before), only(type, after));

/** `kind path: before → after` of one resource that differs between two configurations. */
function told(type: string, before: Body, after: Body): readonly string[] {
  const plan = between(type, before, after);
  return plan.changes.length === 0
    ? []
    : changeAt(plan, address(type)).attributes.map(
        ({ path, kind, before: old, after: now }) =>
          `${kind} ${path.map((segment) => (typeof segment === 'object' ? segment.is : segment)).join('.')}: ${JSON.stringify(old)} → ${JSON.stringify(now)}`,
      );
}

const pageRule = { zone_id: zoneId, target: 'shop.example/*', actions: { ssl: 'off' } };
const app = { account_id: 'a', type: 'self_hosted', name: 'n', domain: 'x.shop.example' };

describe('a default that is left out', () => {
  it.each([
    ['cloudflare_page_rule', pageRule, { status: 'disabled' }],
    ['cloudflare_zone', { name: 'a.example' }, { type: 'full', paused: false }],
    ['cloudflare_worker', { account_id: 'a', name: 'w' }, { subdomain: { enabled: false } }],
    [
      'cloudflare_worker',
      { account_id: 'a', name: 'w' },
      { observability: { enabled: false, logs: { enabled: false } } },
    ],
    [
      'cloudflare_zero_trust_access_application',
      app,
      { session_duration: '24h', app_launcher_visible: true },
    ],
    ['cloudflare_zero_trust_access_policy', { name: 'p', decision: 'allow' }, { approval_required: false }],
    ['cloudflare_dns_record', record(), { settings: { ipv4_only: false } }],
  ])('of a %s is not a change in either direction', (type, body, defaults) => {
    expect(told(type, body, { ...body, ...defaults })).toEqual([]);
    expect(told(type, { ...body, ...defaults }, body)).toEqual([]);
    expect(between(type, body, { ...body, ...defaults }).folded).toEqual({ recomputed: 0, respelled: 1 });
  });

  it.each([
    ['cloudflare_page_rule', pageRule, { status: 'active' }, 'changed status: "active" → "disabled"'],
    ['cloudflare_zone', { name: 'a.example' }, { paused: true }, 'changed paused: true → false'],
    [
      'cloudflare_worker',
      { account_id: 'a', name: 'w' },
      { subdomain: { enabled: true } },
      'changed subdomain.enabled: true → false',
    ],
    [
      'cloudflare_zero_trust_access_application',
      app,
      { session_duration: '1h' },
      'changed session_duration: "1h" → "24h"',
    ],
  ])('of a %s is what an argument with another value becomes', (type, body, more, expected) => {
    expect(told(type, { ...body, ...more }, body)).toEqual([expected]);
    expect(told(type, body, { ...body, ...more })).toHaveLength(1);
  });

  it('that holds for some kinds only is none for the others', () => {
    const bookmark = { ...app, type: 'bookmark' };
    expect(
      told('cloudflare_zero_trust_access_application', bookmark, {
        ...bookmark,
        session_duration: '24h',
      }),
    ).toEqual(['added session_duration: undefined → "24h"']);
  });

  it('is none where Cloudflare or the provider decides: what it becomes is not known', () => {
    const plan = between(
      'cloudflare_load_balancer',
      { zone_id: zoneId, name: 'lb.shop.example', fallback_pool: 'f', default_pools: ['f'], ttl: 30 },
      { zone_id: zoneId, name: 'lb.shop.example', fallback_pool: 'f', default_pools: ['f'] },
    );
    expect(attributeAt(changeAt(plan, address('cloudflare_load_balancer')), 'ttl')).toMatchObject({
      kind: 'removed',
      unknown: true,
    });
  });
});

const token = (policies: Json): Body => ({ name: 't', policies });
const grant = (groups: readonly string[], resources: string, effect = 'allow'): Json => ({
  effect,
  permission_groups: groups.map((id) => ({ id })),
  resources,
});

describe('a list whose order the provider ignores', () => {
  const pack = (...hosts: readonly string[]): Body => ({ zone_id: zoneId, type: 'advanced', hosts });
  const type = 'cloudflare_certificate_pack';

  it('is not a change in another order, and one with another element', () => {
    const before = pack('shop.example', '*.shop.example');
    expect(told(type, before, pack('*.shop.example', 'shop.example'))).toEqual([]);
    expect(told(type, before, pack('shop.example', 'pay.shop.example'))).not.toEqual([]);
  });

  it('keeps its order where the order says something', () => {
    const balancer = (...pools: readonly string[]): Body => ({ zone_id: zoneId, default_pools: pools });
    expect(told('cloudflare_load_balancer', balancer('a', 'b'), balancer('b', 'a'))).not.toEqual([]);
  });
});

describe('sets inside sets', () => {
  const zones = '{"com.cloudflare.api.account.zone.a": "*", "com.cloudflare.api.account.zone.b": "*"}';
  const turned = '{"com.cloudflare.api.account.zone.b":"*","com.cloudflare.api.account.zone.a":"*"}';

  it('in another order, and JSON in another order, are not change', () => {
    const before = token([grant(['g1', 'g2'], zones), grant(['g3'], zones)]);
    const after = token([grant(['g3'], turned), grant(['g2', 'g1'], turned)]);
    expect(told('cloudflare_api_token', before, after)).toEqual([]);
  });

  it.each([
    ['another group', [grant(['g1', 'g4'], zones)]],
    ['one group more', [grant(['g2', 'g1', 'g3'], zones)]],
    ['another effect', [grant(['g2', 'g1'], zones, 'deny')]],
    ['a wider resource', [grant(['g2', 'g1'], '{"com.cloudflare.api.account.zone.*": "*"}')]],
  ])('with %s are a change', (_what, after) => {
    expect(told('cloudflare_api_token', token([grant(['g1', 'g2'], zones)]), token(after))).not.toEqual([]);
  });

  it('do not make a list one: rules in another order have another meaning', () => {
    const rule = (ref: string): Json => ({ ref, action: 'block', expression: `http.host eq "${ref}"` });
    const plan = diff(withRules([rule('a'), rule('b')]), withRules([rule('b'), rule('a')]));
    expect(pathsOf(changeAt(plan, 'cloudflare_ruleset.waf'))).toEqual(['moved rules[ref=b]']);
  });
});

describe('spellings of a record', () => {
  const www = 'cloudflare_dns_record.www';
  const cname = record({ type: 'CNAME', name: 'Pot', content: 'Origin.example.net' });
  const spelled = record({ type: 'CNAME', name: 'pot.shop.example.', content: 'origin.example.net.' });

  it('are counted, and no part of the effect', () => {
    const plan = planOf(withRecords({ www: cname }), withRecords({ www: spelled }));
    expect(plan.stacks[0]?.changes).toEqual([]);
    expect(plan.stacks[0]?.folded).toEqual({ recomputed: 0, respelled: 1 });
    expect(readPlan(plan).ok).toBe(true);
    expect(effectDigest(plan)).toBe(
      effectDigest(planOf(withRecords({ www: cname }), withRecords({ www: cname }))),
    );
  });

  it('beside a change are counted with it', () => {
    const change = changeAt(
      diff(withRecords({ www: cname }), withRecords({ www: { ...spelled, proxied: true } })),
      www,
    );
    expect(pathsOf(change)).toEqual(['changed proxied']);
    expect(change.folded).toEqual({ recomputed: 0, respelled: 2 });
  });

  it('of another name or zone are changes', () => {
    const other = { ...spelled, name: 'pot.black.shop.example' };
    expect(pathsOf(changeAt(diff(withRecords({ www: cname }), withRecords({ www: other })), www))).toEqual([
      'changed name',
    ]);
    const literal = { ...cname, zone_id: 'z' };
    expect(
      actionsOf(diff(withRecords({ www: literal }), withRecords({ www: { ...spelled, zone_id: 'z' } }))),
    ).toEqual([`${www}: update`]);
  });

  it('reach who refers to them, where the spelling counts', () => {
    const route = { route: { zone_id: zoneId, pattern: `\${${www}.name}/*`, script: 's' } };
    const estate = (name: string): JsonObject =>
      configuration({
        cloudflare_zone: zone,
        cloudflare_dns_record: { www: record({ name }) },
        cloudflare_workers_route: route,
      });
    const plan = diff(estate('www'), estate('www.shop.example'));
    expect(actionsOf(plan)).toEqual(['cloudflare_workers_route.route: update']);
    expect(plan.folded).toEqual({ recomputed: 0, respelled: 1 });
  });

  it('never hide another value, and are never one themselves', () => {
    const label = fc.constantFrom('tea', 'pot', 'cup');
    const spell = fc.constantFrom(
      (name: string) => name,
      (name: string) => name.toUpperCase(),
      (name: string) => `${name}.SHOP.example`,
      (name: string) => `${name}.shop.example.`,
    );
    fc.assert(
      fc.property(
        fc.tuple(label, spell),
        fc.tuple(label, spell),
        fc.boolean(),
        ([a, first], [b, second], proxied) => {
          const plan = diff(
            withRecords({ www: record({ name: first(a), proxied: false }) }),
            withRecords({ www: record({ name: second(b), ...(proxied ? { proxied } : {}) }) }),
          );
          expect(plan.changes.length === 0).toBe(a === b && !proxied);
        },
      ),
      { seed: 20_261_130, numRuns: 200 },
    );
  });
});

describe('three kinds of replacement', () => {
  const bucket = (more: Body): Body => ({ account_id: 'a', name: 'b', ...more });
  const item = (more: Body): Body => ({ account_id: 'a', list_id: 'l', ip: '192.0.2.1', ...more });

  it.each([
    ['cloudflare_r2_bucket', bucket({ location: 'weur' }), bucket({ location: 'eeur' }), 'delete+create'],
    ['cloudflare_r2_bucket', bucket({ location: 'weur' }), bucket({}), 'update'],
    [
      'cloudflare_r2_bucket',
      bucket({ storage_class: 'Standard' }),
      bucket({ storage_class: 'InfrequentAccess' }),
      'update',
    ],
    ['cloudflare_list_item', item({ comment: 'a' }), item({ comment: 'b' }), 'delete+create'],
    ['cloudflare_list_item', item({ comment: 'a' }), item({}), 'update'],
    ['cloudflare_list_item', item({}), item({ ip: '192.0.2.2' }), 'delete+create'],
    [
      'cloudflare_magic_transit_connector',
      { account_id: 'a', device: { serial_number: 's' } },
      { account_id: 'a', device: { serial_number: 't' } },
      'delete+create',
    ],
    [
      'cloudflare_magic_transit_connector',
      { account_id: 'a', device: { serial_number: 's' }, notes: 'n' },
      { account_id: 'a', device: { serial_number: 's' }, notes: 'm' },
      'update',
    ],
  ])('of a %s: %o to %o is %s', (type, before, after, actions) => {
    expect(actionsOf(between(type, before, after))).toEqual([`${address(type)}: ${actions}`]);
  });

  it('a region in capitals is the same region', () => {
    expect(told('cloudflare_r2_bucket', bucket({ location: 'WEUR' }), bucket({ location: 'weur' }))).toEqual(
      [],
    );
  });
});

interface Planned {
  readonly type?: string;
  readonly before: Body;
  readonly after: Body;
  readonly unknown?: Json;
  readonly actions?: readonly string[];
  readonly more?: Body;
}

/** What is read of a Terraform plan with these resources and, if given, their configuration. */
function live(
  resources: Readonly<Record<string, Planned>>,
  expressions?: Readonly<Record<string, Body>>,
): StackPlan {
  const entries = Object.entries(resources).map(([name, planned]) => {
    const type = planned.type ?? 'cloudflare_dns_record';
    return {
      address: `${type}.${name}`,
      mode: 'managed',
      type,
      name,
      provider_name: 'registry.terraform.io/cloudflare/cloudflare',
      change: {
        actions: planned.actions ?? ['update'],
        before: planned.before,
        after: planned.after,
        after_unknown: planned.unknown ?? {},
        ...planned.more,
      },
    };
  });
  const result = readTerraformPlan(
    {
      format_version: '1.2',
      resource_changes: entries,
      ...(expressions === undefined
        ? {}
        : {
            configuration: {
              root_module: {
                resources: Object.entries(expressions).map(([at, each]) => ({
                  address: at,
                  expressions: each,
                })),
              },
            },
          }),
    },
    'acme-production',
  );
  if (!result.ok) {
    throw new Error(result.diagnostics.map(({ message }) => message).join('; '));
  }
  expect(readPlan(result.value)).toMatchObject({ ok: true });
  return result.value.stacks[0] as StackPlan;
}

const stored = {
  zone_id: 'z',
  name: 'a.shop.example',
  type: 'A',
  content: '192.0.2.1',
  ttl: 1,
  proxied: true,
};
const computed = { created_on: 't', modified_on: 't', proxiable: true, meta: '{}' };
const anew = { created_on: true, modified_on: true, proxiable: true, meta: true, comment: true };
const quiet: Planned = { before: { ...stored, ...computed }, after: stored, unknown: anew };

describe('a live plan in which much is computed anew', () => {
  it('shows the one real change, and counts the rest', () => {
    const noise = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`n${index}`, quiet]));
    const plan = live({ ...noise, loss: { ...quiet, after: { ...stored, proxied: false } } });
    expect(actionsOf(plan)).toEqual(['cloudflare_dns_record.loss: update']);
    expect(pathsOf(changeAt(plan, 'cloudflare_dns_record.loss'))).toEqual(['changed proxied']);
    expect(changeAt(plan, 'cloudflare_dns_record.loss').folded).toEqual({ recomputed: 5, respelled: 0 });
    expect(plan.folded).toEqual({ recomputed: 30, respelled: 0 });
    expect(plan.totals).toEqual({ before: 31, after: 31 });
  });

  it.each([
    [
      'an unknown content',
      { ...quiet, after: { ...stored, content: null }, unknown: { ...anew, content: true } },
    ],
    ['an unknown name', { ...quiet, after: { ...stored, name: null }, unknown: { ...anew, name: true } }],
    ['an unknown priority', { ...quiet, unknown: { ...anew, priority: true } }],
    ['an unknown comment in place of one', { ...quiet, before: { ...quiet.before, comment: 'c' } }],
    ['a replacement', { ...quiet, actions: ['delete', 'create'] }],
    ['an import', { ...quiet, more: { importing: { id: 'z/1' } } }],
  ] as const)('keeps %s', (_what, planned) => {
    expect(live({ x: planned }).changes).toHaveLength(1);
  });

  it('folds nothing that the configuration sets, and what it is known not to set', () => {
    const balancer: Planned = {
      type: 'cloudflare_load_balancer',
      before: { name: 'lb', ttl: 30, region_pools: { WNAM: ['p'] }, modified_on: 't' },
      after: { name: 'lb' },
      unknown: { ttl: true, region_pools: true, modified_on: true },
    };
    const at = 'cloudflare_load_balancer.x';
    const kept = (expressions?: Body): readonly string[] =>
      pathsOf(
        changeAt(live({ x: balancer }, expressions === undefined ? undefined : { [at]: expressions }), at),
      );
    expect(kept()).toEqual(['changed region_pools', 'changed ttl']);
    expect(kept({ name: {}, ttl: { references: ['a.b'] } })).toEqual(['changed region_pools', 'changed ttl']);
    // What is there and a list or an object may have been configured before: that it goes is told.
    expect(kept({ name: {} })).toEqual(['changed region_pools']);
  });

  it('knows a rule that Cloudflare named after its id', () => {
    const rule = { id: 'i1', ref: 'i1', action: 'block', expression: 'ssl', version: '1' };
    const ruleset = (ref: string): Planned => ({
      type: 'cloudflare_ruleset',
      before: { name: 'w', rules: [{ ...rule, ref }], version: '4' },
      after: { name: 'w', rules: [{ action: 'block', expression: 'ssl' }] },
      unknown: { rules: [{ id: true, ref: true, version: true }], version: true },
    });
    expect(live({ x: ruleset('i1') }).changes).toEqual([]);
    expect(pathsOf(changeAt(live({ x: ruleset('mine') }), 'cloudflare_ruleset.x'))).toEqual([
      'changed rules[0].ref',
    ]);
  });

  it('folds nothing of a type or provider without facts', () => {
    expect(live({ x: { ...quiet, type: 'cloudflare_unheard_of' } }).changes).toHaveLength(1);
  });
});

describe('defaults and spellings in a live plan', () => {
  it('are counted, and their twins are listed', () => {
    const rule = { target: 'shop.example/*', priority: 1 };
    const plan = live({
      same: { type: 'cloudflare_page_rule', before: { ...rule, status: 'disabled' }, after: rule },
      other: {
        type: 'cloudflare_page_rule',
        before: { ...rule, status: 'active' },
        after: { ...rule, status: 'disabled' },
      },
      v6: {
        before: { ...stored, type: 'AAAA', content: '2001:DB8::1' },
        after: { ...stored, type: 'AAAA', content: '2001:db8:0::1' },
      },
      v7: {
        before: { ...stored, type: 'AAAA', content: '2001:db8::1' },
        after: { ...stored, type: 'AAAA', content: '2001:db8::2' },
      },
    });
    expect(actionsOf(plan)).toEqual([
      'cloudflare_dns_record.v7: update',
      'cloudflare_page_rule.other: update',
    ]);
  });

  it('are not defaults where a state says nothing because it is not read back', () => {
    const cron = { type: 'cloudflare_account_member', before: { email: 'a@b.example' } };
    const plan = live({ x: { ...cron, after: { email: 'a@b.example', status: 'pending' } } });
    expect(plan.changes).toHaveLength(1);
  });
});
