import { InputError, type Diagnostic } from '../../contract/errors.ts';
import type { Expression } from '../../waf/language/ast.ts';
import type { ExpressionDiagnostic } from '../../waf/language/types.ts';
import type { ReadExpression } from '../../waf/reason/read-expression.ts';

/**
 * The tree of an expression. A text that is none of the language is refused, saying where and why. `name` is what the text
 * is called.
 */
export function readableFilter({ tree, diagnostics }: ReadExpression, name: string): Expression {
  if (tree === null) {
    throw refusal(diagnostics, name);
  }
  return tree;
}

/** The refusal of an expression, for the commands that take one. */
export function refusal(diagnostics: readonly ExpressionDiagnostic[], name = 'expression'): InputError {
  return new InputError({
    what: 'This is not an expression that Cloudflare accepts.',
    diagnostics: diagnostics.map((found) => asDiagnostic(found, name)),
    next: "sluice waf explain '<expression>'",
  });
}

function asDiagnostic({ line, column, message, suggestion }: ExpressionDiagnostic, file: string): Diagnostic {
  return {
    location: { file, line, column },
    message,
    ...(suggestion === undefined ? {} : { fix: suggestion }),
  };
}
