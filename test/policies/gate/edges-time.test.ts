/** Slots, windows and freezes to the millisecond: the last moment that is still in time, and the first that is not. */
import { describe, expect, it } from 'vitest';
import { checkFreeze, checkWindow } from '../../../policies/gate/check-time.ts';
import { readTiming } from '../../../policies/gate/timing.ts';
import type { Freeze, Window } from '../../../policies/model/calendar.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import type { ChangeRecord } from '../../../policies/model/record.ts';
import { aPlan } from '../../builders/plan.ts';
import { aStandardChange, anEmergency } from '../../builders/record.ts';
import { aPolicy, aRisk, cleanRecord, facts, onShow, registerWith, says } from '../world.ts';
import { aCase } from './a-case.ts';

/** Monday 7 December; the window is open from 20:00 to 23:00, the work takes 30 minutes, a rollback 15. */
const evening = (time: string) => `2026-12-07T${time}Z`;

const slot = (from: string, to: string, parts: Parameters<typeof cleanRecord>[0] = {}) =>
  cleanRecord({ schedule: { plannedStart: evening(from), plannedEnd: evening(to) }, ...parts });

const minutes = (durationMin: number): NonNullable<ChangeRecord['plan']> => ({
  steps: [{ n: 1, action: 'x', actor: 'm.lind', expected: 'y', durationMin }],
});

const before = (record = slot('20:00:00', '22:00:00'), parts: Partial<Facts> = {}) =>
  checkWindow(aCase({ records: [record], ...parts }));
const apply = (now: string, record = slot('20:00:00', '22:00:00'), parts: Partial<Facts> = {}) =>
  checkWindow(aCase({ records: [record], moment: 'apply', now: evening(now), ...parts }));

const staging = aPlan()
  .withoutStack('acme-production')
  .inStack('acme-staging', { bundles: { before: 'sha256:1', after: 'sha256:2' } })
  .build();

