import { describe, expect, it } from 'vitest';
import { compareLive, covers } from '../../../scripts/release/live/compare-live.ts';
import { nothingHalf } from '../../../scripts/release/live/half-replaced.ts';
import { canonicalBundle } from '../../../scripts/plan/bundle.ts';
import { diffBundles } from '../../../scripts/plan/difference/diff.ts';
import type { JsonObject, StackPlan } from '../../../scripts/plan/types.ts';

const terraform = {
  required_providers: { cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' } },
};

function stackOf(records: Readonly<Record<string, JsonObject>>): ReturnType<typeof canonicalBundle> {
  return canonicalBundle('acme-production', {
    terraform,
    resource: { cloudflare_dns_record: records as JsonObject },
  });
}

function plan(
  before: Readonly<Record<string, JsonObject>>,
  after: Readonly<Record<string, JsonObject>>,
): StackPlan {
  return diffBundles({ stack: 'acme-production', before: stackOf(before), after: stackOf(after) });
}

const www = {
  name: 'www.shop.example',
  type: 'A',
  content: '203.0.113.1',
  ttl: 1,
  proxied: true,
  zone_id: 'z',
};
const moved = { ...www, content: '203.0.113.2' };
const approved = plan({ www }, { www: moved });

describe('a live plan inside the approved effect', () => {
  it('is accepted when it is the same', () => {
    expect(compareLive(approved, approved)).toEqual({
      verdict: 'inside',
      deviations: [],
      alreadyInPlace: [],
    });
  });

  it('is accepted, and said, when an approved change is already in place', () => {
    expect(compareLive(approved, plan({ www: moved }, { www: moved }))).toEqual({
      verdict: 'inside',
      deviations: [],
      alreadyInPlace: ['cloudflare_dns_record.www'],
    });
  });

  it('may fill in what the provider computes on a creation', () => {
    const wanted = plan({}, { www });
    const live = plan({}, { www: { ...www, comment: '', modified_on: '2026-11-23T00:00:00Z' } });
    expect(compareLive(wanted, live).verdict).toBe('inside');
  });
});

describe('a replacement that may be half done', () => {
  const other = { ...www, type: 'AAAA', content: '2001:db8::1' };
  const replacement = plan({ www }, { www: other });
  const here = new Set(['cloudflare_dns_record.www']);
  const toMake = { ...nothingHalf, toMake: here };
  const toDelete = { ...nothingHalf, toDelete: here };

  /** The old object of a replacement that made the new one first. */
  function deposed(record: JsonObject, name = 'www'): StackPlan {
    const live = plan({ [name]: record }, {});
    return {
      ...live,
      changes: live.changes.map((change) => ({
        ...change,
        address: `${change.address} (deposed 0a1b2c3d)`,
      })),
    };
  }

  it.each([
    ['makes what was approved', plan({}, { www: other }), toMake],
    ['takes away the old object', deposed(www), toDelete],
    ['takes away the new object, when it is rolled back', deposed(other), toDelete],
  ])('is inside when it %s', (_, live, half) => {
    expect(compareLive(replacement, live, half)).toMatchObject({ verdict: 'inside', deviations: [] });
  });

  it('is inside when it is done again beside what is left of it', () => {
    const both = { ...replacement, changes: [...replacement.changes, ...deposed(www).changes] };
    expect(compareLive(replacement, both, toDelete).verdict).toBe('inside');
    expect(compareLive(replacement, both, toMake).verdict).toBe('deviates');
  });

  it.each([
    ['is of no attempt: somebody deleted it', replacement, plan({}, { www: other }), nothingHalf],
    ['has only the old object left', replacement, plan({}, { www: other }), toDelete],
    ['makes something else', replacement, plan({}, { www: moved }), toMake],
    ['was to be an update', approved, plan({}, { www: moved }), toMake],
    ['takes the object away without another', replacement, plan({ www }, {}), toMake],
    ['takes the current object away', replacement, plan({ www }, {}), toDelete],
    ['replaces what was to be created', plan({}, { www: other }), replacement, toMake],
    ['was to be deleted', plan({ www }, {}), plan({}, { www }), toMake],
    ['takes away an object that nobody left', replacement, deposed(www), nothingHalf],
    ['has only the new object to make', replacement, deposed(www), toMake],
    ['takes away a third object', replacement, deposed(moved), toDelete],
    ['takes away what is left of another', replacement, deposed(www, 'api'), toDelete],
    ['was to be an update, and takes away an old object', approved, deposed(www), toDelete],
    ['was to be deleted, and takes away an old object', plan({ www }, {}), deposed(www), toDelete],
  ])('is refused when it %s', (_, allowed, live, half) => {
    expect(compareLive(allowed, live, half).verdict).toBe('deviates');
  });
});

describe('a live plan outside of the approved effect', () => {
  it.each([
    [
      'touches a resource that nobody approved',
      plan({ www, api: www }, { www: moved, api: moved }),
      'cloudflare_dns_record.api',
      /nobody approved/,
    ],
    [
      'deletes what was approved to be updated',
      plan({ www }, {}),
      'cloudflare_dns_record.www',
      /approved as update, Terraform would delete/,
    ],
    [
      'sets another value',
      plan({ www }, { www: { ...www, content: '198.51.100.9' } }),
      'cloudflare_dns_record.www#content',
      /another value than approved/,
    ],
    [
      'starts from another value',
      plan({ www: { ...www, content: '192.0.2.7' } }, { www: moved }),
      'cloudflare_dns_record.www#content',
      /another value now than when/,
    ],
    [
      'changes one more attribute',
      plan({ www: { ...www, proxied: false } }, { www: moved }),
      'cloudflare_dns_record.www#proxied',
      /was not approved/,
    ],
    [
      'replaces what was approved to be updated',
      plan({ www: { ...www, type: 'AAAA' } }, { www: moved }),
      'cloudflare_dns_record.www',
      /approved as update, Terraform would replace/,
    ],
  ])('is refused when it %s', (_, live, subject, what) => {
    const comparison = compareLive(approved, live);
    expect(comparison.verdict).toBe('deviates');
    expect(comparison.deviations[0]?.subject).toBe(subject);
    expect(comparison.deviations[0]?.what).toMatch(what);
  });

  it('is refused when a deleted resource is not any more what was approved for deletion', () => {
    const deletion = plan({ www }, {});
    expect(compareLive(deletion, plan({ www: moved }, {})).deviations).toEqual([
      {
        subject: 'cloudflare_dns_record.www',
        address: 'cloudflare_dns_record.www',
        kind: 'delete',
        what: 'has other values now than when its delete was approved',
      },
    ]);
  });

  it('is refused when a created resource would get another value', () => {
    expect(compareLive(plan({}, { www }), plan({}, { www: moved })).verdict).toBe('deviates');
  });
});

describe('covers', () => {
  it.each([
    ['more attributes on the live side', { a: 1 }, { a: 1, b: 2 }, true],
    ['an attribute that live lacks', { a: 1, b: 2 }, { a: 1 }, false],
    ['a reference, whatever it resolves to', '${cloudflare_zone.shop.id}', 'abc', true],
    ['null for an attribute that live leaves away', null, null, true],
    ['null where live has a value', null, 'x', false],
    ['numbers as text', 300, '300', true],
    ['a list in another order, as sets are', ['b', 'a'], ['a', 'b'], true],
    ['a longer list', ['a'], ['a', 'b'], false],
    [
      'rules in another order, where order is meaning',
      [{ ref: 'a' }, { ref: 'b' }],
      [{ ref: 'b' }, { ref: 'a' }],
      false,
    ],
  ])('%s', (_, wanted, live, expected) => {
    expect(covers(wanted, live)).toBe(expected);
  });
});

describe('values that are the same though not written alike', () => {
  const zoned = (type: string, body: JsonObject): ReturnType<typeof canonicalBundle> =>
    canonicalBundle('acme-production', {
      terraform,
      resource: {
        cloudflare_zone: { shop: { account: { id: 'a' }, name: 'shop.example' } },
        [type]: { x: body },
      },
    });
  const planned = (type: string, before: JsonObject | null, after: JsonObject | null): StackPlan =>
    diffBundles({
      stack: 'acme-production',
      before: zoned(before === null ? 'cloudflare_unused' : type, before ?? {}),
      after: zoned(after === null ? 'cloudflare_unused' : type, after ?? {}),
    });

  /** The approved plan with other values in the one change, as Terraform would show them. */
  const shownAs = (shown: StackPlan, change: Partial<StackPlan['changes'][number]>): StackPlan => ({
    ...shown,
    changes: shown.changes.flatMap((each) =>
      each.type === 'cloudflare_unused' ? [] : [{ ...each, ...change }],
    ),
  });
  const only = (shown: StackPlan): StackPlan => shownAs(shown, {});
  const attribute = { path: ['status'], unknown: false, sensitive: false, forcesReplacement: false };
  const rule = { zone_id: '${cloudflare_zone.shop.id}', target: 'shop.example/*', actions: {} };

  it('a dropped argument becomes its default, and nothing else', () => {
    const wanted = planned('cloudflare_page_rule', { ...rule, status: 'active' }, rule);
    const live = (after: string, before = 'active'): string =>
      compareLive(wanted, shownAs(wanted, { attributes: [{ ...attribute, kind: 'changed', before, after }] }))
        .verdict;
    expect(live('disabled')).toBe('inside');
    expect(live('active', 'disabled')).toBe('deviates');
    expect(live('paused')).toBe('deviates');
  });

  it('what a state lacks is the default that was approved to change', () => {
    const wanted = planned('cloudflare_page_rule', rule, { ...rule, status: 'active' });
    const live = (after: string): string =>
      compareLive(wanted, shownAs(wanted, { attributes: [{ ...attribute, kind: 'added', after }] })).verdict;
    expect(live('active')).toBe('inside');
    expect(live('disabled')).toBe('deviates');
  });

  const name = {
    zone_id: '${cloudflare_zone.shop.id}',
    name: 'www',
    type: 'CNAME',
    content: 'o.example',
    ttl: 1,
  };

  it.each([
    ['www.shop.example', 'O.example.', 'inside'],
    ['www.shop.example', 'p.example', 'deviates'],
    ['www.black.shop.example', 'o.example', 'deviates'],
  ])('a deletion of %s with content %s: %s', (full, content, verdict) => {
    const wanted = only(planned('cloudflare_dns_record', { ...name, proxied: false }, null));
    const { proxied: _proxied, ...before } = wanted.changes[0]?.before ?? {};
    const live = shownAs(wanted, { before: { ...before, name: full, content, zone_id: 'z' } });
    expect(compareLive(wanted, live).verdict).toBe(verdict);
  });

  it('groups of a policy in another order are what was approved; another group is not', () => {
    const policy = (...groups: readonly string[]): JsonObject => ({
      effect: 'allow',
      permission_groups: groups.map((id) => ({ id })),
      resources: '{"a":"*"}',
    });
    const wanted = only(
      planned('cloudflare_api_token', { name: 't', policies: [policy('g1', 'g2'), policy('g3')] }, null),
    );
    const live = (...policies: readonly JsonObject[]): string =>
      compareLive(wanted, shownAs(wanted, { before: { name: 't', policies } })).verdict;
    expect(live(policy('g3'), policy('g2', 'g1'))).toBe('inside');
    expect(live(policy('g3'), policy('g2', 'g4'))).toBe('deviates');
  });
});
