/** Wall-clock windows as instants: half-open, merged, right on the two days a year when clocks change. */
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

const ms = (text: string): number => Date.parse(text);
const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);

function window(parts: Partial<Window> = {}): Window {
  return {
    id: 'w',
    days: ['MO', 'TU', 'WE', 'TH'],
    start: '20:00',
    end: '23:00',
    timezone: 'Europe/London',
    ...parts,
  };
}

function openings(windows: readonly Window[], from: string, to: string): readonly string[] {
  return openingsBetween(windows, ms(from), ms(to)).map(({ start, end }) => `${iso(start)}/${iso(end)}`);
}

const sunday = (start: string, end: string) => [window({ days: ['SU'], start, end })];

const calendar = (parts: Partial<Calendar['freezes'][number]> = {}): Calendar => ({
  freezes: [
    {
      id: 'f',
      reason: 'x',
      kind: 'hard',
      clients: 'all',
      start: '2026-12-18T00:00:00Z',
      end: '2027-01-04T00:00:00Z',
      exemptionBy: 'change-manager',
      ...parts,
    },
  ],
  holidays: [],
});

const touches = (given: Calendar, from: string, to: string) =>
  freezesDuring(
    { calendar: given, registers: [] },
    { clients: ['acme'], categories: new Set(['dns'] as const) },
    ms(from),
    ms(to),
  ).length === 1;

describe('a window', () => {
  it('opens on its days by the wall clock of its zone', () => {
    expect(openings([window()], '2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z')).toEqual([
      '2026-11-23T20:00/2026-11-23T23:00',
      '2026-11-24T20:00/2026-11-24T23:00',
      '2026-11-25T20:00/2026-11-25T23:00',
      '2026-11-26T20:00/2026-11-26T23:00',
    ]);
    expect(openings([window({ days: ['MO'] })], '2026-07-06T00:00:00Z', '2026-07-07T00:00:00Z')).toEqual([
      '2026-07-06T19:00/2026-07-06T22:00',
    ]);
  });

  it('is half-open: it contains its start and not its end', () => {
    expect(openingAt([window()], ms('2026-11-23T20:00:00Z'))).not.toBeNull();
    expect(openingAt([window()], ms('2026-11-23T22:59:59.999Z'))).not.toBeNull();
    expect(openingAt([window()], ms('2026-11-23T23:00:00Z'))).toBeNull();
    expect(openingAt([window()], ms('2026-11-23T19:59:59.999Z'))).toBeNull();
  });

  it('runs into the next day when its end is before its start', () => {
    const night = window({ days: ['SU'], start: '22:00', end: '02:00' });
    expect(openings([night], '2026-11-23T01:00:00Z', '2026-11-23T01:30:00Z')).toEqual([
      '2026-11-22T22:00/2026-11-23T02:00',
    ]);
  });

  it('belongs to the days of its own zone, not of UTC', () => {
    const auckland = window({ days: ['MO'], start: '08:00', end: '10:00', timezone: 'Pacific/Auckland' });
    expect(openings([auckland], '2026-11-22T00:00:00Z', '2026-11-24T00:00:00Z')).toEqual([
      '2026-11-22T19:00/2026-11-22T21:00',
    ]);
    const kolkata = window({ days: ['TU'], start: '00:30', end: '01:30', timezone: 'Asia/Kolkata' });
    expect(openings([kolkata], '2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z')).toEqual([
      '2026-11-23T19:00/2026-11-23T20:00',
    ]);
  });

  it('ends at midnight as 24:00', () => {
    expect(
      openings([window({ days: ['MO'], end: '24:00' })], '2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z'),
    ).toEqual(['2026-11-23T20:00/2026-11-24T00:00']);
  });

  it.each<[Partial<Window>, RegExp]>([
    [{ timezone: 'Europe/Atlantis' }, /not known: Europe\/Atlantis/u],
    [{ start: '20:00', end: '20:00' }, /never opens/u],
    [{ days: [] }, /never opens/u],
    [{ start: '25:00' }, /never opens/u],
    [{ end: '8pm' }, /never opens/u],
  ])('that cannot be read is closed and says so: %o', (parts, reason) => {
    expect(windowProblem(window(parts))).toMatch(reason);
    expect(openings([window(parts)], '2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z')).toEqual([]);
    expect(nextOpening(window(parts), '2026-11-23T00:00:00Z')).toBeNull();
  });
});

