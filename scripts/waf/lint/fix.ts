/**
 * Rewrites that keep the meaning: the same answer for every request, whichever way missing values are read. Each comes
 * from the rule that found the place; the result is read again before the next.
 */
import { lintRules } from './catalogue.ts';
import { lintedExpression, nowhere } from './expression.ts';
import type { LintedExpression } from './expression.ts';
import type { Expressions } from '../reason/expressions.ts';
import type { LintEdit } from './rule.ts';

export interface Fixed {
  readonly text: string;
  /** Ids of the rules whose rewrites were applied, in order and each once. */
  readonly ruleIds: readonly string[];
}

/** Ids of the rules that have a rewrite. */
export const fixableRules: readonly string[] = lintRules
  .filter(({ finder }) => finder.on === 'expression' && finder.rewrite !== undefined)
  .map(({ id }) => id);

/** Every rewrite is applied at most this often; each takes something away, so that fewer are enough. */
const maxRounds = 50;

/** The filter expression after every rewrite; one that Cloudflare would refuse is returned as it is. */
export function fixExpression(text: string, expressions: Expressions): Fixed {
  const applied = new Set<string>();
  let current = lintedExpression(text, nowhere, expressions);
  for (let round = 0; round < maxRounds; round += 1) {
    const next = current.tree === null ? null : rewritten(current, expressions);
    if (next === null) {
      break;
    }
    applied.add(next.ruleId);
    current = next.expression;
  }
  return { text: current.text, ruleIds: [...applied] };
}

function rewritten(
  expression: LintedExpression,
  expressions: Expressions,
): { readonly expression: LintedExpression; readonly ruleId: string } | null {
  for (const { id, finder } of lintRules) {
    const edits = finder.on === 'expression' ? (finder.rewrite?.(expression) ?? []) : [];
    const text = apply(expression.text, edits);
    if (text !== expression.text) {
      const next = lintedExpression(text, nowhere, expressions);
      // A rewrite that cannot be read again would be a mistake of ours; the text then stays.
      return next.tree === null ? null : { expression: next, ruleId: id };
    }
  }
  return null;
}

/** Applies edits from the end; of two that overlap the first one in the text is left for the next round. */
function apply(text: string, edits: readonly LintEdit[]): string {
  let result = text;
  let end = text.length;
  for (const { span, text: inserted } of edits.toSorted((a, b) => b.span.start - a.span.start)) {
    if (span.end <= end) {
      result = result.slice(0, span.start) + inserted + result.slice(span.end);
      end = span.start;
    }
  }
  return result;
}