describe('the slot before the merge', () => {
  it('fits when work and rollback end with the window, and not a minute later', () => {
    expect(before(slot('22:15:00', '22:45:00')).verdict).toBe('allow');
    expect(before(slot('22:16:00', '22:46:00')).summary).toBe(
      'the slot from 2026-12-07T22:16:00Z to 2026-12-07T22:46:00Z with 15 min for a rollback does not fit into an agreed window',
    );
    expect(before(slot('20:00:00', '23:00:00')).summary).toBe(
      'slot 2026-12-07T20:00:00Z to 2026-12-07T23:00:00Z fits the window',
    );
    expect(before(slot('20:00:00', '23:00:01')).verdict).toBe('deny');
    expect(before(slot('19:59:59', '21:00:00')).verdict).toBe('deny');
  });

  it('is as long as its steps at least', () => {
    expect(before(slot('20:00:00', '20:30:00')).verdict).toBe('allow');
    const short = before(slot('20:00:00', '20:29:59'));
    expect(short).toMatchObject({ verdict: 'deny', summary: 'the steps take longer than the slot' });
    expect(short.next).toEqual(['lengthen the slot or shorten the steps']);
  });

  it('is missed once it has ended', () => {
    const record = slot('20:00:00', '22:00:00');
    expect(before(record, { now: evening('21:59:59.999') }).verdict).toBe('allow');
    expect(before(record, { now: evening('22:00:00') }).summary).toBe(
      'the slot ended at 2026-12-07T22:00:00Z: the window was missed',
    );
  });

  it('that does not fit is told how long a window it takes and when the next one opens', () => {
    expect(before(slot('12:00:00', '13:00:00')).next).toEqual([
      'move the slot into a window of at least 45 min; the next one opens at 2026-12-07T20:00:00Z',
    ]);
    expect(before(slot('12:00:00', '13:00:00'), { now: '2026-12-10T12:00:00Z' }).next).toEqual([
      'move the slot into a window of at least 45 min; the next one opens at 2026-12-10T20:00:00Z',
    ]);
    const long = slot('12:00:00', '18:00:00', { plan: minutes(300) });
    expect(before(long).next).toEqual(['move the slot into a window of at least 315 min']);
  });

  it('starts inside the window that the record names, and may run on into another that touches it', () => {
    const windows: readonly Window[] = [
      { id: 'early', days: ['MO'], start: '20:00', end: '21:00', timezone: 'UTC' },
      { id: 'late', days: ['MO'], start: '21:00', end: '23:00', timezone: 'UTC' },
    ];
    const policy = aPolicy({ registers: registerWith({ windows }) });
    const named = (window: string) =>
      before(
        cleanRecord({
          schedule: { plannedStart: evening('20:30:00'), plannedEnd: evening('22:00:00'), window },
        }),
        { policy },
      );
    expect(named('early').verdict).toBe('allow');
    expect(named('late').verdict).toBe('deny');
    const unknown = named('lunch');
    expect(unknown).toMatchObject({ summary: 'the register of acme has no window lunch' });
    expect(unknown.next).toEqual(['name one of: early, late']);
  });

  it('is closed where no window is agreed, or the one that is agreed never opens', () => {
    const none = before(slot('20:00:00', '22:00:00'), {
      policy: aPolicy({ registers: registerWith({ windows: [] }) }),
    });
    expect(none).toMatchObject({
      verdict: 'deny',
      summary: 'no release window is agreed with acme: production is closed',
      next: ['name one of: none is agreed yet'],
    });
    const broken: Window = { id: 'w', days: ['MO'], start: '20:00', end: '20:00', timezone: 'UTC' };
    const never = before(slot('20:00:00', '22:00:00'), {
      policy: aPolicy({ registers: registerWith({ windows: [broken] }) }),
    });
    expect(never).toMatchObject({ verdict: 'deny', next: ['correct the service register'] });
    expect(never.summary).toContain('window w never opens');
  });

  it('is not asked for where nothing in production changes', () => {
    const answer = checkWindow(aCase({ plan: staging, records: [] }));
    expect(answer).toMatchObject({
      verdict: 'allow',
      summary: 'nothing in production changes: no window is needed',
    });
  });

  it('is asked for where there is no record, or a record without dates', () => {
    const next = ['set `schedule.plannedStart` and `schedule.plannedEnd` inside a window, then sluice check'];
    expect(checkWindow(aCase({ records: [] }))).toMatchObject({
      verdict: 'deny',
      summary: 'the change has no record to schedule it',
      next,
    });
    expect(before(cleanRecord({ schedule: undefined }))).toMatchObject({
      verdict: 'deny',
      summary: 'the change has no schedule: it cannot be released',
      next,
    });
  });

  it('is any window for a standard change without dates, if one is long enough', () => {
    const standard = aStandardChange({ schedule: undefined });
    expect(before(standard).summary).toBe(
      'standard: may be applied in any window, the next opens at 2026-11-23T20:00:00Z',
    );
    const long = before(aStandardChange({ schedule: undefined, plan: minutes(300) }));
    expect(long).toMatchObject({ verdict: 'deny', summary: 'no window is long enough for 315 min' });
  });
});

