/** How a recurrence is read where clocks change, and what is refused of it. */
import { describe, expect, it } from 'vitest';
import type { Recurrence } from '../../../policies/model/calendar.ts';
import {
  occurrencesBetween,
  recurrenceProblems,
  type RecurrenceUse,
} from '../../../policies/recurrence/recurrence.ts';
import { openingAt, openingsBetween, periodsOf, windowProblem } from '../../../policies/windows.ts';

const second: Recurrence = {
  rrule: 'FREQ=MONTHLY;BYDAY=2SA',
  start: '2026-12-12T20:00',
  duration: 'PT3H',
  timezone: 'Europe/London',
};
const daily = (time: string, parts: Partial<Recurrence> = {}): Recurrence => ({
  rrule: 'FREQ=DAILY',
  start: `2026-01-01T${time}`,
  duration: 'PT1H',
  timezone: 'Europe/London',
  ...parts,
});

function times(
  recurrence: Recurrence,
  from: string,
  to: string,
  use: RecurrenceUse = 'window',
): readonly string[] {
  return occurrencesBetween(recurrence, use, Date.parse(from), Date.parse(to)).map(({ start, end }) =>
    [start, end].map((at) => new Date(at).toISOString().slice(0, 16)).join('/'),
  );
}

const problems = (parts: Partial<Recurrence>, use: RecurrenceUse = 'window') =>
  recurrenceProblems({ ...second, ...parts }, use).map(({ field, index, message }) =>
    [field, ...(index === undefined ? [] : [index]), message].join(' '),
  );

describe('a recurrence', () => {
  it('is there in the months that are asked about, summer time included', () => {
    expect(times(second, '2026-12-01T00:00:00Z', '2027-05-01T00:00:00Z')).toEqual([
      '2026-12-12T20:00/2026-12-12T23:00',
      '2027-01-09T20:00/2027-01-09T23:00',
      '2027-02-13T20:00/2027-02-13T23:00',
      '2027-03-13T20:00/2027-03-13T23:00',
      '2027-04-10T19:00/2027-04-10T22:00',
    ]);
  });

  it('is half-open, and one that is under way is there', () => {
    expect(times(second, '2026-12-12T23:00:00Z', '2027-01-09T20:00:00Z')).toEqual([]);
    expect(times(second, '2026-12-12T22:59:00Z', '2026-12-12T22:59:30Z')).toHaveLength(1);
  });

  it('has the dates that were added, and not those that were taken out', () => {
    const parts = { exdate: ['2027-01-09T20:00'], rdate: ['2027-01-16T20:00', '2027-02-13T20:00'] };
    expect(times({ ...second, ...parts }, '2027-01-01T00:00:00Z', '2027-03-01T00:00:00Z')).toEqual([
      '2027-01-16T20:00/2027-01-16T23:00',
      '2027-02-13T20:00/2027-02-13T23:00',
    ]);
  });

  it('ends with COUNT and with UNTIL, what begins at UNTIL included', () => {
    const until = (at: string) => ({ ...second, rrule: `${second.rrule};UNTIL=${at}` });
    const span = ['2026-01-01T00:00:00Z', '2036-01-01T00:00:00Z'] as const;
    expect(times({ ...second, rrule: `${second.rrule};COUNT=2` }, ...span)).toHaveLength(2);
    expect(times(until('20270213T200000Z'), ...span)).toHaveLength(3);
    expect(times(until('20270213T195959Z'), ...span)).toHaveLength(2);
  });
});

