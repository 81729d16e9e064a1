/** For every floor: what hits it, and the nearest thing that does not. */
import type { RuleInput } from '../../../policies/model/facts.ts';
import type { ImpactLevel, RiskLevel } from '../../../policies/model/record.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { aDnsRecord, aPlan } from '../../builders/plan.ts';
import type { PlanBuilder } from '../../builders/plan.ts';
import { aBoroughRegister, aPolicySet, aRegister } from '../../builders/policy.ts';
import { aRecord, anEmergency } from '../../builders/record.ts';
import { standing } from '../rules/cases/list-cases.ts';
import { aRuleset, aWafRule, ruleChange } from '../rules/cases/waf-cases.ts';
import { reachFloors } from './reach-floor-cases.ts';
import { trackRecordCases } from './track-record-cases.ts';

/** Production of a tier 3 client, so that no floor is hit unless the case does something for it. */
export const quietPolicy = aPolicySet({ registers: [aRegister({ tier: 3 }), aBoroughRegister({ tier: 3 })] });

export function rate(
  impact: ImpactLevel,
  likelihood: ImpactLevel | undefined,
): Parameters<typeof aRecord>[0] {
  return {
    impact: { level: impact, users: 'some', expectedOutage: 'PT0S' },
    likelihood: likelihood === undefined ? undefined : { level: likelihood },
  };
}

const www = 'cloudflare_dns_record.www';
const txt: JsonObject = aDnsRecord({ name: 'x.shop.example', type: 'TXT', content: 'a', proxied: false });
export const many = (count: number): PlanBuilder =>
  Array.from({ length: count }, (_, n) => n).reduce(
    (plan, n) => plan.updating(`cloudflare_dns_record.r${n}`),
    aPlan(),
  );
const zones = (count: number): PlanBuilder =>
  Array.from({ length: count }, (_, n) => n).reduce(
    (plan, n) =>
      plan
        .inZone(`z${n}.example`)
        .updating(
          `cloudflare_dns_record.r${n}`,
          aDnsRecord({ name: `www.z${n}.example` }),
          aDnsRecord({ name: `www.z${n}.example`, ttl: 300 }),
        ),
    aPlan(),
  );
export const setting = (name: string, before: string, after: string): PlanBuilder =>
  aPlan().updating(
    'cloudflare_zone_setting.x',
    { setting_id: name, value: before },
    { setting_id: name, value: after },
  );
/** A list with one item gets others, and a rule that stands names it. */
function emptied(expression: string, after: readonly JsonObject[], action = 'block'): Partial<RuleInput> {
  const list = (items: readonly JsonObject[]): JsonObject => ({
    account_id: 'a',
    kind: 'ip',
    name: 'office',
    items,
  });
  const rule = aWafRule({ expression, action, action_parameters: { ruleset: 'current' } });
  return {
    plan: aPlan()
      .inZone(null)
      .updating('cloudflare_list.office', list([{ ip: '192.0.2.1' }]), list(after))
      .build(),
    unchanged: [standing('cloudflare_ruleset.waf', aRuleset([rule]))],
  };
}

const policy = 'cloudflare_zero_trust_access_policy.x';
const staff: JsonObject = { decision: 'allow', include: [{ email_domain: { domain: 'shop.example' } }] };
const account = aPlan().inZone(null);
const accountRuleset = aPlan()
  .inZone(null)
  .creating(
    'cloudflare_ruleset.x',
    aRuleset([aWafRule({ action: 'log' })], 'http_request_firewall_custom', { kind: 'root' }),
  );

const onAdmin = aWafRule();
const sameAsOnAdmin =
  'http.request.uri.path in {"/admin"} and not (http.host ne "www.shop.example" or http.host eq "x")';
const underAdmin = aWafRule({
  expression: 'http.host eq "www.shop.example" and starts_with(http.request.uri.path, "/admin")',
});

function skipping(rule: JsonObject): JsonObject {
  return { ...rule, action: 'skip', action_parameters: { ruleset: 'current' } };
}

/** A test that no example can be made for. */
function withUntold(key: string, more = ''): JsonObject {
  const expression = `is_timed_hmac_valid_v0("${key}", http.request.uri, 60, http.request.timestamp.sec) ${more}`;
  return aWafRule({ action: 'managed_challenge', expression: expression.trim() });
}

