/** Sets of addresses and numbers as sorted, joined intervals, searched by halving. */
import type { IpAddress, SetElement } from '../language/ast.ts';
import { intervalsOf } from '../language/intervals.ts';
import type { Interval } from '../language/intervals.ts';

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
function numericMembership(joined: readonly Interval[]): (value: number) => boolean {
  const starts = joined.map(({ from }) => Number(from));
  const ends = joined.map(({ to }) => Number(to));
  return (value) => search(starts, ends, value);
}

function wideMembership(joined: readonly Interval[]): (value: bigint) => boolean {
  const starts = joined.map(({ from }) => from);
  const ends = joined.map(({ to }) => to);
  return (value) => search(starts, ends, value);
}

/** A test for the addresses in the elements; those of other kinds are ignored. */
export function addressMembership(elements: readonly SetElement[]): (address: IpAddress) => boolean {
  const v4 = numericMembership(intervalsOf('ip4', elements));
  const v6 = wideMembership(intervalsOf('ip6', elements));
  return (address) => (address.family === 4 ? v4(Number(address.value)) : v6(address.value));
}

/** A test for the numbers in the elements; those of other kinds are ignored. */
export function numberMembership(elements: readonly SetElement[]): (value: number) => boolean {
  return numericMembership(intervalsOf('int', elements));
}
