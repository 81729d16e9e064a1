import { describe, expect, it } from 'vitest';
import { evaluateRules } from '../../policies/evaluate.ts';
import type { Rule, RuleReport } from '../../policies/model/finding.ts';
import type { Waiver } from '../../policies/model/record.ts';
import { waives } from '../../policies/waivers.ts';
import { aRuleInput } from '../builders/facts.ts';
import { aPerson, aPolicySet, aRoster } from '../builders/policy.ts';
import { aRecord } from '../builders/record.ts';

const subject = 'acme-production/cloudflare_dns_record.www#proxied';
const rule: Rule = {
  id: 'dns-proxied-kept',
  title: 'A rule',
  area: 'estate',
  severity: 'deny',
  why: 'because',
  fix: 'do it',
  since: '2026-11-23',
  source: 'test',
  waivable: true,
  evaluate: () => ({ kind: 'judged', observations: [{ subject, seen: 'x', required: 'y' }], doubts: [] }),
};
const good: Waiver = {
  rule: 'dns-proxied-kept',
  subject,
  reason: 'The host serves SSH until the migration is over.',
  approvedBy: 't.berg',
  expires: '2026-12-20T00:00:00Z',
};

function run(waiver: Partial<Waiver>, rules: readonly Rule[] = [rule]): RuleReport {
  return evaluateRules(rules, aRuleInput({ record: aRecord({ waivers: [{ ...good, ...waiver }] }) }));
}
function problems(report: RuleReport): readonly string[] {
  return report.findings
    .filter((finding) => finding.ruleId.startsWith('waiver-'))
    .map((finding) => finding.ruleId);
}

describe('a waiver that counts', () => {
  it('lets its finding through, keeps it in the report and says who agreed', () => {
    const report = run({});
    expect(report.verdict).toBe('allow');
    expect(report.findings).toMatchObject([
      { subject, waivedBy: { approvedBy: 't.berg', reason: good.reason, expires: good.expires } },
    ]);
    expect(report.outcomes).toContainEqual({ ruleId: 'dns-proxied-kept', kind: 'findings' });
    expect(report.outcomes).toContainEqual({ ruleId: 'waiver-unused', kind: 'passed' });
  });

  it.each([
    'acme-production/cloudflare_dns_record.www',
    'cloudflare_dns_record.www',
    'cloudflare_dns_record.www#proxied',
    'acme-production/cloudflare_dns_record.w*',
    'cloudflare_dns_record.*',
  ])('may write its subject as %s', (written) => {
    expect(run({ subject: written }).verdict).toBe('allow');
  });

  it.each(['t.berg', 's.haddad', 'j.novak'])('may be approved by %s', (approvedBy) => {
    const waivers = [{ ...good, approvedBy }];
    const report = evaluateRules([rule], aRuleInput({ record: aRecord({ waivers, owner: 'a.marsh' }) }));
    expect(report.verdict).toBe('allow');
  });
});

describe('a waiver that does not count', () => {
  it.each<[string, Partial<Waiver>, string]>([
    ['names no rule', { rule: 'dns-proxied' }, 'waiver-unknown-rule'],
    ['is for everything', { subject: '*' }, 'waiver-malformed'],
    ['is for a whole stack', { subject: 'acme-production/*' }, 'waiver-malformed'],
    ['has a star in the middle', { subject: 'acme-*/cloudflare_dns_record.www' }, 'waiver-malformed'],
    ['has no subject', { subject: ' ' }, 'waiver-malformed'],
    ['has a short reason', { reason: '  because we must  ' }, 'waiver-malformed'],
    ['has expired', { expires: '2026-11-23T08:59:59Z' }, 'waiver-expired'],
    ['expires this very moment', { expires: '2026-11-23T09:00:00Z' }, 'waiver-expired'],
    ['runs for longer than 90 days', { expires: '2027-02-21T09:00:01Z' }, 'waiver-malformed'],
    ['has an end without offset', { expires: '2026-12-20T00:00:00' }, 'waiver-malformed'],
    ['has a plain date as its end', { expires: '2026-12-20' }, 'waiver-malformed'],
    ['is approved by nobody we know', { approvedBy: 'x.nobody' }, 'waiver-approver'],
    ['is approved by an engineer', { approvedBy: 'k.dunne' }, 'waiver-approver'],
    ['is approved by a client', { approvedBy: 'c.ortiz' }, 'waiver-approver'],
    ['is approved by the requester', { approvedBy: 'r.okafor' }, 'waiver-approver'],
    ['is approved by the owner, who is change manager', { approvedBy: 's.haddad' }, 'waiver-approver'],
  ])('%s', (_, parts, id) => {
    const report = run(parts);
    expect(problems(report)).toEqual([id]);
    expect(report.verdict).toBe('deny');
    const hidden = report.findings.find((finding) => finding.ruleId === 'dns-proxied-kept');
    expect(hidden?.waivedBy).toBeUndefined();
  });

  it('is for a rule that nothing may waive', () => {
    const report = run({}, [{ ...rule, waivable: false }]);
    expect(problems(report)).toEqual(['waiver-unknown-rule']);
    expect(report.findings.filter((finding) => finding.waivedBy !== undefined)).toEqual([]);
    expect(report.verdict).toBe('deny');
  });

  it.each([
    ['whose seat has ended', { from: '2025-01-01', to: '2026-11-23' }],
    ['whose seat begins tomorrow', { from: '2026-11-24' }],
  ])('is approved by somebody %s', (_, dates) => {
    const former = { ...aPerson('o.former', 2001), seats: [{ seat: 'security' as const, ...dates }] };
    const record = aRecord({ waivers: [{ ...good, approvedBy: 'o.former' }] });
    const report = evaluateRules(
      [rule],
      aRuleInput({ record, policy: aPolicySet({ roster: aRoster(former) }) }),
    );
    expect(problems(report)).toEqual(['waiver-approver']);
  });

  it.each(['implementer', 'backupImplementer'] as const)('is approved by the %s', (field) => {
    const record = aRecord({ waivers: [good], [field]: 't.berg' });
    expect(problems(evaluateRules([rule], aRuleInput({ record })))).toEqual(['waiver-approver']);
  });

  it('is one of two: each is judged for itself', () => {
    const record = aRecord({ waivers: [{ ...good, reason: 'short' }, good] });
    const report = evaluateRules([rule], aRuleInput({ record }));
    expect(problems(report)).toEqual(['waiver-malformed']);
    expect(report.findings.find((finding) => finding.ruleId === 'dns-proxied-kept')?.waivedBy).toBeDefined();
    expect(report.findings.find((finding) => finding.ruleId === 'waiver-malformed')?.location).toMatchObject({
      file: 'changes/acme/CHG-2026-0042.yaml',
    });
  });
});

