/** What is merged and waits for its release: now, later, or not any more in the slot that was agreed. */
import { instantMs } from '../../policies/gate/instant.ts';
import type { KnownChange, Overview } from './types.ts';

export interface DueChange {
  readonly change: KnownChange;
  /** `now` is what a release would be tried of; the gate judges it again then, windows and freezes included. */
  readonly when: 'now' | 'later' | 'missed';
  /** Planned, in milliseconds since the epoch; null where the record plans no time, and then it is due. */
  readonly slot: { readonly start: number; readonly end: number } | null;
}

const order: readonly DueChange['when'][] = ['now', 'missed', 'later'];

/** Of the default branch, what no release was begun of; what is due comes first, then by its start. */
export function dueOf({ changes, unfinished, now }: Overview): readonly DueChange[] {
  const at = Date.parse(now);
  const running = new Set(unfinished.map(({ intent }) => intent.changeId));
  return changes
    .filter((change) => isWaiting(change) && !running.has(change.record.id))
    .map((change): DueChange => {
      const slot = slotOf(change);
      return { change, slot, when: slot === null ? 'now' : whenOf(slot, at) };
    })
    .toSorted(
      (a, b) => order.indexOf(a.when) - order.indexOf(b.when) || (a.slot?.start ?? 0) - (b.slot?.start ?? 0),
    );
}

function isWaiting({ branch, record, state, releases }: KnownChange): boolean {
  return (
    branch === null &&
    record.kind !== 'Administrative' &&
    releases.length === 0 &&
    (state.state === 'authorised' || state.state === 'scheduled')
  );
}

function slotOf({ record: { schedule } }: KnownChange): DueChange['slot'] {
  const start = schedule === undefined ? null : instantMs(schedule.plannedStart);
  const end = schedule === undefined ? null : instantMs(schedule.plannedEnd);
  return start === null || end === null ? null : { start, end };
}

function whenOf(
  { start, end }: { readonly start: number; readonly end: number },
  at: number,
): DueChange['when'] {
  if (at < start) {
    return 'later';
  }
  return at < end ? 'now' : 'missed';
}
