/** Which intervals of a set overlap. */
import type { FamilyInterval } from '../../language/intervals.ts';

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Pairs of which the second overlaps the first; equal ones are repetitions and left out. */
export function overlapsIn<T extends FamilyInterval>(intervals: readonly T[]): readonly (readonly [T, T])[] {
  const sorted = intervals.toSorted(
    (a, b) => compare(a.family, b.family) || compare(a.from, b.from) || compare(b.to, a.to),
  );
  const found: (readonly [T, T])[] = [];
  let widest = sorted[0];
  for (const next of sorted.slice(1)) {
    if (widest?.family !== next.family || next.from > widest.to) {
      widest = next;
      continue;
    }
    if (widest.from !== next.from || widest.to !== next.to) {
      found.push([widest, next]);
    }
    widest = next.to > widest.to ? next : widest;
  }
  return found;
}
