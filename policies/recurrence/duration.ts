/** ISO 8601 durations of weeks to seconds, as RFC 5545 (3.3.6) takes them: no years, no months, nothing negative. */
import { dayMs, hourMs, minuteMs } from '../gate/instant.ts';

/** Days are nominal, they end at the same wall-clock time whatever the clocks do; the rest is exact, in milliseconds. */
export interface Duration {
  readonly days: number;
  readonly exact: number;
}

const form =
  /^P(?:(?<weeks>\d{1,4})W|(?:(?<days>\d{1,4})D)?(?:T(?=\d)(?:(?<hours>\d{1,4})H)?(?:(?<minutes>\d{1,6})M)?(?:(?<seconds>\d{1,8})S)?)?)$/u;

/** Null for a text that is none. */
export function readDuration(text: string): Duration | null {
  const parts = form.exec(text)?.groups;
  if (parts === undefined || text === 'P') {
    return null;
  }
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = [
    parts['weeks'],
    parts['days'],
    parts['hours'],
    parts['minutes'],
    parts['seconds'],
  ].map((part) => Number(part ?? 0));
  return { days: weeks * 7 + days, exact: hours * hourMs + minutes * minuteMs + seconds * 1000 };
}

/** Milliseconds, a day with 24 hours. */
export function nominalMs({ days, exact }: Duration): number {
  return days * dayMs + exact;
}
