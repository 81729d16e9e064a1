/**
 * Decides whether comparisons with literals can all hold at once. Only what is certain counts: a value that may be
 * missing (map key, array index) is allowed to be missing wherever documentation and engine differ about it.
 */
import { unreachable } from './exhaustive.ts';
import type { Comparison, ComparisonOperator, SetElement, Value } from './ast.ts';
import { networkBounds } from './ip.ts';
import { printExpression, printValue } from './print.ts';
import { fieldFact } from './tables.ts';

/** A comparison and whether it is to hold or not to hold. */
export interface SignedComparison {
  readonly comparison: Comparison;
  readonly holds: boolean;
}

/** True when a field always has a value: a known plain field of a single type. */
export function isAlwaysPresent(value: Value): boolean {
  return value.kind === 'field' && value.accessors.length === 0 && fieldFact(value.name) !== undefined;
}

interface Interval {
  readonly from: bigint;
  readonly to: bigint;
}

/** Values as text, or numbers and addresses as intervals; `null` stands for "cannot say". */
type Domain =
  | { readonly kind: 'texts'; readonly texts: ReadonlySet<string> }
  | { readonly kind: 'intervals'; readonly family: string; readonly intervals: readonly Interval[] };

const minInt = -(1n << 63n);
const maxInt = (1n << 63n) - 1n;

function elementInterval(
  element: SetElement,
): { readonly family: string; readonly interval: Interval } | null {
  switch (element.kind) {
    case 'int':
      return { family: 'int', interval: { from: element.value, to: element.value } };
    case 'int-range':
      return { family: 'int', interval: { from: element.from, to: element.to } };
    case 'ip':
      return {
        family: `ip${element.address.family}`,
        interval: { from: element.address.value, to: element.address.value },
      };
    case 'cidr': {
      const { first, last } = networkBounds(element.address, element.bits);
      return { family: `ip${first.family}`, interval: { from: first.value, to: last.value } };
    }
    case 'ip-range':
      return {
        family: `ip${element.from.family}`,
        interval: { from: element.from.value, to: element.to.value },
      };
    case 'string':
      return null;
    default:
      return unreachable(element);
  }
}

/** True when the elements together hold every IPv4 and every IPv6 address. */
export function coversEveryAddress(elements: readonly SetElement[]): boolean {
  return ([4, 6] as const).every((family) => {
    const all = { from: 0n, to: (1n << (family === 4 ? 32n : 128n)) - 1n };
    const taken = elements.flatMap((element) => {
      const found = elementInterval(element);
      return found?.family === `ip${String(family)}` ? [found.interval] : [];
    });
    return taken.length > 0 && subtract([all], taken).length === 0;
  });
}

function domainOfElements(elements: readonly SetElement[]): Domain | null {
  const texts = new Set<string>();
  const intervals: Interval[] = [];
  const families = new Set<string>();
  for (const element of elements) {
    if (element.kind === 'string') {
      texts.add(element.bytes);
    } else {
      const found = elementInterval(element);
      if (found !== null) {
        intervals.push(found.interval);
        families.add(found.family);
      }
    }
  }
  if (families.size > 1 || (families.size === 1 && texts.size > 0)) {
    return null;
  }
  const [family] = families;
  return family === undefined ? { kind: 'texts', texts } : { kind: 'intervals', family, intervals };
}

function orderedDomain(operator: ComparisonOperator, bound: bigint): Interval | null {
  if (operator === 'lt' || operator === 'le') {
    return { from: minInt, to: operator === 'le' ? bound : bound - 1n };
  }
  if (operator === 'gt' || operator === 'ge') {
    return { from: operator === 'ge' ? bound : bound + 1n, to: maxInt };
  }
  return null;
}

/** The values for which the comparison holds; null when that cannot be said. */
function domainOf(comparison: Comparison): Domain | null {
  const { operator, right } = comparison;
  if (operator === 'in') {
    return right.kind === 'set' ? domainOfElements(right.elements) : null;
  }
  if (right.kind !== 'string' && right.kind !== 'int' && right.kind !== 'ip') {
    return null;
  }
  if (operator === 'eq' || operator === 'ne') {
    return domainOfElements([right]);
  }
  const interval = right.kind === 'int' ? orderedDomain(operator, right.value) : null;
  return interval === null ? null : { kind: 'intervals', family: 'int', intervals: [interval] };
}

