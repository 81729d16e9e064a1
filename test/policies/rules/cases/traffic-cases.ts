/** Cases of the rules about must-pass requests and recorded traffic. */
import type { RuleInput } from '../../../../policies/model/facts.ts';
import type { MustPassResult, TrafficLimits } from '../../../../policies/model/traffic.ts';
import type { JsonObject } from '../../../../scripts/plan/types.ts';
import type { ReplaySummary, VerdictChange } from '../../../../scripts/waf/replay/types.ts';
import { aPlan } from '../../../builders/plan.ts';
import { aPolicySet, aRegister, someThresholds, someTrafficLimits } from '../../../builders/policy.ts';
import { aRecord, aStandardChange, anEmergency } from '../../../builders/record.ts';
import { aMustPass, aReplay, aSample, someTraffic } from '../../../builders/traffic.ts';
import type { CaseTable, RuleCases } from './rule-cases.ts';
import { aRuleset, aWafRule, ruleChange } from './waf-cases.ts';

const wafPlan = ruleChange(null, aWafRule()).build();
const redirectPlan = ruleChange(null, aWafRule(), 'http_request_dynamic_redirect').build();
const stacks = ['acme-production'];
const elsewhere = { when: 'no rule changes', input: {} };

const tried = (...results: readonly Partial<MustPassResult>[]): Partial<RuleInput> => ({
  plan: wafPlan,
  traffic: someTraffic({ stacks, mustPass: results.map(aMustPass) }),
});

const rule = ['block-admin of acme-production/cloudflare_ruleset.waf'];
const blocked = { after: 'block', change: 'newly-blocked', reasons: rule } as const;
const office = 'acme/office-london';

const mustPass: RuleCases = {
  finds: [
    { when: 'a case that passed is blocked', input: tried(blocked), subjects: [office] },
    {
      when: 'one is challenged, another passes',
      input: tried({ ...blocked, after: 'managed_challenge' }, { name: 'call-back' }),
      subjects: [office],
    },
    {
      when: 'a challenge becomes a block',
      input: tried({ ...blocked, before: 'managed_challenge' }),
      subjects: [office],
    },
    {
      when: 'it is blocked, and nobody knows how it was before',
      input: tried({ ...blocked, before: 'unknown' }),
      subjects: [office],
    },
    {
      when: 'it is blocked, and nothing says by what',
      input: tried({ ...blocked, reasons: [] }),
      subjects: [office],
    },
    {
      when: 'an action that nobody knows answers it',
      input: tried({ ...blocked, after: 'constructor' }),
      subjects: [office],
    },
    {
      when: 'it was blocked before, and still is',
      input: tried({ ...blocked, before: 'block', change: 'unchanged' }),
      subjects: [office],
      severity: 'warn',
    },
    {
      when: 'it is redirected',
      input: tried({ ...blocked, after: 'redirect', change: 'changed-action' }),
      subjects: [office],
      severity: 'warn',
    },
    {
      when: 'the facts leave out the stack whose rules change',
      input: { plan: wafPlan, traffic: someTraffic({ stacks: ['borough-production'] }) },
      subjects: stacks,
    },
    {
      when: 'a list changes, and nothing was tried',
      input: {
        plan: aPlan().updating('cloudflare_list.offices', { name: 'a' }, { name: 'b' }).build(),
        traffic: someTraffic(),
      },
      subjects: stacks,
    },
  ],
  passes: [
    { when: 'all pass', input: tried({}, { name: 'call-back' }) },
    { when: 'one cannot be told: another rule says so', input: tried({ after: 'unknown' }) },
    { when: 'there are none', input: { plan: wafPlan } },
  ],
  skips: [elsewhere],
};

