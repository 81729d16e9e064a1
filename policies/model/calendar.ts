/** When something may be released, and when not. */
import type { Category } from './record.ts';
import type { Seat } from './seat.ts';

export interface Window {
  readonly id: string;
  /** RFC 5545 days, in the window's own zone. */
  readonly days: readonly ('MO' | 'TU' | 'WE' | 'TH' | 'FR' | 'SA' | 'SU')[];
  /** Local wall-clock `HH:MM`; an end before the start is on the next day. Half-open: [start, end). */
  readonly start: string;
  readonly end: string;
  /** IANA name. */
  readonly timezone: string;
}

export interface Freeze {
  readonly id: string;
  readonly reason: string;
  readonly kind: 'hard' | 'soft';
  readonly clients: readonly string[] | 'all';
  readonly categories?: readonly Category[];
  readonly start: string;
  readonly end: string;
  readonly exemptionBy: Seat;
}

export interface Calendar {
  readonly freezes: readonly Freeze[];
  /** ISO dates that are not working days, beside Saturday and Sunday. */
  readonly holidays: readonly string[];
}
