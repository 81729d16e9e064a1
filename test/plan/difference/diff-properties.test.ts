import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { diffAttributes } from '../../../scripts/plan/difference/attributes.ts';
import type { AttributeContext } from '../../../scripts/plan/difference/attributes.ts';
import { bundleDigest, canonicalBundle } from '../../../scripts/plan/bundle.ts';
import { effectDigest, recordDigest } from '../../../scripts/plan/digest.ts';
import { canonicalJson, sameJson } from '../../../scripts/json/json.ts';
import { longestIncreasing } from '../../../scripts/plan/difference/sequence.ts';
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';
import { applyChanges, normal } from './apply.ts';
import { diff, planOf, withRecords, withRules } from '../configurations.ts';

/** The same cases in every run: a failure must be there again for whoever looks for it. */
fc.configureGlobal({ seed: 20_261_123 });

const context: AttributeContext = {
  facts: null,
  replacement: 'never',
  useDefaults: false,
  isOpen: () => false,
  isFresh: null,
};

function changesBetween(before: Json, after: Json): ReturnType<typeof diffAttributes> {
  return diffAttributes(context, { before: { value: before }, after: { value: after } });
}

/** Small alphabets, so that equal names, moves and duplicates are common. */
const word = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const rule = fc.record(
  {
    ref: word,
    description: word,
    expression: word,
    action: fc.constantFrom('block', 'log'),
    action_parameters: fc.record({
      id: word,
      list: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 }),
    }),
  },
  { requiredKeys: ['action'] },
);
const named = fc.uniqueArray(rule, { maxLength: 6, selector: (item) => item.ref ?? '' });
const rules = fc.oneof(named, fc.array(rule, { maxLength: 6 }));
const scalars = fc.array(fc.oneof(word, fc.integer({ min: 0, max: 4 }), fc.boolean()), { maxLength: 6 });
const anonymous = fc.array(fc.record({ x: fc.integer({ min: 0, max: 2 }), y: word }), { maxLength: 6 });
const anything: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    word,
    fc.integer({ min: 0, max: 3 }),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor', 'toString'), tie('value'), {
      maxKeys: 3,
    }),
  ),
})).value;

function applied(before: Json, after: Json): string {
  return canonicalJson(normal(applyChanges({ value: before }, changesBetween(before, after))));
}

function wanted(after: Json): string {
  return canonicalJson(normal({ value: after }));
}

describe('apply(diff(a, b), a) = b', () => {
  it('for rules by ref, with refs missing or duplicated', () => {
    fc.assert(
      fc.property(rules, rules, (before, after) => {
        expect(applied(before as Json, after as Json)).toBe(wanted(after as Json));
      }),
      { numRuns: 2000 },
    );
  });

  it('for lists of plain values', () => {
    // 1 and "1" are one value to Terraform, so both sides hold either numbers or words.
    const plain = fc.array(word, { maxLength: 8 });
    fc.assert(
      fc.property(plain, plain, (before, after) => {
        expect(applied(before, after)).toBe(wanted(after));
      }),
      { numRuns: 1000 },
    );
    expect(changesBetween([1, 2], ['1', '2'])).toEqual([]);
  });

  it('for objects without any name', () => {
    fc.assert(
      fc.property(anonymous, anonymous, (before, after) => {
        expect(applied(before, after)).toBe(wanted(after));
      }),
      { numRuns: 1000 },
    );
  });

  it('is empty exactly for equal values, whatever they are', () => {
    fc.assert(
      fc.property(anything, scalars, (value, list) => {
        expect(changesBetween(value, structuredClone(value))).toEqual([]);
        expect(changesBetween(list, [...list])).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('moves', () => {
  it('are as few as possible: what is not moved keeps its order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7]), (order) => {
        const kept = longestIncreasing(order);
        const values = order.filter((_, position) => kept.has(position));
        expect(values).toEqual(values.toSorted((a, b) => a - b));
        expect(kept.size).toBe(longestBySearch(order));
      }),
    );
  });

  it('an insertion or removal never moves anything', () => {
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 1 }), fc.nat(), (refs, at) => {
        const list: Json[] = refs.map((ref) => ({ ref, action: 'block' }));
        const more = list.toSpliced(at % (list.length + 1), 0, { ref: 'new', action: 'block' });
        expect(changesBetween(list, more).map((change) => change.kind)).toEqual(['added']);
        expect(changesBetween(more, list).map((change) => change.kind)).toEqual(['removed']);
      }),
    );
  });
});

