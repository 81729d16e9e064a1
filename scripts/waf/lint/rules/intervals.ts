/** Addresses and numbers as intervals of one family. */
import type { SetElement } from '../../language/ast.ts';
import { networkBounds } from '../../language/ip.ts';

export interface Interval {
  readonly family: string;
  readonly from: bigint;
  readonly to: bigint;
}

/** The addresses or numbers of an element; null for a text. */
export function intervalOf(element: SetElement): Interval | null {
  switch (element.kind) {
    case 'string':
      return null;
    case 'int':
      return { family: 'int', from: element.value, to: element.value };
    case 'int-range':
      return { family: 'int', from: element.from, to: element.to };
    case 'ip':
      return {
        family: `ip${element.address.family}`,
        from: element.address.value,
        to: element.address.value,
      };
    case 'cidr': {
      const { first, last } = networkBounds(element.address, element.bits);
      return { family: `ip${first.family}`, from: first.value, to: last.value };
    }
    case 'ip-range':
      return { family: `ip${element.from.family}`, from: element.from.value, to: element.to.value };
    default:
      return null;
  }
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Pairs of which the second overlaps the first; equal ones are repetitions and left out. */
export function overlapsIn<T extends Interval>(intervals: readonly T[]): readonly (readonly [T, T])[] {
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
