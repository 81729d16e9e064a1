/** Rules of an estate's own in the decision: they add to what the product's rules say, and what did not answer denies. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../policies/gate.ts';
import { evaluateRules } from '../../policies/evaluate.ts';
import type { Facts, RuleInput } from '../../policies/model/facts.ts';
import { ownPrefix, type RuleReport, type RuleResult } from '../../policies/model/finding.ts';
import type { OwnRuleAnswer } from '../../policies/model/own-rule.ts';
import { rulesFor } from '../../policies/own-rules.ts';
import { allRules } from '../../policies/registry.ts';
import { waiverChecks } from '../../policies/waivers.ts';
import { aRuleInput, someFacts } from '../builders/facts.ts';
import { aPlan } from '../builders/plan.ts';
import { aPolicySet } from '../builders/policy.ts';
import { onShow } from './world.ts';
import { aRecord } from '../builders/record.ts';

const path = 'policies/rules/own-ttl.ts';
const digest = `sha256:${'7'.repeat(64)}`;
const files = [{ path, digest }];
const policy = aPolicySet({ ruleFiles: files });
const subject = 'acme-production/cloudflare_dns_record.www';
const objection: RuleResult = {
  kind: 'judged',
  observations: [{ subject, seen: 'ttl 60', required: 'ttl 300' }],
  doubts: [],
};
const passing: RuleResult = { kind: 'judged', observations: [], doubts: [] };

function answer(result: RuleResult, id = 'own-ttl'): OwnRuleAnswer {
  return {
    path,
    kind: 'answered',
    rule: {
      id,
      title: 'TTL',
      area: 'plan',
      severity: 'deny',
      why: 'why',
      fix: 'fix',
      since: '2026-11-30',
      source: 'ours',
      waivable: true,
    },
    result,
  };
}

function judge(answers: readonly OwnRuleAnswer[], parts: Partial<RuleInput> = {}): RuleReport {
  const input = aRuleInput({ policy, ...parts });
  return evaluateRules(rulesFor(input, answers), input);
}

const ownFindings = ({ findings }: RuleReport) =>
  findings
    .filter(({ ruleId }) => /^(?:rule-error\/)?own-/.test(ruleId))
    .map(({ ruleId, severity }) => `${ruleId} ${severity}`);

describe('an own rule that answered', () => {
  it('adds its findings to those of the product, and the outcome of every rule stays', () => {
    const without = judge([], { policy: aPolicySet() });
    const report = judge([answer(objection)]);
    expect(without.verdict).toBe('allow');
    expect(report.verdict).toBe('deny');
    expect(report.findings).toContainEqual(
      expect.objectContaining({ ruleId: 'own-ttl', severity: 'deny', subject, seen: 'ttl 60', why: 'why' }),
    );
    expect(report.outcomes.filter(({ ruleId }) => ruleId !== 'own-ttl')).toEqual(without.outcomes);
  });

  it('changes nothing when it passes', () => {
    expect(judge([answer(passing)])).toMatchObject({ verdict: 'allow', findings: [] });
  });

  it('is in doubt: the verdict is', () => {
    expect(
      judge([answer({ kind: 'judged', observations: [], doubts: [{ subject, doubt: 'unknown' }] })]).verdict,
    ).toBe('undetermined');
  });

  it('is waived by its exact id, and waives no rule of the product', () => {
    const waiver = {
      rule: 'own-ttl',
      subject,
      reason: 'The record moves to another server this week.',
      approvedBy: 't.berg',
      expires: '2026-12-20T00:00:00Z',
    };
    const report = judge([answer(objection)], { record: aRecord({ waivers: [waiver] }) });
    expect(report.findings.find(({ ruleId }) => ruleId === 'own-ttl')?.waivedBy).toMatchObject({
      approvedBy: 't.berg',
    });
  });

  it('does not count as a rule of the product that looked', () => {
    const nothing = aPlan().build();
    const parts = { plan: nothing, record: null, changedFiles: [] };
    const products = judge([], { ...parts, policy: aPolicySet() });
    const report = judge([answer(passing)], parts);
    expect(report.findings.filter(({ ruleId }) => ruleId === 'rule-registry')).toEqual(
      products.findings.filter(({ ruleId }) => ruleId === 'rule-registry'),
    );
  });
});

describe('an own rule that did not answer', () => {
  it.each<[string, readonly OwnRuleAnswer[]]>([
    ['failed', [{ path, kind: 'failed', reason: 'it did not end within 20 s' }]],
    ['was not asked', []],
    ['answered twice', [answer(passing), answer(passing)]],
    ['calls itself something else', [answer(passing, 'own-other')]],
    [
      'has an answer and is not in the policy',
      [answer(passing), { ...answer(passing, 'own-new'), path: 'policies/rules/own-new.ts' }],
    ],
  ])('denies when it %s, and no waiver hides that', (_, answers) => {
    const waivers = ['own-ttl', 'rule-error/own-ttl', 'own-new'].map((rule) => ({
      rule,
      subject: '*.own-ttl',
      reason: 'It has been broken for a week now.',
      approvedBy: 't.berg',
      expires: '2026-12-20T00:00:00Z',
    }));
    const report = judge(answers, { record: aRecord({ waivers }) });
    expect(report.verdict).toBe('deny');
    expect(ownFindings(report)).toEqual([expect.stringMatching(/^rule-error\/own-(?:ttl|new) deny$/)]);
    expect(report.findings.every(({ waivedBy }) => waivedBy === undefined)).toBe(true);
  });

  it('lets the pull request through that changes own rules and nothing else', () => {
    const broken = [{ path, kind: 'failed', reason: 'it does not compile' }] as const;
    const parts = {
      plan: aPlan().build(),
      changedFiles: [path, 'policies/rules/own-ttl.cases.ts', 'changes/acme/CHG-2026-0042.yaml'],
    };
    expect(ownFindings(judge(broken, parts))).toEqual(['own-ttl warn']);
    for (const other of [
      'stacks/clients/acme/production.ts',
      'policies/roster.yaml',
      '.github/workflows/gate.yml',
      'package.json',
    ]) {
      expect(ownFindings(judge(broken, { ...parts, changedFiles: [...parts.changedFiles, other] }))).toEqual([
        'rule-error/own-ttl deny',
      ]);
    }
    expect(ownFindings(judge(broken, { ...parts, changedFiles: parts.changedFiles.slice(1) }))).toEqual([
      'rule-error/own-ttl deny',
    ]);
    expect(ownFindings(judge(broken, { changedFiles: parts.changedFiles }))).toEqual([
      'rule-error/own-ttl deny',
    ]);
  });
});

describe('the gate', () => {
  const facts = (parts: Partial<Facts>): Facts => someFacts({ policy, ...parts });

  it('denies for what an own rule found, and for one that nobody asked', () => {
    const rules = (parts: Partial<Facts>) => decide(facts(parts)).checks.find(({ id }) => id === 'rules');
    expect(rules({ ownRules: [answer(passing)] })?.verdict).toBe('allow');
    expect(rules({ ownRules: [answer(objection)] })).toMatchObject({
      verdict: 'deny',
      reasons: [expect.stringContaining('own-ttl on')],
    });
    expect(rules({ ownRules: [] })).toMatchObject({
      verdict: 'deny',
      reasons: [expect.stringContaining('rule-error/own-ttl')],
    });
  });

  it('takes the digest of the policy over the text of the rules', () => {
    const of = (text: string) =>
      onShow({ policy: aPolicySet({ ruleFiles: [{ path, digest: text }] }) }).policyDigest;
    expect(of(digest)).not.toBe(of(`sha256:${'8'.repeat(64)}`));
  });
});

it('no rule and no check of the product is called as rules of an estate are', () => {
  const ids = [...allRules.map(({ id }) => id), ...Object.keys(waiverChecks), 'rule-registry'];
  expect(ids.filter((id) => id.startsWith(ownPrefix))).toEqual([]);
});
