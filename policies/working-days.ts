/** Working days, for lead times: Monday to Friday without the holidays of the calendar, counted in UTC dates. */
import { dayMs, instantMs } from './gate/instant.ts';

/** Lead times longer than this are not told apart: nobody plans ten years ahead, and the count must end. */
const maxDays = 3660;

/**
 * Working days after the day of `from` up to and including the day of `to`: from Monday to Wednesday are two. Zero when
 * `to` is not after `from`; null when either is not an RFC 3339 instant, which callers treat as too short.
 */
export function workingDaysBetween(from: string, to: string, holidays: readonly string[]): number | null {
  const start = instantMs(from);
  const end = instantMs(to);
  if (start === null || end === null) {
    return null;
  }
  const closed = new Set(holidays);
  const first = Math.floor(start / dayMs);
  const last = Math.min(Math.floor(end / dayMs), first + maxDays);
  let count = 0;
  for (let day = first + 1; day <= last; day += 1) {
    count += isWorkingDay(day, closed) ? 1 : 0;
  }
  return count;
}

/** Day 0 of the epoch was a Thursday. */
function isWorkingDay(day: number, closed: ReadonlySet<string>): boolean {
  const weekday = (day + 4) % 7;
  const date = new Date(day * dayMs).toISOString().slice(0, 10);
  return weekday !== 0 && weekday !== 6 && !closed.has(date);
}

/** The instant `days` working days after `from`, at the same time of day; null when `from` is not an instant. */
export function addWorkingDays(from: string, days: number, holidays: readonly string[]): string | null {
  const start = instantMs(from);
  if (start === null) {
    return null;
  }
  const closed = new Set(holidays);
  let day = Math.floor(start / dayMs);
  const end = day + maxDays;
  for (let left = days; left > 0 && day < end;) {
    day += 1;
    left -= isWorkingDay(day, closed) ? 1 : 0;
  }
  return new Date(day * dayMs + (start % dayMs)).toISOString();
}
