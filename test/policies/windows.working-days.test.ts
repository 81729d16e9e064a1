import { describe, expect, it } from 'vitest';
import { addWorkingDays, workingDaysBetween } from '../../policies/working-days.ts';

const christmas = ['2026-12-25', '2026-12-28', '2027-01-01'];

describe('working days', () => {
  it.each([
    ['2026-11-23T09:00:00Z', '2026-11-25T20:00:00Z', 2],
    ['2026-11-23T09:00:00Z', '2026-11-23T20:00:00Z', 0],
    ['2026-11-27T09:00:00Z', '2026-11-30T08:00:00Z', 1],
    ['2026-11-28T09:00:00Z', '2026-11-29T20:00:00Z', 0],
    ['2026-12-23T09:00:00Z', '2026-12-29T09:00:00Z', 2],
    ['2026-11-25T09:00:00Z', '2026-11-23T09:00:00Z', 0],
    ['2026-11-23T23:30:00-02:00', '2026-11-25T00:30:00Z', 1],
  ])('from %s to %s are %i', (from, to, days) => {
    expect(workingDaysBetween(from, to, christmas)).toBe(days);
  });

  it('of times that cannot be read are not known', () => {
    expect(workingDaysBetween('soon', '2026-11-25T20:00:00Z', [])).toBeNull();
    expect(workingDaysBetween('2026-11-25T20:00:00Z', '2026-11-30', [])).toBeNull();
    expect(addWorkingDays('soon', 2, [])).toBeNull();
  });

  it('are added over weekends and holidays, at the same time of day', () => {
    expect(addWorkingDays('2026-11-27T10:30:00Z', 2, [])).toBe('2026-12-01T10:30:00.000Z');
    expect(addWorkingDays('2026-12-24T10:30:00Z', 2, christmas)).toBe('2026-12-30T10:30:00.000Z');
    expect(addWorkingDays('2026-11-23T10:30:00Z', 0, [])).toBe('2026-11-23T10:30:00.000Z');
  });
});
