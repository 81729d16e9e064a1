/** Cases of the rules about rulesets: custom and managed WAF rules, skips, rate limits, configuration rules. */
import { loggedRule } from '../../../../scripts/plan/logged-rule.ts';
import type { Json, JsonObject, Plan } from '../../../../scripts/plan/types.ts';
import { aPastRelease } from '../../../builders/facts.ts';
import { aPlan } from '../../../builders/plan.ts';
import type { PlanBuilder } from '../../../builders/plan.ts';
import type { CaseTable } from './rule-cases.ts';

const address = 'cloudflare_ruleset.waf';
const subject = `acme-production/${address}`;
const rule = `${subject}#block-admin`;
const custom = 'http_request_firewall_custom';

export function aWafRule(parts: JsonObject = {}): JsonObject {
  return {
    ref: 'block-admin',
    description: 'Keep strangers out of /admin',
    expression: 'http.host eq "www.shop.example" and http.request.uri.path eq "/admin"',
    action: 'block',
    enabled: true,
    ...parts,
  };
}

export function aRuleset(rules: Json, phase = custom, parts: JsonObject = {}): JsonObject {
  return { kind: 'zone', name: 'default', phase, rules, ...parts };
}

/** One rule of a ruleset that changes; a missing side is a rule that is added or removed. */
export function ruleChange(before: JsonObject | null, after: JsonObject | null, phase = custom): PlanBuilder {
  const side = (one: JsonObject | null): JsonObject => aRuleset(one === null ? [] : [one], phase);
  return aPlan().updating(address, side(before), side(after));
}

export function aRateLimit(parts: JsonObject = {}, rate: JsonObject = {}): JsonObject {
  return aWafRule({
    ratelimit: {
      characteristics: ['ip.src', 'cf.colo.id'],
      period: 60,
      requests_per_period: 10,
      mitigation_timeout: 600,
      ...rate,
    },
    ...parts,
  });
}

const watched = 'http.host eq "www.shop.example" and http.request.uri.path eq "/admin"';
/** What the rule of `aWafRule` is noted as while it logs. */
export const logged = loggedRule(rule, watched);

function loggedAt(at: string, expression?: string): ReturnType<typeof aPastRelease> {
  return aPastRelease({
    at,
    loggedRules: [expression === undefined ? logged : loggedRule(rule, expression)],
  });
}

const elsewhere = { when: 'no ruleset changes', input: {} };
const ratePhase = 'http_ratelimit';
const unknownAction = aWafRule({ action: '${var.action}' });

const wide = aWafRule({ ref: 'wide', expression: 'http.request.uri.path contains "/a"' });
const narrow = aWafRule({ ref: 'narrow', expression: 'http.request.uri.path eq "/ab"' });

function twoRules(before: readonly JsonObject[], after: readonly JsonObject[]): Plan {
  return aPlan().updating(address, aRuleset(before), aRuleset(after)).build();
}

