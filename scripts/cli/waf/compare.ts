import { trafficSource } from './traffic-source.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { compareOnTraffic } from '../../facts/traffic/compare-on-traffic.ts';
import { renderComparison, renderOnTraffic } from '../../render/waf/comparison-text.ts';
import { showComparison } from '../../waf/reason/compare/show.ts';
import { Expressions } from '../../waf/reason/expressions.ts';
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
  const expressions = new Expressions();
  const trees = [
    readableFilter(expressions.read(before), 'the expression before'),
    readableFilter(expressions.read(after), 'the expression after'),
  ] as const;
  const report = showComparison(expressions.compare(before, after));
  const paths = flags.traffic ?? [];
  const traffic =
    paths.length === 0
      ? null
      : await compareOnTraffic(await this.services(), trafficSource(paths, flags), trees);
  const counted = traffic === null ? null : { ...traffic, missing: [...traffic.missing].toSorted() };
  const document = { kind: 'sluice.comparison', version: 1, outcome: 'ok', ...report, traffic: counted };
  const text = `${renderComparison(report, this.style)}${counted === null ? '' : renderOnTraffic(counted, this.style)}`;
  this.print(flags.format === 'json' ? printedJson(document) : text);
}
