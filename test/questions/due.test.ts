/** What waits for its release, by the slot that was agreed. */
import { describe, expect, it } from 'vitest';
import { dueOf } from '../../scripts/questions/due.ts';
import type { KnownChange } from '../../scripts/questions/types.ts';
import type { LedgerFolder } from '../../scripts/release/types.ts';
import { aBoroughRegister, aPolicySet, aRegister } from '../builders/policy.ts';
import { aChange, anOverview } from './overview.ts';

const slot = (start: string, end: string) => ({
  schedule: { plannedStart: `2026-12-${start}:00Z`, plannedEnd: `2026-12-${end}:00Z` },
});
/** It is 09:00 on 1 December. */
const whens = (...changes: readonly KnownChange[]) =>
  dueOf(anOverview(changes)).map(({ change, when }) => [change.record.id, when]);

describe('a change that is merged', () => {
  it.each([
    ['later', '01T09:01', '01T10:00'],
    ['now', '01T09:00', '01T10:00'],
    ['now', '01T08:00', '01T09:01'],
    ['missed', '01T08:00', '01T09:00'],
  ])('is due %s in a slot from %s to %s', (when, start, end) => {
    expect(whens(aChange({ id: 'CHG-2026-0001', ...slot(start, end) }))).toEqual([['CHG-2026-0001', when]]);
  });

  it('has the earliest slot that there is now where its own is over, and else none', () => {
    const policy = aPolicySet({
      registers: [
        aRegister({
          windows: [
            {
              id: 'daily',
              days: ['MO', 'TU', 'WE', 'TH', 'FR'],
              start: '20:00',
              end: '22:00',
              timezone: 'UTC',
            },
          ],
        }),
      ],
    });
    const nextOf = (start: string, end: string) =>
      dueOf(anOverview([aChange({ id: 'CHG-2026-0001', ...slot(start, end) })], policy)).map(
        ({ next }) => next,
      );
    expect(nextOf('01T08:00', '01T10:00')).toEqual([null]);
    const [next] = nextOf('01T07:00', '01T08:00');
    expect(next?.start).toMatch(/^2026-12-\d\dT20:00:00/u);
    const [shut] = dueOf(
      anOverview(
        [aChange({ id: 'CHG-2026-0001', ...slot('01T07:00', '01T08:00') })],
        aPolicySet({ registers: [aRegister({ windows: [] })] }),
      ),
    );
    expect([shut?.when, shut?.next]).toEqual(['missed', null]);
  });

  it('is due at once where its record plans no time', () => {
    const { schedule: _, ...record } = aChange({ id: 'CHG-2026-0001' }).record;
    expect(whens({ ...aChange(), record })).toEqual([['CHG-2026-0001', 'now']]);
  });

  it('comes in the order in which somebody has to do something', () => {
    const [now, soon, late, missed] = [
      aChange({ id: 'CHG-2026-0001', ...slot('01T08:00', '01T10:00') }),
      aChange({ id: 'CHG-2026-0002', ...slot('02T08:00', '02T10:00') }),
      aChange({ id: 'CHG-2026-0003', ...slot('03T08:00', '03T10:00') }),
      aChange({ id: 'CHG-2026-0004', ...slot('01T06:00', '01T07:00') }),
    ] as const;
    expect(whens(late, soon, missed, now).map(([id]) => id)).toEqual([
      'CHG-2026-0001',
      'CHG-2026-0004',
      'CHG-2026-0002',
      'CHG-2026-0003',
    ]);
  });
});

describe('a change of several clients', () => {
  const stacks = ['acme-production', 'borough-production'];
  const both = { id: 'CHG-2026-0001', client: 'platform', clients: ['acme', 'borough'], stacks };
  const windows = (client: string, day: 'TU' | 'WE') => [
    { id: client, days: [day], start: '08:00', end: '10:00', timezone: 'UTC' } as const,
  ];
  const policy = aPolicySet({
    registers: [
      aRegister({ tier: 1, windows: windows('acme', 'WE') }),
      aBoroughRegister({ tier: 3, windows: windows('borough', 'TU') }),
    ],
  });
  const due = (change: KnownChange) =>
    dueOf({ ...anOverview([change]), policy }).map(({ when, slot: found }) => [
      when,
      found === null ? null : new Date(found.start).toISOString(),
    ]);
  const half: KnownChange['past'] = [
    {
      id: 'R0003',
      changeId: 'CHG-2026-0001',
      stack: 'borough-production',
      client: 'borough',
      changed: null,
      type: 'normal',
      at: '2026-12-01T08:30:00Z',
      kind: 'release',
      result: 'successful',
      causedIncidents: [],
      zones: [],
      loggedRules: [],
    },
  ];

  it('is due when the client of the next wave has its window, and again for the wave after it', () => {
    const begun = slot('01T00:00', '04T00:00');
    expect(due(aChange({ ...both, ...begun }))).toEqual([['now', '2026-12-01T09:00:00.000Z']]);
    const on = { ...aChange({ ...both, ...begun }, 'implementing'), past: half };
    expect(due(on)).toEqual([['later', '2026-12-02T08:00:00.000Z']]);
  });

  it('is missed when no window of that client is left in its slot', () => {
    const short = slot('01T00:00', '02T00:00');
    expect(due({ ...aChange({ ...both, ...short }, 'implementing'), past: half })).toEqual([
      ['missed', '2026-12-01T00:00:00.000Z'],
    ]);
  });
});

describe('nothing is due of a change that', () => {
  const id = 'CHG-2026-0001';
  const begun = { intent: { changeId: id } } as unknown as LedgerFolder;
  it.each<[string, KnownChange]>([
    ['is on a branch', { ...aChange({ id }), branch: 'change' }],
    ['releases nothing', aChange({ id, kind: 'Administrative' })],
    ['was released', { ...aChange({ id }, 'implementing'), releases: [begun] }],
    ['is closed', aChange({ id }, 'closed')],
    ['was cancelled', aChange({ id }, 'cancelled')],
  ])('%s', (_what, change) => {
    expect(whens(change)).toEqual([]);
  });

  it('is being released', () => {
    expect(dueOf({ ...anOverview([aChange({ id })]), unfinished: [begun] })).toEqual([]);
  });
});
