/** What the checks of the language found, as hits of a lint rule. */
import type { LanguageDiagnostic } from '../language/diagnostics.ts';
import type { LintedExpression } from './expression.ts';
import type { Hit } from './rule.ts';

export function hitsOf(
  expression: LintedExpression,
  isMeant: (diagnostic: LanguageDiagnostic) => boolean,
): readonly Hit[] {
  return expression.diagnostics.filter(isMeant).map(({ message, span, suggestion }) => ({
    message,
    span,
    ...(suggestion === undefined ? {} : { suggestion }),
  }));
}
