/** Release windows, freezes and lead times at their limits: the first and the last minute, and times nobody can read. */
import { describe, expect, it } from 'vitest';
import type { Calendar, Window } from '../../policies/model/calendar.ts';
import {
  freezesDuring,
  isInsideOpening,
  nextOpening,
  openingAt,
  openingsBetween,
  windowProblem,
} from '../../policies/windows.ts';
import { addWorkingDays, workingDaysBetween } from '../../policies/working-days.ts';

const ms = (text: string): number => Date.parse(text);
const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);

function window(parts: Partial<Window> = {}): Window {
  return { id: 'w', days: ['MO', 'TU'], start: '20:00', end: '23:00', timezone: 'UTC', ...parts };
}

const openings = (windows: readonly Window[], from: string, to: string): readonly string[] =>
  openingsBetween(windows, ms(from), ms(to)).map(({ start, end }) => `${iso(start)}/${iso(end)}`);
const monday = '2026-11-23T20:00/2026-11-23T23:00';

describe('a time of day', () => {
  it.each([
    ['00:00', true],
    ['19:59', true],
    ['07:05', true],
    ['19:60', false],
    ['19:99', false],
    ['24:01', false],
    ['24:00', true],
    ['7:05', false],
    ['107:05', false],
    ['07:055', false],
    ['at 07:05', false],
    ['07:05 UTC', false],
    ['0a:05', false],
    ['', false],
  ])('%s can be a start: %s', (start, isTime) => {
    expect(windowProblem(window({ start })) === null).toBe(isTime);
    expect(openings([window({ start })], '2026-11-20T00:00:00Z', '2026-11-28T00:00:00Z').length > 0).toBe(
      isTime,
    );
  });

  it('is named with the days when the window never opens', () => {
    expect(windowProblem(window({ end: '20:00' }))).toBe('window w never opens (MO,TU 20:00-20:00)');
  });
});

describe('what is asked for', () => {
  it.each([
    ['the whole day', '2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z', [monday]],
    ['up to the start', '2026-11-23T12:00:00Z', '2026-11-23T20:00:00Z', []],
    ['up to a second after the start', '2026-11-23T12:00:00Z', '2026-11-23T20:00:01Z', [monday]],
    ['from the end', '2026-11-23T23:00:00Z', '2026-11-24T12:00:00Z', []],
    ['from a second before the end', '2026-11-23T22:59:59Z', '2026-11-24T12:00:00Z', [monday]],
    ['a moment within', '2026-11-23T21:00:00Z', '2026-11-23T21:00:01Z', [monday]],
    ['days without a window', '2026-11-25T00:00:00Z', '2026-11-30T00:00:00Z', []],
  ])('%s', (_name, from, to, expected) => {
    expect(openings([window()], from, to)).toEqual(expected);
  });

  it.each([
    ['2026-11-23T19:59:59.999Z', false],
    ['2026-11-23T20:00:00Z', true],
    ['2026-11-23T22:59:59.999Z', true],
    ['2026-11-23T23:00:00Z', false],
  ])('is open at %s: %s', (at, isOpen) => {
    expect(openingAt([window()], ms(at)) !== null).toBe(isOpen);
  });

  it('reaches far enough east and west of Greenwich', () => {
    const at = (timezone: string) =>
      openings(
        [window({ days: ['MO'], start: '00:00', end: '24:00', timezone })],
        '2026-11-22T00:00:00Z',
        '2026-11-25T00:00:00Z',
      );
    expect(at('Pacific/Kiritimati')).toEqual(['2026-11-22T10:00/2026-11-23T10:00']);
    const tomorrow = window({ days: ['MO'], start: '00:00', end: '24:00', timezone: 'Pacific/Kiritimati' });
    expect(openings([tomorrow], '2026-11-22T10:00:00Z', '2026-11-22T12:00:00Z')).toHaveLength(1);
    const night = { ...tomorrow, start: '23:00', end: '22:59', timezone: 'Pacific/Pago_Pago' };
    expect(openings([night], '2026-11-25T09:58:00Z', '2026-11-25T12:00:00Z')).toEqual([
      '2026-11-24T10:00/2026-11-25T09:59',
    ]);
    expect(at('Pacific/Pago_Pago')).toEqual(['2026-11-23T11:00/2026-11-24T11:00']);
  });

  it('reaches back before 1970 as well', () => {
    expect(openings([window({ days: ['MO'] })], '1969-12-28T00:00:00Z', '1969-12-31T00:00:00Z')).toEqual([
      '1969-12-29T20:00/1969-12-29T23:00',
    ]);
  });
});

describe('several windows', () => {
  const early = window({ id: 'early', days: ['MO'], start: '19:00', end: '20:00' });
  const short = window({ id: 'short', days: ['MO'], start: '20:00', end: '21:00' });
  const long = window({ id: 'long', days: ['MO'] });
  const apart = window({ id: 'apart', days: ['MO'], start: '21:01', end: '22:00' });
  const day = ['2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z'] as const;

  it('are one opening in whatever order the register lists them', () => {
    for (const windows of [
      [early, short, long],
      [long, short, early],
      [short, long, early],
    ]) {
      expect(openings(windows, ...day)).toEqual(['2026-11-23T19:00/2026-11-23T23:00']);
    }
  });

  it('are two with a minute between them', () => {
    for (const windows of [
      [short, apart],
      [apart, short],
    ]) {
      expect(openings(windows, ...day)).toEqual([
        '2026-11-23T20:00/2026-11-23T21:00',
        '2026-11-23T21:01/2026-11-23T22:00',
      ]);
    }
    expect(isInsideOpening([short, apart], ms('2026-11-23T20:00:00Z'), ms('2026-11-23T21:00:00Z'))).toBe(
      true,
    );
    expect(isInsideOpening([short, apart], ms('2026-11-23T20:30:00Z'), ms('2026-11-23T21:30:00Z'))).toBe(
      false,
    );
  });

  it('are one opening from where the first of them began', () => {
    const evening = window({ days: ['MO'], end: '24:00' });
    const night = window({ days: ['TU'], start: '00:00', end: '02:00' });
    const opening = openingAt([night, evening], ms('2026-11-24T01:00:00Z'));
    expect([opening?.start, opening?.end].map((at) => iso(at ?? 0))).toEqual([
      '2026-11-23T20:00',
      '2026-11-24T02:00',
    ]);
  });

  it('are one opening that lasts for days when they touch at every midnight', () => {
    const always = window({ days: ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], start: '00:00', end: '24:00' });
    expect(isInsideOpening([always], ms('2026-11-23T10:00:00Z'), ms('2026-12-03T10:00:00Z'))).toBe(true);
  });
});

