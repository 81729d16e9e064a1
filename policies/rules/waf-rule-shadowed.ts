import { findShadows } from '../../scripts/waf/compare/shadow.ts';
import type { Shadow, ShadowRule } from '../../scripts/waf/compare/shadow.ts';
import { endsForGood } from '../../scripts/waf/rulesets/phases.ts';
import type { Json, JsonObject, ResourceChange } from '../../scripts/plan/types.ts';
import { subjectOf } from '../reading/estate-context.ts';
import { changesOf } from '../reading/plan-index.ts';
import { defineRule, finding, judgeEach } from '../rule.ts';
import type { Judgement } from '../rule.ts';
import { isObject, readList, readValue, valueWithin } from '../reading/values.ts';

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
  readonly isNew: boolean;
}

/** Only what this plan brings about: one of the two is added or changed, or they stood the other way round. */
function judge(change: ResourceChange, changed: ReadonlySet<string>): Judgement {
  const rules = rulesOf(change, changed);
  const before = (readList(change, 'before', ['rules']) ?? []).map(refOf);
  const shadows = findShadows(
    rules,
    (later, earlier) =>
      isAsked(rules[later], rules[earlier]) || isTurned(before, rules[later], rules[earlier]),
  );
  return shadows.flatMap((shadow) => said(change, shadow));
}

function isAsked(later: PlacedRule | undefined, earlier: PlacedRule | undefined): boolean {
  return later?.isNew === true || earlier?.isNew === true;
}

function isTurned(
  before: readonly (string | null)[],
  later: PlacedRule | undefined,
  earlier: PlacedRule | undefined,
): boolean {
  const was = before.indexOf(later?.ref ?? '');
  return was !== -1 && was < before.indexOf(earlier?.ref ?? '');
}

function said(change: ResourceChange, { rule, by, isSame }: Shadow): Judgement {
  const what = isSame ? 'matches the same requests' : 'matches all its requests';
  return finding(
    subjectOf(change, rule.ref),
    `it never gets a request: ${by.ref} stands before it, ${what} and ends the evaluation`,
    'a request that reaches every rule',
  );
}

/** The enabled rules after the change whose expression is known. */
function rulesOf(change: ResourceChange, changed: ReadonlySet<string>): readonly PlacedRule[] {
  return (readList(change, 'after', ['rules']) ?? []).flatMap((rule, position) => {
    const expression = readValue(change, 'after', ['rules', position, 'expression']);
    if (!isObject(rule) || rule['enabled'] === false) {
      return [];
    }
    if (expression.kind !== 'known' || typeof expression.value !== 'string') {
      return [];
    }
    const name = refOf(rule) ?? `rules[${String(position)}]`;
    return [
      {
        ref: name,
        expression: expression.value,
        ends: endsEvaluation(rule),
        isNew: changed.has(subjectOf(change, name)),
      },
    ];
  });
}

/** A rate limit ends nothing below its limit; a skip ends what stands after it in its ruleset or phase. */
function endsEvaluation(rule: JsonObject): boolean {
  const action = rule['action'];
  if (typeof action !== 'string' || isObject(rule['ratelimit'])) {
    return false;
  }
  if (action === 'skip') {
    return ['ruleset', 'phase'].some((scope) => {
      const value = valueWithin(rule, ['action_parameters', scope]);
      return value.kind === 'known' && value.value === 'current';
    });
  }
  return endsForGood(action);
}

function refOf(rule: Json): string | null {
  const ref = isObject(rule) ? rule['ref'] : null;
  return typeof ref === 'string' && ref !== '' ? ref : null;
}
