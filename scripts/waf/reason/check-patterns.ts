/** Checks the patterns of `wildcard`, `matches` and the replace functions. */
import type { ComparisonOperator, StringLiteral } from '../language/ast.ts';
import type { DiagnosticLog } from '../language/diagnostics.ts';
import { translateRegex } from '../evaluate/regex.ts';

/** Reports patterns that Cloudflare refuses, and those that mean something else than they look like. */
export function checkPattern(log: DiagnosticLog, operator: ComparisonOperator, literal: StringLiteral): void {
  if (operator === 'wildcard' || operator === 'strict wildcard') {
    checkWildcardPattern(log, literal);
  } else if (operator === 'matches') {
    checkRegexPattern(log, literal);
    checkDoubledBackslash(log, literal);
  }
}

export function checkWildcardPattern(log: DiagnosticLog, literal: StringLiteral): void {
  const problem = wildcardProblem(literal.bytes);
  if (problem !== null) {
    log.add({ code: 'wildcard-pattern', category: 'syntax', ...problem }, literal.span);
  }
}

export function checkRegexPattern(log: DiagnosticLog, literal: StringLiteral): void {
  const translated = translateRegex(literal.bytes);
  if (translated.ok) {
    return;
  }
  const isRefused = translated.kind === 'refused';
  log.add(
    {
      code: isRefused ? 'regex-refused' : 'regex-not-evaluated',
      category: isRefused ? 'syntax' : 'unknown-name',
      severity: isRefused ? 'error' : 'warning',
      message: `regular expression, at its character ${translated.at + 1}: ${translated.message}${isRefused ? '' : ' cannot be evaluated'}`,
    },
    literal.span,
  );
}

/** In quotes after `matches`, two backslashes and a dot are a backslash and any character; one backslash was meant. */
function checkDoubledBackslash(log: DiagnosticLog, literal: StringLiteral): void {
  const found =
    literal.form === 'regex' ? /\\\\(?<next>[./?*+()[\]{}|^$dwsbDWSB-])/u.exec(literal.bytes) : null;
  if (found !== null) {
    const next = found.groups?.['next'] ?? '';
    log.add(
      {
        code: 'doubled-backslash',
        category: 'style',
        severity: 'warning',
        message: `after matches, \\\\ is a backslash in the value, not an escape of ${next}`,
        suggestion: `\\${next}`,
      },
      literal.span,
    );
  }
}

/** What is wrong with a wildcard pattern; null when nothing is. */
function wildcardProblem(pattern: string): { readonly message: string; readonly suggestion?: string } | null {
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index];
    const next = pattern[index + 1];
    if (character === '\\') {
      if (next !== '*' && next !== '\\') {
        return { message: 'in a wildcard pattern a backslash stands before * or another backslash only' };
      }
      index += 1;
    } else if (character === '*' && next === '*') {
      return { message: 'two * in a row are refused', suggestion: '*' };
    }
  }
  return null;
}
