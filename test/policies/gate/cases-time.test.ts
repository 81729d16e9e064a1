/** The numbered cases about windows and freezes, decided from facts before the merge and at apply. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../../policies/gate.ts';
import { aPlan } from '../../builders/plan.ts';
import { aRegister } from '../../builders/policy.ts';
import { aPolicy, cleanRecord, facts, onShow, registerWith, says } from '../world.ts';
import { atApply, check, decideApproved, failing, slot, text } from './approved.ts';

const freeze = (kind: 'hard' | 'soft', start: string, end: string) => ({
  freezes: [
    {
      id: 'stop',
      reason: 'Peak trading',
      kind,
      clients: 'all' as const,
      start,
      end,
      exemptionBy: 'change-manager' as const,
    },
  ],
  holidays: [],
});

const failingWithFreeze = (start: string, end: string) =>
  failing(decideApproved({ policy: aPolicy({ calendar: freeze('hard', start, end) }) }));

describe('windows and freezes', () => {
  it('case 57: a freeze that starts between merge and apply stops the apply', () => {
    const policy = aPolicy({ calendar: freeze('hard', '2026-12-07T20:30:00Z', '2026-12-09T00:00:00Z') });
    const decision = decide(facts(atApply({ policy })));
    expect(failing(decision)).toEqual(['freeze']);
    expect(check(decision, 'freeze').summary).toContain('hard freeze stop until 2026-12-09');
    const later = aPolicy({ calendar: freeze('hard', '2026-12-07T20:50:00Z', '2026-12-09T00:00:00Z') });
    expect(failing(decide(facts(atApply({ policy: later }))))).toEqual([]);
  });

  it('case 57: before the merge the whole slot with its rollback is compared, half-open', () => {
    expect(failingWithFreeze('2026-12-07T21:59:00Z', '2026-12-07T23:00:00Z')).toEqual(['freeze']);
    expect(failingWithFreeze('2026-12-07T22:00:00Z', '2026-12-07T23:00:00Z')).toEqual([]);
    expect(failingWithFreeze('2026-12-07T19:00:00Z', '2026-12-07T20:00:00Z')).toEqual([]);
    expect(failingWithFreeze('2026-12-07T19:00:00Z', '2026-12-07T20:00:01Z')).toEqual(['freeze']);
    expect(failingWithFreeze('whenever', '2026-12-07T20:00:01Z')).toContain('freeze');
  });

  it('case 57: a soft freeze stops medium risk, and an exemption of the named seat for this tuple lets it through', () => {
    const parts = {
      policy: aPolicy({ calendar: freeze('soft', '2026-12-07T00:00:00Z', '2026-12-08T00:00:00Z') }),
    };
    const exemption = (who: 'haddad' | 'novak', extra = {}) =>
      says(who, { kind: 'freeze-exemption', freeze: 'stop' }, { tuple: onShow(parts), ...extra });
    expect(failing(decideApproved(parts))).toEqual(['freeze']);
    expect(failing(decideApproved({ ...parts, statements: [exemption('haddad')] }))).toEqual([]);
    expect(failing(decideApproved({ ...parts, statements: [exemption('novak')] }))).toEqual(['freeze']);
    expect(failing(decideApproved({ ...parts, statements: [exemption('haddad', { reason: '' })] }))).toEqual([
      'freeze',
    ]);
    expect(
      failing(decideApproved({ ...parts, statements: [exemption('haddad', { tuple: onShow() })] })),
    ).toEqual(['freeze']);
  });

  it('case 57: a hard freeze lets no normal change through, exempted or not', () => {
    const parts = {
      policy: aPolicy({ calendar: freeze('hard', '2026-12-07T00:00:00Z', '2026-12-08T00:00:00Z') }),
    };
    const statements = [
      says('haddad', { kind: 'freeze-exemption', freeze: 'stop' }, { tuple: onShow(parts) }),
    ];
    expect(failing(decideApproved({ ...parts, statements }))).toEqual(['freeze']);
  });

  it('case 58: under way it goes on within the declared time and until a rollback would not fit any more', () => {
    const record = slot('2026-12-07T20:00:00Z', '2026-12-07T22:46:00Z', 'acme-weeknight');
    const going = (started: string, at: string) =>
      failing(decide(facts(atApply({ records: [record], now: at, applyStartedAt: started }))));
    expect(going('2026-12-07T22:15:00Z', '2026-12-07T22:45:00Z')).toEqual([]);
    expect(going('2026-12-07T22:16:00Z', '2026-12-07T22:45:01Z')).toEqual(['window']);
    expect(going('2026-12-07T20:00:00Z', '2026-12-07T20:30:01Z')).toEqual(['window']);
    expect(going('2026-12-07T23:00:00Z', '2026-12-07T22:00:00Z')).toEqual(['window']);
  });

  it('case 58: it starts only with time for the work and the rollback', () => {
    const record = slot('2026-12-07T20:00:00Z', '2026-12-07T22:45:00Z', 'acme-weeknight');
    const starting = (at: string) => check(decide(facts(atApply({ records: [record], now: at }))), 'window');
    expect(starting('2026-12-07T22:15:00Z')).toMatchObject({
      verdict: 'allow',
      reasons: [expect.stringContaining('go/no-go at 2026-12-07T22:45:00Z')],
    });
    expect(starting('2026-12-07T22:15:01Z').summary).toContain('too late to start');
    expect(starting('2026-12-07T19:59:59Z').summary).toContain('no window is open now');
    expect(starting('2026-12-07T22:50:00Z').summary).toContain('the window was missed');
  });

  it('case 59: a refusal outside the window says when the next one opens', () => {
    const decision = decide(facts(atApply({ now: '2026-12-07T12:30:00Z' })));
    expect(text(check(decision, 'window'))).toContain('the next window opens at 2026-12-07T20:00:00Z');
  });

  it('case 60: windows that overlap are one opening; without any window production is closed', () => {
    const night = {
      id: 'night',
      days: ['MO'],
      start: '21:30',
      end: '02:00',
      timezone: 'Europe/London',
    } as const;
    const policy = aPolicy({ registers: registerWith({ windows: [...aRegister().windows, night] }) });
    const late = slot('2026-12-07T20:30:00Z', '2026-12-08T01:30:00Z', 'acme-weeknight');
    expect(failing(decideApproved({ policy, records: [late] }))).toEqual([]);
    expect(failing(decideApproved({ records: [late] }))).toContain('window');
    const none = decideApproved({
      policy: aPolicy({ registers: registerWith({ windows: [] }) }),
      records: [slot('2026-12-07T20:00:00Z', '2026-12-07T22:00:00Z')],
    });
    expect(check(none, 'window').summary).toContain('production is closed');
  });

  it('case 62: without dates, or with dates that are none, nothing can be scheduled', () => {
    for (const record of [
      cleanRecord({ schedule: undefined }),
      slot('2026-12-07T22:00:00Z', '2026-12-07T20:00:00Z'),
      slot('tonight', 'tomorrow'),
    ]) {
      for (const parts of [{ records: [record] }, atApply({ records: [record] })]) {
        expect(check(decideApproved(parts), 'window').verdict).toBe('deny');
      }
    }
  });

  it('staging needs no window and no freeze stops it', () => {
    const plan = aPlan()
      .withoutStack('acme-production')
      .inStack('acme-staging')
      .inZone('staging-shop.example')
      .updating('cloudflare_dns_record.www')
      .build();
    const policy = aPolicy({ calendar: freeze('hard', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z') });
    const decision = decideApproved({
      plan,
      policy,
      records: [cleanRecord({ stacks: ['acme-staging'], schedule: undefined })],
    });
    expect(check(decision, 'window').verdict).toBe('allow');
    expect(check(decision, 'freeze').verdict).toBe('allow');
  });
});
