import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateRules } from '../../../policies/evaluate.ts';
import type { RuleInput } from '../../../policies/model/facts.ts';
import { findingIds } from '../../../policies/model/finding.ts';
import type { Finding, Rule, RuleResult } from '../../../policies/model/finding.ts';
import type { LocatedRecord } from '../../../policies/model/record.ts';
import { protectingSecurity } from '../../../policies/protecting.ts';
import { allRules } from '../../../policies/registry.ts';
import { waives, waiverChecks } from '../../../policies/waivers.ts';
import { lintRules } from '../../../scripts/waf/lint/catalogue.ts';
import { aRuleContext, aRuleInput } from '../../builders/facts.ts';
import { aRecord } from '../../builders/record.ts';
import { accessCases } from './cases/access-cases.ts';
import { accessEntryCases } from './cases/access-entry-cases.ts';
import { accessTrustCases } from './cases/access-trust-cases.ts';
import { exposureCases } from './cases/exposure-cases.ts';
import { listCases } from './cases/list-cases.ts';
import { placeCases } from './cases/place-cases.ts';
import { planCases } from './cases/plan-cases.ts';
import { protectionCases } from './cases/protection-cases.ts';
import { meetingCases } from './meeting-cases.ts';
import { recordCases } from './cases/record-cases.ts';
import { recordFieldCases } from './record-field-cases.ts';
import { requestCases } from './cases/request-cases.ts';
import { nameCases } from './cases/name-cases.ts';
import { reachabilityCases } from './cases/reachability-cases.ts';
import type { RuleCases } from './cases/rule-cases.ts';
import { scopeCases } from './cases/scope-cases.ts';
import { servingCases } from './cases/serving-cases.ts';
import { settingsCases } from './cases/settings-cases.ts';
import { trafficCases } from './cases/traffic-cases.ts';
import { valueCases } from './cases/value-cases.ts';
import { wafCases } from './cases/waf-cases.ts';
import { zoneCases } from './cases/zone-cases.ts';

const tables = new Map<string, RuleCases>(
  [
    listCases,
    requestCases,
    zoneCases,
    wafCases,
    trafficCases,
    protectionCases,
    accessCases,
    accessEntryCases,
    accessTrustCases,
    exposureCases,
    nameCases,
    reachabilityCases,
    servingCases,
    placeCases,
    planCases,
    valueCases,
    scopeCases,
    settingsCases,
    meetingCases,
    recordCases,
    recordFieldCases,
  ].flatMap((table) => Object.entries(table)),
);

/** What these rules find stays, whoever signs: without it the gate would have nothing to go by. */
const neverWaived: ReadonlySet<string> = new Set([
  'plan-no-provisioners',
  'record-fields',
  'plan-one-client',
  'plan-places-owned',
  'plan-providers-allowed',
  'plan-safe-configuration',
  'plan-update-possible',
  'plan-values-accepted',
  'plan-values-typed',
  'policy-change-alone',
  'record-administrative-empty',
  'record-client-approval',
  'record-client-match',
  'record-complete',
  'record-emergency-incident',
  'record-open-incident',
  'record-people',
  'record-rollback-defined',
  'record-schedule',
  'record-stacks-match',
  'record-standard-match',
  'record-window-known',
  'waf-must-pass',
]);

function casesOf(rule: Rule): RuleCases {
  const found = tables.get(rule.id);
  if (found === undefined) {
    throw new Error(`${rule.id} has no cases`);
  }
  return found;
}

function run(rule: Rule, input: Partial<RuleInput>): RuleResult {
  return rule.evaluate(aRuleContext(input));
}

