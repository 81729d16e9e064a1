/** Wall-clock times in an IANA zone, and the instants that they are. A wall-clock time is counted as if it were UTC. */
import { dayMs } from '../gate/instant.ts';

export function isZone(timezone: string): boolean {
  return formatterFor(timezone) !== null;
}

const wallForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/u;

/** A wall-clock time without a zone, `2026-12-07T20:00`; null for another text, and for a day or time that there is not. */
export function wallMs(text: string): number | null {
  const ms = wallForm.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? ms : null;
}

/** The instants that have this wall-clock time, in order: one, none where clocks skip it, two where they repeat it. */
export function instantsOf(wall: number, timezone: string): readonly number[] {
  return [...new Set(offsetsAround(wall, timezone).map((offset) => wall - offset))]
    .filter((instant) => instant + offsetAt(instant, timezone) === wall)
    .toSorted((a, b) => a - b);
}

/**
 * The instant of a wall-clock time: the first or the last of those that have it. One that clocks skip is read with the
 * offset before the gap (RFC 5545, 3.3.5), which moves it forward by as much as is skipped.
 */
export function instantOf(wall: number, timezone: string, which: 'first' | 'last'): number {
  const real = instantsOf(wall, timezone);
  const [before] = offsetsAround(wall, timezone);
  return (which === 'first' ? real[0] : real.at(-1)) ?? wall - before;
}

/** Before and after: an offset changes at most once within two days, so these two are the only ones that can apply. */
function offsetsAround(wall: number, timezone: string): readonly [before: number, after: number] {
  return [offsetAt(wall - dayMs, timezone), offsetAt(wall + dayMs, timezone)];
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
