/** Instants and dates as facts write them, and what the gate says when something inside it crashes. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../../policies/gate.ts';
import { checkFreeze, checkWindow } from '../../../policies/gate/check-time.ts';
import { ruleInputOf } from '../../../policies/gate/input.ts';
import { dateOrInstantMs, instantMs, instantText, isWithinDates } from '../../../policies/gate/instant.ts';
import { touchesPolicy } from '../../../policies/gate/policy-files.ts';
import { readTiming } from '../../../policies/gate/timing.ts';
import type { Freeze } from '../../../policies/model/calendar.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import type { Category } from '../../../policies/model/record.ts';
import { aBoroughRegister, aRegister } from '../../builders/policy.ts';
import { anEmergency } from '../../builders/record.ts';
import { aPolicy, cleanRecord, facts } from '../world.ts';
import { aCase } from './a-case.ts';

const ms = Date.parse('2026-11-23T09:00:00Z');

describe('an instant', () => {
  it.each([
    '2026-11-23T09:00:00Z',
    '2026-11-23T09:00:00.0Z',
    '2026-11-23T09:00:00.000000000Z',
    '2026-11-23T10:00:00+01:00',
    '2026-11-23T04:30:00-04:30',
  ])('is %s', (text) => {
    expect(instantMs(text)).toBe(ms);
    expect(dateOrInstantMs(text)).toBe(ms);
  });

  it.each([
    '2026-11-23T09:00:00',
    '2026-11-23T09:00Z',
    '2026-11-23 09:00:00Z',
    '2026-11-23',
    ' 2026-11-23T09:00:00Z',
    '02026-11-23T09:00:00Z',
    '+002026-11-23T09:00:00Z',
    '2026-11-23T09:00:00Z ',
    '2026-11-23T09:00:00+01:00:00',
    '2026-11-23T09:00:00.0000000000Z',
    '2026-13-23T09:00:00Z',
    '2026-11-23T25:00:00Z',
    'Mon, 23 Nov 2026 09:00:00 GMT',
    '',
  ])('is not %s', (text) => {
    expect(instantMs(text)).toBeNull();
  });

  it('is written in UTC without fractions', () => {
    expect(instantText(ms)).toBe('2026-11-23T09:00:00Z');
    expect(instantText(ms + 999)).toBe('2026-11-23T09:00:00Z');
  });
});

describe('a date', () => {
  it('begins at midnight UTC', () => {
    expect(dateOrInstantMs('2026-11-23')).toBe(Date.parse('2026-11-23T00:00:00Z'));
  });

  it.each([
    '2026-11',
    '2026-13-01',
    'x2026-11-23',
    '12026-11-23',
    '+002026-11-23',
    '2026-11-234',
    '2026-11-23x',
    '23.11.2026',
  ])('is not %s', (text) => {
    expect(dateOrInstantMs(text)).toBeNull();
  });

  it('bounds a span that contains its beginning and not its end', () => {
    const from = '2026-11-23T09:00:00Z';
    expect(isWithinDates(ms, from, undefined)).toBe(true);
    expect(isWithinDates(ms - 1, from, undefined)).toBe(false);
    expect(isWithinDates(ms, '2026-11-01', from)).toBe(false);
    expect(isWithinDates(ms - 1, '2026-11-01', from)).toBe(true);
  });

  it('that cannot be read bounds nothing, so nothing is within', () => {
    expect(isWithinDates(ms, 'long ago', undefined)).toBe(false);
    expect(isWithinDates(ms, '2026-11-01', 'one day')).toBe(false);
  });
});

describe('what the rules are given', () => {
  it('is the one record of the change, or none', () => {
    expect(ruleInputOf(facts()).record?.record.id).toBe('CHG-2026-0042');
    expect(ruleInputOf(facts({ records: [] })).record).toBeNull();
    expect(
      ruleInputOf(facts({ records: [cleanRecord(), cleanRecord({ id: 'CHG-2026-0043' })] })).record,
    ).toBe(null);
  });

  it('is the files of the pull request, or none', () => {
    expect(ruleInputOf(facts({ pull: null })).changedFiles).toEqual([]);
  });
});

describe('the process owner', () => {
  it('is asked for policies and for what decides who may change them', () => {
    expect(touchesPolicy(['stacks/clients/acme/a.ts'])).toBe(false);
    expect(touchesPolicy(['stacks/clients/acme/a.ts', 'policies/roster.yaml'])).toBe(true);
    expect(touchesPolicy(['README.md', '.github/CODEOWNERS'])).toBe(true);
    expect(touchesPolicy(['package.json'])).toBe(true);
  });
});

describe('a crash inside the gate', () => {
  const crashing = (field: keyof Facts, error: unknown) =>
    decide(
      Object.defineProperty({ ...facts() }, field, {
        get: (): never => {
          throw error;
        },
      }),
    );

  it('leaves the worst that could be: critical risk, security asked, nothing approved', () => {
    const decision = crashing('plan', new Error('no plan'));
    expect(decision.risk).toEqual({
      effective: 'critical',
      declared: null,
      computed: 'critical',
      reasons: [{ id: 'crashed', level: 'critical', text: 'the risk could not be worked out', subjects: [] }],
      needsSecurityReview: true,
    });
    const unread = crashing('statements', new Error('x'.repeat(500)));
    expect(unread.verdict).toBe('deny');
    const approvals = crashing('reviews', new Error('x'.repeat(500)));
    expect(approvals.approvals).toEqual({
      verdict: 'deny',
      level: 'critical',
      required: 0,
      given: 0,
      openSeats: [],
      vetoes: [],
      reviewers: [],
      reasons: ['the approvals could not be judged'],
    });
    const check = approvals.checks.find(({ id }) => id === 'approvals');
    expect(check?.reasons).toEqual([`Error: ${'x'.repeat(200)}`]);
    expect(check?.next).toEqual([
      'report the crash with the facts: sluice gate --pr <number> --save-facts facts.json',
    ]);
  });

  it('is named also when what was thrown is not an error', () => {
    const check = crashing('reviews', 'plain text').checks.find(({ id }) => id === 'approvals');
    expect(check?.reasons).toEqual(['Error: plain text']);
  });
});

describe('the windows of a change', () => {
  it('are those of its own client, wherever that stands in the list', () => {
    const registers = [aBoroughRegister(), aRegister()];
    expect(checkWindow(aCase({ policy: aPolicy({ registers }) })).verdict).toBe('allow');
  });

  it('do not matter to an emergency that relaxes them', () => {
    const emergency = {
      declaredBy: 'r.okafor',
      declaredAt: '2026-11-23T08:30:00Z',
      severity: 'P1' as const,
      incident: 'INC-2026-0007',
      relaxations: ['window', 'soft-freeze'],
    };
    expect(checkWindow(aCase({ records: [anEmergency({ emergency })] })).summary).toBe(
      'outside the windows: the emergency INC-2026-0007 relaxes them',
    );
    const pretending = cleanRecord({ emergency, schedule: undefined });
    expect(checkWindow(aCase({ records: [pretending] })).verdict).toBe('deny');
    expect(readTiming(facts(), pretending.record)).toBe('the change has no schedule: it cannot be released');
    const none = anEmergency({ emergency: undefined, schedule: undefined });
    expect(readTiming(facts(), none.record)).toBe('the change has no schedule: it cannot be released');
  });

  it('that are shut for two weeks are not waited for', () => {
    const windows = [{ id: 'w', days: ['MO' as const], start: '20:00', end: '20:00', timezone: 'UTC' }];
    const policy = aPolicy({ registers: [aRegister({ windows })] });
    expect(checkWindow(aCase({ policy, moment: 'apply' })).verdict).toBe('deny');
  });
});

describe('a freeze of some categories', () => {
  const frozen = (category: Category, ...categories: readonly Category[]) => {
    const freezes = [
      {
        id: 'peak',
        reason: 'shops are busy',
        kind: 'soft' as const,
        clients: 'all' as const,
        categories,
        start: '2026-12-01T00:00:00Z',
        end: '2027-01-04T00:00:00Z',
        exemptionBy: 'change-manager' as const,
      },
    ];
    const policy = aPolicy({ calendar: { freezes, holidays: [] } });
    return checkFreeze(aCase({ policy, records: [cleanRecord({ category })] })).verdict;
  };

  it('holds what the record says that it is, and what it is by its plan', () => {
    expect(frozen('waf', 'access', 'waf')).toBe('deny');
    expect(frozen('waf', 'access', 'dns')).toBe('deny');
    expect(frozen('waf', 'access')).toBe('allow');
  });
});

describe('freezes', () => {
  const freeze = (id: string, parts: Partial<Freeze> = {}): Freeze => ({
    id,
    reason: 'shops are busy',
    kind: 'soft',
    clients: 'all',
    start: '2026-12-01T00:00:00Z',
    end: '2027-01-04T00:00:00Z',
    exemptionBy: 'change-manager',
    ...parts,
  });
  const frozen = (freezes: readonly Freeze[], relaxations: readonly string[]) =>
    checkFreeze(
      aCase({
        policy: aPolicy({ calendar: { freezes, holidays: [] } }),
        records: [
          anEmergency({
            emergency: {
              declaredBy: 'r.okafor',
              declaredAt: '2026-11-23T08:30:00Z',
              severity: 'P1',
              incident: 'INC-2026-0007',
              relaxations,
            },
          }),
        ],
      }),
    );

  it('that are soft are relaxed by an emergency that says so, hard ones are not', () => {
    expect(frozen([freeze('soft')], ['soft-freeze'])).toMatchObject({
      verdict: 'allow',
      reasons: ['let through freeze soft'],
    });
    expect(frozen([freeze('soft')], ['window']).verdict).toBe('deny');
    const both = frozen([freeze('soft'), freeze('hard', { kind: 'hard' })], ['soft-freeze']);
    expect(both).toMatchObject({
      verdict: 'deny',
      reasons: ['hard freeze hard until 2027-01-04T00:00:00Z: shops are busy', 'let through freeze soft'],
    });
  });

  it('say who may exempt from them', () => {
    expect(frozen([freeze('soft')], []).next).toEqual([
      'plan it after 2027-01-04T00:00:00Z, or ask the change-manager for the comment /sluice exempt soft because <reason>',
    ]);
    expect(frozen([freeze('hard', { kind: 'hard' })], []).next).toEqual([
      'plan it after 2027-01-04T00:00:00Z; only an emergency goes through, with the comment of the change-manager: /sluice exempt hard because <reason>',
    ]);
  });
});
