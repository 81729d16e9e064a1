/** For one change the earliest slot, with why not earlier. */
import { dayMs, instantMs, instantText, minuteMs } from '../../policies/gate/instant.ts';
import { readTiming } from '../../policies/gate/timing.ts';
import { categoriesByCare } from '../../policies/reading/change-category.ts';
import type { Window } from '../../policies/model/calendar.ts';
import { namedClients, stacksOfClient } from '../../policies/reading/clients.ts';
import { meets } from '../../policies/reading/collision.ts';
import {
  freezesDuring,
  isRecurring,
  openingsBetween,
  windowsOfClient,
  type Opening,
} from '../../policies/windows.ts';
import { addWorkingDays } from '../../policies/working-days.ts';
import { collisionBetween, instantsOf, slotAnywhere, slotOf, type ScheduleSlot } from './slots.ts';
import type { KnownChange, Overview } from './types.ts';

export interface NextSlot {
  /** RFC 3339; null when there is none within the days that were searched. */
  readonly slot: { readonly start: string; readonly end: string } | null;
  readonly minutes: number;
  /** Each opening before it, with why it will not do. */
  readonly refused: readonly { readonly start: string; readonly end: string; readonly why: string }[];
  readonly searchedDays: number;
}

/** Working days of notice that the quorum of a change asks for, at the risk that its author declares. */
export function noticeDays(
  { record: { type, risk } }: KnownChange,
  { policy: { quorum } }: Overview,
): number {
  const level = type === 'normal' ? quorum[risk?.declared ?? 'low'] : quorum[type];
  return level.leadTimeWorkingDays;
}

/** What comes by the week comes within two months or not at all; what recurs otherwise may come once a year. */
function daysSearched(windows: readonly Window[]): number {
  return windows.some(isRecurring) ? 400 : 60;
}

/**
 * The earliest slot that holds the work and its rollback, keeps the notice of `leadDays` working days, and meets no freeze and
 * no other change on the same stack, service or implementer. A text says why none can be looked for.
 */
export function nextSlot(change: KnownChange, overview: Overview, leadDays: number): NextSlot | string {
  const { record } = change;
  const { policy, now } = overview;
  const timing = readTiming({ now }, timed(record));
  if (typeof timing === 'string') {
    return timing;
  }
  if (timing.work === 0) {
    return 'the record has neither a slot nor steps: nobody can say how long the change takes';
  }
  const at = Date.parse(now);
  const own = slotAnywhere(change, now);
  const taken = overview.changes
    .filter((other) => other !== change)
    .flatMap((other) => slotOf(other, now) ?? [])
    .filter((other) => other.status !== 'cancelled' && instantsOf(other).end > at)
    .filter((other) => collisionBetween(own, other, policy) !== null);
  const notice = Date.parse(addWorkingDays(now, leadDays, policy.calendar.holidays) ?? now);
  const from = Math.max(at, notice);
  const found = namedClients(record).map((client) =>
    slotOfClient(change, policy, { client, at, from, now, taken }),
  );
  const wrong = found.find((one) => typeof one === 'string');
  return wrong ?? spanOf(found.filter((one) => typeof one !== 'string'));
}

/** Of several clients the span in which each has a slot of its own. */
function spanOf(slots: readonly NextSlot[]): NextSlot {
  const found = slots.flatMap(({ slot }) => slot ?? []);
  const [first] = found.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const last = found.toSorted((a, b) => Date.parse(a.end) - Date.parse(b.end)).at(-1);
  return {
    slot:
      first === undefined || last === undefined || found.length < slots.length
        ? null
        : { start: first.start, end: last.end },
    minutes: Math.max(...slots.map(({ minutes }) => minutes)),
    refused: slots.flatMap(({ refused }) => refused),
    searchedDays: Math.max(...slots.map((each) => each.searchedDays)),
  };
}

interface ClientSearch {
  readonly client: string;
  readonly at: number;
  readonly from: number;
  readonly now: string;
  readonly taken: readonly ScheduleSlot[];
}

function slotOfClient(
  change: KnownChange,
  policy: Overview['policy'],
  { client, at, from, now, taken }: ClientSearch,
): NextSlot | string {
  const { record } = change;
  const isOfSeveral = record.clients !== undefined;
  const share = isOfSeveral ? stacksOfClient(policy, client, record.stacks ?? []) : null;
  const timing = readTiming({ now }, timed(record), share);
  if (typeof timing === 'string') {
    return timing;
  }
  const need = timing.work + timing.rollback;
  const windows = windowsOfClient(policy, client);
  const searchedDays = daysSearched(windows);
  const refused: { start: string; end: string; why: string }[] = [];
  const minutes = Math.ceil(need / minuteMs);
  for (const opening of openingsBetween(windows, at, at + searchedDays * dayMs)) {
    const found = fit({ opening, need, from, clients: [client], change, policy, taken });
    if (typeof found === 'number') {
      const slot = { start: instantText(found), end: instantText(found + timing.work) };
      return { slot, minutes, refused, searchedDays };
    }
    const why = isOfSeveral ? `${client}: ${found}` : found;
    refused.push({ start: instantText(opening.start), end: instantText(opening.end), why });
  }
  return { slot: null, minutes, refused, searchedDays };
}

/** Only a standard change needs no slot of its own, and here every change is looked at as if it had none yet. */
function timed(record: KnownChange['record']): KnownChange['record'] {
  return record.schedule === undefined ? { ...record, type: 'standard' } : record;
}

interface Fitting {
  readonly opening: Opening;
  readonly need: number;
  readonly from: number;
  readonly clients: readonly string[];
  readonly change: KnownChange;
  readonly policy: Overview['policy'];
  readonly taken: readonly ScheduleSlot[];
}

/** When it could begin in the opening, or why not at all. */
function fit(fitting: Fitting): number | string {
  const { opening, need, from } = fitting;
  if (opening.end - opening.start < need) {
    return 'too short for the work and its rollback';
  }
  let start = Math.max(opening.start, from);
  let why = 'before the notice that its risk asks for, or what is left of it is too short';
  while (start + need <= opening.end) {
    const hindrance = hindranceAt(fitting, start);
    if (hindrance === null) {
      return start;
    }
    why = hindrance.why;
    start = hindrance.until;
  }
  return why;
}

interface Hindrance {
  readonly why: string;
  /** Later than the time that was asked for. */
  readonly until: number;
}

function hindranceAt(
  { need, clients, change: { record }, policy, taken }: Fitting,
  start: number,
): Hindrance | null {
  const scope = {
    clients,
    categories: new Set(record.category === undefined ? categoriesByCare : [record.category]),
  };
  const [freeze] = freezesDuring(policy, scope, start, start + need);
  if (freeze !== undefined) {
    const until = instantMs(freeze.end);
    const why = `${freeze.kind} freeze ${freeze.id} until ${freeze.end}`;
    return { why, until: until === null || until <= start ? Infinity : until };
  }
  const other = taken.find((slot) => meets(slot.upcoming, { start, end: start + need }));
  return other === undefined
    ? null
    : { why: `taken by ${other.change.record.id}`, until: instantsOf(other).end };
}
