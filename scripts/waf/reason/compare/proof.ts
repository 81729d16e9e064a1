/**
 * Proofs about expressions, for every request, every content of lists and both readings of missing values. What is not
 * proven within a fixed amount of work is not said.
 */
import type { Expression } from '../../language/ast.ts';
import { constantValue } from '../fold.ts';
import { Budget } from './budget.ts';
import { FormulaReader } from './formula.ts';
import type { Formula } from './formula.ts';
import { search } from './search.ts';
import type { Case, Outcome } from './search.ts';

/** Steps of work under one reading of missing values; some 10 ms at most. */
const maxSteps = 40_000;
/** Fewer where many pairs are asked about. */
const fewSteps = 4000;
/** Open cases that are looked at. */
const maxCases = 12;

/** Both readings of missing values, as in the settings of evaluation. */
export const readings: readonly boolean[] = [false, true];

/** Looks for a way to make the formula true; see `search`. */
export function satisfy(
  make: (reader: FormulaReader) => Formula,
  missingNotEqual: boolean,
  visit: (open: Case, budget: Budget) => boolean,
  steps = maxSteps,
): Outcome {
  const budget = new Budget(steps);
  return search(
    () => make(new FormulaReader(missingNotEqual, budget)),
    budget,
    maxCases,
    (open) => visit(open, budget),
  );
}

/** True when it is proven that no request makes all of these as wanted, whichever way missing values are read. */
function isImpossible(wanted: readonly (readonly [Expression, boolean])[], steps: number): boolean {
  return readings.every(
    (missingNotEqual) =>
      satisfy(
        (reader) => ({
          kind: 'and',
          parts: wanted.map(([expression, holds]) => reader.read(expression, holds)),
        }),
        missingNotEqual,
        () => true,
        steps,
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
    fewSteps,
  );
}

/** True or false when that is proven for every request; null when it depends or is not proven. */
export function provenConstant(expression: Expression): boolean | null {
  const folded = constantValue(expression);
  if (folded !== null) {
    return folded;
  }
  if (isImpossible([[expression, true]], maxSteps)) {
    return false;
  }
  return isImpossible([[expression, false]], maxSteps) ? true : null;
}
