/** The tests that one expression has and the other has not, in plain words. */
import type { ComparisonNode, Expression, SetElement } from '../../language/ast.ts';
import { testInWords } from '../explain.ts';
import { elementKey, termKey, testKey } from './terms.ts';

export interface ChangedTests {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Both lists in the order of the text. Elements of a set count one by one. */
export function changedTests(before: Expression, after: Expression): ChangedTests {
  const [old, now] = [testsOf(before), testsOf(after)];
  return { added: onlyIn(now, old), removed: onlyIn(old, now) };
}

function onlyIn(tests: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>): readonly string[] {
  return [...tests].flatMap(([key, words]) => (others.has(key) ? [] : [words]));
}

function testsOf(expression: Expression): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  collect(expression, true, found);
  return found;
}

function collect(expression: Expression, holds: boolean, into: Map<string, string>): void {
  switch (expression.kind) {
    case 'group':
      collect(expression.inner, holds, into);
      return;
    case 'not':
      collect(expression.operand, !holds, into);
      return;
    case 'logical':
      for (const operand of expression.operands) {
        collect(operand, holds, into);
      }
      return;
    case 'comparison':
      for (const single of singles(expression)) {
        add(single, holds, into);
      }
      return;
    case 'truth':
    case 'constant':
    case 'invalid':
      add(expression, holds, into);
  }
}

function add(test: Expression, holds: boolean, into: Map<string, string>): void {
  const key = test.kind === 'comparison' && test.right.kind !== 'list' ? comparisonKey(test) : testKey(test);
  const words = testInWords(test);
  into.set(`${String(holds)} ${key}`, holds ? words : `not: ${words}`);
}

/** A single value in a set is the same as `eq`. */
function comparisonKey(test: ComparisonNode): string {
  const { right } = test;
  const [only] = right.kind === 'set' && right.elements.length === 1 ? right.elements : [];
  return only === undefined ? testKey(test) : `${termKey(test.left)} eq ${elementKey(only)}`;
}

function singles(test: ComparisonNode): readonly ComparisonNode[] {
  const { right } = test;
  if (right.kind !== 'set' || right.elements.length < 2) {
    return [test];
  }
  return right.elements.map((element: SetElement) => ({ ...test, right: { ...right, elements: [element] } }));
}
