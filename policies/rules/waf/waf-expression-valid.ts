import { show } from '../../reading/estate-context.ts';
import { defineRule, doubt, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';

export const wafExpressionValid = defineRule({
  id: 'waf-expression-valid',
  title: 'Expressions are valid in the Rules language',
  area: 'estate',
  severity: 'deny',
  why: 'Cloudflare refuses an invalid expression during apply, when half of the change may already be live.',
  fix: 'Correct the expression at the place the message names; `sluice check` shows every problem.',
  since: '2026-11-23',
  source: 'Cloudflare Rules language reference',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.rulesetRules.filter((pair) => pair.after !== null),
      'no rule is added or changed',
      judge,
    ),
});

function judge(pair: RulesetRuleChange): Judgement {
  const reading = pair.expression();
  if (reading.kind !== 'known') {
    return reading.kind === 'absent'
      ? finding(pair.subject, 'no expression', 'an expression')
      : doubt(pair.subject, 'its expression is known only after apply');
  }
  const errors = reading.analysis.diagnostics.filter((one) => one.severity === 'error');
  if (!reading.analysis.parsed && errors.length === 0) {
    return finding(pair.subject, show(reading.text), 'an expression of the Rules language');
  }
  return errors.flatMap((error) =>
    finding(
      pair.subject,
      `${error.line}:${error.column} ${error.message}`,
      'a valid expression',
      error.suggestion === undefined ? {} : { fix: `Instead: ${error.suggestion}` },
    ),
  );
}
