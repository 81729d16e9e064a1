/**
 * Tests of one value as statements: which values make them hold, and whether a missing value does. A test that is of no
 * known form is a statement about its value that is only equal to itself.
 */
import type { ComparisonNode, Expression, SetElement, ValueNode } from '../../language/ast.ts';
import { isAlwaysPresent } from '../../language/tables.ts';
import { intervalsOf } from '../../language/intervals.ts';
import type { RuntimeValue } from '../../evaluate/runtime.ts';
import { isValue } from '../../language/walk.ts';
import { globOf } from './globs.ts';
import { complement, everyNumber } from './intervals.ts';
import type { Intervals } from './intervals.ts';
import { termKey, testKey, testOfSource } from './terms.ts';
import { textsIn } from './test-texts.ts';
import { globsOf, textSet } from './text-set.ts';
import type { TextSet } from './text-set.ts';

export type AtomTest = Expression & { readonly kind: 'comparison' | 'truth' };

/** The values for which a test holds. */
export type ValueDomain =
  | { readonly kind: 'text'; readonly texts: TextSet }
  | { readonly kind: 'number'; readonly of: 'int' | 'length'; readonly numbers: Intervals }
  | { readonly kind: 'address'; readonly ip4: Intervals; readonly ip6: Intervals }
  /** Known by name only; `holdsFor` tells it of one value, where that can be told. */
  | {
      readonly kind: 'named';
      readonly name: string;
      readonly holdsFor: (value: RuntimeValue) => boolean | null;
      /** Texts that a value could be, to try. */
      readonly samples: readonly string[];
    };

/** A statement about the value of one thing. */
export interface LogicStatement {
  /** Equal for the same thing. */
  readonly subject: string;
  readonly value: ValueNode;
  readonly domain: ValueDomain;
  /** Whether the value is in the domain, or is not. */
  readonly inside: boolean;
  /** Whether a missing value makes it hold. */
  readonly whenMissing: boolean;
  readonly mayBeMissing: boolean;
}

/** lower(), upper() and len() have a value whenever their argument has. */
export function mayBeMissing(value: ValueNode): boolean {
  if (
    value.kind === 'call' &&
    value.accessors.length === 0 &&
    ['lower', 'upper', 'len'].includes(value.name)
  ) {
    const [inner] = value.args;
    return inner === undefined || !isValue(inner) || mayBeMissing(inner);
  }
  return !isAlwaysPresent(value);
}

export function statementOf(test: AtomTest, missingNotEqual: boolean): LogicStatement | null {
  return test.kind === 'comparison' ? ofComparison(test, missingNotEqual) : ofAffix(test.value);
}

function ofComparison(comparison: ComparisonNode, missingNotEqual: boolean): LogicStatement | null {
  const { left, operator, right } = comparison;
  if (left.spread || isValue(right) || right.kind === 'list') {
    return null;
  }
  const elements = right.kind === 'set' ? right.elements : [right];
  const isNe = operator === 'ne';
  const found =
    aboutText(comparison, elements) ??
    aboutNumber(comparison, elements) ??
    aboutAddress(comparison, elements) ??
    named(comparison);
  return found === null
    ? null
    : { ...found, inside: found.inside !== isNe, whenMissing: isNe && missingNotEqual };
}

function about(value: ValueNode, domain: ValueDomain, inside = true): LogicStatement {
  return {
    subject: termKey(value),
    value,
    domain,
    inside,
    whenMissing: false,
    mayBeMissing: mayBeMissing(value),
  };
}

/** A test of another form about a value of a known type: it goes with the others about that value. */
function named(comparison: ComparisonNode): LogicStatement | null {
  const { left } = comparison;
  if (!['string', 'int', 'ip'].includes(left.type.kind) || comparison.operator === 'ne') {
    return null;
  }
  const source = termKey(left);
  const holdsFor = left.kind === 'field' ? testOfSource(comparison, source, false) : (): null => null;
  return about(left, {
    kind: 'named',
    name: testKey(comparison),
    holdsFor,
    samples: textsIn(comparison),
  });
}

interface FoldedStatement {
  readonly value: ValueNode;
  readonly letters: 'lower' | 'upper' | null;
}

