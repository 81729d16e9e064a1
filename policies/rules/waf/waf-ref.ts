import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, doubt, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { hasUnknownRules } from '../../reading/rulesets/rules.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { readList, readValue } from '../../reading/values.ts';
import { isObject } from '../../../scripts/json/json.ts';

export const wafRef = defineRule({
  id: 'waf-ref',
  title: 'Every rule of a ruleset has a ref of its own',
  area: 'estate',
  severity: 'deny',
  why: 'Without a ref Cloudflare gives the rule a new identity on every edit: logs, exceptions and reviews lose track of it.',
  fix: 'Give each rule a short, stable ref; never reuse one inside a ruleset.',
  since: '2026-11-23',
  source: 'Provider issues 2690, 5390 and 5523 (rules that change identity)',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.rulesets.filter((change) => change.after !== null),
      'no ruleset is created or changed',
      (change) => judge(change, context.index.editedRules),
    ),
});

/** What nobody edits stays as it was, with a ref or without one. */
function judge(change: ResourceChange, editedRules: readonly RulesetRuleChange[]): Judgement {
  if (hasUnknownRules(change)) {
    return doubt(subjectOf(change, 'rules'), 'its rules are known only after apply');
  }
  const seen = new Set<string>();
  const rules = readList(change, 'after', ['rules']) ?? [];
  const edited = new Set(
    editedRules.flatMap((pair) => (pair.change === change && pair.after !== null ? [pair.position] : [])),
  );
  return rules.flatMap((rule, position) => {
    const found = readValue(change, 'after', ['rules', position, 'ref']);
    const subject = subjectOf(change, `rules[${position}]`);
    // A live plan leaves out refs that Cloudflare will choose: for a person they are as good as absent.
    if (!isObject(rule) || found.kind !== 'known' || typeof found.value !== 'string' || found.value === '') {
      return edited.has(position) ? finding(subject, 'no ref', 'a ref that is unique in the ruleset') : [];
    }
    const isTwice = seen.has(found.value);
    seen.add(found.value);
    return isTwice
      ? finding(subject, `ref ${found.value} is used twice`, 'a ref that is unique in the ruleset')
      : [];
  });
}
