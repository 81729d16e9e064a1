/** The forward schedule: what collides, what a service loses, and the earliest slot against a slow oracle. */
import * as fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { calendarFeed } from '../../scripts/render/questions/calendar-feed.ts';
import { nextSlot } from '../../scripts/questions/next-slot.ts';
import { scheduleOf } from '../../scripts/questions/schedule.ts';
import { isInsideOpening } from '../../policies/windows.ts';
import { aBoroughRegister, aPolicySet, aRegister } from '../builders/policy.ts';
import { aRecord } from '../builders/record.ts';
import { aChange, anOverview, now } from './overview.ts';

const at = Date.parse(now);
const minute = 60_000;
const day = 1440 * minute;

const slot = (start: string, end: string) => ({
  schedule: { plannedStart: `2026-12-${start}:00+00:00`, plannedEnd: `2026-12-${end}:00+00:00` },
});
const span = { from: at, to: at + 28 * day, client: null };

describe('collisions', () => {
  const one = aChange({ id: 'CHG-2026-0001', ...slot('07T20:00', '07T21:00') });
  it.each([
    [
      'the same stack',
      {},
      [
        'CHG-2026-0002 (on the same stack acme-production, and its record does not list which resources it changes there)',
      ],
    ],
    [
      'the same service',
      { stacks: ['acme-staging'], category: 'waf', implementer: 'b.osei' },
      ['CHG-2026-0002 (of storefront as well)'],
    ],
    ['what waits for the other', { dependsOn: ['CHG-2026-0001'] }, []],
    ['the time for the rollback of the first', { ...slot('07T21:05', '07T22:00') }, []],
    [
      'the same implementer',
      { client: 'borough', service: 'planning', stacks: ['borough-production'] },
      ['CHG-2026-0002 (with the same implementer m.lind)'],
    ],
    [
      'nothing in common',
      { client: 'borough', service: 'planning', stacks: ['borough-production'], implementer: 'b.osei' },
      [],
    ],
    ['another time', slot('07T21:00', '07T22:00'), []],
  ] as const)('%s', (_name, parts, expected) => {
    const other = aChange({ id: 'CHG-2026-0002', ...slot('07T20:30', '07T21:30'), ...parts });
    const [first] = scheduleOf(anOverview([one, other]), span).changes;
    expect(first?.change.record.id).toBe('CHG-2026-0001');
    expect(first?.collisions).toEqual(expected);
  });

  it('a schedule for one client names no change of another', () => {
    const parts = { client: 'borough', service: 'planning', stacks: ['borough-production'] };
    const other = aChange({ id: 'CHG-2026-0002', ...slot('07T20:30', '07T21:30'), ...parts });
    const { changes } = scheduleOf(anOverview([one, other]), { ...span, client: 'acme' });
    expect(changes.map(({ collisions }) => collisions)).toEqual([
      ['a change of another client (with the same implementer m.lind)'],
    ]);
  });

  it('what was cancelled is in nobody’s way, and stays on the schedule', () => {
    const gone = aChange({ id: 'CHG-2026-0002', ...slot('07T20:30', '07T21:30') }, 'cancelled');
    const { changes } = scheduleOf(anOverview([one, gone]), span);
    expect(changes.map(({ status, collisions }) => [status, collisions])).toEqual([
      ['confirmed', []],
      ['cancelled', []],
    ]);
  });
});

describe('loss of service', () => {
  it('adds up per service, and lowers its availability', () => {
    const impact = { level: 2, users: 'all', expectedOutage: 'PT28M' } as const;
    const changes = [
      aChange({ id: 'CHG-2026-0001', impact, ...slot('07T20:00', '07T21:00') }),
      aChange({ id: 'CHG-2026-0002', impact, ...slot('08T20:00', '08T21:00') }),
      aChange({ id: 'CHG-2026-0003', impact, ...slot('09T20:00', '09T21:00') }, 'rejected'),
    ];
    const { services } = scheduleOf(anOverview(changes), span);
    const lossy = services.find(({ outage }) => outage > 0);
    expect(lossy).toMatchObject({ client: 'acme', service: 'storefront', outage: 56 * minute });
    expect(lossy?.availability).toBeCloseTo(100 - (100 * 56) / (28 * 1440), 9);
    expect(services.every(({ outage, availability }) => outage > 0 || availability === 100)).toBe(true);
  });
});