const mustPassKnown: RuleCases = {
  finds: [
    {
      when: 'the same rules left it open before',
      input: tried({ before: 'unknown', after: 'unknown', change: 'unchanged', reasons: ['ip.src.asnum'] }),
      subjects: [office],
      severity: 'warn',
    },
    {
      when: 'a managed ruleset looks at it now',
      input: tried({ newlyChecked: ['execute-managed of efb7b8c949ac4650a09736fc376e9aee'] }),
      subjects: [office],
      severity: 'warn',
    },
  ],
  passes: [
    { when: 'all pass', input: tried({}) },
    { when: 'one is stopped: another rule says so', input: tried({ ...blocked, newlyChecked: ['x'] }) },
  ],
  skips: [
    elsewhere,
    { when: 'there is no case', input: { plan: wafPlan } },
    {
      when: 'no rule changes, whatever the facts say',
      input: { traffic: someTraffic({ mustPass: [aMustPass({ after: 'unknown' })] }) },
    },
  ],
  doubts: [
    {
      when: 'a field of the case is not known',
      input: tried({ after: 'unknown', change: 'undecidable', reasons: ['cf.bot_management.score'] }),
      subjects: [office],
    },
    {
      when: 'it cannot be told on either side, by another rule',
      input: tried({ before: 'unknown', after: 'unknown', change: 'undecidable' }),
      subjects: [office],
    },
    {
      when: 'it was stopped, and cannot be told now',
      input: tried({ before: 'block', after: 'unknown', change: 'undecidable' }),
      subjects: [office],
    },
    {
      when: 'the expression of a rule is wrong: once, and not for each case',
      input: {
        plan: ruleChange(null, aWafRule({ expression: 'http.hst eq "a.example"' })).build(),
        traffic: someTraffic({
          stacks,
          mustPass: ['office-london', 'call-back'].map((name) =>
            aMustPass({
              name,
              after: 'unknown',
              change: 'undecidable',
              reasons: ['http.hst', `whether ${rule.join()} matches`],
            }),
          ),
        }),
      },
      subjects: ['acme-production/cloudflare_ruleset.waf#block-admin'],
    },
  ],
};

const without = (client: string): Pick<RuleInput, 'plan' | 'traffic'> => ({
  plan: wafPlan,
  traffic: someTraffic({ stacks, withoutCases: [client] }),
});

/** A list of the platform's stack, or a rule of a zone in staging; the facts say that production is reached. */
const reaching = (stack: string, type: string, parts: JsonObject): Pick<RuleInput, 'plan' | 'traffic'> => ({
  plan: aPlan()
    .withoutStack('acme-production')
    .inStack(stack)
    .updating(`${type}.it`, { ...parts, name: 'a' }, { ...parts, name: 'b' })
    .build(),
  traffic: someTraffic({ stacks: ['acme-production', stack], withoutCases: ['acme'] }),
});
const accountList = reaching('platform', 'cloudflare_list', { account_id: 'one' });
const stagingRule = reaching('acme-staging', 'cloudflare_ruleset', {
  zone_id: 'zone',
  phase: 'http_request_firewall_custom',
});

const mustPassPresent: RuleCases = {
  finds: [
    { when: 'the client has none', input: without('acme'), subjects: stacks },
    { when: 'a client that a list of the account reaches has none', input: accountList, subjects: stacks },
  ],
  passes: [
    { when: 'the client has some', input: { plan: wafPlan } },
    { when: 'another client has none', input: without('borough') },
  ],
  skips: [
    elsewhere,
    {
      when: 'only staging changes',
      input: {
        plan: aPlan()
          .withoutStack('acme-production')
          .inStack('acme-staging')
          .updating('cloudflare_ruleset.waf', aRuleset([]), aRuleset([aWafRule()]))
          .build(),
      },
    },
    { when: 'a rule of a zone in staging reaches no further', input: stagingRule },
    { when: 'only redirects change', input: { plan: redirectPlan, traffic: without('acme').traffic } },
    {
      when: 'no register knows the stack',
      input: { ...without('acme'), policy: aPolicySet({ registers: [] }) },
    },
  ],
};

const limited = (parts: Partial<TrafficLimits>, tier: 1 | 2 | 3 = 1): Pick<RuleInput, 'policy'> => {
  const { traffic } = someThresholds();
  const thresholds = someThresholds({
    traffic: { ...traffic, [`tier${String(tier)}`]: someTrafficLimits(parts) },
  });
  return { policy: aPolicySet({ thresholds, registers: [aRegister({ tier })] }) };
};

const denying = limited({ withoutSample: 'deny' });
const denyingPolicy = { ...denying.policy, registers: aPolicySet().registers };
const digest = aReplay().digest;
const withSample = { record: aRecord({ traffic: { sample: digest } }) };
const record = ['record'];
const replayed = (replay: ReplaySummary, parts: Partial<RuleInput> = {}): Partial<RuleInput> => ({
  plan: wafPlan,
  ...withSample,
  traffic: someTraffic({ stacks, replay }),
  ...parts,
});

