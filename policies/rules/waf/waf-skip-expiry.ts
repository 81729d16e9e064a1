import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import type { PlanIndex } from '../../reading/plan-index.ts';
import { ruleText, ruleValue } from '../../reading/rulesets/rules.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { isSkip, newSkips } from '../../reading/rulesets/skip-rules.ts';
import type { Side } from '../../reading/values.ts';

/** A skip may run for a year at most before somebody looks at it again. */
const maxDays = 366;
const dayMs = 86_400_000;

export const wafSkipExpiry = defineRule({
  id: 'waf-skip-expiry',
  title: 'A skip rule says when it ends',
  area: 'estate',
  severity: 'deny',
  why: 'Exceptions without an end stay for ever, long after the reason for them is gone.',
  fix: 'End the description with `until YYYY-MM-DD` (at most a year ahead).',
  since: '2026-11-23',
  source: 'Sluice convention: the provider has no expiry field on rules',
  waivable: true,
  evaluate: (context) =>
    judgeEach(skipsWithEnd(context.index), 'no skip rule is added or changed', (pair) =>
      judge(pair, Date.parse(context.now)),
    ),
});

/** Also a skip of which only the description changed, when it says another end than before. */
function skipsWithEnd(index: PlanIndex): readonly RulesetRuleChange[] {
  const redated = index.editedRules.filter(
    (pair) =>
      pair.isOnlyDescribed &&
      isSkip(pair) &&
      (ruleValue(pair, 'after', ['description']).kind === 'unknown' ||
        endOf(pair, 'before') !== endOf(pair, 'after')),
  );
  return [...newSkips(index), ...redated];
}

function endOf(pair: RulesetRuleChange, side: Side): string | undefined {
  const description = ruleText(pair, side, ['description']) ?? '';
  return /\b(?:until|expires)\s+(\d{4}-\d{2}-\d{2})\b/i.exec(description)?.[1];
}

function judge(pair: RulesetRuleChange, nowMs: number): Judgement {
  if (ruleValue(pair, 'after', ['description']).kind === 'unknown') {
    return doubt(pair.subject, 'the description of the skip is known only after apply');
  }
  const required = `an end at most ${maxDays} days ahead, as "until YYYY-MM-DD" in the description`;
  const written = endOf(pair, 'after');
  const endMs = Date.parse(written ?? '');
  if (written === undefined || !Number.isFinite(endMs)) {
    return finding(pair.subject, 'the skip has no end', required);
  }
  // The day named is the last one on which the skip may stand.
  if (endMs + dayMs <= nowMs) {
    return finding(pair.subject, `the skip ended on ${written}`, 'remove the skip, or agree a new end');
  }
  return endMs - nowMs > maxDays * dayMs
    ? finding(pair.subject, `the skip ends on ${written}`, required)
    : fine;
}
