/**
 * Answers what the rest of Sluice may ask about an expression. A text that Cloudflare would refuse is `parsed: false`
 * with everything else empty or unknown; a name that is not known here leaves the rest of the answer standing.
 */
import type { Expression } from '../language/ast.ts';
import { checkFilter } from './check.ts';
import type { ExpressionContext } from './check.ts';
import type { Diagnostic } from '../language/diagnostics.ts';
import { confinementOf } from './confinement.ts';
import { provenConstant } from './compare/proof.ts';
import { hostReach } from './hosts.ts';
import { parseFilter } from '../language/parser.ts';
import type { ExpressionAnalysis } from '../language/types.ts';
import { walkExpression } from '../language/walk.ts';
import type { Visitor } from '../language/walk.ts';

/** Where an expression stands; `zone` is the name of its zone, null or absent for the account or when it is not known. */
export interface AnalysisContext extends ExpressionContext {
  readonly zone?: string | null;
}

/** Analyses a filter expression; `context` adds checks against phase, plan and date. Never throws. */
export function analyseExpression(text: string, context: AnalysisContext = {}): ExpressionAnalysis {
  const parsed = parseFilter(text);
  const diagnostics = checkFilter(parsed, context);
  if (isRefused(diagnostics) || parsed.expression.kind === 'invalid') {
    return {
      parsed: false,
      diagnostics,
      fields: [],
      lists: [],
      constant: null,
      hosts: 'unknown',
      scoped: false,
      confinedBy: [],
    };
  }
  const constant = provenConstant(parsed.expression);
  return {
    parsed: true,
    diagnostics,
    ...namesIn(parsed.expression),
    constant,
    hosts: hostReach(parsed.expression),
    scoped: constant !== true,
    confinedBy: confinementOf(parsed.expression, context.zone ?? null),
  };
}

/** True when a finding means that the text is not an expression of the language. */
export function isRefused(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(
    ({ severity, category, code }) =>
      severity === 'error' && (category === 'syntax' || category === 'type' || code === 'nesting-limit'),
  );
}

/** Names of fields (without keys) and lists in the expression, each sorted and once. */
export function namesIn(expression: Expression): {
  readonly fields: readonly string[];
  readonly lists: readonly string[];
} {
  return namesOn((visitor) => walkExpression(expression, visitor));
}

/** The same for whatever is walked. */
export function namesOn(walk: (visitor: Visitor) => void): ReturnType<typeof namesIn> {
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
