/** Parts of an expression that narrow nothing although they look as if they did: `a ne 1 or a ne 2` holds of every `a`. */
import type { Expression } from '../language/ast.ts';
import { ungroup } from '../language/ast.ts';
import { printExpression } from '../language/print.ts';
import type { ReadExpression } from './read-expression.ts';

/**
 * Texts of the parts, as far as that is proven. A single comparison that always holds (`starts_with(path, "/")`) says
 * openly that it takes everything and is none; nor is one where the whole expression is constant, which is said of the whole.
 */
export function tautologies(read: ReadExpression): readonly string[] {
  return read.tree === null ? [] : within(read.tree, true, read);
}

/** Parts that must be as `wanted` for the whole to hold, and always are. */
function within(expression: Expression, wanted: boolean, read: ReadExpression): readonly string[] {
  const inner = ungroup(expression);
  if (inner.kind === 'not') {
    return within(inner.operand, !wanted, read);
  }
  if (inner.kind !== 'logical' || inner.operator === 'xor') {
    return [];
  }
  const needsAll = (inner.operator === 'and') === wanted;
  return inner.operands.flatMap((operand) => {
    const { kind } = ungroup(operand);
    const isCompound = kind === 'logical' || kind === 'not';
    return needsAll && isCompound && read.constantOf(operand) === wanted
      ? [printExpression(ungroup(operand))]
      : within(operand, wanted, read);
  });
}
