import { InputError, type Diagnostic } from '../../contract/errors.ts';
import { isRefused } from '../../waf/reason/analyse.ts';
import { checkFilter } from '../../waf/reason/check.ts';
import { parseFilter } from '../../waf/language/parser.ts';
import type { ExpressionDiagnostic } from '../../waf/language/types.ts';

/** Refuses a text that is not an expression of the language, saying where and why. `name` is what the text is called. */
export function readableFilter(text: string, name: string): void {
  const diagnostics = checkFilter(parseFilter(text));
  if (isRefused(diagnostics)) {
    throw refusal(diagnostics, name);
  }
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
