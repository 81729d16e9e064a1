import type { SluiceContext } from '../context.ts';
import { canonicalJson } from '../plan/json.ts';
import { renderComparison } from '../render/comparison-text.ts';
import { compareExpressions } from '../waf/compare/compare.ts';
import { showComparison } from '../waf/compare/show.ts';
import { readableFilter } from './readable-filter.ts';

export interface WafCompareFlags {
  readonly format: 'text' | 'json';
}

/** `sluice waf compare`: what the second expression matches that the first does not, and the other way round. */
export async function wafCompare(
  this: SluiceContext,
  flags: WafCompareFlags,
  before: string,
  after: string,
): Promise<void> {
  readableFilter(before, 'the expression before');
  readableFilter(after, 'the expression after');
  const shown = showComparison(compareExpressions(before, after));
  const document = { kind: 'sluice.comparison', version: 1, outcome: 'ok', ...shown };
  this.print(flags.format === 'json' ? `${canonicalJson(document)}\n` : renderComparison(shown, this.style));
}
