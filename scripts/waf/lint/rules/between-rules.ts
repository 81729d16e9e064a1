/** What rules of one ruleset do to each other, and how many there may be. */
import { textAt } from '../../rulesets/attributes.ts';
import { findShadows } from '../../reason/compare/shadow.ts';
import { canonicalFilter } from '../../reason/format.ts';
import { canonicalJson } from '../../../json/json.ts';
import { actionEffect, endsRuleset } from '../../rulesets/phases.ts';
import type { CloudflarePlan } from '../../language/tables.ts';
import { attribute, isReference } from '../model.ts';
import type { LintedRule, LintedRuleset } from '../model.ts';
import { hitWhen, leftTo, none, rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';

const define = rulesFrom('Cloudflare documentation, Ruleset Engine, evaluation and limits');

function expressionOf({ attributes }: LintedRule): string {
  const text = textAt(attributes, 'expression');
  return isReference(text) ? '' : text;
}

function repeatedExpressions({ rules, estate }: LintedRuleset): readonly Hit[] {
  const seen = new Map<string, string>();
  return rules
    .filter(({ enabled }) => enabled)
    .flatMap((rule) => {
      const text = expressionOf(rule);
      const canonical = text === '' ? null : canonicalFilter(estate.expressions.read(text));
      if (canonical === null || canonical === 'true') {
        return none;
      }
      const key = `${canonical}\n${whatElseItSays(rule)}`;
      const before = seen.get(key);
      seen.set(key, before ?? rule.name);
      return before === undefined
        ? none
        : [{ message: `${before} has the same expression`, path: `rules[${rule.position}].expression` }];
    });
}

/**
 * What two rules with one expression may differ in and both have an effect: the figures of a rate limit, and what an
 * action that goes on is to do. Behind a rule that ends the ruleset, the second one has none.
 */
function whatElseItSays({ attributes, action, parameters }: LintedRule): string {
  const limit = attribute(attributes, 'ratelimit');
  if (limit !== undefined) {
    return canonicalJson(limit);
  }
  const isOwnPart = actionEffect(action) === 'go-on' && Object.keys(parameters).length > 0;
  return isOwnPart ? `${action} ${canonicalJson(parameters)}` : '';
}

/** Rules of which an earlier one that ends the evaluation provably matches every request, whatever the two look like. */
function unreachable({ rules, estate }: LintedRuleset): readonly Hit[] {
  const enabled = rules.filter((rule) => rule.enabled && expressionOf(rule) !== '');
  const candidates = enabled.map((rule) => ({
    ...rule,
    expression: expressionOf(rule),
    ends: endsRuleset(rule),
  }));
  return findShadows(candidates, estate.expressions).map(({ rule, by }) => ({
    message: `${by.name} matches all its requests and ends the evaluation`,
    path: `rules[${rule.position}]`,
  }));
}

const limits: Readonly<Record<string, Readonly<Partial<Record<CloudflarePlan, number>>>>> = {
  http_request_firewall_custom: {
    free: 5,
    pro: 20,
    business: 100,
    enterprise: 1000,
    'enterprise-addon': 1000,
  },
  http_ratelimit: { free: 1, pro: 2, business: 5, enterprise: 100, 'enterprise-addon': 100 },
};

/** Of a custom ruleset, and of an entry point whose limit is not named. */
const mostRules = 1000;

function countHits({ rules, phase, plan, isAccount }: LintedRuleset): readonly Hit[] {
  const limit = plan === undefined || isAccount ? undefined : limits[phase]?.[plan];
  return hitWhen(
    limit !== undefined && rules.length > limit,
    `${rules.length} rules; the plan ${plan ?? ''} has ${limit ?? ''} in ${phase}`,
    'rules',
  );
}

function enterpriseActions({ action, ruleset: { plan, phase } }: LintedRule): readonly Hit[] {
  return hitWhen(
    action === 'log' &&
      phase === 'http_request_firewall_custom' &&
      plan !== undefined &&
      !plan.startsWith('enterprise'),
    `log needs Enterprise, the zone has ${plan ?? ''}`,
    'action',
  );
}

export const betweenRules: readonly LintRule[] = [
  define(
    'same-expression',
    'warning',
    [
      'Expressions differ within a ruleset',
      'One of the two is left over, or another expression was meant.',
      'Join the rules, or correct one.',
    ],
    { on: 'ruleset', find: repeatedExpressions },
  ),
  leftTo(
    'waf-rule-shadowed',
    define(
      'rule-unreachable',
      'warning',
      [
        'Rules can be reached',
        'Nothing behind a rule that ends every request is evaluated.',
        'Move the rule up, or confine the one before.',
      ],
      { on: 'ruleset', find: unreachable },
    ),
  ),
  define(
    'rule-count',
    'error',
    [
      'The plan has that many rules',
      'The API refuses more.',
      'Join rules, use lists, or change the plan first.',
    ],
    { on: 'ruleset', find: countHits },
  ),
  define(
    'ruleset-long',
    'warning',
    ['A ruleset has at most 1000 rules', 'Cloudflare refuses more in a custom ruleset.', 'Split it.'],
    {
      on: 'ruleset',
      find: ({ rules }) => hitWhen(rules.length > mostRules, `${rules.length} rules`, 'rules'),
    },
  ),
  define(
    'plan-log-action',
    'error',
    [
      'The plan has the log action',
      'log is for Enterprise; the API refuses it on other plans.',
      'Use managed_challenge, or test with Security Analytics.',
    ],
    { on: 'rule', find: enterpriseActions },
  ),
];
