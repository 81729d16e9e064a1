/** Waivers at their limits: the shortest reason, the longest life, who may approve one, and how far a subject reaches. */
import { describe, expect, it } from 'vitest';
import { evaluateRules } from '../../policies/evaluate.ts';
import type { Rule } from '../../policies/model/finding.ts';
import type { Waiver } from '../../policies/model/record.ts';
import { findingId, waiverChecks, waives } from '../../policies/waivers.ts';
import { aRuleInput } from '../builders/facts.ts';
import { aPerson, aPolicySet, aRoster } from '../builders/policy.ts';
import { aRecord } from '../builders/record.ts';

const www = 'acme-production/cloudflare_dns_record.www#proxied';
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
  evaluate: () => ({
    kind: 'judged',
    observations: [{ subject: www, seen: 'x', required: 'y' }],
    doubts: [],
  }),
};
const waiver = (parts: Partial<Waiver> = {}): Waiver => ({
  rule: 'dns-proxied-kept',
  subject: www,
  reason: 'The host serves SSH until the migration is over.',
  approvedBy: 't.berg',
  expires: '2026-12-20T00:00:00Z',
  ...parts,
});
const run = (parts: Partial<Waiver>, policy = aPolicySet()) =>
  evaluateRules([rule], aRuleInput({ record: aRecord({ waivers: [waiver(parts)] }), policy }));

describe('a waiver counts', () => {
  it.each<readonly [string, Partial<Waiver>, boolean]>([
    ['with a reason of twenty characters', { reason: 'x'.repeat(20) }, true],
    ['with a reason of nineteen', { reason: 'x'.repeat(19) }, false],
    ['with a reason that spaces make long enough', { reason: `  ${'x'.repeat(19)}  ` }, false],
    ['for 90 days to the second', { expires: '2027-02-21T09:00:00Z' }, true],
    ['for a second longer', { expires: '2027-02-21T09:00:01Z' }, false],
    ['for one more second', { expires: '2026-11-23T09:00:01Z' }, true],
    ['until now', { expires: '2026-11-23T09:00:00Z' }, false],
    ['from one of the CAB who has another seat as well', { approvedBy: 'p.iyer' }, true],
    ['from the service delivery manager', { approvedBy: 'a.marsh' }, false],
    ['from the process owner', { approvedBy: 'd.quist' }, false],
  ])('%s: %s', (_name, parts, isCounted) => {
    expect(run(parts).verdict).toBe(isCounted ? 'allow' : 'deny');
  });

  it('from somebody whose other seat has ended, by the one that still stands', () => {
    const seats = [
      { seat: 'engineer' as const, from: '2025-01-01', to: '2026-01-01' },
      { seat: 'security' as const, from: '2026-11-23' },
    ];
    const policy = aPolicySet({ roster: aRoster({ ...aPerson('o.new', 2001), seats }) });
    expect(run({ approvedBy: 'o.new' }, policy).verdict).toBe('allow');
  });
});

describe('the subject of a waiver', () => {
  it.each([
    ['record', 'record', true],
    ['recor', 'record', false],
    ['rec.*', 'record', false],
    ['a.b', 's/a.b', true],
    ['a.b', 's/a.b#c', true],
    ['s/a.b', 's/a.b#c', true],
    ['a.b#c', 's/a.b#c', true],
    ['a.b#d', 's/a.b#c', false],
    ['s/a.*', 's/a.b#c', true],
    ['s/a.c*', 's/a.b#c', false],
    ['a.c*', 's/a.b', false],
    ['a.b*', 's/a.bc', true],
    ['b', 's/a.b', false],
    ['c', 's/a.b#c', false],
  ])('%s is about %s: %s', (subject, found, isAbout) => {
    expect(waives(waiver({ subject }), 'dns-proxied-kept', found)).toBe(isAbout);
  });
});

describe('the id of a finding', () => {
  it('is that of its rule, or of its kind where the rule has kinds', () => {
    expect(findingId({ id: 'a-rule' }, undefined)).toBe('a-rule');
    expect(findingId({ id: 'a-rule', kinds: ['x', 'y'] }, 'y')).toBe('a-rule/y');
  });

  it('is none of a kind that the rule does not have', () => {
    const kinds = ['x'];
    expect(() => findingId({ id: 'a-rule', kinds }, 'z')).toThrow('a-rule has no findings of kind z');
    expect(() => findingId({ id: 'a-rule', kinds }, undefined)).toThrow(
      'a-rule has no findings of kind (none)',
    );
    expect(() => findingId({ id: 'a-rule' }, 'x')).toThrow('a-rule has no findings of kind x');
  });
});

it('every check of waivers says since when and by what it is asked', () => {
  for (const [id, { severity, since, source }] of Object.entries(waiverChecks)) {
    expect([id, severity]).toEqual([id, id === 'waiver-unused' ? 'warn' : 'deny']);
    expect(since).toMatch(/^\d{4}-\d{2}-\d{2}$/u);
    expect(source).toBe('Change policy: exceptions');
  }
});
