/** One request that an expression matches. */
import type { Expression } from '../../language/ast.ts';
import type { RecordedRequest } from '../../evaluate/request.ts';
import { ExampleFinder } from './example.ts';
import type { Example } from './example.ts';
import { satisfy } from './proof.ts';

const nothing: Expression = { kind: 'constant', value: false, span: { start: 0, end: 0 } };

/** Null when none was found. */
export function exampleRequest(expression: Expression): RecordedRequest | null {
  const finder = new ExampleFinder({ matched: expression, unmatched: nothing }, false);
  const found: Example[] = [];
  satisfy(
    (reader) => reader.read(expression, true),
    false,
    (open, budget) => {
      const example = finder.find(open, budget);
      found.push(...(example === null ? [] : [example]));
      return example !== null;
    },
  );
  return found[0]?.request ?? null;
}