describe('a waiver that nothing needs', () => {
  it.each([
    ['another record', 'cloudflare_dns_record.api'],
    ['a name that only begins like it', 'cloudflare_dns_record.ww'],
    ['another stack', 'borough-production/cloudflare_dns_record.www'],
    ['another attribute', 'acme-production/cloudflare_dns_record.www#content'],
  ])('is shown: %s', (_, other) => {
    const report = run({ subject: other });
    expect(problems(report)).toEqual(['waiver-unused']);
    expect(report.verdict).toBe('deny');
  });

  it('is a warning and stops nothing by itself', () => {
    const clean: Rule = { ...rule, evaluate: () => ({ kind: 'judged', observations: [], doubts: [] }) };
    const report = run({}, [clean]);
    expect(problems(report)).toEqual(['waiver-unused']);
    expect(report.verdict).toBe('allow');
  });
});

it('covers the rule it names and no other', () => {
  expect(waives(good, 'dns-proxied-kept', subject)).toBe(true);
  expect(waives(good, 'dnssec-kept', subject)).toBe(false);
});

describe('a rule of many kinds of findings', () => {
  const kinds = ['first', 'second', 'third'];
  const answering = (...given: readonly (string | undefined)[]): Rule => ({
    ...rule,
    id: 'waf-lint',
    kinds,
    evaluate: () => ({
      kind: 'judged',
      observations: given.map((kind) => ({
        subject,
        seen: 'x',
        required: 'y',
        ...(kind === undefined ? {} : { kind }),
      })),
      doubts: [],
    }),
  });
  const texts = (report: RuleReport) =>
    report.findings
      .filter(({ ruleId }) => ruleId.startsWith('waiver-'))
      .map(({ ruleId, seen, required }) => `${ruleId}: ${seen}; ${required}`);

  it('is waived kind by kind', () => {
    const report = run({ rule: 'waf-lint/second' }, [answering('first', 'second')]);
    expect(report.findings.map(({ ruleId, waivedBy }) => [ruleId, waivedBy !== undefined])).toEqual([
      ['waf-lint/first', false],
      ['waf-lint/second', true],
    ]);
    expect(report.verdict).toBe('deny');
    expect(run({ rule: 'waf-lint/second' }, [answering('second')]).verdict).toBe('allow');
  });

  it('is not waived as a whole: the ids that were found are named, or all there are', () => {
    const report = run({ rule: 'waf-lint' }, [
      answering('third', 'first', 'first'),
      { ...rule, id: 'other' },
    ]);
    expect(texts(report)).toEqual([
      'waiver-unknown-rule: waf-lint stands for many kinds of findings; one of waf-lint/first, waf-lint/third',
    ]);
    expect(report.findings.every(({ waivedBy }) => waivedBy === undefined)).toBe(true);
    expect(texts(run({ rule: 'waf-lint' }, [answering()]))).toEqual([
      'waiver-unknown-rule: waf-lint stands for many kinds of findings; one of waf-lint/first, waf-lint/second, waf-lint/third',
    ]);
  });

  it.each(['waf-lint/fourth', 'waf-lint/', 'other/first', 'waf-lin'])('has no finding %s', (id) => {
    const report = run({ rule: id }, [answering('first')]);
    expect(texts(report)).toEqual([`waiver-unknown-rule: rule ${id}; the id of a finding`]);
  });

  it('settles a doubt by its exact id', () => {
    const doubting: Rule = {
      ...answering(),
      evaluate: () => ({
        kind: 'judged',
        observations: [],
        doubts: [{ subject, doubt: 'unknown', kind: 'second' }],
      }),
    };
    expect(run({ rule: 'waf-lint/second' }, [doubting]).verdict).toBe('allow');
    expect(run({ rule: 'waf-lint/first' }, [doubting]).verdict).toBe('undetermined');
  });

  it.each([[undefined], ['fourth']])('that answers with another kind has failed: %s', (kind) => {
    const report = run({ rule: 'waf-lint/first' }, [answering(kind)]);
    expect(report.findings.map(({ ruleId }) => ruleId)).toContain('rule-error/waf-lint');
  });

  it('does not exist where a rule has none', () => {
    const stray: Rule = {
      ...rule,
      evaluate: () => ({
        kind: 'judged',
        observations: [{ subject, seen: 'x', required: 'y', kind: 'first' }],
        doubts: [],
      }),
    };
    expect(run({}, [stray]).findings.map(({ ruleId }) => ruleId)).toContain('rule-error/dns-proxied-kept');
  });
});
