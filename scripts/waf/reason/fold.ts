/**
 * Finds expressions that are always true or always false. Says so only when it is proven for every request, whichever
 * way missing values are read; otherwise the answer is null.
 */
import { unreachable } from '../language/exhaustive.ts';
import type {
  Argument,
  CallValue,
  Comparison,
  ComparisonOperator,
  Expression,
  Value,
} from '../language/ast.ts';
import { ungroup } from '../language/ast.ts';
import { cannotAllHold, coversEveryAddress, isAlwaysPresent } from '../language/constraints.ts';
import type { SignedComparison } from '../language/constraints.ts';
import { printExpression } from '../language/print.ts';

/** Trees do not change, so each part is folded once however often it is asked about. */
const folded = new WeakMap<Expression, boolean | null>();

/** True or false when the expression is that for every request; null when it depends or cannot be told. */
export function constantValue(expression: Expression): boolean | null {
  let value = folded.get(expression);
  if (value === undefined) {
    value = fold(expression);
    folded.set(expression, value);
  }
  return value;
}

function fold(expression: Expression): boolean | null {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'group':
      return constantValue(expression.inner);
    case 'not': {
      const inner = constantValue(expression.operand);
      return inner === null ? null : !inner;
    }
    case 'logical':
      return foldLogical(expression);
    case 'comparison':
      return foldComparison(expression);
    case 'truth':
      return foldTruth(expression.value);
    case 'invalid':
      return null;
    default:
      return unreachable(expression);
  }
}

function foldLogical(expression: Expression & { readonly kind: 'logical' }): boolean | null {
  const operands = expression.operands.map((operand) => constantValue(operand));
  if (expression.operator === 'xor') {
    return operands.includes(null) ? null : operands.filter(Boolean).length % 2 === 1;
  }
  const absorbing = expression.operator === 'or';
  if (operands.includes(absorbing)) {
    return absorbing;
  }
  if (!operands.includes(null)) {
    return !absorbing;
  }
  return contradicts(expression.operands, !absorbing) ? absorbing : null;
}

interface Collected {
  readonly signed: SignedComparison[];
  readonly others: Map<string, Set<boolean>>;
}

/** Gathers what must hold, and what must not, for `node` to be as wanted. */
function collect(node: Expression, holds: boolean, into: Collected): void {
  const inner = ungroup(node);
  if (inner.kind === 'not') {
    collect(inner.operand, !holds, into);
  } else if (inner.kind === 'logical' && inner.operator === (holds ? 'and' : 'or')) {
    for (const operand of inner.operands) {
      collect(operand, holds, into);
    }
  } else if (inner.kind === 'comparison') {
    into.signed.push({ comparison: inner, holds });
  } else if (inner.kind === 'truth' || inner.kind === 'logical') {
    const text = printExpression(inner);
    into.others.set(text, new Set([...(into.others.get(text) ?? []), holds]));
  }
}

/** True when the operands cannot all be `wanted`. */
function contradicts(operands: readonly Expression[], wanted: boolean): boolean {
  const collected: Collected = { signed: [], others: new Map() };
  for (const operand of operands) {
    collect(operand, wanted, collected);
  }
  return [...collected.others.values()].some((ways) => ways.size > 1) || cannotAllHold(collected.signed);
}

function foldComparison(comparison: Comparison): boolean | null {
  const { left, right } = comparison;
  if (right.kind === 'set' && right.elements.length === 0) {
    return false;
  }
  if (left.spread) {
    return null;
  }
  if (cannotAllHold([{ comparison, holds: true }])) {
    return false;
  }
  if (cannotAllHold([{ comparison, holds: false }])) {
    return true;
  }
  return foldEmptyText(comparison) ?? foldEveryAddress(comparison) ?? foldKnownValue(comparison);
}

/** Fields of every request that are never the empty text. */
const neverEmpty: ReadonlySet<string> = new Set([
  'http.host',
  'http.request.full_uri',
  'http.request.method',
  'http.request.uri',
  'http.request.uri.path',
  'http.request.version',
  'raw.http.request.full_uri',
  'raw.http.request.uri',
  'raw.http.request.uri.path',
]);

function foldEmptyText({ left, operator, right }: Comparison): boolean | null {
  const elements = right.kind === 'set' ? right.elements : [right];
  const isEmptyOnly = elements.every((element) => element.kind === 'string' && element.bytes === '');
  if (!isEmptyOnly || left.kind !== 'field' || left.accessors.length > 0 || !neverEmpty.has(left.name)) {
    return null;
  }
  return operator === 'eq' || operator === 'in' ? false : operator === 'ne' ? true : null;
}

