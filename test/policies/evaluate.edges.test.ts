/** The report of the rules at its edges: doubts beside findings, waivers, places in the record, rules that crash. */
import { describe, expect, it } from 'vitest';
import { evaluateRules } from '../../policies/evaluate.ts';
import type { Doubt, Observation, Rule, RuleResult } from '../../policies/model/finding.ts';
import type { Waiver } from '../../policies/model/record.ts';
import { aRuleInput } from '../builders/facts.ts';
import { aRecord } from '../builders/record.ts';

const rule = (id: string, result: RuleResult | (() => never), parts: Partial<Rule> = {}): Rule => ({
  id,
  title: 'A rule',
  area: 'estate',
  severity: 'deny',
  why: 'because',
  fix: 'do it',
  since: '2026-11-23',
  source: 'test',
  waivable: true,
  evaluate: () => (typeof result === 'function' ? result() : result),
  ...parts,
});

const says = (observations: readonly Partial<Observation>[], doubts: readonly Doubt[] = []): RuleResult => ({
  kind: 'judged',
  observations: observations.map((one) => ({ subject: 's/a.b', seen: 'x', required: 'y', ...one })),
  doubts,
});
const passed = rule('passing-rule', says([]));
const skipped: RuleResult = { kind: 'not-applicable', reason: 'nothing of the kind' };
const doubt = (subject: string): Doubt => ({ subject, doubt: 'it is a reference' });

const waiver = (parts: Partial<Waiver> = {}): Waiver => ({
  rule: 'odd-rule',
  subject: 's/a.b',
  reason: 'The host serves SSH until the migration is over.',
  approvedBy: 't.berg',
  expires: '2026-12-20T00:00:00Z',
  ...parts,
});

const report = (rules: readonly Rule[], waivers?: readonly Waiver[]) =>
  evaluateRules(rules, aRuleInput({ record: aRecord({ waivers }) }));
const outcome = (rules: readonly Rule[], id: string, waivers?: readonly Waiver[]) =>
  report(rules, waivers).outcomes.find(({ ruleId }) => ruleId === id);

describe('a rule that has doubts', () => {
  it('is undetermined, with its doubts in words', () => {
    const rules = [rule('odd-rule', says([], [doubt('a'), doubt('b')]))];
    expect(outcome(rules, 'odd-rule')).toEqual({
      ruleId: 'odd-rule',
      kind: 'undetermined',
      reason: 'a: it is a reference; b: it is a reference',
    });
    expect(report([...rules, passed]).verdict).toBe('undetermined');
  });

  it('shows the first ten and counts the rest', () => {
    const doubts = (count: number) => Array.from({ length: count }, (_, at) => doubt(`s${String(at)}`));
    const reason = (count: number) =>
      outcome([rule('odd-rule', says([], doubts(count)))], 'odd-rule')?.reason;
    expect(reason(10)).not.toContain('more');
    expect(reason(12)).toMatch(/s9: it is a reference; and 2 more$/);
  });

  it('has findings when it also denies, and keeps its doubts', () => {
    expect(outcome([rule('odd-rule', says([{}], [doubt('a')]))], 'odd-rule')).toEqual({
      ruleId: 'odd-rule',
      kind: 'findings',
      reason: 'a: it is a reference',
    });
    const warns = rule('odd-rule', says([{ severity: 'warn' }], [doubt('a')]));
    expect(outcome([warns], 'odd-rule')?.kind).toBe('undetermined');
    expect(report([warns]).findings).toHaveLength(1);
  });

  it('is settled by a waiver, and shows what was waived', () => {
    const rules = [rule('odd-rule', says([], [doubt('s/a.b')]))];
    expect(outcome(rules, 'odd-rule', [waiver()])).toEqual({ ruleId: 'odd-rule', kind: 'findings' });
    expect(report(rules, [waiver()]).findings).toMatchObject([
      {
        seen: 'cannot be told: it is a reference',
        required: 'a person who has looked',
        waivedBy: { approvedBy: 't.berg' },
      },
    ]);
    expect(outcome([passed], 'passing-rule')).toEqual({ ruleId: 'passing-rule', kind: 'passed' });
  });
});

describe('the checks of waivers', () => {
  const checks = (rules: readonly Rule[], waivers?: readonly Waiver[]) =>
    Object.fromEntries(
      report(rules, waivers)
        .outcomes.filter(({ ruleId }) => ruleId.startsWith('waiver-'))
        .map(({ ruleId, kind }) => [ruleId, kind]),
    );
  const odd = rule('odd-rule', says([{}]));

  it('do not apply without waivers', () => {
    expect(new Set(Object.values(checks([odd])))).toEqual(new Set(['not-applicable']));
    expect(new Set(Object.values(checks([odd], [])))).toEqual(new Set(['not-applicable']));
    expect(outcome([odd], 'waiver-unused')).toMatchObject({ reason: 'the record has no waivers' });
  });

  it('have a finding only for what is wrong', () => {
    expect(checks([odd], [waiver()])).toEqual({
      'waiver-approver': 'passed',
      'waiver-expired': 'passed',
      'waiver-malformed': 'passed',
      'waiver-unknown-rule': 'passed',
      'waiver-unused': 'passed',
    });
    const left = checks([odd], [waiver(), waiver({ subject: 's/other.b' }), waiver({ reason: 'x' })]);
    expect(left).toMatchObject({
      'waiver-malformed': 'findings',
      'waiver-unused': 'findings',
      'waiver-approver': 'passed',
      'waiver-expired': 'passed',
    });
  });

  it('point at the waiver in the record', () => {
    const found = report([odd], [waiver(), waiver({ subject: 's/other.b' })]).findings.find(
      ({ ruleId }) => ruleId === 'waiver-unused',
    );
    const at = aRecord({ waivers: [waiver(), waiver()] }).locations['/waivers/1'];
    expect(at).toBeDefined();
    expect(found).toMatchObject({
      subject: 'record',
      severity: 'warn',
      seen: 'odd-rule has no finding about s/other.b',
      location: at,
    });
  });
});