describe('the start of the application', () => {
  it('waits for the slot', () => {
    expect(apply('20:00:00').verdict).toBe('allow');
    const record = slot('20:30:00', '22:00:00');
    expect(apply('20:29:59.999', record)).toMatchObject({
      verdict: 'deny',
      summary: 'the agreed slot starts at 2026-12-07T20:30:00Z',
      next: ['wait until 2026-12-07T20:30:00Z'],
    });
  });

  it('leaves time for the steps inside the slot', () => {
    expect(apply('21:30:00').verdict).toBe('allow');
    expect(apply('21:30:00.001').summary).toBe(
      'too late to start: the steps would end after the slot, which ends at 2026-12-07T22:00:00Z',
    );
    expect(apply('22:00:00').summary).toBe(
      'the agreed slot ended at 2026-12-07T22:00:00Z: the window was missed',
    );
  });

  it('leaves time to roll back inside the window', () => {
    const record = slot('20:00:00', '23:00:00');
    expect(apply('22:15:00', record).verdict).toBe('allow');
    expect(apply('22:15:00.001', record).summary).toBe(
      'too late to start: 30 min of work would leave no time to roll back inside the window',
    );
  });

  it('without steps takes the rest of the slot as the work', () => {
    const record = slot('20:00:00', '22:00:00', { plan: undefined });
    expect(apply('21:59:59', record).verdict).toBe('allow');
    expect(apply('20:00:00', slot('20:00:00', '22:45:00', { plan: undefined })).verdict).toBe('allow');
    expect(apply('22:00:00', slot('20:00:00', '22:46:00', { plan: undefined })).summary).toContain(
      '46 min of work would leave no time',
    );
  });

  it('says until when the window is open and when the last moment to go back is', () => {
    expect(apply('20:00:00')).toMatchObject({
      summary: 'the window is open until 2026-12-07T23:00:00Z',
      reasons: ['go/no-go at 2026-12-07T22:45:00Z: the window ends at 2026-12-07T23:00:00Z'],
    });
  });

  it('is not outside a window, and is told when to come back', () => {
    expect(apply('19:59:59.999')).toMatchObject({
      verdict: 'deny',
      summary: 'no window is open now; the next window opens at 2026-12-07T20:00:00Z',
    });
    const windows: readonly Window[] = [];
    const policy = aPolicy({ registers: registerWith({ windows }) });
    expect(apply('20:00:00', slot('20:00:00', '22:00:00'), { policy }).verdict).toBe('deny');
  });

  it('of a standard change without dates needs only time for the steps and a rollback', () => {
    const standard = aStandardChange({ schedule: undefined });
    expect(apply('22:15:00', standard).verdict).toBe('allow');
    expect(apply('22:15:00.001', standard).verdict).toBe('deny');
  });
});

describe('an application under way', () => {
  const going = (now: string, record = slot('20:00:00', '23:00:00'), applyStartedAt = evening('20:00:00')) =>
    apply(now, record, { applyStartedAt });

  it('goes on for as long as its steps were declared to take', () => {
    expect(going('20:30:00').verdict).toBe('allow');
    expect(going('20:30:00.001')).toMatchObject({
      verdict: 'deny',
      summary: 'the change runs longer than the 30 min that were declared',
    });
  });

  it('goes on while a rollback still ends inside the window', () => {
    const long = slot('20:00:00', '23:00:00', { plan: minutes(180) });
    expect(going('22:45:00', long).verdict).toBe('allow');
    expect(going('22:45:00.001', long).summary).toBe(
      'no-go: a rollback would not end inside the window any more',
    );
  });

  it('stops when its start cannot be read or lies ahead', () => {
    const text = 'the start of the application cannot be read';
    expect(going('20:10:00', undefined, 'at eight').summary).toBe(text);
    expect(going('20:10:00', undefined, evening('20:10:00.001')).summary).toBe(text);
    expect(going('20:10:00', undefined, evening('20:10:00')).verdict).toBe('allow');
  });
});

const freeze = (parts: Partial<Freeze> = {}): Freeze => ({
  id: 'year-end',
  reason: 'shops are busy',
  kind: 'soft',
  clients: 'all',
  start: evening('22:00:00'),
  end: '2027-01-04T00:00:00Z',
  exemptionBy: 'change-manager',
  ...parts,
});

const frozen = (
  parts: Partial<Freeze>,
  around: Partial<Facts> = {},
  more: Parameters<typeof aCase>[1] = {},
) => {
  const policy = aPolicy({ calendar: { freezes: [freeze(parts)], holidays: [] } });
  return checkFreeze(aCase({ policy, records: [slot('20:00:00', '22:00:00')], ...around }, more));
};

