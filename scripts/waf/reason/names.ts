/** Names of fields and lists. */
import type { Expression } from '../language/ast.ts';
import { walkExpression } from '../language/walk.ts';
import type { NodeVisitor } from '../language/walk.ts';

/** Names of fields (without keys) and lists in the expression, each sorted and once. */
export function namesIn(expression: Expression): {
  readonly fields: readonly string[];
  readonly lists: readonly string[];
} {
  return namesOn((visitor) => walkExpression(expression, visitor));
}

/** The same for whatever is walked. */
export function namesOn(walk: (visitor: NodeVisitor) => void): ReturnType<typeof namesIn> {
  const fields = new Set<string>();
  const lists = new Set<string>();
  walk({
    value: (value) => {
      if (value.kind === 'field') {
        fields.add(value.name);
      }
    },
    comparison: ({ right }) => {
      if (right.kind === 'list') {
        lists.add(right.name);
      }
    },
  });
  return { fields: [...fields].toSorted(), lists: [...lists].toSorted() };
}