describe('the earliest slot', () => {
  const windows = [
    {
      id: 'night',
      days: ['MO', 'TU', 'WE', 'TH', 'FR'],
      start: '20:00',
      end: '23:00',
      timezone: 'Europe/London',
    },
  ] as const;
  const policyWith = (freezes: readonly { readonly start: string; readonly end: string }[]) =>
    aPolicySet({
      registers: [aRegister({ windows })],
      calendar: {
        holidays: [],
        freezes: freezes.map((freeze, index) => ({
          ...freeze,
          id: `freeze-${String(index)}`,
          reason: 'test',
          kind: 'hard',
          clients: 'all',
          exemptionBy: 'change-manager',
        })),
      },
    });

  it('says why each opening before it will not do', () => {
    const taken = aChange({ id: 'CHG-2026-0001', ...slot('03T20:00', '03T22:45') });
    const policy = policyWith([{ start: '2026-12-02T00:00:00Z', end: '2026-12-03T00:00:00Z' }]);
    const next = nextSlot(aChange(), anOverview([taken], policy), 0);
    expect(next).toMatchObject({
      slot: { start: '2026-12-01T20:00:00Z', end: '2026-12-01T20:30:00Z' },
      minutes: 45,
      refused: [],
    });
    expect(nextSlot(aChange(), anOverview([taken], policy), 1)).toMatchObject({
      slot: { start: '2026-12-04T20:00:00Z' },
      refused: [
        { why: expect.stringContaining('before the notice') as string },
        { why: 'hard freeze freeze-0 until 2026-12-03T00:00:00Z' },
        { why: 'taken by CHG-2026-0001' },
      ],
    });
  });

  it('is none where the work never fits, and none is made up for a record without a length', () => {
    const long = aChange({ rollback: { ...aRecord().record.rollback, maxDurationMin: 200 } });
    expect(nextSlot(long, anOverview([], policyWith([])), 0)).toMatchObject({ slot: null });
    const { schedule: _schedule, plan: _plan, ...bare } = aRecord().record;
    expect(nextSlot({ ...aChange(), record: bare }, anOverview([], policyWith([])), 0)).toContain(
      'neither a slot nor steps',
    );
  });

  it('of several clients is the span in which each has room in a window of its own', () => {
    const registers = [
      aRegister(),
      aBoroughRegister({
        windows: [{ id: 'evening', days: ['TH'], start: '18:00', end: '22:00', timezone: 'Europe/London' }],
      }),
    ];
    const policy = { ...policyWith([]), registers };
    const stacks = ['acme-production', 'borough-production'];
    const next = nextSlot(aChange({ clients: ['acme', 'borough'], stacks }), anOverview([], policy), 0);
    expect(next).toMatchObject({ slot: { start: '2026-12-01T20:00:00Z', end: '2026-12-03T18:30:00Z' } });
    const shut = { ...policy, registers: [aRegister(), aBoroughRegister({ windows: [] })] };
    expect(
      nextSlot(aChange({ clients: ['acme', 'borough'], stacks }), anOverview([], shut), 0),
    ).toMatchObject({
      slot: null,
    });
  });

  it('is what a slow search by the minute finds', () => {
    const spans = fc.array(fc.tuple(fc.nat(9 * 96), fc.integer({ min: 1, max: 40 })), { maxLength: 6 });
    fc.assert(
      fc.property(spans, spans, (frozen, busy) => {
        const text = (quarter: number): string => new Date(at + quarter * 15 * minute).toISOString();
        const policy = policyWith(
          frozen.map(([from, length]) => ({ start: text(from), end: text(from + length) })),
        );
        const taken = busy.map(([from, length], index) =>
          aChange({
            id: `CHG-2026-01${String(index).padStart(2, '0')}`,
            schedule: { plannedStart: text(from), plannedEnd: text(from + length) },
          }),
        );
        const need = 45 * minute;
        const isFree = (start: number): boolean =>
          isInsideOpening([...windows], start, start + need) &&
          // The other changes take as long with their rollback.
          ![...frozen, ...busy.map(([from, length]) => [from, Math.max(length, 3)] as const)].some(
            ([from, length]) =>
              at + from * 15 * minute < start + need && start < at + (from + length) * 15 * minute,
          );
        let slow = at;
        while (!isFree(slow)) {
          slow += 15 * minute;
        }
        const found = nextSlot(aChange(), anOverview(taken, policy), 0);
        expect(found).toMatchObject({ slot: { start: new Date(slow).toISOString().replace('.000', '') } });
      }),
      { numRuns: 60, seed: 20261130 },
    );
  });
});

