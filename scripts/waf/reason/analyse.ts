/**
 * Answers what the rest of Sluice may ask about an expression. A text that Cloudflare would refuse is `parsed: false`
 * with everything else empty or unknown; a name that is not known here leaves the rest of the answer standing.
 */
import { isRefused } from '../language/diagnostics.ts';
import { checkFilter } from './check.ts';
import type { ExpressionContext } from './check.ts';
import { confinementOf } from './confinement.ts';
import type { ReadExpression } from './read-expression.ts';
import type { ExpressionAnalysis } from '../language/types.ts';

/** Where an expression stands; `zone` is the name of its zone, null or absent for the account or when it is not known. */
export interface AnalysisContext extends ExpressionContext {
  readonly zone?: string | null;
}

/** Analyses a filter expression; `context` adds checks against phase, plan and date. Never throws. */
export function analyseExpression(read: ReadExpression, context: AnalysisContext = {}): ExpressionAnalysis {
  const diagnostics = checkFilter(read.parsed, context);
  if (read.tree === null || isRefused(diagnostics)) {
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
  return {
    parsed: true,
    diagnostics,
    ...read.names,
    constant: read.constant,
    hosts: read.hosts,
    scoped: read.constant !== true,
    confinedBy: confinementOf(read, context.zone ?? null),
  };
}
