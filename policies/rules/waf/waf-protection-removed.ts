import { isLifted, offUntil } from '../../emergency/lifted.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';
import { isInPhase, ruleText } from '../../reading/rulesets/rules.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { isStopping } from '../../reading/rulesets/skip-rules.ts';
import { customPhase } from '../../reading/rulesets/phases.ts';

export const wafProtectionRemoved = defineRule({
  id: 'waf-protection-removed',
  title: 'A custom rule stops protecting',
  area: 'estate',
  severity: 'warn',
  why: 'What the rule kept out will reach the origin from now on.',
  fix: 'Say in the record why the rule is no longer needed, or what replaces it.',
  since: '2026-11-23',
  source: 'Risk floor security-weaken',
  protects: 'security',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.rulesetRules.filter(
        (pair) =>
          offUntil(pair) !== null ||
          (isInPhase(pair, customPhase) &&
            isStopping(pair, 'before') &&
            !isStopping(pair, 'after') &&
            !isLifted(pair, context)),
      ),
      'no custom rule stops protecting',
      (pair) => {
        const day = offUntil(pair);
        return day === null
          ? finding(pair.subject, whatHappens(pair), 'the rule keeps stopping requests')
          : finding(
              pair.subject,
              `an emergency had switched it off until ${day}, and it ${pair.after === null ? 'is removed' : 'stays off'}`,
              `the rule stops requests again after ${day}`,
            );
      },
    ),
});

function whatHappens(pair: RulesetRuleChange): string {
  if (pair.after === null) {
    return 'the rule is removed';
  }
  const was = ruleText(pair, 'before', ['action']) ?? '';
  const is = ruleText(pair, 'after', ['action']) ?? '(unknown)';
  return was === is ? 'the rule is disabled' : `action ${was} -> ${is}`;
}