/** A set of networks that together hold every address of both families. */
function foldEveryAddress({ left, operator, right }: Comparison): boolean | null {
  const isOfAddresses = operator === 'in' && right.kind === 'set' && left.type.kind === 'ip';
  return isOfAddresses && isAlwaysPresent(left) && coversEveryAddress(right.elements) ? true : null;
}

/** Comparisons that hold for every value there can be. */
function foldKnownValue({ left, operator, right }: Comparison): boolean | null {
  if (left.type.kind === 'int') {
    return right.kind === 'int' && isNumberOfRequest(left) ? foldNumber(operator, right.value) : null;
  }
  if (left.kind === 'call') {
    return null;
  }
  const ofField = beginnings[left.name]?.[operator] ?? [];
  const isEverything =
    right.kind === 'string' && [...(everything[operator] ?? []), ...ofField].includes(right.bytes);
  return isEverything && isAlwaysPresent(left) ? true : null;
}

type Patterns = Readonly<Partial<Record<ComparisonOperator | 'starts_with', readonly string[]>>>;

const ofPath: Patterns = {
  contains: ['/'],
  wildcard: ['/*', '*/*'],
  'strict wildcard': ['/*', '*/*'],
  matches: ['/', '^/', '^/.*', '^/.*$', '/.*'],
  starts_with: ['/'],
};
const ofFullUri: Patterns = {
  contains: ['/', ':', '://', 'http'],
  wildcard: ['http*', '*://*', '*://*/*', 'http*://*', 'http*://*/*'],
  'strict wildcard': ['http*', '*://*', '*://*/*', 'http*://*', 'http*://*/*'],
  matches: ['^http', '^https?://', '://'],
  starts_with: ['http'],
};

/** What every value of a field has in it, as patterns that people write. */
const beginnings: Readonly<Record<string, Patterns>> = {
  'http.request.uri': ofPath,
  'http.request.uri.path': ofPath,
  'raw.http.request.uri': ofPath,
  'raw.http.request.uri.path': ofPath,
  'http.request.full_uri': ofFullUri,
  'raw.http.request.full_uri': ofFullUri,
};

/** Numbers and lengths of a request are never below 0. False where there may be none at all. */
function isNumberOfRequest(value: Value): boolean {
  if (value.kind === 'field') {
    return isAlwaysPresent(value);
  }
  const [source] = value.args;
  return (
    value.name === 'len' && value.accessors.length === 0 && source !== undefined && isPresentField(source)
  );
}

const belowZero: ReadonlySet<string> = new Set(['le', 'eq']);
const notBelowZero: ReadonlySet<string> = new Set(['gt', 'ne']);

/** A comparison of what is at least 0. */
function foldNumber(operator: ComparisonOperator, bound: bigint): boolean | null {
  if (operator === 'lt' || operator === 'ge') {
    return bound <= 0n ? operator === 'ge' : null;
  }
  if (bound >= 0n) {
    return null;
  }
  return notBelowZero.has(operator) ? true : belowZero.has(operator) ? false : null;
}

const everything: Readonly<Partial<Record<ComparisonOperator, readonly string[]>>> = {
  contains: [''],
  wildcard: ['*'],
  'strict wildcard': ['*'],
  matches: ['', '.*', '^', '$', '^.*'],
};

function foldTruth(value: Value): boolean | null {
  if (value.kind === 'field' || value.spread) {
    return null;
  }
  const first = value.args[0];
  if ((value.name === 'any' || value.name === 'all') && first?.kind === 'test') {
    return foldQuantifier(value.name, first.test);
  }
  return isAffixOfEverything(value) ? true : null;
}

/** `starts_with(x, "")` and `ends_with(x, "")` for a field that always has a value, and what its values all begin with. */
function isAffixOfEverything(call: CallValue): boolean {
  const [source, literal] = call.args;
  const isAffix = call.name === 'starts_with' || call.name === 'ends_with';
  return (
    isAffix &&
    source !== undefined &&
    isPresentField(source) &&
    literal?.kind === 'string' &&
    (literal.bytes === '' || (call.name === 'starts_with' && isBeginning(source, literal.bytes)))
  );
}

function isBeginning(source: Argument, text: string): boolean {
  return source.kind === 'field' && beginnings[source.name]?.starts_with?.includes(text) === true;
}

function isPresentField(argument: Argument): boolean {
  return argument.kind === 'field' && isAlwaysPresent(argument);
}

/** any() of what never holds is false, all() of what always holds is true; the other two depend on emptiness. */
function foldQuantifier(name: 'any' | 'all', test: Expression): boolean | null {
  const inner = constantValue(test);
  return inner === (name === 'all') ? inner : null;
}
