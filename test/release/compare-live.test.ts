import { describe, expect, it } from 'vitest';
import { compareLive, covers } from '../../scripts/release/compare-live.ts';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import { diffBundles } from '../../scripts/plan/diff.ts';
import type { JsonObject, StackPlan } from '../../scripts/plan/types.ts';

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

describe('a replacement that broke off after the old object was gone', () => {
  const other = { ...www, type: 'AAAA', content: '2001:db8::1' };
  const replacement = plan({ www }, { www: other });

  it('is inside when it makes what was approved', () => {
    expect(compareLive(replacement, plan({}, { www: other })).verdict).toBe('inside');
  });

  it.each([
    ['makes something else', replacement, plan({}, { www: moved })],
    ['was to be an update', approved, plan({}, { www: moved })],
    ['takes the object away without another', replacement, plan({ www }, {})],
    ['replaces what was to be created', plan({}, { www: other }), replacement],
  ])('is refused when it %s', (_, allowed, live) => {
    expect(compareLive(allowed, live).verdict).toBe('deviates');
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
