/** Texts that values are compared with. */
import type { StringLiteral, ValueNode } from '../../language/ast.ts';
import { affixes, comparedStrings, plainField } from '../expression.ts';
import type { LintedExpression } from '../expression.ts';

export interface ComparedText {
  readonly value: ValueNode;
  /** The plain field, or null. */
  readonly field: string | null;
  readonly literal: StringLiteral;
  /** `eq`, `contains`, …, or the name of the function. */
  readonly how: string;
}

/** Patterns of `matches` are left out. */
export function comparedTexts(expression: LintedExpression): readonly ComparedText[] {
  const compared = expression.comparisons
    .filter(({ operator }) => operator !== 'matches')
    .flatMap((comparison) =>
      comparedStrings(comparison).map((literal) => ({
        value: comparison.left,
        literal,
        how: comparison.operator as string,
      })),
    );
  const fixed = affixes(expression).map(({ name, value, literal }) => ({ value, literal, how: name }));
  return [...compared, ...fixed].map((text) => ({ ...text, field: plainField(text.value) }));
}