const sample: RuleCases = {
  finds: [
    {
      when: 'tier 1 without a sample, where that denies',
      input: { plan: wafPlan, ...denying },
      subjects: record,
    },
    {
      when: 'the same, where that warns',
      input: { plan: wafPlan, ...limited({ withoutSample: 'warn' }) },
      subjects: record,
      severity: 'warn',
    },
    {
      when: 'no register knows the stack: it counts as tier 1',
      input: { plan: wafPlan, policy: { ...denying.policy, registers: [] } },
      subjects: record,
    },
    {
      when: 'tier 2 without a sample, where that denies',
      input: { plan: wafPlan, ...limited({ withoutSample: 'deny' }, 2) },
      subjects: record,
    },
    {
      when: 'a list of the account reaches tier 1',
      input: { ...accountList, policy: denyingPolicy },
      subjects: record,
    },
    {
      when: 'an emergency has no time for one',
      input: { plan: wafPlan, ...denying, record: anEmergency() },
      subjects: record,
      severity: 'warn',
    },
    {
      when: 'the sample is not there',
      input: {
        plan: wafPlan,
        ...withSample,
        traffic: someTraffic({ stacks, problem: 'the sample is not in .sluice/traffic' }),
      },
      subjects: record,
    },
    { when: 'it was not replayed', input: { plan: wafPlan, ...withSample }, subjects: record },
    {
      when: 'another sample was replayed',
      input: replayed(aReplay({}, { digest: `sha256:${'6'.repeat(64)}` })),
      subjects: record,
    },
    {
      when: 'the record does not name what was replayed',
      input: replayed(aReplay(), { record: aRecord() }),
      subjects: record,
    },
  ],
  passes: [
    { when: 'the named sample was replayed', input: replayed(aReplay()) },
    { when: 'none is asked for', input: { plan: wafPlan } },
  ],
  skips: [
    elsewhere,
    { when: 'only redirects change', input: { plan: redirectPlan, ...denying } },
    { when: 'a rule of a zone in staging reaches no further', input: { ...stagingRule, ...denying } },
    { when: 'there is no record', input: { plan: wafPlan, record: null } },
    { when: 'a standard change', input: { plan: wafPlan, ...denying, record: aStandardChange() } },
  ],
};

const counted = (
  change: VerdictChange,
  count: number,
  parts: Partial<ReplaySummary> = {},
): Partial<RuleInput> => replayed(aReplay({ [change]: count }, parts));

