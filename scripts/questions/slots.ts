/** When changes are planned, and whether two of them get in each other's way: for the schedule and for the next slot. */
import { instantMs } from '../../policies/gate/instant.ts';
import { readTiming } from '../../policies/gate/timing.ts';
import type { UpcomingChange } from '../../policies/model/prerequisite.ts';
import type { ChangeState } from '../../policies/model/state.ts';
import {
  collisionOf,
  footprintOf,
  occupied,
  upcomingOf,
  type Collision,
} from '../../policies/reading/collision.ts';
import { nominalMs, readDuration } from '../../policies/recurrence/duration.ts';
import type { Opening } from '../../policies/windows.ts';
import type { KnownChange, Overview } from './types.ts';

export interface ScheduleSlot {
  readonly change: KnownChange;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** Milliseconds of planned loss of service, as the record expects it; null when that cannot be read. */
  readonly outage: number | null;
  readonly status: 'tentative' | 'confirmed' | 'cancelled';
  /** With the time for its rollback, as other changes meet it. */
  readonly upcoming: UpcomingChange;
}

/** Null for a change without a slot of its own. */
export function slotOf(change: KnownChange, now: string): ScheduleSlot | null {
  const { record, state } = change;
  const start = instantMs(record.schedule?.plannedStart ?? '');
  const end = instantMs(record.schedule?.plannedEnd ?? '');
  if (start === null || end === null || start >= end) {
    return null;
  }
  const timing = readTiming({ now }, record);
  const span = typeof timing === 'string' ? null : occupied(timing);
  return {
    change,
    start,
    end,
    outage: durationMs(record.impact.expectedOutage),
    status: statuses[state.state],
    upcoming: upcomingOf(record, span ?? { start, end }),
  };
}

const statuses: Readonly<Record<ChangeState, ScheduleSlot['status']>> = {
  draft: 'tentative',
  submitted: 'tentative',
  assessed: 'tentative',
  'on-hold': 'tentative',
  authorised: 'confirmed',
  scheduled: 'confirmed',
  implementing: 'confirmed',
  review: 'confirmed',
  closed: 'confirmed',
  aborted: 'confirmed',
  cancelled: 'cancelled',
  rejected: 'cancelled',
};

/** What the change touches, whenever it is. */
export function slotAnywhere(change: KnownChange, now: string): ScheduleSlot {
  const [start, end] = [Date.parse(now), Date.parse(now)];
  const upcoming = upcomingOf(change.record, { start, end });
  return { change, start, end, outage: null, status: statuses[change.state.state], upcoming };
}

/** One that waits for the other is released after it, and does not meet it. */
export function collisionBetween(
  { change: { record: one }, upcoming }: ScheduleSlot,
  { change: { record: two }, upcoming: other }: ScheduleSlot,
  policy: Overview['policy'],
): Collision | null {
  const isInOrder = one.dependsOn?.includes(two.id) === true || two.dependsOn?.includes(one.id) === true;
  return isInOrder ? null : collisionOf(footprintOf(upcoming, policy), footprintOf(other, policy), policy);
}

/** With the time for a rollback. */
export function instantsOf({ upcoming }: ScheduleSlot): Opening {
  return { start: Date.parse(upcoming.start), end: Date.parse(upcoming.end) };
}

function durationMs(text: string): number | null {
  const duration = readDuration(text);
  return duration === null ? null : nominalMs(duration);
}
