/** Who may enter: the search for somebody is complete, and lists are cut for the reader only. */
import { describe, expect, it } from 'vitest';
import { compareEntry, entryLines } from '../../../../policies/reading/access/entry.ts';
import { whoFulfils } from '../../../../policies/reading/access/formula.ts';
import type { FormulaCondition } from '../../../../policies/reading/access/formula.ts';
import type { AccessPolicyReading } from '../../../../policies/reading/access/policies.ts';
import { relation } from '../../../../policies/reading/access/selectors.ts';

const names = ['a', 'b', 'c', 'd'] as const;

/** A condition made from a number: every number makes the same one each time. */
function conditionOf(seed: number, depth: number): FormulaCondition {
  const next = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  const name = names[next % names.length] ?? 'a';
  if (depth === 0) {
    return { is: name };
  }
  const parts = [1, 2, 3].map((step) => conditionOf((next + step * 7919) % 2_147_483_648, depth - 1));
  const kind = Math.floor(next / 16) % 4;
  return kind === 0
    ? { all: parts }
    : kind === 1
      ? { any: parts }
      : kind === 2
        ? { not: parts[0] ?? true }
        : { is: name };
}

function holds(condition: FormulaCondition, has: ReadonlySet<string>): boolean {
  if (typeof condition === 'boolean') {
    return condition;
  }
  if ('is' in condition) {
    return has.has(condition.is);
  }
  if ('not' in condition) {
    return !holds(condition.not, has);
  }
  return 'all' in condition
    ? condition.all.every((part) => holds(part, has))
    : condition.any.some((part) => holds(part, has));
}

/** Everybody that there can be. */
const people = Array.from(
  { length: 2 ** names.length },
  (_, bits) => new Set(names.filter((_name, at) => Math.floor(bits / 2 ** at) % 2 === 1)),
);

it('finds somebody exactly where there is somebody, and somebody who fulfils it', () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const condition = { all: [conditionOf(seed, 3), { not: conditionOf(seed + 1000, 3) }] };
    const found = whoFulfils(condition, () => null);
    expect(found.kind).toBe(people.some((has) => holds(condition, has)) ? 'somebody' : 'nobody');
    expect(found.kind !== 'somebody' || holds(condition, new Set(found.has))).toBe(true);
  }
});

describe('what properties say about each other', () => {
  it.each([
    ['email a@shop.example', 'email_domain shop.example', 'implies'],
    ['email a@shop.example', 'email_domain other.example', 'excludes'],
    ['ip 203.0.113.7', 'ip 203.0.113.0/24', 'implies'],
    ['ip 203.0.113.0/24', 'ip 203.0.113.7', null],
    ['ip 203.0.113.7/32', 'ip 198.51.100.0/24', 'excludes'],
    ['ip 2001:db8::1', 'ip 203.0.113.0/24', 'excludes'],
    ['geo DE', 'geo FR', 'excludes'],
    ['service_token t', 'any_valid_service_token', 'implies'],
    ['login_method x', 'geo FR', null],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(relation(a, b)).toBe(expected);
  });
});

function allow(count: number): AccessPolicyReading {
  const include = Array.from({ length: count }, (_, at) => ({ email: { email: `p${at}@shop.example` } }));
  const matches = { any: include.map(({ email }) => ({ is: `email ${email.email}` })) };
  return { name: 'people', decision: 'allow', matches, include, exclude: [], require: [], source: null };
}

it('compares hundreds of people one by one, and names the one who is new', () => {
  expect(compareEntry([allow(300)], [allow(300)])).toEqual({ kind: 'same-or-fewer' });
  expect(compareEntry([allow(301)], [allow(300)])).toEqual({ kind: 'same-or-fewer' });
  expect(compareEntry([allow(300)], [allow(301)])).toEqual({
    kind: 'more',
    who: 'somebody with e-mail p300@shop.example',
    way: 'with a login',
  });
});

it('shows a few of each, and how many more there are', () => {
  const [line] = entryLines([allow(5)]);
  expect(line).toBe(
    '1 allow e-mail p0@shop.example or e-mail p1@shop.example or e-mail p2@shop.example or 2 more',
  );
  expect(entryLines(Array.from({ length: 9 }, () => allow(1))).at(-1)).toBe('and 3 more');
  expect(entryLines([])).toEqual(['nobody']);
});
