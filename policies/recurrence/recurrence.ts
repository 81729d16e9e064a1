/**
 * Times that recur, as RFC 5545 has them: a start, a rule, a duration, with dates added and taken out.
 *
 * A library works out on which dates the rule falls. It is given the wall-clock times alone, as if they were UTC: what they
 * are in the zone is for `zone.ts` to say, where the weekly windows ask as well.
 *
 * - A generated time that clocks skip is none, and does not count towards `COUNT` (3.3.10). That is the safe reading of a
 *   window, which then stays shut. Of a freeze it would open what was to be closed: there it is moved forward, as 3.3.5 has
 *   it for a time that somebody writes. `BYSETPOS` chooses among dates, before anybody looks at the clocks.
 * - A time that clocks repeat is the first of the two (3.3.5), for what begins as for what was added.
 * - Weeks and days of a duration are nominal, hours and minutes are exact (3.3.6): `PT3H` over a change of clocks lasts three
 *   hours. An end after days that falls on a time that clocks repeat is the earlier one of a window, the later one of a freeze.
 * - `UNTIL` is an instant, and what begins at it still counts. `EXDATE` takes out what begins at that wall-clock time.
 */
import { createRequire } from 'node:module';
import type * as Library from 'rrule-temporal';
import { dayMs } from '../gate/instant.ts';
import type { Recurrence } from '../model/calendar.ts';
import { nominalMs, readDuration, type Duration } from './duration.ts';
import { maxCount, readRule, type RecurrenceRule } from './rule.ts';
import { instantOf, instantsOf, isZone, wallMs } from './zone.ts';

/** What it is of decides how a time that clocks skip or repeat is read. */
export type RecurrenceUse = 'window' | 'freeze';

/** Milliseconds since the epoch, half-open. */
export interface RecurringTime {
  readonly start: number;
  readonly end: number;
}

export interface RecurrenceProblem {
  readonly field: keyof Recurrence;
  /** Place in the list that the field is; absent for another field. */
  readonly index?: number;
  readonly message: string;
  readonly fix: string;
}

/** Days. What lasts longer is no window, and no freeze either: a year and a day later nobody knows who agreed to it. */
const maxDays: Readonly<Record<RecurrenceUse, number>> = { window: 7, freeze: 366 };

/** Years in which a start may lie. */
const years = { first: 2000, last: 2100 };

/** For the first date of a rule. */
const lookedYears = 40;

/** What begins in [from, to) or is still under way at `from`, in order. Empty for one that has a problem. */
export function occurrencesBetween(
  recurrence: Recurrence,
  use: RecurrenceUse,
  from: number,
  to: number,
): readonly RecurringTime[] {
  const read = readings.get(recurrence) ?? readRecurrence(recurrence);
  readings.set(recurrence, read);
  if (read === null) {
    return [];
  }
  // The clocks of the world are less than a day apart, and an offset moves by less than another.
  const margin = 2 * dayMs;
  const walls = [
    ...wallsBetween(read, from - nominalMs(read.duration) - margin, to + margin),
    ...read.added,
  ].filter((wall) => !read.removed.has(wall));
  return [...new Set(walls)]
    .flatMap((wall) => occurrenceAt(read, wall, use) ?? [])
    .filter(({ start, end }) => start < to && from < end)
    .toSorted((a, b) => a.start - b.start);
}

/** Why it is not taken, in the order of its fields. A rule that is not taken itself is the only problem that is told. */
export function recurrenceProblems(recurrence: Recurrence, use: RecurrenceUse): readonly RecurrenceProblem[] {
  const known = problemsFound[use].get(recurrence) ?? problemsOf(recurrence, use);
  problemsFound[use].set(recurrence, known);
  return known;
}

/** Of the values that registers and calendars are read into, which nobody changes; every question about a window asks. */
const problemsFound: Readonly<Record<RecurrenceUse, WeakMap<Recurrence, readonly RecurrenceProblem[]>>> = {
  window: new WeakMap(),
  freeze: new WeakMap(),
};