/** id of the floor, level, what hits it, and the nearest thing that does not. */
export const floors: readonly [string, RiskLevel, string, Partial<RuleInput>, Partial<RuleInput>][] = [
  ...reachFloors,
  [
    'security-weaken',
    'high',
    'SSL is lowered',
    { plan: setting('ssl', 'strict', 'full').build() },
    { plan: setting('ssl', 'full', 'strict').build() },
  ],
  [
    'security-weaken',
    'high',
    'the minimum TLS version is lowered',
    { plan: setting('min_tls_version', '1.3', '1.2').build() },
    { plan: setting('min_tls_version', '1.2', '1.3').build() },
  ],
  [
    'security-weaken',
    'high',
    'a WAF rule is disabled',
    { plan: ruleChange(aWafRule(), aWafRule({ enabled: false })).build() },
    {
      plan: ruleChange(
        aWafRule({ enabled: false }),
        aWafRule({ enabled: false, description: 'Other words' }),
      ).build(),
    },
  ],
  [
    'security-weaken',
    'high',
    'a skip is added',
    { plan: ruleChange(null, aWafRule({ action: 'skip' })).build() },
    { plan: ruleChange(null, aWafRule({ action: 'log' })).build() },
  ],
  [
    'security-weaken',
    'high',
    'a value cannot be told',
    { plan: setting('ssl', 'strict', '${var.ssl}').build() },
    { plan: setting('ssl', 'full', 'strict').build() },
  ],
  [
    'security-weaken',
    'high',
    'more people are let in',
    {
      plan: aPlan()
        .updating(policy, staff, {
          ...staff,
          include: [{ email_domain: { domain: 'shop.example' } }, { email: { email: 'a@b.example' } }],
        })
        .build(),
    },
    {
      plan: aPlan()
        .updating(policy, staff, { ...staff, require: [{ geo: { country_code: 'GB' } }] })
        .build(),
    },
  ],
  [
    'security-weaken',
    'high',
    'fewer are shut out',
    {
      plan: aPlan()
        .updating(policy, { ...staff, exclude: [{ email: { email: 'a@b.example' } }] }, staff)
        .build(),
    },
    {
      plan: aPlan()
        .updating(policy, staff, { ...staff, exclude: [{ email: { email: 'a@b.example' } }] })
        .build(),
    },
  ],
  [
    'security-weaken',
    'high',
    'a deny policy is removed',
    {
      plan: aPlan()
        .deleting(policy, { ...staff, decision: 'deny' })
        .build(),
    },
    { plan: aPlan().deleting(policy, staff).build() },
  ],
  [
    'account-scope',
    'critical',
    'a member is added',
    { plan: account.creating('cloudflare_account_member.x', { roles: [] }).build() },
    { plan: aPlan().inZone(null).creating('cloudflare_list.x', {}).build() },
  ],
  [
    'account-scope',
    'critical',
    'a token is created',
    { plan: aPlan().inZone(null).creating('cloudflare_api_token.x', {}).build() },
    { plan: aPlan().creating(www).build() },
  ],
  [
    'account-scope',
    'high',
    'a token is removed',
    { plan: aPlan().inZone(null).deleting('cloudflare_api_token.x', {}).build() },
    { plan: aPlan().creating(www).build() },
  ],
  [
    'account-scope',
    'high',
    'a ruleset of the account changes',
    { plan: accountRuleset.build() },
    { plan: ruleChange(null, aWafRule({ action: 'log' })).build() },
  ],
  [
    'account-scope',
    'high',
    'the Zero Trust organisation changes',
    { plan: aPlan().inZone(null).creating('cloudflare_zero_trust_organization.x', {}).build() },
    { plan: aPlan().inZone(null).creating(policy, staff).build() },
  ],
  [
    'global-rule',
    'high',
    'a block matches everything',
    { plan: ruleChange(null, aWafRule({ expression: 'true' })).build() },
    { plan: ruleChange(null, aWafRule()).build() },
  ],
  [
    'global-rule',
    'high',
    'a redirect matches everything',
    {
      plan: ruleChange(
        null,
        aWafRule({ action: 'redirect', expression: 'true' }),
        'http_request_dynamic_redirect',
      ).build(),
    },
    { plan: ruleChange(null, aWafRule({ action: 'log', expression: 'true' })).build() },
  ],
  [
    'global-rule',
    'high',
    'a block has an expression nobody can read',
    { plan: ruleChange(null, aWafRule({ expression: '${local.e}' })).build() },
    { plan: ruleChange(null, aWafRule({ enabled: false, expression: '${local.e}' })).build() },
  ],
  [
    'global-rule',
    'high',
    'a block of the account names no host',
    {
      plan: aPlan()
        .inZone(null)
        .creating(
          'cloudflare_ruleset.x',
          aRuleset([aWafRule({ expression: 'http.request.uri.path eq "/a"' })]),
        )
        .build(),
    },
    {
      plan: aPlan()
        .creating(
          'cloudflare_ruleset.x',
          aRuleset([aWafRule({ expression: 'http.request.uri.path eq "/a"' })]),
        )
        .build(),
    },
  ],
  [
    'block-new',
    'medium',
    'a block was never logged',
    { plan: ruleChange(null, aWafRule()).build() },
    { plan: ruleChange(null, aWafRule({ action: 'log' })).build() },
  ],
  [
    'block-new',
    'high',
    'two zones get one',
    {
      plan: aPlan()
        .creating('cloudflare_ruleset.a', aRuleset([aWafRule()]))
        .inZone('shop-trade.example')
        .creating('cloudflare_ruleset.b', aRuleset([aWafRule()]))
        .build(),
    },
    {
      plan: aPlan()
        .creating('cloudflare_ruleset.a', aRuleset([aWafRule({ action: 'log' })]))
        .build(),
    },
  ],
  [
    'block-wider',
    'medium',
    'a block matches a path that it did not',
    { plan: ruleChange(onAdmin, underAdmin).build() },
    { plan: ruleChange(underAdmin, onAdmin).build() },
  ],
  [
    'block-wider',
    'medium',
    'what a challenge matches cannot be told',
    { plan: ruleChange(withUntold('a'), withUntold('b')).build() },
    { plan: ruleChange(withUntold('a'), withUntold('a', 'and ssl')).build() },
  ],
  [
    'block-wider',
    'high',
    'rules of two zones get wider',
    {
      plan: aPlan()
        .updating('cloudflare_ruleset.a', aRuleset([onAdmin]), aRuleset([underAdmin]))
        .inZone('shop-trade.example')
        .updating('cloudflare_ruleset.b', aRuleset([onAdmin]), aRuleset([underAdmin]))
        .build(),
    },
    {
      plan: aPlan()
        .updating(
          'cloudflare_ruleset.a',
          aRuleset([onAdmin]),
          aRuleset([aWafRule({ expression: sameAsOnAdmin })]),
        )
        .build(),
    },
  ],
  [
    'exception-wider',
    'high',
    'a skip matches a path that it did not',
    { plan: ruleChange(skipping(onAdmin), skipping(underAdmin)).build() },
    { plan: ruleChange(skipping(underAdmin), skipping(onAdmin)).build() },
  ],
  [
    'exception-wider',
    'medium',
    'a block leaves out more addresses',
    {
      plan: ruleChange(
        aWafRule({ expression: 'ssl and not ip.src in {10.0.0.0/16}' }),
        aWafRule({ expression: 'ssl and not ip.src in {10.0.0.0/8}' }),
      ).build(),
    },
    {
      plan: ruleChange(
        aWafRule({ expression: 'ssl and not ip.src in {10.0.0.0/8}' }),
        aWafRule({ expression: 'ssl and not ip.src in {10.0.0.0/16}' }),
      ).build(),
    },
  ],
  [
    'list-emptied',
    'high',
    'the list of who may pass is emptied',
    emptied('not ip.src in $office', []),
    emptied('not ip.src in $office', [{ ip: '192.0.2.1' }, { ip: '192.0.2.2' }]),
  ],
  [
    'block-wider',
    'medium',
    'the list of who may pass gets shorter',
    emptied('not ip.src in $office', [{ ip: '192.0.2.2' }]),
    emptied('not ip.src in $office', [{ ip: '192.0.2.1' }, { ip: '192.0.2.3' }]),
  ],
  [
    'exception-wider',
    'high',
    'the list of who is excepted gets longer',
    emptied('ip.src in $office', [{ ip: '192.0.2.1' }, { ip: '192.0.2.2' }], 'skip'),
    emptied('ip.src in $office', [], 'skip'),
  ],
  [
    'exception-wider',
    'medium',
    'the list of who is stopped gets shorter',
    emptied('ip.src in $office', []),
    emptied('ip.src in $office', [{ ip: '192.0.2.1' }, { ip: '192.0.2.2' }]),
  ],
  ['blast-radius', 'medium', 'two zones', { plan: zones(2).build() }, { plan: zones(1).build() }],
  ['blast-radius', 'high', 'six zones', { plan: zones(6).build() }, { plan: zones(1).build() }],
  ['blast-radius', 'high', 'twenty-six resources', { plan: many(26).build() }, { plan: many(25).build() }],
  [
    'blast-radius',
    'critical',
    'two clients',
    { plan: aPlan().updating(www).inStack('borough-production').updating(www).build() },
    {
      plan: aPlan()
        .updating(www)
        .inStack('acme-staging')
        .inZone(null)
        .updating('cloudflare_list.office', { kind: 'ip' }, { kind: 'asn' })
        .build(),
    },
  ],
  [
    'irreversible',
    'high',
    'there is no way back',
    { record: aRecord({ rollback: { strategy: 'not-possible', steps: [], triggers: [] } }) },
    {},
  ],
  [
    'irreversible',
    'high',
    'a resource leaves the state',
    { plan: aPlan().changing(www, ['forget'], { before: txt }).build() },
    { plan: aPlan().deleting(www, txt).build() },
  ],
  ...trackRecordCases,
  [
    'short-notice',
    'critical',
    'a high change in four working days',
    { ...inWorkingDays('2026-11-27T20:00:00+00:00') },
    { ...inWorkingDays('2026-11-30T20:00:00+00:00') },
  ],
  [
    'short-notice',
    'critical',
    'the clock ran from the submission',
    { ...inWorkingDays('2026-11-30T20:00:00+00:00'), submittedAt: '2026-11-24T09:00:00Z' },
    {
      ...inWorkingDays('2026-11-30T20:00:00+00:00'),
      now: '2026-11-30T19:00:00Z',
      submittedAt: '2026-11-23T09:00:00Z',
    },
  ],
  [
    'short-notice',
    'critical',
    'there is no date',
    { record: aRecord({ ...rate(4, 1), schedule: undefined }) },
    { record: anEmergency({ ...rate(4, 1), schedule: undefined }) },
  ],
  ['critical-service', 'medium', 'tier 1', { policy: aPolicySet() }, {}],
  [
    'critical-service',
    'medium',
    'tier 1 in production',
    { policy: aPolicySet() },
    {
      policy: aPolicySet(),
      plan: aPlan().withoutStack('acme-production').inStack('acme-staging').updating(www).build(),
    },
  ],
  [
    'peak-time',
    'medium',
    'outside every window',
    planned('2026-12-07T12:00:00+00:00', '2026-12-07T13:00:00+00:00'),
    planned('2026-12-07T20:00:00+00:00', '2026-12-07T23:00:00+00:00'),
  ],
  [
    'peak-time',
    'medium',
    'it ends after the window',
    planned('2026-12-07T22:00:00+00:00', '2026-12-07T23:30:00+00:00'),
    planned('2026-12-13T06:00:00+00:00', '2026-12-13T10:00:00+00:00'),
  ],
  [
    'policy-touch',
    'high',
    'a threshold changes',
    { changedFiles: ['policies/thresholds.yaml'] },
    { changedFiles: ['stacks/clients/acme/production.ts'] },
  ],
  [
    'policy-touch',
    'high',
    'a workflow changes',
    { changedFiles: ['.github/workflows/gate.yaml'] },
    { changedFiles: ['changes/acme/CHG-2026-0001.yaml'] },
  ],
  ['no-op', 'low', 'nothing changes', { plan: aPlan().build() }, {}],
];

export function planned(
  plannedStart: string,
  plannedEnd: string,
): { readonly record: ReturnType<typeof aRecord> } {
  return { record: aRecord({ schedule: { plannedStart, plannedEnd } }) };
}
function inWorkingDays(plannedStart: string): Partial<RuleInput> {
  return {
    record: aRecord({
      ...rate(4, 1),
      schedule: { plannedStart, plannedEnd: plannedStart.replace('20:00', '21:00') },
    }),
  };
}
