/** The period that is asked about: from flags to instants. */
import { UsageError } from '../../contract/errors.ts';

interface AuditPeriod {
  /** Milliseconds since 1970, half-open. */
  readonly from: number;
  readonly until: number;
}

const day = 24 * 60 * 60_000;

/**
 * Without flags: the month of yesterday up to now, so that a run in the first night of a month still tells of all of the one
 * before. What lies ahead has not happened: it ends now. `now` in RFC 3339. @throws UsageError for what is no period.
 */
export function auditPeriod(
  flags: { readonly from: string | undefined; readonly to: string | undefined },
  now: string,
): AuditPeriod {
  const end = Date.parse(now);
  const yesterday = new Date(end - day);
  const first = Date.UTC(yesterday.getUTCFullYear(), yesterday.getUTCMonth(), 1);
  const from = flags.from === undefined ? first : instantOf('--from', flags.from);
  const until = Math.min(flags.to === undefined ? end : instantOf('--to', flags.to), end);
  if (from >= until) {
    throw new UsageError({
      what: 'The period is empty.',
      why: `It would be from ${new Date(from).toISOString()} to ${new Date(until).toISOString()}, the end not included; what is to come has no log.`,
      fix: 'Give the first day and the day after the last.',
      next: 'sluice audit --from 2026-11-01 --to 2026-12-01',
    });
  }
  return { from, until };
}

/** As the API takes it: a day in UTC, or a time with its offset. */
function instantOf(flag: string, text: string): number {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const at = isDay || isTime ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || (isDay && new Date(at).toISOString().slice(0, 10) !== text)) {
    throw new UsageError({
      what: `${flag} is ${JSON.stringify(text.slice(0, 60))}, which is no day and no time.`,
      fix: 'Write a day (2026-11-01, UTC) or a time with its offset (2026-11-01T00:00:00Z).',
      next: 'sluice audit --from 2026-11-01 --to 2026-12-01',
    });
  }
  return at;
}