describe('where clocks change', () => {
  // London: 2026-03-29 01:00 becomes 02:00; 2026-10-25 02:00 becomes 01:00.
  it('a window at a time that clocks skip is none on that day, and does not count', () => {
    expect(times(daily('01:30'), '2026-03-28T00:00:00Z', '2026-03-31T00:00:00Z')).toEqual([
      '2026-03-28T01:30/2026-03-28T02:30',
      '2026-03-30T00:30/2026-03-30T01:30',
    ]);
    const three = daily('01:30', { start: '2026-03-28T01:30', rrule: 'FREQ=DAILY;COUNT=3' });
    expect(times(three, '2026-03-01T00:00:00Z', '2026-05-01T00:00:00Z').at(-1)).toBe(
      '2026-03-31T00:30/2026-03-31T01:30',
    );
  });

  it('a freeze at such a time is moved forward: it is not left out', () => {
    expect(times(daily('01:30'), '2026-03-29T00:00:00Z', '2026-03-30T00:00:00Z', 'freeze')).toEqual([
      '2026-03-29T01:30/2026-03-29T02:30',
    ]);
    // Santiago skips midnight itself.
    const santiago = daily('00:00', { timezone: 'America/Santiago', duration: 'P1D' });
    expect(times(santiago, '2026-09-06T12:00:00Z', '2026-09-06T12:01:00Z', 'freeze')).toEqual([
      '2026-09-06T04:00/2026-09-07T03:00',
    ]);
    expect(times(santiago, '2026-09-06T12:00:00Z', '2026-09-06T12:01:00Z')).toEqual([]);
  });

  it('hours are exact, days end at the same time of day', () => {
    const night = daily('00:30', { duration: 'PT3H' });
    expect(times(night, '2026-03-29T00:00:00Z', '2026-03-29T01:00:00Z')).toEqual([
      '2026-03-29T00:30/2026-03-29T03:30',
    ]);
    const day = daily('00:30', { duration: 'P1D', rrule: 'FREQ=WEEKLY', start: '2026-03-29T00:30' });
    expect(times(day, '2026-03-29T12:00:00Z', '2026-03-29T12:01:00Z')).toEqual([
      '2026-03-29T00:30/2026-03-29T23:30',
    ]);
  });

  it('a time that there is twice is the first of the two', () => {
    expect(times(daily('01:30'), '2026-10-25T00:00:00Z', '2026-10-25T12:00:00Z')).toEqual([
      '2026-10-25T00:30/2026-10-25T01:30',
    ]);
  });

  it('an end after days at a time that there is twice is early for a window, late for a freeze', () => {
    const days = daily('01:30', { duration: 'P1D', rrule: 'FREQ=WEEKLY', start: '2026-10-24T01:30' });
    const span = ['2026-10-24T12:00:00Z', '2026-10-24T12:01:00Z'] as const;
    expect(times(days, ...span)).toEqual(['2026-10-24T00:30/2026-10-25T00:30']);
    expect(times(days, ...span, 'freeze')).toEqual(['2026-10-24T00:30/2026-10-25T01:30']);
  });
});

