/**
 * Instants as facts write them. Only RFC 3339 with an offset is an instant: a text without one would mean something else
 * on every machine. What cannot be read is null, and every caller treats null as a reason to refuse.
 */
const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/u;
const plainDate = /^\d{4}-\d{2}-\d{2}$/u;

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Milliseconds since the epoch of an RFC 3339 date-time; null when the text is not one. */
export function instantMs(text: string): number | null {
  return rfc3339.test(text) ? finite(Date.parse(text)) : null;
}

/** Start (00:00 UTC) of an ISO date, as the roster writes it, or the instant itself when the text has a time. */
export function dateOrInstantMs(text: string): number | null {
  return plainDate.test(text) ? finite(Date.parse(`${text}T00:00:00Z`)) : instantMs(text);
}

/** RFC 3339 in UTC without fractions, for messages. */
export function instantText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}/u, '');
}

/** Half-open [from, to): true only when everything can be read. An absent `to` is open-ended. */
export function isWithinDates(at: number, from: string, to: string | undefined): boolean {
  const start = dateOrInstantMs(from);
  if (start === null || at < start) {
    return false;
  }
  if (to === undefined) {
    return true;
  }
  const end = dateOrInstantMs(to);
  return end !== null && at < end;
}

function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}
