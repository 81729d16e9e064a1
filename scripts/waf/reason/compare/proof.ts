/**
 * Proofs about expressions, for every request, every content of lists and both readings of missing values. What is not
 * proven within a fixed amount of work is not said.
 */
import type { ComparisonNode, Expression, LogicalOperator, ValueNode } from '../../language/ast.ts';
import { unreachable } from '../../language/exhaustive.ts';
import { Budget } from './budget.ts';
import { formedSubject, isFoundInAll, usualSubject } from './field-values.ts';
import { FormulaReader } from './formula.ts';
import type { Formula } from './formula.ts';
import { search } from './search.ts';
import type { OpenCase, SearchOutcome, SearchOptions } from './search.ts';

/** Steps of work under one reading of missing values; some 10 ms at most. */
const maxSteps = 40_000;
/** Fewer where many pairs are asked about. */
const fewSteps = 4000;
/** Open cases that are looked at. */
const maxCases = 12;

/** Both readings of missing values, as in the settings of evaluation. */
export const readings: readonly boolean[] = [false, true];

interface ProofLimits {
  readonly steps?: number;
  readonly begin?: SearchOptions['begin'];
}

/** Looks for a way to make the formula true; see `search`. */
export function satisfy(
  make: (reader: FormulaReader) => Formula,
  missingNotEqual: boolean,
  visit: (open: OpenCase, budget: Budget) => boolean,
  { steps = maxSteps, begin }: ProofLimits = {},
): SearchOutcome {
  const budget = new Budget(steps);
  return search(
    () => make(new FormulaReader(missingNotEqual, budget)),
    budget,
    { cases: maxCases, ...(begin === undefined ? {} : { begin }) },
    (open) => visit(open, budget),
  );
}

/** True when it is proven that no request makes all of these as wanted, whichever way missing values are read. */
function isImpossible(
  wanted: readonly (readonly [Expression, boolean])[],
  limits: ProofLimits = {},
): boolean {
  return readings.every(
    (missingNotEqual) =>
      satisfy(
        (reader) => ({
          kind: 'and',
          parts: wanted.map(([expression, holds]) => reader.read(expression, holds)),
        }),
        missingNotEqual,
        () => true,
        limits,
      ) === 'closed',
  );
}

/** True when it is proven that `later` matches nothing that `earlier` does not. */
export function implies(later: Expression, earlier: Expression): boolean {
  return isImpossible(
    [
      [later, true],
      [earlier, false],
    ],
    { steps: fewSteps },
  );
}

/** True or false when that is proven for every request; null when it depends or is not proven. */
export function provenConstant(
  expression: Expression,
  constantOf: (part: Expression) => boolean | null,
): boolean | null {
  const decided = decidedByParts(expression, constantOf);
  if (decided !== undefined) {
    return decided;
  }
  const isTest = expression.kind === 'comparison' || expression.kind === 'truth';
  if (isImpossible([[expression, true]], isTest ? { begin: usualSubject } : {})) {
    return false;
  }
  return isImpossible([[expression, false]], isTest ? { begin: formedSubject } : {}) ? true : null;
}

/** What the parts decide; undefined where it takes a proof of the whole. */
function decidedByParts(
  expression: Expression,
  constantOf: (part: Expression) => boolean | null,
): boolean | null | undefined {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'invalid':
      return null;
    case 'group':
      return constantOf(expression.inner);
    case 'not': {
      const inner = constantOf(expression.operand);
      return inner === null ? null : !inner;
    }
    case 'truth':
      return decidedByElements(expression.value, constantOf);
    case 'comparison':
      return decidedByField(expression);
    case 'logical':
      return decidedByOperands(expression.operator, expression.operands.map(constantOf));
    default:
      return unreachable(expression);
  }
}

function decidedByOperands(
  operator: LogicalOperator,
  parts: readonly (boolean | null)[],
): boolean | undefined {
  if (operator === 'xor') {
    return parts.includes(null) ? undefined : parts.filter(Boolean).length % 2 === 1;
  }
  const absorbing = operator === 'or';
  return parts.includes(absorbing) ? absorbing : parts.includes(null) ? undefined : !absorbing;
}

function decidedByField({ left, operator, right }: ComparisonNode): true | undefined {
  const isFound = operator === 'matches' && right.kind === 'string' && isFoundInAll(left, right.bytes);
  return isFound ? true : undefined;
}

/** any() of what never holds is false, all() of what always holds is true; the other two depend on emptiness. */
function decidedByElements(
  value: ValueNode,
  constantOf: (part: Expression) => boolean | null,
): boolean | undefined {
  const [argument] = value.kind === 'call' ? value.args : [];
  const isQuantifier = value.name === 'any' || value.name === 'all';
  const test = isQuantifier && argument?.kind === 'test' ? constantOf(argument.test) : null;
  return test === (value.name === 'all') ? test : undefined;
}
