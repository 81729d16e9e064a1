/** Sets of addresses and numbers as sorted, joined intervals, searched by halving. */
import type { IpAddress, SetElement } from '../language/ast.ts';
import { networkBounds } from '../language/ip.ts';

interface Interval {
  readonly from: bigint;
  readonly to: bigint;
}

/** Sorts and joins overlapping and adjacent intervals. */
export function joinIntervals(intervals: readonly Interval[]): readonly Interval[] {
  const joined: Interval[] = [];
  for (const interval of intervals.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    const last = joined.at(-1);
    if (last !== undefined && interval.from <= last.to + 1n) {
      joined[joined.length - 1] = { from: last.from, to: interval.to > last.to ? interval.to : last.to };
    } else {
      joined.push(interval);
    }
  }
  return joined;
}

function search<T extends bigint | number>(starts: readonly T[], ends: readonly T[], value: T): boolean {
  let low = 0;
  let high = starts.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const start = starts[middle];
    const end = ends[middle];
    if (start === undefined || end === undefined) {
      return false;
    }
    if (value < start) {
      high = middle - 1;
    } else if (value > end) {
      low = middle + 1;
    } else {
      return true;
    }
  }
  return false;
}

/** For values that are exact as plain numbers, which are faster: IPv4 addresses, and numbers of fields. */
function numericMembership(intervals: readonly Interval[]): (value: number) => boolean {
  const joined = joinIntervals(intervals);
  const starts = joined.map(({ from }) => Number(from));
  const ends = joined.map(({ to }) => Number(to));
  return (value) => search(starts, ends, value);
}

function wideMembership(intervals: readonly Interval[]): (value: bigint) => boolean {
  const joined = joinIntervals(intervals);
  const starts = joined.map(({ from }) => from);
  const ends = joined.map(({ to }) => to);
  return (value) => search(starts, ends, value);
}

/** A test for the addresses in the elements; those of other kinds are ignored. */
export function addressMembership(elements: readonly SetElement[]): (address: IpAddress) => boolean {
  const byFamily = { 4: [] as Interval[], 6: [] as Interval[] };
  for (const element of elements) {
    if (element.kind === 'ip') {
      byFamily[element.address.family].push({ from: element.address.value, to: element.address.value });
    } else if (element.kind === 'cidr') {
      const { first, last } = networkBounds(element.address, element.bits);
      byFamily[first.family].push({ from: first.value, to: last.value });
    } else if (element.kind === 'ip-range') {
      byFamily[element.from.family].push({ from: element.from.value, to: element.to.value });
    }
  }
  const v4 = numericMembership(byFamily[4]);
  const v6 = wideMembership(byFamily[6]);
  return (address) => (address.family === 4 ? v4(Number(address.value)) : v6(address.value));
}

/** A test for the numbers in the elements; those of other kinds are ignored. */
export function numberMembership(elements: readonly SetElement[]): (value: number) => boolean {
  const intervals: Interval[] = [];
  for (const element of elements) {
    if (element.kind === 'int') {
      intervals.push({ from: element.value, to: element.value });
    } else if (element.kind === 'int-range') {
      intervals.push({ from: element.from, to: element.to });
    }
  }
  return numericMembership(intervals);
}