describe('the place of a finding', () => {
  const location = (pointer: string | undefined) =>
    report([rule('odd-rule', says([pointer === undefined ? {} : { pointer }]))]).findings[0]?.location;
  const { locations } = aRecord();

  it('is the field, or the nearest block around it, or the record', () => {
    expect(location('/impact/level')).toEqual(locations['/impact/level']);
    expect(location('/impact/none/deep')).toEqual(locations['/impact']);
    expect(location('/nothing/there')).toEqual(locations['']);
    expect(location('')).toEqual(locations['']);
    expect(location(undefined)).toBeUndefined();
  });

  it('is not named where the places of the record are not known', () => {
    const record = { ...aRecord(), locations: {} };
    const pointing = rule('odd-rule', says([{ pointer: '/impact/level' }]));
    const [found] = evaluateRules([pointing], aRuleInput({ record })).findings;
    expect(found).toMatchObject({ ruleId: 'odd-rule' });
    expect(found?.location).toBeUndefined();
  });
});

describe('a rule that crashes', () => {
  const crashing = (error: unknown) =>
    rule('odd-rule', () => {
      throw error;
    });

  it('denies in its own name, with at most 200 characters of what went wrong', () => {
    const found = report([crashing(new TypeError('x'.repeat(300))), passed]);
    expect(found.verdict).toBe('deny');
    expect(found.findings).toMatchObject([
      { ruleId: 'rule-error/odd-rule', subject: 'rule/odd-rule', seen: `TypeError: ${'x'.repeat(200)}` },
    ]);
    expect(found.outcomes).toContainEqual({
      ruleId: 'odd-rule',
      kind: 'crashed',
      reason: `TypeError: ${'x'.repeat(200)}`,
    });
  });

  it('does not repeat what a parser failed on', () => {
    expect(report([crashing(new SyntaxError('s3cr3t'))]).findings[0]?.seen).toBe('SyntaxError');
    expect(report([crashing('text')]).findings[0]?.seen).toBe(
      'Error: a value that is not an error was thrown',
    );
    const strange = rule('odd-rule', { kind: 'odd' } as unknown as RuleResult);
    expect(report([strange]).findings[0]?.seen).toBe('TypeError: the rule gave no result');
  });
});

describe('the set of rules', () => {
  const registry = (rules: readonly Rule[]) =>
    report(rules)
      .findings.filter(({ ruleId }) => ruleId === 'rule-registry')
      .map(({ seen, subject }) => `${subject}: ${seen}`);

  it('is complete when each has a name of its own and one has looked', () => {
    expect(registry([passed])).toEqual([]);
    expect(registry([passed, rule('odd-rule', skipped)])).toEqual([]);
    expect(registry([rule('odd-rule', says([{}]))])).toEqual([]);
    expect(registry([rule('odd-rule', says([], [doubt('a')]))])).toEqual([]);
  });

  it('is complete when one applies, though it could not tell or failed', () => {
    const crashing = rule('odd-rule', () => {
      throw new TypeError('boom');
    });
    const idle = rule('idle-rule', skipped);
    expect(registry([idle, rule('odd-rule', says([], [doubt('a')]))])).toEqual([]);
    expect(registry([idle, crashing])).toEqual([]);
    expect(registry([idle, rule('other-rule', skipped)])).toEqual(['rules: no rule applies to this change']);
    expect(report([idle, passed]).verdict).toBe('allow');
    expect(report([crashing, passed]).verdict).toBe('deny');
  });

  it('is not when it is empty, applies to nothing, or has a name twice', () => {
    expect(registry([])).toEqual(['rules: there are no rules']);
    expect(registry([rule('odd-rule', skipped)])).toEqual(['rules: no rule applies to this change']);
    expect(registry([passed, passed, passed])).toEqual(['rules: two rules are called passing-rule']);
    expect(registry([passed, rule('waiver-unused', says([]))])).toEqual([
      'rules: two rules are called waiver-unused',
    ]);
  });
});

describe('findings', () => {
  it('are listed with what denies first, what is waived last, then by subject and rule', () => {
    const rules = [
      rule('b-rule', says([{ subject: 's/a.b' }, { subject: 's/z.z', severity: 'warn' }])),
      rule('a-rule', says([{ subject: 's/a.b' }, { subject: 's/a.a' }])),
      rule('odd-rule', says([{ subject: 's/a.b' }])),
    ];
    expect(report(rules, [waiver()]).findings.map(({ ruleId, subject }) => `${subject} ${ruleId}`)).toEqual([
      's/a.a a-rule',
      's/a.b a-rule',
      's/a.b b-rule',
      's/z.z b-rule',
      's/a.b odd-rule',
    ]);
  });

  it('bring the fix of the finding, or else of the rule', () => {
    const found = report([rule('odd-rule', says([{ fix: 'this' }, {}]))]).findings.map(({ fix }) => fix);
    expect(found).toEqual(['this', 'do it']);
  });
});
