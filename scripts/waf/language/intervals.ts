/** Addresses and numbers as intervals, ends included. */
import { unreachable } from './exhaustive.ts';
import type { SetElement } from './ast.ts';
import { networkBounds } from './ip.ts';

export interface Interval {
  readonly from: bigint;
  readonly to: bigint;
}

/** Only intervals of one family can be compared. */
export type Family = 'int' | 'ip4' | 'ip6';

export interface FamilyInterval extends Interval {
  readonly family: Family;
}

/** The addresses or numbers of an element; null for a text. */
export function intervalOf(element: SetElement): FamilyInterval | null {
  switch (element.kind) {
    case 'string':
      return null;
    case 'int':
      return { family: 'int', from: element.value, to: element.value };
    case 'int-range':
      return { family: 'int', from: element.from, to: element.to };
    case 'ip': {
      const { family, value } = element.address;
      return { family: `ip${family}`, from: value, to: value };
    }
    case 'cidr': {
      const { first, last } = networkBounds(element.address, element.bits);
      return { family: `ip${first.family}`, from: first.value, to: last.value };
    }
    case 'ip-range':
      return { family: `ip${element.from.family}`, from: element.from.value, to: element.to.value };
    default:
      return unreachable(element);
  }
}

/** The elements of one family, sorted and joined; those of others are left out. */
export function intervalsOf(family: Family, elements: readonly SetElement[]): readonly Interval[] {
  return joinIntervals(elements.map(intervalOf).filter((found) => found?.family === family));
}

/** Sorts and joins overlapping and adjacent intervals. */
function joinIntervals(intervals: readonly (Interval | null)[]): readonly Interval[] {
  const joined: Interval[] = [];
  const sorted = intervals
    .filter((interval) => interval !== null)
    .toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  for (const interval of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && interval.from <= last.to + 1n) {
      joined[joined.length - 1] = { from: last.from, to: interval.to > last.to ? interval.to : last.to };
    } else {
      joined.push({ from: interval.from, to: interval.to });
    }
  }
  return joined;
}