/** The value inside lower() or upper(). */
export function unfold(value: ValueNode): FoldedStatement {
  if (value.kind === 'call' && (value.name === 'lower' || value.name === 'upper')) {
    const [inner] = value.args;
    const isWhole = value.accessors.every(({ kind }, index) => kind === 'each' && index === 0);
    if (isWhole && inner !== undefined && isValue(inner)) {
      return { value: inner, letters: value.name };
    }
  }
  return { value, letters: null };
}

function aboutText(
  { left, operator }: ComparisonNode,
  elements: readonly SetElement[],
): LogicStatement | null {
  if (left.type.kind !== 'string') {
    return null;
  }
  const texts: string[] = [];
  for (const element of elements) {
    if (element.kind !== 'string') {
      return null;
    }
    texts.push(element.bytes);
  }
  const { value, letters } = unfold(left);
  const globs = texts.map((text) => globsOf(operator, text));
  if (!globs.every((found) => found !== null) || (letters !== null && operator === 'matches')) {
    return null;
  }
  return about(value, { kind: 'text', texts: textSet(globs.flat(), letters) });
}

function ofAffix(value: ValueNode): LogicStatement | null {
  if (value.kind !== 'call' || (value.name !== 'starts_with' && value.name !== 'ends_with')) {
    return null;
  }
  const [subject, literal] = value.args;
  if (
    subject === undefined ||
    !isValue(subject) ||
    literal?.kind !== 'string' ||
    subject.type.kind !== 'string' ||
    subject.spread
  ) {
    return null;
  }
  const parts = value.name === 'starts_with' ? [literal.bytes, ''] : ['', literal.bytes];
  const { value: inner, letters } = unfold(subject);
  return about(inner, { kind: 'text', texts: textSet([globOf(parts, false)], letters) });
}

function aboutNumber(
  { left, operator }: ComparisonNode,
  elements: readonly SetElement[],
): LogicStatement | null {
  if (left.type.kind !== 'int') {
    return null;
  }
  const numbers = numbersOf(operator, elements);
  if (numbers === null) {
    return null;
  }
  const measured = measuredText(left);
  if (measured !== null) {
    const isEmpty = isOnly(numbers, 0n);
    const rest = complement(
      'length',
      numbers.filter(({ to }) => to >= 0n),
    );
    if (isEmpty || isOnly(rest, 0n)) {
      return about(measured, { kind: 'text', texts: { exact: new Set(['']), globs: [] } }, isEmpty);
    }
    return about(left, { kind: 'number', of: 'length', numbers });
  }
  return about(left, { kind: 'number', of: 'int', numbers });
}

function isOnly(numbers: Intervals, wanted: bigint): boolean {
  const [first, ...rest] = numbers;
  return rest.length === 0 && first !== undefined && first.from === wanted && first.to === wanted;
}

/** The text that a length is of; null for lengths of arrays and for other numbers. */
function measuredText(value: ValueNode): ValueNode | null {
  if (value.kind !== 'call' || value.name !== 'len' || value.accessors.length > 0) {
    return null;
  }
  const [inner] = value.args;
  return inner !== undefined && isValue(inner) && inner.type.kind === 'string' && !inner.spread
    ? inner
    : null;
}

function numbersOf(operator: ComparisonNode['operator'], elements: readonly SetElement[]): Intervals | null {
  if (operator === 'eq' || operator === 'ne' || operator === 'in') {
    return intervalsOf('int', elements);
  }
  const [bound] = elements;
  return bound?.kind === 'int' ? numbersBeside(operator, bound.value) : null;
}

function numbersBeside(operator: ComparisonNode['operator'], bound: bigint): Intervals | null {
  const { from, to } = everyNumber.int;
  if (operator === 'lt' || operator === 'le') {
    const last = operator === 'le' ? bound : bound - 1n;
    return last < from ? [] : [{ from, to: last }];
  }
  if (operator === 'gt' || operator === 'ge') {
    const first = operator === 'ge' ? bound : bound + 1n;
    return first > to ? [] : [{ from: first, to }];
  }
  return null;
}

function aboutAddress(
  { left, operator }: ComparisonNode,
  elements: readonly SetElement[],
): LogicStatement | null {
  if (left.type.kind !== 'ip' || !['eq', 'ne', 'in'].includes(operator)) {
    return null;
  }
  return about(left, {
    kind: 'address',
    ip4: intervalsOf('ip4', elements),
    ip6: intervalsOf('ip6', elements),
  });
}