describe('a freeze', () => {
  it('that begins as the slot ends does not touch it, and one that begins a second earlier does', () => {
    expect(frozen({})).toMatchObject({ verdict: 'allow', summary: 'no freeze at that time', reasons: [] });
    expect(frozen({ start: evening('21:59:59') })).toMatchObject({
      verdict: 'deny',
      summary: 'soft freeze year-end until 2027-01-04T00:00:00Z: shops are busy',
    });
  });

  it('touches a slot whose rollback would run into it', () => {
    const records = [slot('21:15:00', '21:45:00')];
    expect(frozen({}, { records }).verdict).toBe('allow');
    expect(frozen({}, { records: [slot('21:16:00', '21:46:00')] }).verdict).toBe('deny');
  });

  it('touches, at apply, the time from now on that work and rollback take', () => {
    const at = (now: string) => frozen({}, { moment: 'apply', now: evening(now) }).verdict;
    expect(at('21:15:00')).toBe('allow');
    expect(at('21:15:00.001')).toBe('deny');
    const over = { start: '2026-12-01T00:00:00Z', end: evening('20:05:00') };
    expect(frozen(over, { moment: 'apply', now: evening('20:05:00') }).verdict).toBe('allow');
    expect(frozen(over, { moment: 'apply', now: evening('20:04:59.999') }).verdict).toBe('deny');
  });

  it('touches now when the change has no time of its own', () => {
    const records = [cleanRecord({ schedule: undefined })];
    expect(frozen({ start: '2026-11-23T09:00:00.001Z' }, { records }).verdict).toBe('allow');
    expect(frozen({ start: '2026-11-23T09:00:00Z' }, { records }).verdict).toBe('deny');
    const instant = aStandardChange({
      schedule: undefined,
      plan: undefined,
      rollback: { strategy: 'not-possible', steps: [], triggers: [] },
    });
    expect(frozen({ start: '2026-11-23T09:00:00Z' }, { records: [instant] }).verdict).toBe('deny');
  });

  it('does not matter where nothing in production changes', () => {
    expect(frozen({ start: evening('20:00:00') }, { plan: staging, records: [] })).toMatchObject({
      verdict: 'allow',
      summary: 'nothing in production changes: no freeze applies',
    });
  });

  it('cannot be ruled out without a record or a time', () => {
    expect(frozen({}, { records: [] }).verdict).toBe('deny');
    expect(frozen({}, { now: 'now' }).verdict).toBe('deny');
  });

  const during = { start: evening('20:00:00') };
  const exemption = (parts: Partial<Facts['statements'][number]> = {}, extra: Partial<Facts> = {}) => {
    const policy = aPolicy({ calendar: { freezes: [freeze(during)], holidays: [] } });
    const base = { policy, records: [slot('20:00:00', '22:00:00')], ...extra };
    const statement = says('haddad', { kind: 'freeze-exemption', freeze: 'year-end' });
    return { statements: [{ ...statement, tuple: onShow(base), ...parts } as typeof statement], ...extra };
  };

  it('that is soft lets low risk through, and what the named seat exempts', () => {
    expect(frozen(during, {}, { risk: aRisk('low') })).toMatchObject({
      verdict: 'allow',
      summary: 'let through the freeze',
      reasons: ['let through freeze year-end'],
    });
    expect(frozen(during, exemption()).verdict).toBe('allow');
  });

  it.each<[string, Partial<Facts['statements'][number]>]>([
    ['is another kind of statement', { kind: 'reclassify' }],
    ['is from another freeze', { freeze: 'easter' }],
    ['has no reason', { reason: ' ' }],
    ['was given for something else', { tuple: { ...onShow(), effectDigest: 'sha256:0' } }],
    ['is by another seat', { accountId: 1004 }],
  ])('is not lifted by an exemption that %s', (_, parts) => {
    expect(frozen(during, exemption(parts)).verdict).toBe('deny');
  });

  it('is not lifted by somebody who took part', () => {
    const disqualified = new Set(['s.haddad']);
    expect(frozen(during, exemption(), { disqualified }).verdict).toBe('deny');
  });

  it('that is hard lets through only an emergency that was exempted', () => {
    const hard = { ...during, kind: 'hard' as const };
    const statements = exemption().statements.map((each) => ({ ...each, tuple: null }));
    const policy = aPolicy({ calendar: { freezes: [freeze(hard)], holidays: [] } });
    const decided = (record: ReturnType<typeof cleanRecord>, isExempt: boolean) => {
      const base = { policy, records: [record] };
      const given = statements.map((each) => ({ ...each, tuple: onShow(base) }));
      return checkFreeze(aCase({ ...base, statements: isExempt ? given : [] }, { risk: aRisk('low') }));
    };
    const times = { plannedStart: evening('20:00:00'), plannedEnd: evening('22:00:00') };
    expect(decided(anEmergency({ schedule: times }), true).verdict).toBe('allow');
    expect(decided(anEmergency({ schedule: times }), false).verdict).toBe('deny');
    expect(decided(slot('20:00:00', '22:00:00'), true).verdict).toBe('deny');
    expect(decided(slot('20:00:00', '22:00:00'), true).next[0]).toContain('only an emergency');
  });
});

