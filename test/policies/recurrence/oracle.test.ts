/** What the library works out, against a slow reading of the RFC and, with zones, against the library's own. */
import * as fc from 'fast-check';
import { RRuleTemporal } from 'rrule-temporal';
import { describe, expect, it } from 'vitest';
import type { Recurrence } from '../../../policies/model/calendar.ts';
import { occurrencesBetween, recurrenceProblems } from '../../../policies/recurrence/recurrence.ts';
import { readRule } from '../../../policies/recurrence/rule.ts';
import { oracleDates } from './oracle.ts';

const dayMs = 86_400_000;
const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const runs = Number(process.env['SLUICE_PROPERTY_RUNS'] ?? 200);

const listOf = <T>(one: fc.Arbitrary<T>, most = 3) => fc.uniqueArray(one, { minLength: 1, maxLength: most });
const signed = (most: number) => fc.integer({ min: -most, max: most }).filter((n) => n !== 0);
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });

const rules = fc
  .record({
    FREQ: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
    INTERVAL: maybe(fc.integer({ min: 1, max: 10 })),
    BYMONTH: maybe(listOf(fc.integer({ min: 1, max: 12 }))),
    BYMONTHDAY: maybe(listOf(signed(31))),
    BYDAY: maybe(
      listOf(
        fc
          .tuple(maybe(signed(5)), fc.constantFrom(...weekdays))
          .map(([n, day]) => `${String(n ?? '')}${day}`),
      ),
    ),
    BYSETPOS: maybe(listOf(signed(4), 2)),
    WKST: maybe(fc.constantFrom(...weekdays)),
  })
  .map((parts) =>
    Object.entries(parts)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${String(value)}`)
      .join(';'),
  )
  .filter((rule) => typeof readRule(rule) !== 'string');

const starts = fc.integer({ min: Date.UTC(2000, 0, 1) / dayMs, max: Date.UTC(2030, 0, 1) / dayMs });

/** The rule from its first date on or after the day; null where it has none in nine years. */
function begun(rule: string, day: number): number | null {
  const first = oracleDates(rule, day * dayMs, (day + 9 * 366) * dayMs).find((at) =>
    oracleDates(rule, at, at + 1).includes(at),
  );
  return first ?? null;
}

function recurrenceFrom(rrule: string, at: number, time: string, timezone: string): Recurrence {
  return { rrule, start: `${new Date(at).toISOString().slice(0, 10)}T${time}`, duration: 'PT1H', timezone };
}

describe('rules that are taken', () => {
  it('fall on the dates that the RFC says, near their start and far from it', () => {
    let compared = 0;
    fc.assert(
      fc.property(rules, starts, fc.integer({ min: 0, max: 20 }), (rule, day, later) => {
        const first = begun(rule, day);
        fc.pre(first !== null);
        const recurrence = recurrenceFrom(rule, first, '00:00', 'UTC');
        const [from, to] = [first + later * 365 * dayMs, first + (later + 2) * 366 * dayMs];
        expect(recurrenceProblems(recurrence, 'window')).toEqual([]);
        const expected = oracleDates(rule, first, to).filter((at) => at >= from);
        expect(occurrencesBetween(recurrence, 'window', from, to).map(({ start }) => start)).toEqual(
          expected,
        );
        compared += expected.length;
      }),
      { numRuns: runs },
    );
    expect(compared).toBeGreaterThan(runs);
  });

  it('are at the instants that the library has for their zone, the end by number or time included', () => {
    const zones = fc.constantFrom(
      'Europe/London',
      'America/New_York',
      'Australia/Lord_Howe',
      'America/Santiago',
      'Asia/Kathmandu',
      'Pacific/Apia',
    );
    const times = fc.constantFrom('00:00', '01:30', '02:00', '02:30', '03:00', '12:00', '23:59');
    const ends = fc.constantFrom(
      '',
      ';COUNT=1',
      ';COUNT=30',
      ';UNTIL=20270328T010000Z',
      ';UNTIL=20260901T000000Z',
    );
    fc.assert(
      fc.property(rules, times, zones, ends, (rule, someTime, zone, end) => {
        // The library chooses among the times that there are, we among the dates: at noon they are the same.
        const time = rule.includes('BYSETPOS') ? '12:00' : someTime;
        const first = begun(rule, Date.UTC(2026, 0, 1) / dayMs);
        fc.pre(first !== null);
        const recurrence = recurrenceFrom(`${rule}${end}`, first, time, zone);
        fc.pre(recurrenceProblems(recurrence, 'window').length === 0);
        const [from, to] = [Date.UTC(2026, 0, 1), Date.UTC(2027, 11, 31)];
        const theirs = new RRuleTemporal({
          rruleString: `DTSTART;TZID=${zone}:${recurrence.start.replaceAll(/[-:]/gu, '')}00\nRRULE:${rule}${end}`,
        }).between(new Date(from), new Date(to), true);
        expect(occurrencesBetween(recurrence, 'window', from, to).map(({ start }) => start)).toEqual(
          theirs.map(({ epochMilliseconds }) => epochMilliseconds).filter((at) => at < to),
        );
      }),
      { numRuns: runs },
    );
  });
});
