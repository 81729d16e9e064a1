/** When a new change is proposed to be made: the next opening of the client's release windows. Pure. */
import type { Window } from '../../../policies/model/calendar.ts';
import type { Register } from '../../../policies/model/facts.ts';
import { isInsideOpening, nextOpening } from '../../../policies/windows.ts';

/** Room for the work that most records describe; the author corrects it. */
const proposedMinutes = 60;
const minuteMs = 60_000;

export interface ProposedTime {
  readonly start: string;
  readonly end: string;
}

/**
 * The first opening that holds an hour of work and as much again for a rollback; null when no window of the register
 * opens as far ahead as is looked.
 */
export function proposeTime(register: Register, now: string): ProposedTime | null {
  const starts = register.windows
    .map((window) => nextOpening(window, now, 2 * proposedMinutes))
    .filter((start) => start !== null)
    .toSorted((left, right) => Date.parse(left) - Date.parse(right));
  const [first] = starts;
  return first === undefined ? null : { start: first, end: later(first) };
}

/** An emergency is made now: at the next full five minutes. */
export function proposeEmergencyTime(now: string): ProposedTime {
  const step = 5 * minuteMs;
  const start = textOf(Math.ceil(Date.parse(now) / step) * step);
  return { start, end: later(start) };
}

/** The end that is proposed for a start. */
export function later(start: string): string {
  return textOf(Date.parse(start) + proposedMinutes * minuteMs);
}

/** The window of the register that contains the whole time; null when none does. */
export function windowOf(register: Register, { start, end }: ProposedTime): Window | null {
  return (
    register.windows.find((window) => isInsideOpening([window], Date.parse(start), Date.parse(end))) ?? null
  );
}

function textOf(instant: number): string {
  return new Date(instant).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
