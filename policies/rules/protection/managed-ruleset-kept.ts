import { sameJson } from '../../../scripts/json/json.ts';
import type { Json, JsonObject, ResourceChange } from '../../../scripts/plan/types.ts';
import { objectAt } from '../../../scripts/waf/rulesets/attributes.ts';
import { show, subjectOf } from '../../reading/estate-context.ts';
import { defineRule, doubt, fine, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { hasUnknownRules, isInPhase, ruleText, ruleValue } from '../../reading/rulesets/rules.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { managedPhases } from '../../reading/rulesets/phases.ts';
import { readValue } from '../../reading/values.ts';

export const managedRulesetKept = defineRule({
  id: 'managed-ruleset-kept',
  title: 'Managed rulesets are not removed or disabled',
  area: 'estate',
  severity: 'deny',
  why: 'The managed rulesets are the protection against known attacks; without them only the custom rules are left.',
  fix: 'Leave the execute rule enabled and except single paths or single managed rules instead.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of WAF managed rules',
  protects: 'security',
  waivable: true,
  evaluate: (context) => {
    const rulesets = context.index.rulesets.filter(isManagedPhase);
    if (rulesets.length === 0) {
      return notApplicable('no ruleset of a managed phase changes');
    }
    const pairs = context.index.rulesetRules.filter(
      (pair) =>
        isInPhase(pair, ...managedPhases) &&
        pair.before?.['action'] === 'execute' &&
        pair.change.after !== null,
    );
    return judged([...rulesets.flatMap(judgeRuleset), ...pairs.flatMap(judgePair)]);
  },
});

function judgeRuleset(change: ResourceChange): Judgement {
  if (change.after === null) {
    return finding(subjectOf(change), 'the ruleset is removed', 'the managed ruleset stays deployed');
  }
  return hasUnknownRules(change)
    ? doubt(subjectOf(change, 'rules'), 'its rules are known only after apply')
    : fine;
}

function judgePair(pair: RulesetRuleChange): Judgement {
  const required = 'an enabled execute rule for the managed ruleset';
  if (pair.after === null) {
    return finding(pair.subject, 'the rule that executes the managed ruleset is removed', required);
  }
  const enabled = ruleValue(pair, 'after', ['enabled']);
  const action = ruleValue(pair, 'after', ['action']);
  if (enabled.kind === 'unknown' || action.kind === 'unknown') {
    return doubt(pair.subject, 'whether the managed ruleset still runs is known only after apply');
  }
  const wasDisabled = ruleValue(pair, 'before', ['enabled']);
  if (enabled.kind === 'known' && enabled.value === false) {
    return wasDisabled.kind === 'known' && wasDisabled.value === false
      ? fine
      : finding(pair.subject, 'enabled = false', required);
  }
  return ruleText(pair, 'after', ['action']) === 'execute'
    ? judgeOther(pair, required)
    : finding(pair.subject, 'its action is no longer execute', required);
}

/** A rule that runs another ruleset than before has taken the old one away, whatever the new one does. */
function judgeOther(pair: RulesetRuleChange, required: string): Judgement {
  const path = ['action_parameters', 'id'];
  const [was, is] = [ruleValue(pair, 'before', path), ruleValue(pair, 'after', path)];
  if (is.kind === 'unknown' || was.kind === 'unknown') {
    const isSame =
      pair.before !== null && pair.after !== null && sameJson(idOf(pair.before), idOf(pair.after));
    return isSame ? fine : doubt(pair.subject, 'which managed ruleset it runs is known only after apply');
  }
  const [old, now] = [was, is].map((value) => (value.kind === 'known' ? show(value.value) : '(none)'));
  return old === now
    ? fine
    : finding(pair.subject, `runs ruleset ${now ?? ''} in place of ${old ?? ''}`, required);
}

function idOf(rule: JsonObject): Json {
  const found = objectAt(rule, 'action_parameters')['id'];
  return found ?? null;
}

/** True for a ruleset in a managed phase on either side. */
function isManagedPhase(change: ResourceChange): boolean {
  return (['before', 'after'] as const).some((side) => {
    const phase = readValue(change, side, ['phase']);
    return phase.kind === 'known' && managedPhases.some((one) => one === phase.value);
  });
}
