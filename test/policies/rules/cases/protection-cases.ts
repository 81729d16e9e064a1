/** Cases of the rules that keep protections in place: skips, managed rulesets, rate limits, configuration rules. */
import type { JsonObject } from '../../../../scripts/plan/types.ts';
import { aPlan } from '../../../builders/plan.ts';
import { standing } from './list-cases.ts';
import type { CaseTable } from './rule-cases.ts';
import { aRateLimit, aRuleset, aWafRule, ruleChange } from './waf-cases.ts';

const address = 'cloudflare_ruleset.waf';
const subject = `acme-production/${address}`;
const rule = `${subject}#block-admin`;
const managed = 'http_request_firewall_managed';
const elsewhere = { when: 'no ruleset changes', input: {} };
const ratePhase = 'http_ratelimit';

const skip = aWafRule({
  action: 'skip',
  description: 'Uptime checks, until 2027-01-31',
  action_parameters: { phases: ['http_request_firewall_managed'] },
});
const execute = aWafRule({
  action: 'execute',
  expression: 'true',
  action_parameters: { id: 'efb7b8c949ac4650a09736fc376e9aee' },
});

function overriding(overrides: JsonObject): JsonObject {
  return aWafRule({ ...execute, action_parameters: { id: 'efb7b8c949ac4650a09736fc376e9aee', overrides } });
}

