/** When something may be released, and when not. */
import type { Category } from './record.ts';
import type { Seat } from './seat.ts';

/** A time that recurs (RFC 5545). How each part is read is in `policies/recurrence/recurrence.ts`. */
export interface Recurrence {
  /** A rule without its name, as `FREQ=MONTHLY;BYDAY=2SA`; `policies/recurrence/rule.ts` has what is taken. */
  readonly rrule: string;
  /** Local date and time of the first one, `2026-12-12T20:00`: the rule has to fall on it. */
  readonly start: string;
  /** ISO 8601, as `PT3H`. */
  readonly duration: string;
  /** IANA name. */
  readonly timezone: string;
  /** Local dates and times at which one would begin, and does not. */
  readonly exdate?: readonly string[];
  /** Local dates and times at which one begins as well. */
  readonly rdate?: readonly string[];
}

export interface WeeklyWindow {
  readonly id: string;
  /** RFC 5545 days, in the window's own zone. */
  readonly days: readonly ('MO' | 'TU' | 'WE' | 'TH' | 'FR' | 'SA' | 'SU')[];
  /** Local wall-clock `HH:MM`; an end before the start is on the next day. Half-open: [start, end). */
  readonly start: string;
  readonly end: string;
  /** IANA name. */
  readonly timezone: string;
}

export interface RecurringWindow extends Recurrence {
  readonly id: string;
}

export type Window = WeeklyWindow | RecurringWindow;

export interface FreezeScope {
  readonly id: string;
  readonly reason: string;
  readonly kind: 'hard' | 'soft';
  readonly clients: readonly string[] | 'all';
  readonly categories?: readonly Category[];
  readonly exemptionBy: Seat;
}

/** RFC 3339, half-open: [start, end). */
interface Period {
  readonly start: string;
  readonly end: string;
}

export type FreezeTimes = Period | Recurrence;

export type Freeze = FreezeScope & FreezeTimes;

/** A freeze at one time: once, or one of the times at which it recurs. */
export type FreezePeriod = FreezeScope & Period;

export interface Calendar {
  /** Of several clients, or of all; those of one client are in its register. */
  readonly freezes: readonly Freeze[];
  /** ISO dates that are not working days, beside Saturday and Sunday. */
  readonly holidays: readonly string[];
}
