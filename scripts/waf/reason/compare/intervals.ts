/** Sets of whole numbers as intervals, ends included. */
import type { Interval } from '../../language/intervals.ts';

export type Intervals = readonly Interval[];

type NumberKind = 'int' | 'length' | 'ip4' | 'ip6';

const maxInt = (1n << 63n) - 1n;

/** All values there can be of a kind. */
export const everyNumber: Readonly<Record<NumberKind, Interval>> = {
  int: { from: -maxInt - 1n, to: maxInt },
  length: { from: 0n, to: maxInt },
  ip4: { from: 0n, to: (1n << 32n) - 1n },
  ip6: { from: 0n, to: (1n << 128n) - 1n },
};

export function intersect(a: Intervals, b: Intervals): Intervals {
  const found: Interval[] = [];
  let left = 0;
  let right = 0;
  for (;;) {
    const x = a[left];
    const y = b[right];
    if (x === undefined || y === undefined) {
      return found;
    }
    const from = x.from > y.from ? x.from : y.from;
    const to = x.to < y.to ? x.to : y.to;
    if (from <= to) {
      found.push({ from, to });
    }
    if (x.to < y.to) {
      left += 1;
    } else {
      right += 1;
    }
  }
}

/** What is left of everything of the kind; `intervals` are sorted and apart. */
export function complement(kind: NumberKind, intervals: Intervals): Intervals {
  const all = everyNumber[kind];
  const found: Interval[] = [];
  let from = all.from;
  for (const interval of intervals) {
    if (interval.from > from) {
      found.push({ from, to: interval.from - 1n });
    }
    from = interval.to + 1n > from ? interval.to + 1n : from;
  }
  return from <= all.to ? [...found, { from, to: all.to }] : found;
}