describe('windows and freezes of the span', () => {
  const recurring = {
    id: 'second-saturday',
    rrule: 'FREQ=MONTHLY;BYDAY=2SA',
    start: '2026-12-12T20:00',
    duration: 'PT3H',
    timezone: 'Europe/London',
  };
  const freeze = {
    id: 'sundays',
    reason: 'test',
    kind: 'soft',
    clients: ['acme'],
    rrule: 'FREQ=WEEKLY',
    start: '2026-12-06T00:00',
    duration: 'P1D',
    timezone: 'Europe/London',
    exemptionBy: 'cab',
  } as const;
  const policy = aPolicySet({
    registers: [aRegister({ windows: [recurring], freezes: [freeze] }), aBoroughRegister({ windows: [] })],
    calendar: { holidays: [], freezes: [] },
  });

  it('are each of their times, of the client that is asked about', () => {
    const schedule = scheduleOf(anOverview([], policy), { from: at, to: at + 60 * day, client: null });
    expect(schedule.windows.map(({ client, start }) => [client, new Date(start).toISOString()])).toEqual([
      ['acme', '2026-12-12T20:00:00.000Z'],
      ['acme', '2027-01-09T20:00:00.000Z'],
    ]);
    expect(schedule.freezes).toHaveLength(8);
    expect(schedule.freezes[0]).toEqual({
      id: 'sundays',
      reason: 'test',
      kind: 'soft',
      clients: ['acme'],
      exemptionBy: 'cab',
      start: '2026-12-06T00:00:00Z',
      end: '2026-12-07T00:00:00Z',
    });
    const ofBorough = scheduleOf(anOverview([], policy), { ...span, client: 'borough' });
    expect([ofBorough.windows, ofBorough.freezes]).toEqual([[], []]);
  });

  it('are where the next slot is looked for, months ahead', () => {
    const quarterly = {
      ...recurring,
      rrule: 'FREQ=MONTHLY;INTERVAL=6;BYDAY=2SA',
      exdate: ['2026-12-12T20:00'],
    };
    const rare = { ...policy, registers: [aRegister({ windows: [quarterly] })] };
    expect(nextSlot(aChange(), anOverview([], rare), 0)).toMatchObject({
      slot: { start: '2027-06-12T19:00:00Z' },
      refused: [],
      searchedDays: 400,
    });
    const frozen = aRegister({ windows: [recurring], freezes: [{ ...freeze, start: '2026-12-12T00:00' }] });
    expect(nextSlot(aChange(), anOverview([], { ...policy, registers: [frozen] }), 0)).toMatchObject({
      slot: null,
      refused: expect.arrayContaining([
        expect.objectContaining({ why: 'soft freeze sundays until 2026-12-13T00:00:00Z' }),
      ]) as unknown,
    });
  });
});

describe('a calendar feed', () => {
  it('reads back with another library, whatever stands in its texts', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
        fc.nat(50),
        (text, sequence) => {
          const visible = text.replaceAll(/[\p{C}\r\n]/gu, '').trim();
          const feed = calendarFeed('Changes', [
            {
              uid: 'CHG-2026-0001@acme.sluice',
              sequence,
              start: new Date(at),
              end: new Date(at + 3_600_000),
              stamp: new Date(at),
              summary: visible,
              description: `${visible}\nEND:VEVENT\nBEGIN:VEVENT`,
              status: 'cancelled',
              isBusy: true,
            },
          ]);
          const events = new ICAL.Component(ICAL.parse(feed) as unknown[]).getAllSubcomponents('vevent');
          expect(events).toHaveLength(1);
          const event = new ICAL.Event(events[0]);
          expect([event.uid, event.sequence, event.summary]).toEqual([
            'CHG-2026-0001@acme.sluice',
            sequence,
            visible,
          ]);
          expect(event.startDate.toJSDate().getTime()).toBe(at);
          expect(events[0]?.getFirstPropertyValue('status')).toBe('CANCELLED');
          expect(feed.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
        },
      ),
      { numRuns: 200, seed: 20261130 },
    );
  });
});