describe('what is refused', () => {
  it.each<readonly [string, string | RegExp]>([
    [
      'FREQ=SECONDLY',
      'FREQ is one of DAILY, WEEKLY, MONTHLY, YEARLY: a time that comes more than once a day is no window',
    ],
    ['FREQ=MINUTELY;COUNT=1000000', /^FREQ is one of/u],
    ['FREQ=HOURLY', /^FREQ is one of/u],
    ['FREQ=DAILY;COUNT=1000000', 'COUNT is a number from 1 to 366'],
    ['FREQ=DAILY;COUNT=99999999999999999999', 'COUNT is a number from 1 to 366'],
    ['FREQ=DAILY;COUNT=0', 'COUNT is a number from 1 to 366'],
    ['FREQ=DAILY;INTERVAL=0', 'INTERVAL is a number from 1 to 366'],
    ['FREQ=YEARLY;INTERVAL=11', 'INTERVAL is a number from 1 to 10'],
    ['FREQ=DAILY;COUNT=2;UNTIL=20270101T000000Z', 'COUNT and UNTIL exclude each other'],
    ['FREQ=DAILY;UNTIL=20270101', /^UNTIL is an instant in UTC/u],
    ['FREQ=DAILY;UNTIL=20270231T000000Z', /^UNTIL is an instant in UTC/u],
    ['FREQ=DAILY;UNTIL=20261212T195959Z', 'UNTIL is before the start 2026-12-12T20:00 in Europe/London'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'the rule falls on no date in the 40 years after its start'],
    ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30,31', 'the rule falls on no date in the 40 years after its start'],
    ['FREQ=MONTHLY;BYDAY=1SA;BYSETPOS=2', 'the rule falls on no date in the 40 years after its start'],
    ['FREQ=DAILY;BYHOUR=20', /^BYHOUR is not taken: the time of day is that of `start`/u],
    ['FREQ=YEARLY;BYWEEKNO=51', /^BYWEEKNO is not taken: calendar programs do not agree on it/u],
    ['FREQ=YEARLY;BYEASTER=0', /^BYEASTER is not taken; what is: FREQ, /u],
    ['FREQ=DAILY;FREQ=DAILY', 'FREQ is there twice'],
    ['INTERVAL=2', 'FREQ is missing'],
    ['', /^an empty part is no part of a rule/u],
    ['RRULE:FREQ=DAILY', /is no part of a rule/u],
    ['freq=daily', /is no part of a rule/u],
    ['FREQ=DAILY;', /^an empty part is no part of a rule/u],
    ['FREQ=DAILY\nRRULE:FREQ=SECONDLY', /is no part of a rule/u],
    [
      'FREQ=WEEKLY;BYDAY=2SA',
      /^BYDAY is a list of different weekdays, MO to SU; with FREQ=WEEKLY without a number/u,
    ],
    ['FREQ=MONTHLY;BYDAY=6SA', /with a number of at most 5/u],
    ['FREQ=MONTHLY;BYDAY=SA,2SU', /all of them with a number/u],
    ['FREQ=MONTHLY;BYDAY=2SA;BYMONTHDAY=8,9,10', /^BYDAY with a number does not go with BYMONTHDAY/u],
    ['FREQ=MONTHLY;BYMONTHDAY=0', /^BYMONTHDAY is a list of different numbers from -31 to 31, without 0/u],
    ['FREQ=WEEKLY;BYMONTHDAY=1', 'BYMONTHDAY does not go with FREQ=WEEKLY'],
    ['FREQ=YEARLY;BYMONTH=13', /^BYMONTH is a list of different numbers from 1 to 12/u],
    ['FREQ=WEEKLY;BYDAY=SA;BYSETPOS=1', /^BYSETPOS goes with/u],
    ['FREQ=MONTHLY;BYDAY=SA;WKST=MO', /^WKST is a weekday/u],
    [`FREQ=MONTHLY;BYMONTHDAY=${'1,'.repeat(200)}1`, 'the rule is longer than 200 characters'],
  ])('the rule %j', (rrule, reason) => {
    const [{ field, message } = { field: 'none', message: '' }, ...others] = recurrenceProblems(
      { ...second, rrule },
      'window',
    );
    expect([field, others]).toEqual(['rrule', []]);
    expect(message).toMatch(typeof reason === 'string' ? new RegExp(`^${reason}$`, 'u') : reason);
  });

  it.each<readonly [Partial<Recurrence>, string]>([
    [{ start: '2026-12-13T20:00' }, 'start the rule does not fall on its start 2026-12-13T20:00'],
    [{ start: '2026-12-32T20:00' }, 'start 2026-12-32T20:00 is no date and time of 2000 to 2100'],
    [{ start: '1600-12-09T20:00' }, 'start 1600-12-09T20:00 is no date and time of 2000 to 2100'],
    [
      { start: '2026-03-29T01:30', rrule: 'FREQ=DAILY' },
      'start clocks in Europe/London skip 2026-03-29T01:30',
    ],
    [{ timezone: 'Mars/Base' }, 'timezone the time zone Mars/Base is not known'],
    [{ duration: 'PT0H' }, 'duration PT0H is no duration of more than nothing and at most 7 days'],
    [{ duration: '-PT1H' }, 'duration -PT1H is no duration of more than nothing and at most 7 days'],
    [{ duration: 'P8D' }, 'duration P8D is no duration of more than nothing and at most 7 days'],
    [{ duration: 'P1M' }, 'duration P1M is no duration of more than nothing and at most 7 days'],
    [{ duration: 'PT' }, 'duration PT is no duration of more than nothing and at most 7 days'],
    [
      { exdate: ['2027-01-09T20:00', '2027-01-10T20:00'] },
      'exdate 1 2027-01-10T20:00 is no start that the rule has',
    ],
    [{ rdate: ['2027-03-28T01:30'] }, 'rdate 0 2027-03-28T01:30 is no date and time in Europe/London'],
  ])('%j', (parts, problem) => {
    expect(problems(parts)).toEqual([problem]);
  });

  it('a number that is not reached in a time that anybody plans for', () => {
    const leap = { start: '2028-02-29T20:00', rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=366' };
    expect(problems(leap)).toEqual(['rrule there are not 366 of it in a time that anybody plans for']);
  });

  it('says with which date an unfitting start may be mended, and takes a freeze of a year', () => {
    const [unfit] = recurrenceProblems({ ...second, start: '2026-12-13T20:00' }, 'window');
    expect(unfit?.fix).toContain('2027-01-09T20:00');
    expect(problems({ duration: 'P366D' }, 'freeze')).toEqual([]);
    expect(problems({ duration: 'P367D' }, 'freeze')).toHaveLength(1);
  });

  it('is shut as a window and always in force as a freeze', () => {
    const never = { ...second, id: 'never', rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' };
    expect(windowProblem(never)).toBe(
      'window never: the rule falls on no date in the 40 years after its start',
    );
    expect(
      openingsBetween([never], Date.parse('2026-01-01T00:00:00Z'), Date.parse('2027-01-01T00:00:00Z')),
    ).toEqual([]);
    const freeze = { ...never, reason: 'r', kind: 'hard', clients: 'all', exemptionBy: 'cab' } as const;
    const asked = [Date.parse('2026-05-01T00:00:00Z'), Date.parse('2026-05-02T00:00:00Z')] as const;
    expect(periodsOf(freeze, ...asked)).toMatchObject([
      { id: 'never', start: '2026-05-01T00:00:00Z', end: '2026-05-02T00:00:00Z' },
    ]);
  });
});

describe('windows of both forms', () => {
  it('that touch are one opening', () => {
    const weekly = {
      id: 'sa',
      days: ['SA'],
      start: '18:00',
      end: '20:00',
      timezone: 'Europe/London',
    } as const;
    const opening = openingAt([weekly, { id: 'second', ...second }], Date.parse('2026-12-12T19:00:00Z'));
    expect(opening).toEqual({
      start: Date.parse('2026-12-12T18:00:00Z'),
      end: Date.parse('2026-12-12T23:00:00Z'),
    });
  });
});
