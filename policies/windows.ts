/**
 * Release windows and freezes: the one answer to which of them there are between two instants. A window is a wall-clock period
 * in an IANA zone, by the days of the week or by a rule (`recurrence/recurrence.ts`); a freeze has two instants, or a rule.
 *
 * Everything is half-open, [start, end). A wall-clock time of a weekly window that happens twice (clocks go back) is the earlier
 * instant for a start and the later one for an end; one that never happens (clocks go forward) is moved forward by the gap.
 * Windows that overlap or touch are one opening. No window means closed. A window that cannot be read is closed as well, and
 * a freeze that cannot be read is always in force.
 */
import { dayMs, hourMs, instantMs, instantText, minuteMs } from './gate/instant.ts';
import type { Freeze, FreezePeriod, RecurringWindow, WeeklyWindow, Window } from './model/calendar.ts';
import type { PolicySet } from './model/facts.ts';
import type { Category } from './model/record.ts';
import { nominalMs, readDuration } from './recurrence/duration.ts';
import { occurrencesBetween, recurrenceProblems } from './recurrence/recurrence.ts';
import { instantOf, isZone } from './recurrence/zone.ts';

/** Milliseconds since the epoch, half-open. */
export interface Opening {
  readonly start: number;
  readonly end: number;
}

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;

/** How far around an instant its opening is looked for: windows that touch make a longer one of theirs. */
const aroundDays = 15;

/** How far ahead the next opening is looked for: weekly windows hold one in two weeks, whatever the clocks do. */
const weeklyDays = 15;
/** What comes once a year comes within this. */
const recurringDays = 400;

/** Why a window cannot be used, for the person who keeps the register; null when it can. */
export function windowProblem(window: Window): string | null {
  if (isRecurring(window)) {
    const [problem] = recurrenceProblems(window, 'window');
    return problem === undefined ? null : `window ${window.id}: ${problem.message}`;
  }
  if (!isZone(window.timezone)) {
    return `window ${window.id} is in a time zone that is not known: ${window.timezone}`;
  }
  const start = wallMinutes(window.start);
  const end = wallMinutes(window.end);
  if (start === null || end === null || start === end || window.days.length === 0) {
    return `window ${window.id} never opens (${window.days.join(',')} ${window.start}-${window.end})`;
  }
  return null;
}

export function isRecurring(window: Window): window is RecurringWindow {
  return 'rrule' in window;
}

/** Milliseconds of one opening of the window by its wall clock; 0 for one that cannot be read. */
export function windowLength(window: Window): number {
  if (isRecurring(window)) {
    const duration = readDuration(window.duration);
    return duration === null ? 0 : nominalMs(duration);
  }
  const length = ((wallMinutes(window.end) ?? 0) - (wallMinutes(window.start) ?? 0)) * minuteMs;
  return length > 0 ? length : length + 24 * hourMs;
}

/** When a window opens, in words: its days and times, or its rule. */
export function windowText(window: Window): string {
  return isRecurring(window)
    ? `${window.rrule} from ${window.start} for ${window.duration} ${window.timezone}`
    : `${window.days.join(', ')} ${window.start}-${window.end} ${window.timezone}`;
}

/** What is agreed with a client; empty where no register has it. */
export function windowsOfClient(
  { registers }: Pick<PolicySet, 'registers'>,
  client: string,
): readonly Window[] {
  return registers.find((register) => register.client === client)?.windows ?? [];
}

/** Openings of all windows together that overlap [from, to), merged and in order, not cut at the edges. */
export function openingsBetween(windows: readonly Window[], from: number, to: number): readonly Opening[] {
  return merged(windows.flatMap((window) => occurrences(window, from, to)));
}

/** The opening that contains the instant, or null. It may be longer than any one window when windows touch. */
export function openingAt(windows: readonly Window[], at: number): Opening | null {
  const around = openingsBetween(windows, at - aroundDays * dayMs, at + aroundDays * dayMs);
  return around.find((opening) => opening.start <= at && at < opening.end) ?? null;
}

/** Whether all of [start, end) is inside one opening. */
export function isInsideOpening(windows: readonly Window[], start: number, end: number): boolean {
  const opening = openingAt(windows, start);
  return opening !== null && start < end && end <= opening.end;
}

/** The first part of an opening that lies in the span and lasts at least `ms`; null for none. */
export function roomInside(windows: readonly Window[], span: Opening, ms: number): Opening | null {
  const parts = openingsBetween(windows, span.start, span.end).map(({ start, end }) => ({
    start: Math.max(start, span.start),
    end: Math.min(end, span.end),
  }));
  return parts.find(({ start, end }) => end - start >= ms) ?? null;
}

/**
 * The first opening of the windows at or after `from` that lasts at least `minutes`; null when there is none as far as is
 * looked, which `noOpening` says. One under way at `from` does not count.
 */
export function firstOpening(windows: readonly Window[], from: number, minutes = 0): Opening | null {
  const isFound = ({ start, end }: Opening): boolean => start >= from && end - start >= minutes * minuteMs;
  for (const days of windows.some(isRecurring) ? [weeklyDays, recurringDays] : [weeklyDays]) {
    const found = openingsBetween(windows, from, from + days * dayMs).find(isFound);
    if (found !== undefined) {
      return found;
    }
  }
  return null;
}