function problemsOf(recurrence: Recurrence, use: RecurrenceUse): readonly RecurrenceProblem[] {
  const { timezone, rrule } = recurrence;
  if (!isZone(timezone)) {
    return [
      {
        field: 'timezone',
        message: `the time zone ${timezone} is not known`,
        fix: 'write an IANA name such as Europe/London or UTC',
      },
    ];
  }
  const rule = readRule(rrule);
  if (typeof rule === 'string') {
    return [{ field: 'rrule', message: rule, fix: 'correct the rule, or give the days of the week instead' }];
  }
  const problems = [...durationProblems(recurrence, use), ...startProblems(recurrence, rule)];
  return problems.length > 0 ? problems : [...endProblems(recurrence, rule), ...dateProblems(recurrence)];
}

function durationProblems({ duration }: Recurrence, use: RecurrenceUse): readonly RecurrenceProblem[] {
  const read = readDuration(duration);
  const ms = read === null ? 0 : nominalMs(read);
  const most = maxDays[use];
  return ms > 0 && ms <= most * dayMs
    ? []
    : [
        {
          field: 'duration',
          message: `${duration} is no duration of more than nothing and at most ${String(most)} days`,
          fix: 'write hours and minutes, such as PT2H30M, or days, such as P2D',
        },
      ];
}

/** RFC 5545 leaves open what a rule means that does not fall on its own start (3.8.5.3). */
function startProblems(recurrence: Recurrence, rule: RecurrenceRule): readonly RecurrenceProblem[] {
  const { start, timezone } = recurrence;
  const wall = wallMs(start);
  const year = wall === null ? 0 : new Date(wall).getUTCFullYear();
  if (wall === null || year < years.first || year > years.last) {
    const message = `${start} is no date and time of ${String(years.first)} to ${String(years.last)}`;
    return [
      { field: 'start', message, fix: 'write the local time of the first one, such as 2026-12-12T20:00' },
    ];
  }
  if (instantsOf(wall, timezone).length === 0) {
    const message = `clocks in ${timezone} skip ${start}`;
    return [{ field: 'start', message, fix: 'begin at a time that there is on that day' }];
  }
  if (dates(rule.pattern, wall, wall, wall).length > 0) {
    return [];
  }
  const first = firstFrom(rule.pattern, wall);
  return first === null
    ? [
        {
          field: 'rrule',
          message: `the rule falls on no date in the ${String(lookedYears)} years after its start`,
          fix: 'correct the rule',
        },
      ]
    : [
        {
          field: 'start',
          message: `the rule does not fall on its start ${start}`,
          fix: `begin with the first one after it, ${wallText(first)}, or correct the rule`,
        },
      ];
}

function endProblems(recurrence: Recurrence, rule: RecurrenceRule): readonly RecurrenceProblem[] {
  const wall = wallMs(recurrence.start) ?? 0;
  if (rule.until !== null && rule.until < instantOf(wall, recurrence.timezone, 'first')) {
    const message = `UNTIL is before the start ${recurrence.start} in ${recurrence.timezone}`;
    return [{ field: 'rrule', message, fix: 'correct UNTIL, which is in UTC, or the start' }];
  }
  const read = readRecurrence(recurrence);
  const isShort = rule.count !== null && (read?.counted ?? []).length < rule.count;
  return isShort
    ? [
        {
          field: 'rrule',
          message: `there are not ${String(rule.count)} of it in a time that anybody plans for`,
          fix: 'lower COUNT, or say until when with UNTIL',
        },
      ]
    : [];
}

/** A date that is taken out and was never in would leave open what somebody meant to close. */
function dateProblems(recurrence: Recurrence): readonly RecurrenceProblem[] {
  const read = readRecurrence(recurrence);
  const { timezone, exdate = [], rdate = [] } = recurrence;
  const removed = exdate.flatMap((text, index): readonly RecurrenceProblem[] => {
    const wall = wallMs(text);
    const isIn = wall !== null && read !== null && wallsBetween(read, wall, wall + 1).includes(wall);
    return isIn
      ? []
      : [
          {
            field: 'exdate',
            index,
            message: `${text} is no start that the rule has`,
            fix: `write the local time at which one begins, such as ${recurrence.start}`,
          },
        ];
  });
  const added = rdate.flatMap((text, index): readonly RecurrenceProblem[] => {
    const wall = wallMs(text);
    return wall !== null && instantsOf(wall, timezone).length > 0
      ? []
      : [
          {
            field: 'rdate',
            index,
            message: `${text} is no date and time in ${timezone}`,
            fix: 'write a local time that there is, such as 2026-12-12T20:00',
          },
        ];
  });
  return [...removed, ...added];
}

