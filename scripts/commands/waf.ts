import { printedJson } from '../render/printed-json.ts';
import type { SluiceContext } from '../context.ts';
import { renderExplanation } from '../render/explanation-text.ts';
import { isRefused } from '../waf/check/analyse.ts';
import { explainFilter } from '../waf/check/explain.ts';
import { formatFilter } from '../waf/language/format.ts';
import { refusal } from './readable-filter.ts';

export interface WafExplainFlags {
  readonly format: 'text' | 'json';
}

/** `sluice waf explain`: the reading of an expression; one that Cloudflare would refuse ends with `invalidInput`. */
export async function wafExplain(
  this: SluiceContext,
  flags: WafExplainFlags,
  expression: string,
): Promise<void> {
  const explanation = explainFilter(expression);
  if (isRefused(explanation.diagnostics)) {
    throw refusal(explanation.diagnostics);
  }
  const document = { kind: 'sluice.explanation', version: 1, outcome: 'ok', ...explanation };
  this.print(flags.format === 'json' ? printedJson(document) : renderExplanation(explanation, this.style));
}

/** `sluice waf format`: the usual spelling of the same expression. */
export async function wafFormat(this: SluiceContext, _flags: object, expression: string): Promise<void> {
  const formatted = formatFilter(expression);
  if (!formatted.ok) {
    throw refusal(formatted.diagnostics);
  }
  this.print(`${formatted.text}\n`);
}