describe('the registry', () => {
  it('has every file of the folder, each rule under the name of its file', () => {
    const files = readdirSync(new URL('../../../policies/rules', import.meta.url), {
      recursive: true,
      withFileTypes: true,
    })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .toSorted();
    expect(files).toEqual(allRules.map((rule) => `${rule.id}.ts`).toSorted());
  });

  it('has these rules and no others: ids are for ever, waivers and ledgers refer to them', () => {
    const marks = allRules.map(
      (rule) => `${rule.id} ${rule.severity}${rule.waivable ? '' : ' not-waivable'}`,
    );
    expect(marks).toMatchInlineSnapshot(`
      [
        "access-kept deny",
        "access-not-widened deny",
        "access-options-kept deny",
        "access-policy-not-open deny",
        "access-trust-kept deny",
        "account-member-roles deny",
        "always-online-private deny",
        "bot-settings-kept deny",
        "caa-kept deny",
        "cache-personal-pages deny",
        "config-rule-weakening deny",
        "dmarc-kept deny",
        "dns-name-kept warn",
        "dns-private-address deny",
        "dns-proxied-kept deny",
        "dns-records-compatible deny",
        "dnssec-kept deny",
        "firewall-rule-bypass deny",
        "hsts-kept deny",
        "hsts-lasting warn",
        "https-kept deny",
        "ip-access-allow-scope deny",
        "list-known deny",
        "list-use-kept deny",
        "load-balancing-kept deny",
        "load-balancing-steering warn",
        "managed-ruleset-kept deny",
        "managed-ruleset-overrides deny",
        "origin-pulls-kept deny",
        "origin-route-kept deny",
        "page-rule-weakening deny",
        "plan-backend-unchanged deny",
        "plan-data-sources-allowed deny",
        "plan-delete-share deny",
        "plan-ignore-changes deny",
        "plan-known-stacks warn",
        "plan-modules-local deny",
        "plan-no-forget deny",
        "plan-no-plain-secrets deny",
        "plan-no-provisioners deny not-waivable",
        "plan-not-undone warn",
        "plan-one-client deny not-waivable",
        "plan-places-known deny",
        "plan-places-owned deny not-waivable",
        "plan-prevent-destroy deny",
        "plan-probable-rename deny",
        "plan-protected-addresses deny",
        "plan-providers-allowed deny not-waivable",
        "plan-replace-traffic warn",
        "plan-reviewed-types warn",
        "plan-safe-configuration deny not-waivable",
        "plan-scope-size warn",
        "plan-stack-kept deny",
        "plan-unknown-guarded deny",
        "plan-update-possible deny not-waivable",
        "plan-update-share deny",
        "plan-values-accepted deny not-waivable",
        "plan-values-typed deny not-waivable",
        "plan-zone-deletion deny",
        "policy-change-alone deny not-waivable",
        "rate-limit-kept deny",
        "record-administrative-empty deny not-waivable",
        "record-category-match deny",
        "record-client-approval deny not-waivable",
        "record-client-match deny not-waivable",
        "record-collision deny",
        "record-communications deny",
        "record-complete deny not-waivable",
        "record-emergency-incident deny not-waivable",
        "record-fields deny not-waivable",
        "record-lead-time warn",
        "record-monitoring warn",
        "record-open-incident deny not-waivable",
        "record-people deny not-waivable",
        "record-rollback-defined deny not-waivable",
        "record-rollback-fits deny",
        "record-rollout-staged warn",
        "record-schedule deny not-waivable",
        "record-security-impact deny",
        "record-stacks-match deny not-waivable",
        "record-standard-match deny not-waivable",
        "record-steps-and-tests deny",
        "record-window-known deny not-waivable",
        "redirect-host-kept warn",
        "redirect-login-host warn",
        "redirect-loop deny",
        "security-headers-kept deny",
        "security-level-kept warn",
        "serving-kept warn",
        "spf-kept deny",
        "ssl-mode-kept deny",
        "tls-1-3-kept warn",
        "tls-ciphers-kept deny",
        "tls-minimum-version deny",
        "token-lifetime deny",
        "token-permissions deny",
        "token-scope deny",
        "traffic-rule-scope deny",
        "waf-description warn",
        "waf-emergency-expiry warn",
        "waf-expression-constant deny",
        "waf-expression-valid deny",
        "waf-host-scope deny",
        "waf-lint deny",
        "waf-log-first deny",
        "waf-must-pass deny not-waivable",
        "waf-must-pass-known deny",
        "waf-must-pass-present warn",
        "waf-order-kept warn",
        "waf-protection-removed warn",
        "waf-ref deny",
        "waf-rule-shadowed warn",
        "waf-skip-expiry deny",
        "waf-skip-scope deny",
        "waf-traffic-limits deny",
        "waf-traffic-sample deny",
        "zone-authoritative deny",
        "zone-not-paused deny",
      ]
    `);
  });

  it('and the tables of the README are what the files say', () => {
    const written = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'scripts/build/write-registry.mjs', '--check'],
      {
        cwd: new URL('../../../', import.meta.url).pathname,
        encoding: 'utf8',
      },
    );
    expect([written.status, written.stderr]).toEqual([0, '']);
  });

  it('protects a security control with these rules', () => {
    expect(protectingSecurity).toEqual(allRules.filter(({ protects }) => protects === 'security'));
    expect(protectingSecurity.length).toBeGreaterThan(20);
  });

  it('says what the lint leaves to it', () => {
    const ids = new Set(allRules.map(({ id }) => id));
    const named = lintRules.flatMap(({ leftTo }) => (typeof leftTo === 'object' ? [leftTo.policyRule] : []));
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
    expect(named.length).toBeGreaterThan(15);
  });

  it('has these waiver checks', () => {
    const marks = Object.values(waiverChecks).map((check) => `${check.id} ${check.severity}`);
    expect(marks).toEqual([
      'waiver-approver deny',
      'waiver-expired deny',
      'waiver-malformed deny',
      'waiver-unknown-rule deny',
      'waiver-unused warn',
    ]);
  });

  it('has cases for every rule and no cases for rules that do not exist', () => {
    expect([...tables.keys()].toSorted()).toEqual(allRules.map((rule) => rule.id));
  });
});