describe('case 61: days on which the clocks change', () => {
  // Europe/London: forward on 29 March 2026 (01:00 to 02:00), back on 25 October 2026 (02:00 to 01:00).

  it.each([
    ['a start that happens twice is the earlier one', '01:30', '04:00', '2026-10-25T00:30/2026-10-25T04:00'],
    ['an end that happens twice is the later one', '00:30', '01:30', '2026-10-24T23:30/2026-10-25T01:30'],
    ['both twice', '01:15', '01:45', '2026-10-25T00:15/2026-10-25T01:45'],
    ['neither, around the change', '00:30', '03:00', '2026-10-24T23:30/2026-10-25T03:00'],
  ])('back: %s', (_name, start, end, expected) => {
    expect(openings(sunday(start, end), '2026-10-24T22:00:00Z', '2026-10-25T12:00:00Z')).toEqual([expected]);
  });

  it.each([
    [
      'a start that never happens moves forward by the gap',
      '01:30',
      '04:00',
      '2026-03-29T01:30/2026-03-29T03:00',
    ],
    [
      'an end that never happens moves forward by the gap',
      '00:30',
      '01:30',
      '2026-03-29T00:30/2026-03-29T01:30',
    ],
    ['both inside the gap', '01:15', '01:45', '2026-03-29T01:15/2026-03-29T01:45'],
    ['neither, around the change', '00:30', '03:00', '2026-03-29T00:30/2026-03-29T02:00'],
  ])('forward: %s', (_name, start, end, expected) => {
    expect(openings(sunday(start, end), '2026-03-28T22:00:00Z', '2026-03-29T12:00:00Z')).toEqual([expected]);
  });

  it('holds where the change is half an hour', () => {
    const lordHowe = [
      window({ days: ['SU'], start: '01:45', end: '03:00', timezone: 'Australia/Lord_Howe' }),
    ];
    expect(openings(lordHowe, '2026-04-04T12:00:00Z', '2026-04-05T00:00:00Z')).toEqual([
      '2026-04-04T14:45/2026-04-04T16:30',
    ]);
  });
});

describe('case 60: several windows', () => {
  it('that overlap or touch are one opening', () => {
    const three = [
      window({ days: ['MO'] }),
      window({ days: ['MO'], start: '22:00', end: '01:00' }),
      window({ days: ['TU'], start: '01:00', end: '02:00' }),
    ];
    expect(openings(three, '2026-11-23T00:00:00Z', '2026-11-24T12:00:00Z')).toEqual([
      '2026-11-23T20:00/2026-11-24T02:00',
    ]);
    expect(isInsideOpening(three, ms('2026-11-23T20:00:00Z'), ms('2026-11-24T02:00:00Z'))).toBe(true);
    expect(isInsideOpening(three, ms('2026-11-23T20:00:00Z'), ms('2026-11-24T02:00:01Z'))).toBe(false);
    expect(isInsideOpening(three, ms('2026-11-23T20:00:00Z'), ms('2026-11-23T20:00:00Z'))).toBe(false);
  });

  it('that are none are closed', () => {
    expect(openingAt([], ms('2026-11-23T20:00:00Z'))).toBeNull();
    expect(nextOpening([], '2026-11-23T20:00:00Z')).toBeNull();
  });
});

describe('the next opening', () => {
  it('is the first that starts at or after the instant, and is long enough', () => {
    expect(nextOpening(window(), '2026-11-26T23:00:00Z')).toBe('2026-11-30T20:00:00Z');
    expect(nextOpening(window(), '2026-11-23T20:00:00Z')).toBe('2026-11-23T20:00:00Z');
    expect(nextOpening(window(), '2026-11-23T20:00:01Z')).toBe('2026-11-24T20:00:00Z');
    expect(
      nextOpening(
        [window(), window({ id: 'long', days: ['SU'], start: '06:00', end: '10:00' })],
        '2026-11-23T09:00:00Z',
        200,
      ),
    ).toBe('2026-11-29T06:00:00Z');
    expect(nextOpening(window(), '2026-11-23T09:00:00Z', 181)).toBeNull();
    expect(nextOpening(window(), 'soon')).toBeNull();
  });
});

describe('freezes', () => {
  it('are half-open on both sides', () => {
    expect(touches(calendar(), '2026-12-17T00:00:00Z', '2026-12-18T00:00:00Z')).toBe(false);
    expect(touches(calendar(), '2026-12-17T00:00:00Z', '2026-12-18T00:00:01Z')).toBe(true);
    expect(touches(calendar(), '2027-01-04T00:00:00Z', '2027-01-05T00:00:00Z')).toBe(false);
    expect(touches(calendar(), '2026-12-01T00:00:00Z', '2027-02-01T00:00:00Z')).toBe(true);
  });

  it('are for their clients and categories', () => {
    const span = ['2026-12-20T00:00:00Z', '2026-12-21T00:00:00Z'] as const;
    expect(touches(calendar({ clients: ['acme'] }), ...span)).toBe(true);
    expect(touches(calendar({ clients: ['borough'] }), ...span)).toBe(false);
    expect(touches(calendar({ categories: ['dns'] }), ...span)).toBe(true);
    expect(touches(calendar({ categories: ['waf'] }), ...span)).toBe(false);
  });

  it('whose dates cannot be read cover everything', () => {
    expect(touches(calendar({ end: 'later' }), '2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z')).toBe(true);
  });
});
