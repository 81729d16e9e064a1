/**
 * Lays out an expression in canonical spelling. Only spelling and blanks change, and brackets round brackets go: the
 * text means the same to the byte. Longer expressions get one test per line, which the language allows.
 */
import type { Expression } from '../language/ast.ts';
import { checkFilter, checkValueExpression } from './check.ts';
import type { ExpressionContext } from './check.ts';
import { isRefused } from '../language/diagnostics.ts';
import type { LanguageDiagnostic } from '../language/diagnostics.ts';
import { parseValueExpression } from '../language/parser.ts';
import { printExpression, printValue } from '../language/print.ts';
import type { ReadExpression } from './read-expression.ts';
import type { Result } from '../../json/result.ts';

export type Formatted = Result<string, { readonly diagnostics: readonly LanguageDiagnostic[] }>;

/** Expressions up to this many characters stay on one line. */
const lineWidth = 100;

/** Formats a filter expression; one with errors is not touched. */
export function formatFilter({ parsed, tree }: ReadExpression, context: ExpressionContext = {}): Formatted {
  const diagnostics = checkFilter(parsed, context);
  return tree === null || isRefused(diagnostics)
    ? { ok: false, diagnostics }
    : { ok: true, value: layOut(withoutDoubleGroups(tree), 0).join('\n') };
}

/** Formats a value expression, in one line; one with errors is not touched. */
export function formatValue(text: string, context: ExpressionContext = {}): Formatted {
  const parsed = parseValueExpression(text);
  const diagnostics = checkValueExpression(parsed, context);
  return isRefused(diagnostics) || parsed.value === null
    ? { ok: false, diagnostics }
    : { ok: true, value: printValue(parsed.value) };
}

/** One line, double brackets removed: the form to compare texts by. Null for a text with errors. */
export function canonicalFilter({ tree }: ReadExpression): string | null {
  return tree === null ? null : printExpression(withoutDoubleGroups(tree));
}

/** Removes brackets round the whole expression, round other brackets, and round a single test. */
function withoutDoubleGroups(expression: Expression): Expression {
  const top = expression.kind === 'group' ? expression.inner : expression;
  return expression.kind === 'group' ? withoutDoubleGroups(top) : simplify(top);
}

function simplify(expression: Expression): Expression {
  switch (expression.kind) {
    case 'group': {
      const inner = simplify(expression.inner);
      return inner.kind === 'group' || !needsGroup(inner) ? inner : { ...expression, inner };
    }
    case 'not':
      return { ...expression, operand: simplify(expression.operand) };
    case 'logical':
      return { ...expression, operands: expression.operands.map((operand) => simplify(operand)) };
    case 'comparison':
    case 'truth':
    case 'constant':
    case 'invalid':
      return expression;
    default:
      return expression;
  }
}

/** Single tests and negations bind tighter than any operator round them. */
function needsGroup(expression: Expression): boolean {
  return expression.kind === 'logical';
}

function layOut(expression: Expression, depth: number): readonly string[] {
  const pad = '  '.repeat(depth);
  const line = pad + printExpression(expression);
  if (line.length <= lineWidth) {
    return [line];
  }
  if (expression.kind === 'logical') {
    return expression.operands.flatMap((operand, index) => {
      const lines = layOut(operand, depth);
      return index === 0
        ? lines
        : [`${pad}${expression.operator} ${lines[0]?.trimStart() ?? ''}`, ...lines.slice(1)];
    });
  }
  if (expression.kind === 'group') {
    return [`${pad}(`, ...layOut(expression.inner, depth + 1), `${pad})`];
  }
  if (expression.kind === 'not' && expression.operand.kind === 'group') {
    return [`${pad}not (`, ...layOut(expression.operand.inner, depth + 1), `${pad})`];
  }
  return [line];
}