interface ReadRecurrence {
  readonly rule: RecurrenceRule;
  readonly timezone: string;
  readonly duration: Duration;
  readonly start: number;
  readonly added: readonly number[];
  readonly removed: ReadonlySet<number>;
  /** Wall-clock times of a rule with `COUNT`, those that clocks skip as well; null of another. */
  readonly counted: readonly number[] | null;
}

const readings = new WeakMap<Recurrence, ReadRecurrence | null>();

function readRecurrence(recurrence: Recurrence): ReadRecurrence | null {
  const { timezone, exdate = [], rdate = [] } = recurrence;
  const rule = readRule(recurrence.rrule);
  const duration = readDuration(recurrence.duration);
  const start = wallMs(recurrence.start);
  if (typeof rule === 'string' || duration === null || start === null || !isZone(timezone)) {
    return null;
  }
  return {
    rule,
    timezone,
    duration,
    start,
    added: rdate.flatMap((text) => wallMs(text) ?? []),
    removed: new Set(exdate.flatMap((text) => wallMs(text) ?? [])),
    counted: rule.count === null ? null : countedFrom(rule, start, timezone),
  };
}

function wallsBetween(read: ReadRecurrence, from: number, to: number): readonly number[] {
  const { rule, start, counted, timezone } = read;
  const walls =
    counted?.filter((wall) => from <= wall && wall < to) ??
    (to <= start ? [] : dates(rule.pattern, start, Math.max(from, start), to - 1));
  const { until } = rule;
  return until === null ? walls : walls.filter((wall) => instantOf(wall, timezone, 'first') <= until);
}

/** Up to the last that counts; fewer where they are too far apart to look for. */
function countedFrom({ pattern, count }: RecurrenceRule, start: number, timezone: string): readonly number[] {
  const horizon = Date.UTC(years.last + 100, 0);
  const found: number[] = [];
  let left = count ?? 0;
  for (let from = start; left > 0 && from < horizon; from += maxCount * dayMs) {
    for (const wall of dates(pattern, start, from, from + maxCount * dayMs - 1)) {
      left -= instantsOf(wall, timezone).length > 0 ? 1 : 0;
      found.push(wall);
      if (left === 0) {
        break;
      }
    }
  }
  return found;
}

function firstFrom(pattern: string, start: number): number | null {
  return (
    [1, lookedYears].flatMap(
      (ahead) => dates(pattern, start, start, start + ahead * 366 * dayMs)[0] ?? [],
    )[0] ?? null
  );
}

function occurrenceAt(read: ReadRecurrence, wall: number, use: RecurrenceUse): RecurringTime | null {
  const { duration, timezone } = read;
  if (use === 'window' && instantsOf(wall, timezone).length === 0) {
    return null;
  }
  const start = instantOf(wall, timezone, 'first');
  const afterDays =
    duration.days === 0
      ? start
      : instantOf(wall + duration.days * dayMs, timezone, use === 'window' ? 'first' : 'last');
  return { start, end: afterDays + duration.exact };
}

function wallText(wall: number): string {
  return new Date(wall).toISOString().slice(0, 16);
}

const load = createRequire(import.meta.url);

/** Dates of the pattern in [from, to], both as wall-clock times; `start` is where it begins. */
function dates(pattern: string, start: number, from: number, to: number): readonly number[] {
  // Most registers have weekly windows only: who has no rule does not wait for the library.
  const { RRuleTemporal } = load('rrule-temporal') as typeof Library;
  const text = new Date(start).toISOString().replaceAll(/[-:]|\.\d{3}Z/gu, '');
  const rule = new RRuleTemporal({
    rruleString: `DTSTART;TZID=UTC:${text}\nRRULE:${pattern}`,
    strict: true,
    includeDtstart: false,
    maxIterations: maxIterationsFor(from, to),
    cache: false,
  });
  return rule.between(new Date(from), new Date(to), true).map(({ epochMilliseconds }) => epochMilliseconds);
}

/** One round for each day that is asked about, and some to get there. */
function maxIterationsFor(from: number, to: number): number {
  return 10_000 + Math.ceil((to - from) / dayMs);
}
