import { trafficSource } from './traffic-source.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { compareOnTraffic } from '../../facts/traffic/compare-on-traffic.ts';
import { renderComparison, renderOnTraffic } from '../../render/waf/comparison-text.ts';
import { compareExpressions } from '../../waf/reason/compare/compare.ts';
import { showComparison } from '../../waf/reason/compare/show.ts';
import { chooseMode } from '../change/modes.ts';
import { readableFilter } from './readable-filter.ts';

export interface WafCompareFlags {
  readonly traffic?: readonly string[];
  readonly host?: string;
  readonly client?: string;
  readonly country?: string;
  readonly format: 'text' | 'json';
}

/** `sluice waf compare`: what the second expression matches that the first does not, and the other way round. */
export async function wafCompare(
  this: SluiceContext,
  flags: WafCompareFlags,
  before: string,
  after: string,
): Promise<void> {
  chooseMode('waf compare', flags);
  readableFilter(before, 'the expression before');
  readableFilter(after, 'the expression after');
  const shown = showComparison(compareExpressions(before, after));
  const paths = flags.traffic ?? [];
  const traffic =
    paths.length === 0
      ? null
      : await compareOnTraffic(await this.services(), trafficSource(paths, flags), [before, after]);
  const counted = traffic === null ? null : { ...traffic, missing: [...traffic.missing].toSorted() };
  const document = { kind: 'sluice.comparison', version: 1, outcome: 'ok', ...shown, traffic: counted };
  const text = `${renderComparison(shown, this.style)}${counted === null ? '' : renderOnTraffic(counted, this.style)}`;
  this.print(flags.format === 'json' ? printedJson(document) : text);
}
