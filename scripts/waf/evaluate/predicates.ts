/** Turns the operator and right side of a comparison into a test of one present, known value. */
import { addressMembership, numberMembership } from './address-set.ts';
import type {
  ComparisonNode,
  ComparisonOperator,
  IpAddress,
  LiteralNode,
  SetLiteral,
} from '../language/ast.ts';
import { unreachable } from '../language/exhaustive.ts';
import { compileRegex } from './regex.ts';
import { isIp, unknownBecause } from './runtime.ts';
import type { ListContent, RuntimeValue, Truth } from './runtime.ts';
import { compileWildcard } from './wildcard.ts';

export type Predicate = (value: RuntimeValue) => Truth;

/** By number; addresses of different families are in no order, as in the engine. */
function compareIps(a: IpAddress, b: IpAddress): number | null {
  if (a.family !== b.family) {
    return null;
  }
  return sign(a.value < b.value, a.value > b.value);
}

function sign(isLess: boolean, isMore: boolean): number {
  return isLess ? -1 : isMore ? 1 : 0;
}

/** Negative, zero or positive, bytes by their codes; null when the two are in no order. */
function compareValues(a: RuntimeValue, b: RuntimeValue | bigint): number | null {
  if (typeof a === 'string' && typeof b === 'string') {
    return sign(a < b, a > b);
  }
  if (typeof a === 'number' && (typeof b === 'number' || typeof b === 'bigint')) {
    return sign(a < b, a > b);
  }
  return typeof b === 'object' && isIp(a) && isIp(b) ? compareIps(a, b) : null;
}

type Ordering = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

export function isOrdering(operator: ComparisonOperator): operator is Ordering {
  return ['eq', 'ne', 'lt', 'le', 'gt', 'ge'].includes(operator);
}

const accepts: Readonly<Record<Ordering, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};

/** A test of two values; values of different types are unequal and in no order. */
export function orderingTest(operator: Ordering): (a: RuntimeValue, b: RuntimeValue | bigint) => boolean {
  const accept = accepts[operator];
  return (a, b) => {
    const order = compareValues(a, b);
    return order === null ? operator === 'ne' : accept(order);
  };
}

function literalValue(literal: LiteralNode): RuntimeValue | bigint {
  switch (literal.kind) {
    case 'string':
      return literal.bytes;
    case 'int':
      return Number.isSafeInteger(Number(literal.value)) ? Number(literal.value) : literal.value;
    case 'ip':
      return literal.address;
    default:
      throw new Error('unexpected literal');
  }
}

function orderingPredicate(operator: Ordering, literal: LiteralNode): Predicate {
  const wanted = literalValue(literal);
  if (typeof wanted === 'string' && (operator === 'eq' || operator === 'ne')) {
    return operator === 'eq' ? (value) => value === wanted : (value) => value !== wanted;
  }
  if (typeof wanted === 'number') {
    return numberPredicate(operator, wanted);
  }
  const test = orderingTest(operator);
  return (value) => test(value, wanted);
}

/** The comparisons of numbers written out: they are in many rules, and the general way costs several calls. */
function numberPredicate(operator: Ordering, wanted: number): Predicate {
  switch (operator) {
    case 'eq':
      return (value) => value === wanted;
    case 'ne':
      return (value) => value !== wanted;
    case 'lt':
      return (value) => typeof value === 'number' && value < wanted;
    case 'le':
      return (value) => typeof value === 'number' && value <= wanted;
    case 'gt':
      return (value) => typeof value === 'number' && value > wanted;
    case 'ge':
      return (value) => typeof value === 'number' && value >= wanted;
    default:
      return unreachable(operator);
  }
}

function textPredicate(operator: ComparisonOperator, pattern: string): Predicate {
  if (operator === 'contains') {
    return (value) => typeof value === 'string' && value.includes(pattern);
  }
  if (operator === 'matches') {
    return regexPredicate(pattern);
  }
  const test = compileWildcard(pattern, operator === 'strict wildcard');
  return (value) => typeof value === 'string' && test(value);
}

function regexPredicate(pattern: string): Predicate {
  const compiled = compileRegex(pattern);
  if (typeof compiled === 'string') {
    const unknown = unknownBecause(`regular expression (${compiled})`);
    return () => unknown;
  }
  const invalid = unknownBecause('regular expression with (?u) on bytes that are not UTF-8');
  return (value) => (typeof value === 'string' ? (compiled.test(value) ?? invalid) : false);
}

function setPredicate(set: SetLiteral): Predicate {
  const texts = new Set(
    set.elements.flatMap((element) => (element.kind === 'string' ? [element.bytes] : [])),
  );
  const hasNumber = numberMembership(set.elements);
  const hasAddress = addressMembership(set.elements);
  return (value) => {
    if (typeof value === 'string') {
      return texts.has(value);
    }
    if (typeof value === 'number') {
      return hasNumber(value);
    }
    return isIp(value) && hasAddress(value);
  };
}

/** The test that a comparison with a literal, set or list makes of its left side. */
export function makePredicate(
  operator: ComparisonOperator,
  right: Exclude<ComparisonNode['right'], { readonly kind: 'field' | 'call' }>,
  lists: ReadonlyMap<string, ListContent>,
): Predicate {
  if (right.kind === 'list') {
    const list = lists.get(right.name);
    const unknown = unknownBecause(`$${right.name}`);
    return list === undefined ? () => unknown : (value) => list.contains(value);
  }
  if (right.kind === 'set') {
    return setPredicate(right);
  }
  if (isOrdering(operator)) {
    return orderingPredicate(operator, right);
  }
  if (operator === 'bitwise_and' && right.kind === 'int') {
    const mask = right.value;
    return (value) => typeof value === 'number' && (BigInt(value) & mask) !== 0n;
  }
  return right.kind === 'string' ? textPredicate(operator, right.bytes) : () => false;
}