export const wafCases: CaseTable = {
  'waf-log-first': {
    finds: [
      {
        when: 'a block rule is new',
        input: { plan: ruleChange(null, aWafRule()).build() },
        subjects: [rule],
      },
      {
        when: 'a challenge rule is new',
        input: { plan: ruleChange(null, aWafRule({ action: 'managed_challenge' })).build() },
        subjects: [rule],
      },
      {
        when: 'a disabled rule is enabled',
        input: { plan: ruleChange(aWafRule({ enabled: false }), aWafRule()).build() },
        subjects: [rule],
      },
      {
        when: 'it was logged for three hours only',
        input: {
          plan: ruleChange(aWafRule({ action: 'log' }), aWafRule()).build(),
          history: [loggedAt('2026-11-23T06:00:00Z')],
        },
        subjects: [rule],
      },
      {
        when: 'what was logged is another expression',
        input: {
          plan: ruleChange(
            aWafRule({ action: 'log', expression: 'http.request.uri.path eq "/x"' }),
            aWafRule(),
          ).build(),
          history: [loggedAt('2026-11-01T06:00:00Z')],
        },
        subjects: [rule],
      },
      {
        when: 'it was logged long ago, then not, then again since this morning',
        input: {
          plan: ruleChange(aWafRule({ action: 'log' }), aWafRule()).build(),
          history: [
            loggedAt('2026-10-01T06:00:00Z'),
            aPastRelease({ at: '2026-10-08T06:00:00Z' }),
            loggedAt('2026-11-23T06:00:00Z'),
          ],
        },
        subjects: [rule],
      },
      {
        when: 'the release that logged it was rolled back',
        input: {
          plan: ruleChange(null, aWafRule()).build(),
          history: [
            aPastRelease({ at: '2026-11-01T06:00:00Z', loggedRules: [logged], result: 'rolled-back' }),
          ],
        },
        subjects: [rule],
      },
      {
        when: 'it was logged for long, but with this expression only since this morning',
        input: {
          plan: ruleChange(aWafRule({ action: 'log' }), aWafRule()).build(),
          history: [loggedAt('2026-11-01T06:00:00Z', 'false'), loggedAt('2026-11-23T06:00:00Z')],
        },
        subjects: [rule],
      },
      {
        when: 'the ledger has no rule in log mode, and the stack was released a minute less than a day ago',
        input: {
          plan: ruleChange(aWafRule({ action: 'log' }), aWafRule()).build(),
          history: [aPastRelease({ at: '2026-11-22T09:01:00Z' })],
        },
        subjects: [rule],
      },
      {
        when: 'the ledger has no rule in log mode, and only a release that failed came within the day',
        input: {
          plan: ruleChange(aWafRule({ action: 'log' }), aWafRule()).build(),
          history: [
            aPastRelease({ at: '2026-11-01T09:00:00Z' }),
            aPastRelease({ at: '2026-11-23T08:00:00Z', result: 'failed' }),
          ],
        },
        subjects: [rule],
        severity: 'warn',
      },
      {
        when: 'the ledger has no rule in log mode, and nobody can tell when the stack was released',
        input: {
          plan: ruleChange(aWafRule({ action: 'log' }), aWafRule()).build(),
          history: [aPastRelease({ at: 'once' })],
        },
        subjects: [rule],
      },
      {
        when: 'the ledger has no rule in log mode, and the stack was last released exactly a day ago',
        input: {
          plan: ruleChange(aWafRule({ action: 'log' }), aWafRule()).build(),
          history: [
            aPastRelease({ at: '2026-11-22T09:00:00Z' }),
            aPastRelease({ at: '2026-11-23T08:00:00Z', stack: 'acme-staging' }),
          ],
        },
        subjects: [rule],
        severity: 'warn',
      },
      {
        when: 'it is in log mode and the ledger does not say since when',
        input: { plan: ruleChange(aWafRule({ action: 'log' }), aWafRule()).build(), history: [] },
        subjects: [rule],
        severity: 'warn',
      },
      {
        when: 'a rule that blocks gets another expression',
        input: {
          plan: ruleChange(aWafRule(), aWafRule({ expression: 'http.request.uri.path eq "/y"' })).build(),
        },
        subjects: [rule],
        severity: 'warn',
      },
    ],
    passes: [
      {
        when: 'it was logged for a day and longer',
        input: {
          plan: ruleChange(aWafRule({ action: 'log' }), aWafRule()).build(),
          history: [loggedAt('2026-11-22T08:00:00Z'), loggedAt('2026-11-23T08:00:00Z')],
        },
      },
    ],
    skips: [
      {
        when: 'the rule is added in log mode',
        input: { plan: ruleChange(null, aWafRule({ action: 'log' })).build() },
      },
      {
        when: 'only the description changes',
        input: { plan: ruleChange(aWafRule(), aWafRule({ description: 'Other words' })).build() },
      },
      {
        when: 'it is staging',
        input: {
          plan: aPlan()
            .inStack('acme-staging')
            .creating(address, aRuleset([aWafRule({ expression: 'http.host eq "staging-shop.example"' })]))
            .build(),
        },
      },
      { when: 'it is another phase', input: { plan: ruleChange(null, aRateLimit(), ratePhase).build() } },
    ],
    doubts: [
      {
        when: 'the action is a reference',
        input: { plan: ruleChange(null, unknownAction).build() },
        subjects: [rule],
      },
      {
        when: 'the expression is known only after apply',
        input: { plan: ruleChange(null, aWafRule()).withUnknown('rules', 0, 'expression').build() },
        subjects: [rule],
      },
    ],
  },
  'waf-ref': {
    finds: [
      {
        when: 'there is none',
        input: {
          plan: aPlan()
            .creating(address, aRuleset([{ action: 'log', expression: 'true' }]))
            .build(),
        },
        subjects: [`${subject}#rules[0]`],
      },
      {
        when: 'one is used twice',
        input: {
          plan: aPlan()
            .creating(address, aRuleset([aWafRule(), aWafRule()]))
            .build(),
        },
        subjects: [`${subject}#rules[1]`],
      },
    ],
    passes: [
      {
        when: 'one that stands as it is never had any',
        input: {
          plan: aPlan()
            .updating(
              address,
              aRuleset([{ action: 'log', expression: 'ssl' }]),
              aRuleset([{ action: 'log', expression: 'ssl' }, aWafRule()]),
            )
            .build(),
        },
      },
      {
        when: 'each rule has its own',
        input: {
          plan: aPlan()
            .creating(address, aRuleset([aWafRule(), aWafRule({ ref: 'b' })]))
            .build(),
        },
      },
    ],
    skips: [
      elsewhere,
      {
        when: 'the ruleset goes away',
        input: {
          plan: aPlan()
            .deleting(address, aRuleset([{}]))
            .build(),
        },
      },
    ],
    doubts: [
      {
        when: 'the rules are a reference',
        input: { plan: aPlan().creating(address, aRuleset('${local.rules}')).build() },
        subjects: [`${subject}#rules`],
      },
    ],
  },
  'waf-description': {
    finds: [
      {
        when: 'there is none',
        input: { plan: ruleChange(null, { ref: 'block-admin', action: 'log', expression: 'true' }).build() },
        subjects: [rule],
      },
      {
        when: 'it is blank',
        input: { plan: ruleChange(null, aWafRule({ description: '  ' })).build() },
        subjects: [rule],
      },
    ],
    passes: [{ when: 'it says something', input: { plan: ruleChange(null, aWafRule()).build() } }],
    skips: [
      elsewhere,
      {
        when: 'the rule goes away',
        input: { plan: ruleChange(aWafRule({ description: '' }), null).build() },
      },
    ],
  },
  'waf-expression-valid': {
    finds: [
      {
        when: 'a bracket is not closed',
        input: {
          plan: ruleChange(null, aWafRule({ expression: '(http.host eq "www.shop.example"' })).build(),
        },
        subjects: [rule],
      },
      {
        when: 'it is empty',
        input: { plan: ruleChange(null, aWafRule({ expression: '' })).build() },
        subjects: [rule],
      },
      {
        when: 'there is none',
        input: { plan: ruleChange(null, { ref: 'block-admin', action: 'block' }).build() },
        subjects: [rule],
      },
    ],
    passes: [{ when: 'it is well formed', input: { plan: ruleChange(null, aWafRule()).build() } }],
    skips: [elsewhere],
    doubts: [
      {
        when: 'it is a reference',
        input: { plan: ruleChange(null, aWafRule({ expression: 'ip.src in ${local.office}' })).build() },
        subjects: [rule],
      },
    ],
  },
  'waf-expression-constant': {
    finds: [
      {
        when: 'a block is always true',
        input: { plan: ruleChange(null, aWafRule({ expression: 'true' })).build() },
        subjects: [rule],
      },
      {
        when: 'it can never match',
        input: { plan: ruleChange(null, aWafRule({ expression: 'false' })).build() },
        subjects: [rule],
        severity: 'warn',
      },
      {
        when: 'its parts contradict each other',
        input: {
          plan: ruleChange(
            null,
            aWafRule({
              expression:
                '(http.host eq "a" or http.host eq "b") and starts_with(http.host, "c") and http.request.method eq "GET"',
            }),
          ).build(),
        },
        subjects: [rule],
        severity: 'warn',
      },
      {
        when: 'one of its parts always holds',
        input: {
          plan: ruleChange(
            null,
            aWafRule({ expression: 'len(http.host) ge 4 or len(http.host) lt 10' }),
          ).build(),
        },
        subjects: [rule],
      },
    ],
    passes: [
      { when: 'it depends on the request', input: { plan: ruleChange(null, aWafRule()).build() } },
      {
        when: 'a log rule is always true',
        input: { plan: ruleChange(null, aWafRule({ action: 'log', expression: 'true' })).build() },
      },
    ],
    skips: [
      elsewhere,
      {
        when: 'the rule is disabled',
        input: { plan: ruleChange(null, aWafRule({ enabled: false, expression: 'true' })).build() },
      },
    ],
    doubts: [
      {
        when: 'a block has a reference',
        input: { plan: ruleChange(null, aWafRule({ expression: '${local.e}' })).build() },
        subjects: [rule],
      },
    ],
  },
  'waf-lint': {
    finds: [
      {
        when: 'a host is compared with a star',
        input: {
          plan: ruleChange(null, aWafRule({ expression: 'http.host in {"*.shop.example"}' })).build(),
        },
        subjects: [rule],
      },
      {
        when: 'a pattern has an unescaped dot',
        input: { plan: ruleChange(null, aWafRule({ expression: 'http.host matches "a.png+"' })).build() },
        subjects: [rule],
        severity: 'warn',
      },
      {
        when: 'a phase does not have the action',
        input: {
          plan: ruleChange(
            null,
            aWafRule({
              action: 'redirect',
              action_parameters: { from_list: { name: 'a', key: 'b' } },
              expression: 'http.request.full_uri in $a',
            }),
          ).build(),
        },
        subjects: [rule],
      },
    ],
    passes: [
      { when: 'there is nothing to object to', input: { plan: ruleChange(null, aWafRule()).build() } },
      {
        when: 'the rule with the mistake does not change',
        input: {
          plan: aPlan()
            .updating(
              address,
              aRuleset([aWafRule({ expression: 'http.host in {"*.a"}' })]),
              aRuleset([
                aWafRule({ expression: 'http.host in {"*.a"}' }),
                aWafRule({ ref: 'other', expression: 'http.host eq "b"' }),
              ]),
            )
            .build(),
        },
      },
      {
        when: 'another rule says that the expression is invalid',
        input: { plan: ruleChange(null, aWafRule({ expression: 'http.host not in {"a"}' })).build() },
      },
    ],
    skips: [elsewhere],
  },
  'waf-rule-shadowed': {
    finds: [
      {
        when: 'a new rule stands behind a wider block',
        input: { plan: twoRules([wide], [wide, narrow]) },
        subjects: [`${subject}#narrow`],
      },
      {
        when: 'a block before it gets wider',
        input: { plan: twoRules([{ ...wide, expression: 'ssl' }, narrow], [wide, narrow]) },
        subjects: [`${subject}#narrow`],
      },
      {
        when: 'a wider block moves before it',
        input: { plan: twoRules([narrow, wide], [wide, narrow]) },
        subjects: [`${subject}#narrow`],
      },
      {
        when: 'two blocks match the same requests',
        input: {
          plan: twoRules(
            [wide],
            [wide, { ...narrow, expression: 'http.request.uri.path strict wildcard "*/a*"' }],
          ),
        },
        subjects: [`${subject}#narrow`],
      },
      {
        when: 'a skip of the rest of the ruleset stands before it',
        input: {
          plan: twoRules(
            [narrow],
            [{ ...wide, action: 'skip', action_parameters: { ruleset: 'current' } }, narrow],
          ),
        },
        subjects: [`${subject}#narrow`],
      },
    ],
    passes: [
      {
        when: 'the wider rule comes after it',
        input: { plan: twoRules([wide], [narrow, wide]) },
      },
      {
        when: 'the rule before it only logs',
        input: { plan: twoRules([narrow], [{ ...wide, action: 'log' }, narrow]) },
      },
      {
        when: 'the rule before it challenges: who passes goes on',
        input: { plan: twoRules([narrow], [{ ...wide, action: 'managed_challenge' }, narrow]) },
      },
      {
        when: 'the rule before it is disabled',
        input: { plan: twoRules([narrow], [{ ...wide, enabled: false }, narrow]) },
      },
      {
        when: 'the skip before it is of other products',
        input: {
          plan: twoRules(
            [narrow],
            [{ ...wide, action: 'skip', action_parameters: { products: ['bic'] } }, narrow],
          ),
        },
      },
      {
        when: 'the rule before it blocks above a rate only',
        input: { plan: twoRules([narrow], [{ ...wide, ratelimit: { period: 60 } }, narrow]) },
      },
      {
        when: 'it was so before, and another rule changes',
        input: {
          plan: twoRules([wide, narrow], [wide, narrow, aWafRule({ expression: 'ssl' })]),
        },
      },
    ],
    skips: [elsewhere],
  },
  'waf-host-scope': {
    finds: [
      {
        when: 'a rule of the account names no host',
        input: {
          plan: aPlan()
            .inZone(null)
            .creating(
              address,
              aRuleset([aWafRule({ expression: 'http.request.uri.path eq "/admin"' })], custom, {
                kind: 'root',
              }),
            )
            .build(),
        },
        subjects: [rule],
      },
      {
        when: 'a rule names a host of another zone',
        input: {
          plan: ruleChange(null, aWafRule({ expression: 'http.host eq "www.borough.example"' })).build(),
        },
        subjects: [rule],
        severity: 'warn',
      },
    ],
    passes: [
      { when: 'it names a host of the zone', input: { plan: ruleChange(null, aWafRule()).build() } },
      {
        when: 'it names no host inside its zone',
        input: { plan: ruleChange(null, aWafRule({ expression: 'ip.src eq 192.0.2.1' })).build() },
      },
    ],
    skips: [
      elsewhere,
      { when: 'the rule only logs', input: { plan: ruleChange(null, aWafRule({ action: 'log' })).build() } },
    ],
  },
  'waf-protection-removed': {
    finds: [
      {
        when: 'a block rule is removed',
        input: { plan: ruleChange(aWafRule(), null).build() },
        subjects: [rule],
      },
      {
        when: 'it is disabled',
        input: { plan: ruleChange(aWafRule(), aWafRule({ enabled: false })).build() },
        subjects: [rule],
      },
      {
        when: 'it only logs',
        input: { plan: ruleChange(aWafRule(), aWafRule({ action: 'log' })).build() },
        subjects: [rule],
      },
      {
        when: 'the ruleset is removed',
        input: {
          plan: aPlan()
            .deleting(address, aRuleset([aWafRule()]))
            .build(),
        },
        subjects: [rule],
      },
    ],
    passes: [],
    skips: [
      {
        when: 'a block becomes a challenge',
        input: { plan: ruleChange(aWafRule(), aWafRule({ action: 'managed_challenge' })).build() },
      },
      {
        when: 'a log rule is removed',
        input: { plan: ruleChange(aWafRule({ action: 'log' }), null).build() },
      },
    ],
  },
};
