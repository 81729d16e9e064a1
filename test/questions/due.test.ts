/** What waits for its release, by the slot that was agreed. */
import { describe, expect, it } from 'vitest';
import { dueOf } from '../../scripts/questions/due.ts';
import type { KnownChange } from '../../scripts/questions/types.ts';
import type { LedgerFolder } from '../../scripts/release/types.ts';
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