describe('the next opening', () => {
  const next = (minutes: number) => nextOpening(window(), '2026-11-23T09:00:00Z', minutes);

  it('may last exactly as long as is needed', () => {
    expect(next(180)).toBe('2026-11-23T20:00:00Z');
    expect(next(181)).toBeNull();
  });

  it('is found a week ahead, when this week has passed', () => {
    expect(nextOpening(window({ days: ['MO'] }), '2026-11-23T20:00:01Z')).toBe('2026-11-30T20:00:00Z');
  });
});

describe('an hour that the clocks skip', () => {
  it('is moved forward by the gap, on the west of Greenwich too', () => {
    const newYork = (start: string, end: string) =>
      openings(
        [window({ days: ['SU'], start, end, timezone: 'America/New_York' })],
        '2026-03-08T00:00:00Z',
        '2026-03-09T00:00:00Z',
      );
    expect(newYork('02:30', '04:00')).toEqual(['2026-03-08T07:30/2026-03-08T08:00']);
    expect(newYork('01:00', '02:30')).toEqual(['2026-03-08T06:00/2026-03-08T07:30']);
  });

  it('leaves no opening where the window ends before its moved start', () => {
    const skipped = window({ days: ['SU'], start: '01:30', end: '02:15', timezone: 'Europe/London' });
    expect(openings([skipped], '2026-03-28T22:00:00Z', '2026-03-29T12:00:00Z')).toEqual([]);
    const toTheStart = { ...skipped, end: '02:30' };
    expect(openings([toTheStart], '2026-03-28T22:00:00Z', '2026-03-29T12:00:00Z')).toEqual([]);
  });
});

describe('freezes', () => {
  const calendar = (parts: Partial<Calendar['freezes'][number]>): Calendar => ({
    freezes: [
      {
        id: 'f',
        reason: 'x',
        kind: 'hard',
        clients: ['acme', 'borough'],
        start: '2026-12-18T00:00:00Z',
        end: '2027-01-04T00:00:00Z',
        exemptionBy: 'change-manager',
        ...parts,
      },
    ],
    holidays: [],
  });
  const isTouched = (given: Calendar, client: string, from: string, to: string) =>
    freezesDuring(
      { calendar: given, registers: [] },
      { clients: [client], categories: new Set(['dns', 'waf'] as const) },
      ms(from),
      ms(to),
    ).length > 0;
  const within = ['2026-12-20T00:00:00Z', '2026-12-21T00:00:00Z'] as const;
  const long = ['2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z'] as const;

  it('are for each of their clients, and for no other', () => {
    expect(isTouched(calendar({}), 'acme', ...within)).toBe(true);
    expect(isTouched(calendar({}), 'borough', ...within)).toBe(true);
    expect(isTouched(calendar({}), 'other', ...within)).toBe(false);
  });

  it('are for a change with one of their categories', () => {
    expect(isTouched(calendar({ categories: ['waf', 'access'] }), 'acme', ...within)).toBe(true);
    expect(isTouched(calendar({ categories: ['access'] }), 'acme', ...within)).toBe(false);
    expect(isTouched(calendar({ categories: [] }), 'acme', ...within)).toBe(false);
  });

  it('cover every time when either date cannot be read, but for their clients alone', () => {
    expect(isTouched(calendar({ start: 'soon' }), 'acme', ...long)).toBe(true);
    expect(isTouched(calendar({ end: '2027-01-04' }), 'acme', ...long)).toBe(true);
    expect(isTouched(calendar({ start: 'soon' }), 'other', ...long)).toBe(false);
    expect(isTouched(calendar({}), 'acme', ...long)).toBe(false);
  });
});

describe('working days', () => {
  it('are counted up to ten years and not beyond', () => {
    const years = (end: string) => workingDaysBetween('2026-11-23T09:00:00Z', end, []);
    expect(years('2036-11-27T09:00:00Z')).toBe(2613);
    expect(years('2036-11-28T09:00:00Z')).toBe(2614);
    expect(years('2036-12-01T09:00:00Z')).toBe(2614);
  });

  it('do not run on for ever where every day is a holiday', () => {
    const closed = Array.from({ length: 4000 }, (_, day) =>
      new Date(ms('2026-11-23T00:00:00Z') + day * 86_400_000).toISOString().slice(0, 10),
    );
    expect(workingDaysBetween('2026-11-23T09:00:00Z', '2030-01-01T09:00:00Z', closed)).toBe(0);
    expect(addWorkingDays('2026-11-23T09:00:00Z', 1, closed)).toBe('2036-11-30T09:00:00.000Z');
  });
});