describe.each(allRules.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  const cases = casesOf(rule);

  it('has a case that objects or doubts, and one that it does not apply to', () => {
    expect(cases.finds.length + (cases.doubts ?? []).length).toBeGreaterThan(0);
    expect(cases.skips.length).toBeGreaterThan(0);
  });

  it('explains itself, says since when it holds and may be waived unless no waiver ever helps', () => {
    expect(run(rule, cases.skips[0]?.input ?? {}).kind).toBe('not-applicable');
    const [said] = [...cases.finds, ...(cases.doubts ?? [])];
    expect(run(rule, said?.input ?? {}).kind).toBe('judged');
    expect(rule.since).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(rule.waivable).toBe(!neverWaived.has(rule.id));
    for (const text of [rule.title, rule.why, rule.fix, rule.source]) {
      expect(text.length).toBeGreaterThan(10);
    }
  });

  it.each(cases.finds)('objects: $when', ({ input, subjects, severity }) => {
    const result = run(rule, input);
    expect(result).toMatchObject({ kind: 'judged', doubts: [] });
    const observations = result.kind === 'judged' ? result.observations : [];
    expect(observations.map((one) => one.subject)).toEqual(subjects);
    for (const one of observations) {
      expect(one.severity ?? rule.severity).toBe(severity ?? rule.severity);
      expect(one.seen).not.toBe('');
      expect(one.required).not.toBe('');
    }
  });

  it.each(cases.passes)('passes: $when', ({ input }) => {
    expect(run(rule, input)).toEqual({ kind: 'judged', observations: [], doubts: [] });
  });

  it.each(cases.skips)('does not apply: $when', ({ input }) => {
    const result = run(rule, input);
    expect(result).toMatchObject({ kind: 'not-applicable' });
    expect(result.kind === 'not-applicable' && result.reason.length > 5).toBe(true);
  });

  it.each(cases.doubts ?? [])('cannot tell: $when', ({ input, subjects }) => {
    const result = run(rule, input);
    expect(result).toMatchObject({ kind: 'judged', observations: [] });
    expect(result.kind === 'judged' ? result.doubts.map((one) => one.subject) : []).toEqual(subjects);
    expect(evaluateRules([rule], aRuleInput(input)).verdict).toBe('undetermined');
  });

  it.each(cases.finds)(
    'decides the verdict, and a waiver decides it only where it may: $when',
    ({ input, subjects, severity }) => {
      const verdict = (severity ?? rule.severity) === 'deny' ? 'deny' : 'allow';
      const before = evaluateRules([rule], aRuleInput(input));
      expect(before.verdict).toBe(verdict);
      const isOwn = ({ ruleId }: Finding): boolean => findingIds(rule).includes(ruleId);
      const waived = evaluateRules([rule], aRuleInput(withWaivers(input, before.findings.filter(isOwn))));
      const findings = waived.findings.filter(isOwn);
      expect(findings.length).toBe(subjects.length);
      expect(findings.every((finding) => (finding.waivedBy !== undefined) === rule.waivable)).toBe(true);
      expect(waived.verdict).toBe(rule.waivable ? 'allow' : 'deny');
    },
  );
});

/** The same input with a valid waiver for each finding. */
function withWaivers(input: Partial<RuleInput>, findings: readonly Finding[]): Partial<RuleInput> {
  const located: LocatedRecord = input.record ?? aRecord();
  const waivers = findings.map(({ ruleId, subject }) => ({
    rule: ruleId,
    subject,
    reason: 'Agreed with the client for the migration week.',
    approvedBy: 't.berg',
    expires: '2026-12-20T00:00:00Z',
  }));
  expect(waivers.every((waiver) => waives(waiver, waiver.rule, waiver.subject))).toBe(true);
  return { ...input, record: { ...located, record: { ...located.record, waivers } } };
}