/** Length of the longest increasing subsequence, by trying all of them. */
function longestBySearch(values: readonly number[]): number {
  let best = 0;
  for (let mask = 0; mask < 1 << values.length; mask += 1) {
    const chosen = values.filter((_, index) => (mask & (1 << index)) !== 0);
    if (chosen.every((value, index) => index === 0 || (chosen[index - 1] ?? 0) < value)) {
      best = Math.max(best, chosen.length);
    }
  }
  return best;
}

/** The same data with the keys of every object in another order. */
function shuffled(value: Json, seed: number): Json {
  if (Array.isArray(value)) {
    return value.map((item: Json) => shuffled(item, seed + 1));
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const keys = Object.keys(value).toSorted(
    (a, b) => ((a.length * 7 + seed) % 5) - ((b.length * 7 + seed) % 5) || (a < b ? 1 : -1),
  );
  const result: Record<string, Json> = Object.create(null) as Record<string, Json>;
  for (const key of keys) {
    result[key] = shuffled((value as JsonObject)[key] ?? null, seed + 1);
  }
  return result;
}

describe('key order', () => {
  it('changes no canonical text, no equality, no bundle digest and no effect digest', () => {
    fc.assert(
      fc.property(anything, fc.nat(20), (value, seed) => {
        const other = shuffled(value, seed);
        expect(canonicalJson(other)).toBe(canonicalJson(value));
        expect(sameJson(other, value)).toBe(true);
        expect(recordDigest({ value: other })).toBe(recordDigest({ value }));
        const bundles = [{ locals: { value } }, { locals: { value: other } }].map((item) =>
          canonicalBundle('s', item),
        );
        expect(bundles.map(bundleDigest)[0]).toBe(bundles.map(bundleDigest)[1]);
      }),
    );
    const [before, after] = [
      withRules([{ ref: 'a', action: 'log' }]),
      withRules([{ action: 'block', ref: 'a' }]),
    ];
    const usual = effectDigest(planOf(before, after));
    fc.assert(
      fc.property(fc.nat(20), (seed) => {
        const plan = planOf(shuffled(before, seed) as JsonObject, shuffled(after, seed + 3) as JsonObject);
        expect(effectDigest(plan)).toBe(usual);
      }),
    );
  });

  it('two different values never have the same canonical text', () => {
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        expect(canonicalJson(a) === canonicalJson(b)).toBe(sameJson(a, b));
      }),
      { numRuns: 2000 },
    );
  });
});

const stack = (count: number, version: number): JsonObject =>
  withRecords(
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `r${index}`,
        {
          zone_id: '${cloudflare_zone.shop.id}',
          name: `h${index}`,
          type: 'A',
          content: index % 5 === 0 ? `192.0.2.${version}` : '192.0.2.9',
          ttl: 1,
        },
      ]),
    ),
  );
const time = (count: number): number => {
  const [before, after] = [stack(count, 1), stack(count, 2)];
  const runs = Array.from({ length: 3 }, () => {
    const start = performance.now();
    expect(diff(before, after).changes.length).toBe(count / 5);
    return performance.now() - start;
  });
  return Math.min(...runs);
};

const many = (prefix: string): JsonObject =>
  withRecords(
    Object.fromEntries(
      Array.from({ length: 4000 }, (_, index) => [
        `${prefix}${index}`,
        { zone_id: '${cloudflare_zone.shop.id}', name: 'same', type: 'A', content: '192.0.2.1', ttl: 1 },
      ]),
    ),
  );

describe('growth', () => {
  it('is about linear in the number of resources, with 20% changed', () => {
    time(500);
    // A quadratic diff would be 10 times slower a resource; noise of a shared machine is far below 5.
    expect(time(20_000) / 20_000 / (time(2000) / 2000)).toBeLessThan(5);
  });

  it('renames of many alike resources are not compared each with each', () => {
    const start = performance.now();
    const plan = diff(many('a'), many('b'));
    expect(plan.changes.filter((change) => change.probableMoveTo !== undefined)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
