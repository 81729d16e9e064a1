/** What can be asked about an expression, by its text: each question in a table of its own. */
import { fixExpression as fixIn } from '../../scripts/waf/lint/fix.ts';
import type { Fixed } from '../../scripts/waf/lint/fix.ts';
import { analyseExpression as analyseRead } from '../../scripts/waf/reason/analyse.ts';
import type { AnalysisContext } from '../../scripts/waf/reason/analyse.ts';
import type { Comparison } from '../../scripts/waf/reason/compare/compare.ts';
import { compareThroughList as compareReadThroughList } from '../../scripts/waf/reason/compare/list-change.ts';
import type { ListComparison } from '../../scripts/waf/reason/compare/list-change.ts';
import { findShadows as findShadowsIn } from '../../scripts/waf/reason/compare/shadow.ts';
import type { Shadow, ShadowRule } from '../../scripts/waf/reason/compare/shadow.ts';
import { Expressions } from '../../scripts/waf/reason/expressions.ts';
import {
  canonicalFilter as canonicalRead,
  formatFilter as formatRead,
} from '../../scripts/waf/reason/format.ts';
import type { Formatted } from '../../scripts/waf/reason/format.ts';
import { ReadExpression } from '../../scripts/waf/reason/read-expression.ts';
import type { ExpressionAnalysis } from '../../scripts/waf/language/types.ts';

export function analyseExpression(text: string, context: AnalysisContext = {}): ExpressionAnalysis {
  return analyseRead(new ReadExpression(text), context);
}

export function compareExpressions(before: string, after: string): Comparison {
  return new Expressions().compare(before, after);
}

export function compareThroughList(text: string, list: ListComparison): Comparison {
  return compareReadThroughList(new ReadExpression(text), list);
}

export function findShadows<R extends ShadowRule>(
  rules: readonly R[],
  isAsked?: (later: R, earlier: R) => boolean,
): readonly Shadow<R>[] {
  return findShadowsIn(rules, new Expressions(), isAsked);
}

export function formatFilter(text: string): Formatted {
  return formatRead(new ReadExpression(text));
}

export function canonicalFilter(text: string): string | null {
  return canonicalRead(new ReadExpression(text));
}

export function fixExpression(text: string): Fixed {
  return fixIn(text, new Expressions());
}