describe('the times of a change', () => {
  const read = (parts: Parameters<typeof cleanRecord>[0], around: Partial<Facts> = {}) =>
    readTiming(facts(around), cleanRecord(parts).record);
  const instants = [Date.parse(evening('20:00:00')), Date.parse(evening('22:00:00'))];

  it('are its slot, the sum of its steps and the longest rollback', () => {
    expect(read({})).toEqual({
      now: Date.parse('2026-11-23T09:00:00Z'),
      slot: { start: instants[0], end: instants[1] },
      steps: 30 * 60_000,
      work: 30 * 60_000,
      rollback: 15 * 60_000,
    });
    expect(read({ plan: undefined })).toMatchObject({ steps: 0, work: 120 * 60_000 });
  });

  it('are not known without a rollback time, unless no rollback is possible', () => {
    const rollback = { strategy: 'revert' as const, steps: [], triggers: [] };
    expect(read({ rollback })).toContain('`rollback.maxDurationMin` is missing');
    expect(read({ rollback: { ...rollback, strategy: 'not-possible' } })).toMatchObject({ rollback: 0 });
  });

  it('are not known when now or the slot cannot be read, or the slot is none', () => {
    expect(read({}, { now: 'now' })).toBe('the time of the decision cannot be read');
    const at = (plannedStart: string, plannedEnd: string) => read({ schedule: { plannedStart, plannedEnd } });
    expect(at('x', evening('22:00:00'))).toBe(`the slot x to ${evening('22:00:00')} is none`);
    expect(at(evening('20:00:00'), 'x')).toContain('is none');
    expect(at(evening('20:00:00'), evening('20:00:00'))).toContain('is none');
    expect(at(evening('20:00:00'), evening('20:00:01'))).toMatchObject({ steps: 30 * 60_000 });
  });

  it('may be left out by a standard change, and by an emergency that relaxes the window', () => {
    const none = { schedule: undefined };
    expect(read({ ...none, type: 'standard' })).toMatchObject({ slot: null, work: 30 * 60_000 });
    expect(read(none)).toBe('the change has no schedule: it cannot be released');
    const emergency = (relaxations: readonly string[]) =>
      readTiming(
        facts(),
        anEmergency({
          ...none,
          emergency: {
            declaredBy: 'r.okafor',
            declaredAt: '2026-11-23T08:30:00Z',
            severity: 'P1',
            incident: 'INC-2026-0007',
            relaxations,
          },
        }).record,
      );
    expect(emergency(['window'])).toMatchObject({ slot: null });
    expect(emergency(['quorum'])).toBe('the change has no schedule: it cannot be released');
    const pretending = { ...anEmergency(none).record, type: 'normal' as const };
    expect(readTiming(facts(), pretending)).toBe('the change has no schedule: it cannot be released');
  });
});