/** Start of `firstOpening` in RFC 3339 UTC; null also when `from` is not an instant. */
export function nextOpening(windows: Window | readonly Window[], from: string, minutes = 0): string | null {
  const at = instantMs(from);
  const opening = at === null ? null : firstOpening('id' in windows ? [windows] : windows, at, minutes);
  return opening === null ? null : instantText(opening.start);
}

/** That none was found, in words. */
export function noOpening(windows: readonly Window[]): string {
  return `no window opens within ${windows.some(isRecurring) ? '13 months' : 'two weeks'}`;
}

export type FreezePolicy = Pick<PolicySet, 'calendar'> & {
  readonly registers: readonly Pick<PolicySet['registers'][number], 'freezes'>[];
};

/** All that are agreed: the calendar's, and those that clients have in their registers. */
function freezesOf({ calendar, registers }: FreezePolicy): readonly Freeze[] {
  return [...calendar.freezes, ...registers.flatMap(({ freezes }) => freezes)];
}

/**
 * Freezes that touch [start, end) for any of the clients and of the categories, each at the time at which it does; `all`
 * narrows nothing down. One that cannot be read touches everything.
 */
export function freezesDuring(
  policy: FreezePolicy,
  scope: { readonly clients: readonly string[] | 'all'; readonly categories: ReadonlySet<Category> | 'all' },
  start: number,
  end: number,
): readonly FreezePeriod[] {
  return freezesOf(policy)
    .filter((freeze) => isInScope(freeze, scope))
    .flatMap((freeze) => periodsOf(freeze, start, end));
}

function isInScope(freeze: Freeze, { clients, categories }: Parameters<typeof freezesDuring>[1]): boolean {
  return (
    (clients === 'all' ||
      freeze.clients === 'all' ||
      freeze.clients.some((client) => clients.includes(client))) &&
    (categories === 'all' || (freeze.categories?.some((category) => categories.has(category)) ?? true))
  );
}

/** The times of the freeze that touch [start, end); all of it for a freeze that cannot be read. */
export function periodsOf(freeze: Freeze, start: number, end: number): readonly FreezePeriod[] {
  const whole = { start: instantText(start), end: instantText(end) };
  if ('rrule' in freeze) {
    const { rrule: _, duration: __, timezone: ___, exdate: ____, rdate: _____, ...scope } = freeze;
    const found =
      recurrenceProblems(freeze, 'freeze').length > 0
        ? null
        : occurrencesBetween(freeze, 'freeze', start, end);
    return found === null
      ? [{ ...scope, ...whole }]
      : found.map((one) => ({ ...scope, start: instantText(one.start), end: instantText(one.end) }));
  }
  const from = instantMs(freeze.start);
  const to = instantMs(freeze.end);
  return from === null || to === null || (from < end && start < to) ? [freeze] : [];
}

function occurrences(window: Window, from: number, to: number): readonly Opening[] {
  if (windowProblem(window) !== null) {
    return [];
  }
  return isRecurring(window) ? occurrencesBetween(window, 'window', from, to) : weekly(window, from, to);
}

function weekly(window: WeeklyWindow, from: number, to: number): readonly Opening[] {
  const found: Opening[] = [];
  // A date begins at most a day before that of UTC; what begins on it ends less than three days after that of UTC began.
  const last = Math.floor(to / dayMs) + 1;
  for (let day = Math.floor(from / dayMs) - 3; day <= last; day += 1) {
    const opening = occurrenceOn(window, day);
    if (opening !== null && opening.start < to && from < opening.end) {
      found.push(opening);
    }
  }
  return found;
}

/** `day` is a calendar date, counted in days since 1970-01-01, in the window's own zone. */
function occurrenceOn(window: WeeklyWindow, day: number): Opening | null {
  const weekday = weekdays[(((day + 4) % 7) + 7) % 7];
  const start = wallMinutes(window.start);
  const end = wallMinutes(window.end);
  if (weekday === undefined || !window.days.includes(weekday) || start === null || end === null) {
    return null;
  }
  const endDay = end < start ? day + 1 : day;
  const opening = {
    start: instantOf(day * dayMs + start * minuteMs, window.timezone, 'first'),
    end: instantOf(endDay * dayMs + end * minuteMs, window.timezone, 'last'),
  };
  return opening.start < opening.end ? opening : null;
}

/** Minutes since midnight of `HH:MM`; `24:00` is the end of the day. */
function wallMinutes(text: string): number | null {
  const match = /^(\d{2}):(\d{2})$/u.exec(text);
  const hours = Number(match?.[1]);
  const minutes = Number(match?.[2]);
  const total = hours * 60 + minutes;
  return minutes < 60 && total <= 1440 ? total : null;
}

function merged(openings: readonly Opening[]): readonly Opening[] {
  const result: Opening[] = [];
  for (const opening of openings.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && opening.start <= last.end) {
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, opening.end) };
    } else {
      result.push(opening);
    }
  }
  return result;
}