const limits: RuleCases = {
  finds: [
    {
      when: 'one more than 1 % is newly blocked',
      input: counted('newly-blocked', 101, {
        rules: [
          { change: 'newly-blocked', rule: 'few', ruleset: 'custom', count: 1, samples: [] },
          {
            change: 'newly-blocked',
            rule: 'block-admin',
            ruleset: 'custom',
            count: 100,
            samples: [aSample()],
          },
          { change: 'newly-allowed', rule: 'other', ruleset: 'custom', count: 900, samples: [] },
        ],
        breakdowns: [
          { change: 'newly-blocked', dimension: 'agent', values: [{ value: 'curl', count: 101 }], rest: 0 },
          { change: 'newly-allowed', dimension: 'path', values: [{ value: '/other', count: 9 }], rest: 0 },
          {
            change: 'newly-blocked',
            dimension: 'path',
            values: ['/cart', '/a'.repeat(60), '/b', '/c'].map((value) => ({ value, count: 25 })),
            rest: 1,
          },
          { change: 'newly-blocked', dimension: 'path', values: [{ value: '/later', count: 9 }], rest: 0 },
        ],
      }),
      subjects: ['traffic/newly-blocked'],
    },
    {
      when: 'one more than 2 % is newly challenged',
      input: counted('newly-challenged', 201, {
        missing: [{ field: 'ssl', column: null, count: 1 }],
      }),
      subjects: ['traffic/newly-challenged'],
    },
    {
      when: 'one more than 3 % is newly allowed',
      input: counted('newly-allowed', 301),
      subjects: ['traffic/newly-allowed'],
    },
    {
      when: 'one more than 10 % cannot be told',
      input: counted('undecidable', 1001, {
        missing: ['cf.bot_management.score', 'cf.waf.score', 'ip.src.asnum', 'ssl'].map((field) => ({
          field,
          column: null,
          count: 9,
        })),
      }),
      subjects: ['traffic/undecidable'],
    },
    {
      when: 'one request too few',
      input: replayed(aReplay({}, { requests: 999 })),
      subjects: ['traffic/requests'],
    },
    {
      when: 'a sample of another zone: no request at all',
      input: replayed(aReplay({}, { requests: 0, otherHosts: 50_000, calibration: null })),
      subjects: ['traffic/requests', 'traffic/agreement'],
    },
    {
      when: 'one more than 5 % of the lines cannot be read',
      input: replayed(aReplay({}, { otherHosts: 9000, badLines: 1001 })),
      subjects: ['traffic/bad-lines'],
    },
    {
      when: 'the sample does not say what happened',
      input: replayed(aReplay({}, { calibration: null })),
      subjects: ['traffic/agreement'],
    },
    {
      when: 'nothing of what happened can be compared',
      input: replayed(aReplay({}, { calibration: { compared: 0, agreed: 0, disagreements: [] } })),
      subjects: ['traffic/agreement'],
    },
    {
      when: 'one less than 90 % agree',
      input: replayed(aReplay({}, { calibration: { compared: 1000, agreed: 899, disagreements: [] } })),
      subjects: ['traffic/agreement'],
    },
    {
      when: 'a stack that changes was left out',
      input: replayed(aReplay({}, { stacks: ['acme-staging'] })),
      subjects: ['traffic/stacks'],
    },
    {
      when: 'a stack that an account rule reaches was left out',
      input: {
        ...replayed(aReplay()),
        traffic: someTraffic({ stacks: [...stacks, 'borough-production'], replay: aReplay() }),
      },
      subjects: ['traffic/stacks'],
    },
    {
      when: 'requests without a verdict',
      input: counted('unchanged', 9999),
      subjects: ['traffic/counts'],
    },
    {
      when: 'no register knows the stack: the limits of tier 1',
      input: {
        ...counted('newly-blocked', 1),
        policy: { ...limited({ maxBlockedShare: 0 }).policy, registers: [] },
      },
      subjects: ['traffic/newly-blocked'],
    },
  ],
  passes: [
    { when: 'exactly 1 % newly blocked', input: counted('newly-blocked', 100) },
    { when: 'exactly 2 % newly challenged', input: counted('newly-challenged', 200) },
    { when: 'exactly 3 % newly allowed', input: counted('newly-allowed', 300) },
    { when: 'exactly 10 % cannot be told', input: counted('undecidable', 1000) },
    { when: 'another action for all: no limit is agreed', input: counted('changed-action', 10_000) },
    { when: 'exactly as many requests as needed', input: replayed(aReplay({}, { requests: 1000 })) },
    {
      when: 'exactly 5 % of the lines cannot be read',
      input: replayed(aReplay({}, { otherHosts: 9000, badLines: 1000 })),
    },
    {
      when: 'exactly 90 % agree',
      input: replayed(aReplay({}, { calibration: { compared: 1000, agreed: 900, disagreements: [] } })),
    },
    {
      when: 'no agreement is asked for',
      input: { ...replayed(aReplay({}, { calibration: null })), ...limited({ minAgreement: 0 }) },
    },
    {
      when: 'a client of tier 3 has limits of its own',
      input: { ...counted('newly-blocked', 5000), ...limited({ maxBlockedShare: 0.5 }, 3) },
    },
  ],
  skips: [
    { when: 'no sample was replayed', input: { plan: wafPlan } },
    {
      when: 'only staging changes',
      input: {
        plan: aPlan()
          .withoutStack('acme-production')
          .inStack('acme-staging')
          .updating('cloudflare_ruleset.waf', aRuleset([]), aRuleset([aWafRule()]))
          .build(),
        traffic: someTraffic({ stacks: ['acme-staging'], replay: aReplay({ 'newly-blocked': 10_000 }) }),
      },
    },
  ],
};

export const trafficCases: CaseTable = {
  'waf-must-pass': mustPass,
  'waf-must-pass-known': mustPassKnown,
  'waf-must-pass-present': mustPassPresent,
  'waf-traffic-limits': limits,
  'waf-traffic-sample': sample,
};
