/** What is merged and waits for its release: now, later, or not any more in the slot that was agreed. */
import { instantMs } from '../../policies/gate/instant.ts';
import { wavesOf } from '../../policies/gate/waves.ts';
import { isLive, lastByStack } from '../../policies/model/state.ts';
import { clientsOfStacks } from '../../policies/reading/clients.ts';
import { roomInside } from '../../policies/windows.ts';
import { nextSlot, noticeDays, type NextSlot } from './next-slot.ts';
import type { KnownChange, Overview } from './types.ts';

export interface DueChange {
  readonly change: KnownChange;
  /** `now` is what a release would be tried of; the gate judges it again then, windows and freezes included. */
  readonly when: 'now' | 'later' | 'missed';
  /** Planned, in milliseconds since the epoch; null where the record plans no time, and then it is due. */
  readonly slot: { readonly start: number; readonly end: number } | null;
  /** Of what was missed, the earliest slot that there is now, RFC 3339; null where none is found, and for everything else. */
  readonly next: NextSlot['slot'];
}

const order: readonly DueChange['when'][] = ['now', 'missed', 'later'];

/** Of the default branch, what no release was begun of or what waits for another window; what is due comes first, then by its start. */
export function dueOf(overview: Overview): readonly DueChange[] {
  const { changes, unfinished, now, policy } = overview;
  const at = Date.parse(now);
  const running = new Set(unfinished.map(({ intent }) => intent.changeId));
  return changes
    .filter((change) => isWaiting(change) && !running.has(change.record.id))
    .map((change): DueChange => {
      const slot = slotOf(change);
      const due =
        change.record.clients !== undefined && slot !== null
          ? inWindows(change, { policy, slot, at })
          : { slot, when: slot === null ? ('now' as const) : whenOf(slot, at) };
      return { change, ...due, next: due.when === 'missed' ? slotAfter(change, overview) : null };
    })
    .toSorted(
      (a, b) => order.indexOf(a.when) - order.indexOf(b.when) || (a.slot?.start ?? 0) - (b.slot?.start ?? 0),
    );
}

function slotAfter(change: KnownChange, overview: Overview): NextSlot['slot'] {
  const found = nextSlot(change, overview, noticeDays(change, overview));
  return typeof found === 'string' ? null : found.slot;
}

/** One of several clients also while it waits for the window of the next. */
function isWaiting({ branch, record, state, releases }: KnownChange): boolean {
  const isBegun = record.clients !== undefined && state.state === 'implementing';
  return (
    branch === null &&
    record.kind !== 'Administrative' &&
    (isBegun || (releases.length === 0 && (state.state === 'authorised' || state.state === 'scheduled')))
  );
}

/** When the next wave of a change of several clients finds a window open; what is released of it comes not again. */
function inWindows(
  { record, past }: KnownChange,
  given: {
    readonly policy: Overview['policy'];
    readonly slot: { readonly start: number; readonly end: number };
    readonly at: number;
  },
): Pick<DueChange, 'slot' | 'when'> {
  const { policy, slot, at } = given;
  const done = new Set(
    lastByStack(past)
      .filter(isLive)
      .map(({ stack }) => stack),
  );
  // As at the risk that a change of several clients has by itself: with one production stack ahead of the others.
  const basis = { registers: policy.registers, risk: 'critical' as const, rollout: record.rollout };
  const left = wavesOf(record.stacks ?? [], basis).map((wave) => wave.filter((stack) => !done.has(stack)));
  const clients = clientsOfStacks(policy, left.find((wave) => wave.length > 0) ?? []);
  const windows = policy.registers
    .filter(({ client }) => clients.includes(client))
    .flatMap((register) => register.windows);
  const rest = { start: Math.max(slot.start, at), end: slot.end };
  const room = rest.start < rest.end ? roomInside(windows, rest, 1) : null;
  return room === null
    ? { slot, when: 'missed' }
    : { slot: { start: room.start, end: slot.end }, when: whenOf({ start: room.start, end: slot.end }, at) };
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
