import { printedJson } from '../../render/text/printed-json.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { renderExplanation } from '../../render/waf/explanation-text.ts';
import { isRefused } from '../../waf/language/diagnostics.ts';
import { explainFilter, explainValue } from '../../waf/reason/explain.ts';
import { formatFilter, formatValue } from '../../waf/reason/format.ts';
import { ReadExpression } from '../../waf/reason/read-expression.ts';
import { placeOf } from '../change/expression-place.ts';
import type { PlaceFlags } from '../change/expression-place.ts';
import { refusal } from './readable-filter.ts';

export interface WafExplainFlags extends PlaceFlags {
  readonly format: 'text' | 'json';
}

/** `sluice waf explain`: the reading of an expression; one that Cloudflare would refuse ends with `invalidInput`. */
export async function wafExplain(
  this: SluiceContext,
  flags: WafExplainFlags,
  expression: string,
): Promise<void> {
  const { kind, ...context } = placeOf(flags);
  const explanation = (kind === 'value' ? explainValue : explainFilter)(expression, context);
  if (isRefused(explanation.diagnostics)) {
    throw refusal(explanation.diagnostics);
  }
  const document = { kind: 'sluice.explanation', version: 1, outcome: 'ok', ...explanation };
  this.print(flags.format === 'json' ? printedJson(document) : renderExplanation(explanation, this.style));
}

/** `sluice waf format`: the usual spelling of the same expression. */
export async function wafFormat(this: SluiceContext, flags: PlaceFlags, expression: string): Promise<void> {
  const { kind, ...context } = placeOf(flags);
  const formatted =
    kind === 'value'
      ? formatValue(expression, context)
      : formatFilter(new ReadExpression(expression), context);
  if (!formatted.ok) {
    throw refusal(formatted.diagnostics);
  }
  this.print(`${formatted.value}\n`);
}
