import { findShadows } from '../../../scripts/waf/reason/compare/shadow.ts';
import type { Shadow } from '../../../scripts/waf/reason/compare/shadow.ts';
import type { RulesetRule } from '../../../scripts/waf/rulesets/rules.ts';
import { endsRuleset } from '../../../scripts/waf/rulesets/phases.ts';
import type { Expressions } from '../../../scripts/waf/reason/expressions.ts';
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { placedPairs, ruleLabel, rulesOn } from '../../reading/rulesets/rules.ts';
import { knownText } from '../../reading/values.ts';

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
      context.index.rulesets.filter((change) => change.after !== null),
      'no ruleset is added or changed',
      (change) => judge(change, changed, context.index.expressions),
    );
  },
});

interface PlacedRule extends RulesetRule {
  readonly ends: boolean;
  readonly isNew: boolean;
}

/** Only what this plan brings about: one of the two is added or changed, or they stood the other way round. */
function judge(change: ResourceChange, changed: ReadonlySet<string>, expressions: Expressions): Judgement {
  const before = new Map(placedPairs(change).map((pair) => [pair.after, pair.before] as const));
  const was = ({ position }: PlacedRule): number | null => before.get(position) ?? null;
  const shadows = findShadows(rulesOf(change, changed), expressions, (later, earlier) => {
    const [after, first] = [was(later), was(earlier)];
    const isTurned = after !== null && first !== null && after < first;
    return later.isNew || earlier.isNew || isTurned;
  });
  return shadows.flatMap((shadow) => judgementOf(change, shadow));
}

function judgementOf(change: ResourceChange, { rule, by, isSame }: Shadow<PlacedRule>): Judgement {
  const what = isSame ? 'matches the same requests' : 'matches all its requests';
  return finding(
    subjectOf(change, rule.name),
    `it never gets a request: ${ruleLabel(by)} stands before it, ${what} and ends the evaluation`,
    'a request that reaches every rule',
  );
}

/** The enabled rules after the change whose expression is known. */
function rulesOf(change: ResourceChange, changed: ReadonlySet<string>): readonly PlacedRule[] {
  return rulesOn(change, 'after').flatMap((rule) => {
    const expression = knownText(change, 'after', ['rules', rule.position, 'expression']);
    const isNew = changed.has(subjectOf(change, rule.name));
    return !rule.enabled || expression === null
      ? []
      : [{ ...rule, expression, ends: endsRuleset(rule), isNew }];
  });
}