export const protectionCases: CaseTable = {
  'waf-skip-scope': {
    finds: [
      {
        when: 'it skips for everything',
        input: { plan: ruleChange(null, aWafRule({ ...skip, expression: 'true' })).build() },
        subjects: [rule],
      },
      {
        when: 'it has no expression',
        input: { plan: ruleChange(null, { ref: 'block-admin', action: 'skip' }).build() },
        subjects: [rule],
      },
    ],
    passes: [{ when: 'it is confined', input: { plan: ruleChange(null, skip).build() } }],
    skips: [elsewhere, { when: 'the skip is removed', input: { plan: ruleChange(skip, null).build() } }],
    doubts: [
      {
        when: 'the expression is a reference',
        input: { plan: ruleChange(null, aWafRule({ ...skip, expression: '${local.e}' })).build() },
        subjects: [rule],
      },
      {
        when: 'the expression cannot be read',
        input: { plan: ruleChange(null, aWafRule({ ...skip, expression: 'http.host eq (' })).build() },
        subjects: [rule],
      },
    ],
  },
  'waf-emergency-expiry': {
    finds: [
      {
        when: 'a new move is over',
        input: {
          plan: ruleChange(null, aWafRule({ ...skip, description: 'x; expires 2026-11-22, INC-41' })).build(),
        },
        subjects: [rule],
      },
      {
        when: 'it holds longer than the policies say',
        input: {
          plan: ruleChange(null, aWafRule({ ...skip, description: 'x; expires 2026-12-09, INC-41' })).build(),
        },
        subjects: [rule],
      },
      {
        when: 'a move of the stack is over and something else changes',
        input: {
          plan: aPlan().creating('cloudflare_load_balancer.b', { name: 'api.shop.example' }).build(),
          unchanged: [
            standing(address, aRuleset([aWafRule({ description: 'x; expires 2026-11-22, INC-41' })])),
          ],
        },
        subjects: [rule],
      },
    ],
    passes: [
      {
        when: 'it is the last day',
        input: {
          plan: ruleChange(null, aWafRule({ ...skip, description: 'x; expires 2026-11-23, INC-41' })).build(),
        },
      },
      { when: 'it is a rule of no emergency', input: { plan: ruleChange(null, skip).build() } },
    ],
    skips: [elsewhere],
  },
  'waf-skip-expiry': {
    finds: [
      {
        when: 'it has no end',
        input: { plan: ruleChange(null, aWafRule({ ...skip, description: 'Uptime checks' })).build() },
        subjects: [rule],
      },
      {
        when: 'its end has passed',
        input: { plan: ruleChange(null, aWafRule({ ...skip, description: 'until 2026-11-22' })).build() },
        subjects: [rule],
      },
      {
        when: 'its end is years away',
        input: { plan: ruleChange(null, aWafRule({ ...skip, description: 'until 2036-01-01' })).build() },
        subjects: [rule],
      },
      {
        when: 'its end is not a date',
        input: { plan: ruleChange(null, aWafRule({ ...skip, description: 'until 2026-13-45' })).build() },
        subjects: [rule],
      },
    ],
    passes: [
      { when: 'it says until when', input: { plan: ruleChange(null, skip).build() } },
      {
        when: 'it ends today',
        input: { plan: ruleChange(null, aWafRule({ ...skip, description: 'Until 2026-11-23' })).build() },
      },
    ],
    skips: [
      elsewhere,
      {
        when: 'the skip is disabled',
        input: { plan: ruleChange(null, aWafRule({ ...skip, enabled: false })).build() },
      },
    ],
    doubts: [
      {
        when: 'the description is a reference',
        input: { plan: ruleChange(null, aWafRule({ ...skip, description: '${var.d}' })).build() },
        subjects: [rule],
      },
    ],
  },
  'managed-ruleset-kept': {
    finds: [
      {
        when: 'the ruleset is removed',
        input: {
          plan: aPlan()
            .deleting(address, aRuleset([execute], managed))
            .build(),
        },
        subjects: [subject],
      },
      {
        when: 'its execute rule is removed',
        input: { plan: ruleChange(execute, null, managed).build() },
        subjects: [rule],
      },
      {
        when: 'its execute rule is disabled',
        input: { plan: ruleChange(execute, aWafRule({ ...execute, enabled: false }), managed).build() },
        subjects: [rule],
      },
      {
        when: 'its execute rule becomes a skip',
        input: { plan: ruleChange(execute, aWafRule({ ...execute, action: 'skip' }), managed).build() },
        subjects: [rule],
      },
    ],
    passes: [
      { when: 'it is added', input: { plan: ruleChange(null, execute, managed).build() } },
      {
        when: 'an exception is added before it',
        input: {
          plan: aPlan()
            .updating(
              address,
              aRuleset([execute], managed),
              aRuleset([aWafRule({ ...skip, ref: 's' }), execute], managed),
            )
            .build(),
        },
      },
    ],
    skips: [
      elsewhere,
      { when: 'a custom rule is removed', input: { plan: ruleChange(aWafRule(), null).build() } },
    ],
    doubts: [
      {
        when: 'enabled is a reference',
        input: { plan: ruleChange(execute, aWafRule({ ...execute, enabled: '${var.on}' }), managed).build() },
        subjects: [rule],
      },
      {
        when: 'the rules are unknown',
        input: { plan: ruleChange(execute, execute, managed).withUnknown('rules').build() },
        subjects: [`${subject}#rules`],
      },
    ],
  },
  'managed-ruleset-overrides': {
    finds: [
      {
        when: 'the whole ruleset is disabled',
        input: { plan: ruleChange(execute, overriding({ enabled: false }), managed).build() },
        subjects: [rule],
      },
      {
        when: 'the whole ruleset only logs',
        input: { plan: ruleChange(execute, overriding({ action: 'log' }), managed).build() },
        subjects: [rule],
      },
      {
        when: 'a category is disabled',
        input: {
          plan: ruleChange(
            execute,
            overriding({ categories: [{ category: 'sqli', enabled: false }] }),
            managed,
          ).build(),
        },
        subjects: [rule],
      },
      {
        when: 'sensitivity is essentially off',
        input: { plan: ruleChange(null, overriding({ sensitivity_level: 'eoff' }), 'ddos_l7').build() },
        subjects: [rule],
      },
      {
        when: 'a single rule is disabled',
        input: {
          plan: ruleChange(execute, overriding({ rules: [{ id: 'a', enabled: false }] }), managed).build(),
        },
        subjects: [rule],
        severity: 'warn',
      },
    ],
    passes: [
      {
        when: 'a rule is made stricter',
        input: {
          plan: ruleChange(execute, overriding({ rules: [{ id: 'a', action: 'block' }] }), managed).build(),
        },
      },
      {
        when: 'it was disabled before and stays so',
        input: {
          plan: ruleChange(
            overriding({ enabled: false }),
            aWafRule({ ...overriding({ enabled: false }), logging: { enabled: true } }),
            managed,
          ).build(),
        },
      },
    ],
    skips: [elsewhere],
    doubts: [
      {
        when: 'the overrides are a reference',
        input: {
          plan: ruleChange(
            execute,
            aWafRule({ ...execute, action_parameters: { overrides: '${local.o}' } }),
            managed,
          ).build(),
        },
        subjects: [rule],
      },
    ],
  },
  'rate-limit-kept': {
    finds: [
      {
        when: 'removed',
        input: { plan: ruleChange(aRateLimit(), null, ratePhase).build() },
        subjects: [rule],
      },
      {
        when: 'disabled',
        input: { plan: ruleChange(aRateLimit(), aRateLimit({ enabled: false }), ratePhase).build() },
        subjects: [rule],
      },
      {
        when: 'more requests pass',
        input: {
          plan: ruleChange(aRateLimit(), aRateLimit({}, { requests_per_period: 100 }), ratePhase).build(),
        },
        subjects: [rule],
      },
      {
        when: 'the same number passes in less time',
        input: { plan: ruleChange(aRateLimit(), aRateLimit({}, { period: 10 }), ratePhase).build() },
        subjects: [rule],
      },
      {
        when: 'it only logs',
        input: { plan: ruleChange(aRateLimit(), aRateLimit({ action: 'log' }), ratePhase).build() },
        subjects: [rule],
      },
      {
        when: 'mitigation is shorter',
        input: {
          plan: ruleChange(aRateLimit(), aRateLimit({}, { mitigation_timeout: 10 }), ratePhase).build(),
        },
        subjects: [rule],
      },
      {
        when: 'an old-style limit is removed',
        input: { plan: aPlan().deleting('cloudflare_rate_limit.login', { threshold: 5 }).build() },
        subjects: ['acme-production/cloudflare_rate_limit.login'],
      },
    ],
    passes: [
      {
        when: 'fewer requests pass',
        input: {
          plan: ruleChange(aRateLimit(), aRateLimit({}, { requests_per_period: 5 }), ratePhase).build(),
        },
      },
      {
        when: 'a challenge becomes a block',
        input: {
          plan: ruleChange(aRateLimit({ action: 'managed_challenge' }), aRateLimit(), ratePhase).build(),
        },
      },
    ],
    skips: [
      elsewhere,
      { when: 'a limit is added', input: { plan: ruleChange(null, aRateLimit(), ratePhase).build() } },
    ],
    doubts: [
      {
        when: 'the rate is a reference',
        input: {
          plan: ruleChange(
            aRateLimit(),
            aRateLimit({}, { requests_per_period: '${var.n}' }),
            ratePhase,
          ).build(),
        },
        subjects: [rule],
      },
    ],
  },
  'config-rule-weakening': {
    finds: [
      {
        when: 'SSL is off for a path',
        input: {
          plan: ruleChange(
            null,
            aWafRule({ action: 'set_config', action_parameters: { ssl: 'off' } }),
            'http_config_settings',
          ).build(),
        },
        subjects: [rule],
      },
      {
        when: 'the browser check is off',
        input: {
          plan: ruleChange(
            null,
            aWafRule({ action: 'set_config', action_parameters: { bic: false } }),
            'http_config_settings',
          ).build(),
        },
        subjects: [rule],
      },
    ],
    passes: [
      {
        when: 'the level is raised',
        input: {
          plan: ruleChange(
            null,
            aWafRule({ action: 'set_config', action_parameters: { security_level: 'high' } }),
            'http_config_settings',
          ).build(),
        },
      },
    ],
    skips: [elsewhere],
    doubts: [
      {
        when: 'the mode is a reference',
        input: {
          plan: ruleChange(
            null,
            aWafRule({ action: 'set_config', action_parameters: { ssl: '${var.ssl}' } }),
            'http_config_settings',
          ).build(),
        },
        subjects: [rule],
      },
    ],
  },
};
