import { findShadows } from '../../../scripts/waf/reason/compare/shadow.ts';
import type { Shadow, ShadowRule } from '../../../scripts/waf/reason/compare/shadow.ts';
import { endsRuleset } from '../../../scripts/waf/rulesets/phases.ts';
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { placedPairs, ruleLabel, ruleName, rulesOn } from '../../reading/rulesets/rules.ts';
import { isObject, readValue } from '../../reading/values.ts';

export const wafRuleShadowed = defineRule({
  id: 'waf-rule-shadowed',
  title: 'No rule stands behind one that takes all its requests',
  area: 'estate',
  severity: 'warn',
  why: 'A rule that ends the evaluation keeps the rules after it from seeing what it matches: a rule of which nothing is left does nothing.',
  fix: 'Put the more special rule first, merge the two, or remove the one that never gets a request.',
  since: '2026-11-26',
  source: 'Cloudflare documentation of terminating actions and of the skip action',
  waivable: true,
  evaluate: (context) => {
    const changed = new Set(context.index.rulesetRules.map(({ subject }) => subject));
    return judgeEach(
      changesOf(context.index, 'cloudflare_ruleset').filter((change) => change.after !== null),
      'no ruleset is added or changed',
      (change) => judge(change, changed),
    );
  },
});

interface PlacedRule extends ShadowRule {
  readonly position: number;
  readonly isNew: boolean;
}

/** Only what this plan brings about: one of the two is added or changed, or they stood the other way round. */
function judge(change: ResourceChange, changed: ReadonlySet<string>): Judgement {
  const rules = rulesOf(change, changed);
  const before = new Map(placedPairs(change).map((pair) => [pair.after, pair.before] as const));
  const was = (rule: PlacedRule | undefined): number | null =>
    rule === undefined ? null : (before.get(rule.position) ?? null);
  const shadows = findShadows(rules, (later, earlier) => {
    const [after, first] = [was(rules[later]), was(rules[earlier])];
    const isTurned = after !== null && first !== null && after < first;
    return rules[later]?.isNew === true || rules[earlier]?.isNew === true || isTurned;
  });
  return shadows.flatMap((shadow) => said(change, shadow, rules[shadow.position]?.position ?? 0));
}

function said(change: ResourceChange, { by, isSame }: Shadow, position: number): Judgement {
  const what = isSame ? 'matches the same requests' : 'matches all its requests';
  return finding(
    subjectOf(change, ruleName(rulesOn(change, 'after')[position], position)),
    `it never gets a request: ${by.ref} stands before it, ${what} and ends the evaluation`,
    'a request that reaches every rule',
  );
}

/** The enabled rules after the change whose expression is known. */
function rulesOf(change: ResourceChange, changed: ReadonlySet<string>): readonly PlacedRule[] {
  return rulesOn(change, 'after').flatMap((rule, position) => {
    const expression = readValue(change, 'after', ['rules', position, 'expression']);
    if (!isObject(rule) || rule['enabled'] === false) {
      return [];
    }
    if (expression.kind !== 'known' || typeof expression.value !== 'string') {
      return [];
    }
    return [
      {
        ref: ruleLabel(rule, position),
        position,
        expression: expression.value,
        ends: endsRuleset(rule),
        isNew: changed.has(subjectOf(change, ruleName(rule, position))),
      },
    ];
  });
}
