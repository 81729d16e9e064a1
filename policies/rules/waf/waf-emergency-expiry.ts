import { daysOver, emergencyDays, endIn } from '../../emergency/expiry.ts';
import type { EmergencyEnd } from '../../emergency/expiry.ts';
import type { RuleContext } from '../../model/finding.ts';
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { rulesOn, ruleText } from '../../reading/rulesets/rules.ts';
import { defineRule, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { rulesetType } from '../../../scripts/provider/ruleset-type.ts';

const dayMs = 86_400_000;

export const wafEmergencyExpiry = defineRule({
  id: 'waf-emergency-expiry',
  title: 'An emergency move is taken out when its day is over',
  area: 'estate',
  severity: 'warn',
  why: 'What was switched on at night without the usual questions stays for ever unless somebody is reminded.',
  fix: 'Take the move out (sluice lift) or let it stay (sluice keep): each is a normal change, by the id of the emergency.',
  since: '2026-11-30',
  source: 'Threshold emergencyDays; Sluice convention: the provider has no expiry field on rules',
  waivable: true,
  evaluate: (context) => {
    const stacks = new Set(context.index.changedStacks);
    return judgeEach(
      context.estate.all(rulesetType).filter(({ stack, after }) => after !== null && stacks.has(stack)),
      'no ruleset is in a stack that changes',
      (ruleset) => [...over(ruleset, context), ...tooLong(ruleset, context)],
    );
  },
});

/** Every move of a stack that changes, whether its ruleset does or not. */
function over(change: ResourceChange, { now }: RuleContext): Judgement {
  return rulesOn(change, 'after').flatMap(({ name, attributes }): Judgement => {
    const end = endOf(attributes['description']);
    const days = end === null ? 0 : daysOver(end, now);
    return end === null || days === 0
      ? fine
      : finding(
          `${subjectOf(change)}#${name}`,
          `the move for ${end.incident} ended on ${end.expires}, ${String(days)} day(s) ago`,
          'nothing that is over',
        );
  });
}

function tooLong(change: ResourceChange, { index, now, policy }: RuleContext): Judgement {
  const days = emergencyDays(policy.thresholds);
  return index.editedRules
    .filter((pair) => pair.change === change && pair.after !== null)
    .flatMap((pair): Judgement => {
      const end = endIn(ruleText(pair, 'after', ['description']) ?? '');
      return end === null || Date.parse(end.expires) <= Date.parse(now) + days * dayMs
        ? fine
        : finding(
            pair.subject,
            `the move for ${end.incident} ends on ${end.expires}`,
            `an end within ${String(days)} days`,
          );
    });
}

function endOf(description: unknown): EmergencyEnd | null {
  return typeof description === 'string' ? endIn(description) : null;
}