function subtract(intervals: readonly Interval[], taken: readonly Interval[]): readonly Interval[] {
  let left = intervals;
  for (const cut of taken) {
    left = left.flatMap((interval) => [
      ...(interval.from < cut.from
        ? [{ from: interval.from, to: interval.to < cut.from ? interval.to : cut.from - 1n }]
        : []),
      ...(interval.to > cut.to
        ? [{ from: interval.from > cut.to ? interval.from : cut.to + 1n, to: interval.to }]
        : []),
    ]);
  }
  return left;
}

function intersect(a: readonly Interval[], b: readonly Interval[]): readonly Interval[] {
  return a.flatMap((x) =>
    b.flatMap((y) => {
      const from = x.from > y.from ? x.from : y.from;
      const to = x.to < y.to ? x.to : y.to;
      return from <= to ? [{ from, to }] : [];
    }),
  );
}

/** What is left of the possible values of one thing after some comparisons. */
class Possible {
  mayBeMissing: boolean;
  #texts: ReadonlySet<string> | null = null;
  readonly #notTexts = new Set<string>();
  readonly #intervals = new Map<string, readonly Interval[]>();
  #onlyFamily: string | null = null;
  #isEmpty = false;

  constructor(value: Value) {
    this.mayBeMissing = !isAlwaysPresent(value);
    if (value.type.kind === 'int') {
      this.#intervals.set('int', [{ from: minInt, to: maxInt }]);
      this.#onlyFamily = 'int';
    }
  }

  get isImpossible(): boolean {
    return this.#isEmpty && !this.mayBeMissing;
  }

  narrow({ comparison, holds }: SignedComparison): void {
    const isNe = comparison.operator === 'ne';
    if (holds && !isNe) {
      this.mayBeMissing = false;
    }
    const domain = domainOf(comparison);
    if (domain === null || this.#isEmpty) {
      return;
    }
    const isInside = holds !== isNe;
    if (domain.kind === 'texts') {
      this.#narrowTexts(domain.texts, isInside);
    } else {
      this.#narrowIntervals(domain, isInside);
    }
  }

  #narrowTexts(texts: ReadonlySet<string>, isInside: boolean): void {
    if (isInside) {
      const current = this.#texts;
      this.#texts = new Set(
        [...texts].filter((text) => (current === null || current.has(text)) && !this.#notTexts.has(text)),
      );
    } else {
      for (const text of texts) {
        this.#notTexts.add(text);
      }
      const current = this.#texts;
      this.#texts = current === null ? null : new Set([...current].filter((text) => !texts.has(text)));
    }
    this.#isEmpty = this.#texts !== null && this.#texts.size === 0;
  }

  #narrowIntervals(domain: Domain & { readonly kind: 'intervals' }, isInside: boolean): void {
    const current = this.#intervals.get(domain.family);
    if (isInside) {
      const isOther = this.#onlyFamily !== null && this.#onlyFamily !== domain.family;
      const left = isOther
        ? []
        : current === undefined
          ? domain.intervals
          : intersect(current, domain.intervals);
      this.#intervals.set(domain.family, left);
      this.#onlyFamily = domain.family;
      this.#isEmpty = left.length === 0;
    } else if (current !== undefined) {
      const left = subtract(current, domain.intervals);
      this.#intervals.set(domain.family, left);
      this.#isEmpty = this.#onlyFamily === domain.family && left.length === 0;
    } else if (domain.family !== 'int') {
      const all = { from: 0n, to: (1n << (domain.family === 'ip4' ? 32n : 128n)) - 1n };
      this.#intervals.set(domain.family, subtract([all], domain.intervals));
    }
  }
}

/** More comparisons than this are not reasoned about; keeps the work linear. */
const maxComparisons = 512;

/** True when it is certain that not all of these can be as stated at once. */
export function cannotAllHold(signed: readonly SignedComparison[]): boolean {
  if (signed.length > maxComparisons) {
    return false;
  }
  const possible = new Map<string, Possible>();
  const seen = new Map<string, boolean>();
  for (const one of signed) {
    const text = printExpression(one.comparison);
    if (seen.get(text) === !one.holds) {
      return true;
    }
    seen.set(text, one.holds);
    if (!one.comparison.left.spread) {
      const key = printValue(one.comparison.left);
      const left = possible.get(key) ?? new Possible(one.comparison.left);
      possible.set(key, left);
      left.narrow(one);
      if (left.isImpossible) {
        return true;
      }
    }
  }
  return false;
}
