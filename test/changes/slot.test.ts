/** Another slot in a record: nothing but the slot is another one. */
import { expect, it } from 'vitest';
import { withSlot } from '../../scripts/cli/record/edit.ts';

const slot = { start: '2026-12-01T18:00:00Z', end: '2026-12-01T18:20:00Z' };
const long = `reason: >-\n  ${'words that go on for longer than any line that is written anew would, '.repeat(2)}\n`;

it.each<readonly [what: string, schedule: string, written: string]>([
  [
    'with a window of its own and a comment, which go and stay',
    'schedule:\n  plannedStart: 2026-12-03T18:30:00+00:00 # agreed\n  plannedEnd: "2026-12-03T19:15:00+00:00"\n  window: borough-evening\n',
    'schedule:\n  plannedStart: 2026-12-01T18:00:00Z # agreed\n  plannedEnd: 2026-12-01T18:20:00Z\n',
  ],
  [
    'whose window stands first',
    'schedule:\n  window: borough-evening\n  plannedStart: 2026-12-03T18:30:00Z\n  plannedEnd: 2026-12-03T19:15:00Z\n',
    'schedule:\n  plannedStart: 2026-12-01T18:00:00Z\n  plannedEnd: 2026-12-01T18:20:00Z\n',
  ],
])('a record %s', (_what, schedule, written) => {
  const rest = 'monitoring:\n  window: [a, b]   # as it was\n';
  expect(withSlot(long + schedule + rest, slot)).toBe(long + written + rest);
});

it('a record without a slot, or with it on one line, gets one', () => {
  const written =
    'id: CHG-2026-0001\nschedule:\n  plannedStart: 2026-12-01T18:00:00Z\n  plannedEnd: 2026-12-01T18:20:00Z\n';
  expect(withSlot('id: CHG-2026-0001\n', slot)).toBe(written);
  expect(withSlot('id: CHG-2026-0001\nschedule: { plannedStart: a, plannedEnd: b, window: c }\n', slot)).toBe(
    written,
  );
});
