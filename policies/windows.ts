/**
 * Release windows and freezes: wall-clock periods in an IANA zone, turned into instants.
 *
 * Everything is half-open, [start, end). A wall-clock time that happens twice (clocks go back) is the earlier instant for
 * a start and the later one for an end; one that never happens (clocks go forward) is moved forward by the gap. Windows
 * that overlap or touch are one opening. No window means closed. A window that cannot be read is closed as well.
 */
import { dayMs, instantMs, instantText } from './gate/instant.ts';
import type { Calendar, Freeze, Window } from './model/calendar.ts';
import type { Category } from './model/record.ts';

/** Milliseconds since the epoch, half-open. */
export interface Opening {
  readonly start: number;
  readonly end: number;
}

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;

/** How far ahead the next opening is looked for. A window recurs weekly, so two weeks hold one, whatever the clocks do. */
const searchDays = 15;

/** Why a window cannot be used, for the person who keeps the register; null when it can. */
export function windowProblem(window: Window): string | null {
  if (formatterFor(window.timezone) === null) {
    return `window ${window.id} is in a time zone that is not known: ${window.timezone}`;
  }
  const start = wallMinutes(window.start);
  const end = wallMinutes(window.end);
  if (start === null || end === null || start === end || window.days.length === 0) {
    return `window ${window.id} never opens (${window.days.join(',')} ${window.start}-${window.end})`;
  }
  return null;
}

/** Openings of all windows together that overlap [from, to), merged and in order, not cut at the edges. */
export function openingsBetween(windows: readonly Window[], from: number, to: number): readonly Opening[] {
  return merged(windows.flatMap((window) => occurrences(window, from, to)));
}

/** The opening that contains the instant, or null. It may be longer than any one window when windows touch. */
export function openingAt(windows: readonly Window[], at: number): Opening | null {
  const around = openingsBetween(windows, at - searchDays * dayMs, at + searchDays * dayMs);
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
 * Start of the first opening of the windows at or after `from` that lasts at least `minutes`, in RFC 3339 UTC; null when
 * there is none within two weeks or `from` is not an instant. An opening under way at `from` does not count.
 */
export function nextOpening(windows: Window | readonly Window[], from: string, minutes = 0): string | null {
  const at = instantMs(from);
  if (at === null) {
    return null;
  }
  const list = 'id' in windows ? [windows] : windows;
  const next = openingsBetween(list, at, at + searchDays * dayMs).find(
    ({ start, end }) => start >= at && end - start >= minutes * 60_000,
  );
  return next === undefined ? null : instantText(next.start);
}

/** Freezes that touch [start, end) for any of the clients and of the categories. One whose dates cannot be read touches everything. */
export function freezesDuring(
  calendar: Calendar,
  scope: { readonly clients: readonly string[]; readonly categories: ReadonlySet<Category> },
  start: number,
  end: number,
): readonly Freeze[] {
  return calendar.freezes.filter((freeze) => {
    const from = instantMs(freeze.start);
    const to = instantMs(freeze.end);
    const isInScope =
      (freeze.clients === 'all' || freeze.clients.some((client) => scope.clients.includes(client))) &&
      (freeze.categories?.some((category) => scope.categories.has(category)) ?? true);
    return isInScope && (from === null || to === null || (from < end && start < to));
  });
}

function occurrences(window: Window, from: number, to: number): readonly Opening[] {
  if (windowProblem(window) !== null) {
    return [];
  }
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
function occurrenceOn(window: Window, day: number): Opening | null {
  const weekday = weekdays[(((day + 4) % 7) + 7) % 7];
  const start = wallMinutes(window.start);
  const end = wallMinutes(window.end);
  if (weekday === undefined || !window.days.includes(weekday) || start === null || end === null) {
    return null;
  }
  const endDay = end < start ? day + 1 : day;
  const opening = {
    start: wallInstant(day * dayMs + start * 60_000, window.timezone, 'start'),
    end: wallInstant(endDay * dayMs + end * 60_000, window.timezone, 'end'),
  };
  return opening.start < opening.end ? opening : null;
}

/** The instant of a wall-clock time, given as if it were UTC. */
function wallInstant(wall: number, timezone: string, edge: 'start' | 'end'): number {
  // Offsets change at most once within two days, so these two are the only ones that can apply.
  const before = offsetAt(wall - dayMs, timezone);
  const after = offsetAt(wall + dayMs, timezone);
  const real = [wall - before, wall - after].filter(
    (instant) => instant + offsetAt(instant, timezone) === wall,
  );
  if (real.length === 0) {
    return wall - before;
  }
  return edge === 'start' ? Math.min(...real) : Math.max(...real);
}

function offsetAt(instant: number, timezone: string): number {
  const formatter = formatterFor(timezone);
  if (formatter === null) {
    throw new RangeError(`time zone ${timezone} is not known`);
  }
  const parts: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(instant)) {
    parts[type] = Number(value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  return wall - Math.floor(instant / 1000) * 1000;
}

/** Building a formatter costs far more than using it, and a register has a handful of zones. */
const formatters = new Map<string, Intl.DateTimeFormat | null>();

function formatterFor(timezone: string): Intl.DateTimeFormat | null {
  const known = formatters.get(timezone);
  if (known !== undefined) {
    return known;
  }
  const formatter = newFormatter(timezone);
  formatters.set(timezone, formatter);
  return formatter;
}

function newFormatter(timezone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return null;
  }
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
