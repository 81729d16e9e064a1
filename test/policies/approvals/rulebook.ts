/**
 * What the base branch says in a history: who sits where, and whether the catalogue's entry is in use. Plain data that
 * events change; neither the code under test nor the oracle had a part in reading it.
 */
import type { Seat } from '../../../policies/model/seat.ts';
import type { Who } from '../world.ts';

/** `oseiSecond` is another account of Bola Osei. */
export type Person = Exclude<Who, 'oseiSecond'>;

/** An ISO date: a seat begins and ends with a day. */
type Day = string;

interface Place {
  readonly seat: Seat;
  readonly client?: string;
  readonly from: Day;
  readonly to?: Day;
}

interface Deputy {
  readonly to: Person;
  readonly seat: Seat;
  readonly from: Day;
  readonly until: Day;
}

export interface Entry {
  readonly person: Person;
  readonly accounts: readonly Who[];
  readonly places: readonly Place[];
  readonly deputies: readonly Deputy[];
}

export interface Rulebook {
  readonly entries: readonly Entry[];
  /** The catalogue entry of the standard change is active. */
  readonly entryActive: boolean;
  /** Counts changes of anything else that the policy digest covers. */
  readonly edition: number;
}

export type RosterChange =
  | { readonly change: 'remove' | 'restore' | 'revoke'; readonly person: Person }
  | { readonly change: 'grant'; readonly person: Person; readonly seat: Seat; readonly inDays: number }
  | { readonly change: 'end'; readonly person: Person; readonly nth: number; readonly inDays: number }
  | {
      readonly change: 'delegate';
      readonly person: Person;
      readonly nth: number;
      readonly to: Person;
      readonly inDays: number;
      readonly days: number;
    };

const since = '2025-01-01';

function entry(person: Person, ...seats: readonly Seat[]): Entry {
  return { person, accounts: [person], places: seats.map((seat) => ({ seat, from: since })), deputies: [] };
}

/** Jana Novak's seat ends while most histories run; Dara Quist stands in for the change manager from the start. */
const firstRulebook: Rulebook = {
  entryActive: true,
  edition: 0,
  entries: [
    entry('okafor', 'engineer'),
    entry('lind', 'engineer'),
    {
      ...entry('haddad', 'change-manager', 'cab'),
      deputies: [{ to: 'quist', seat: 'change-manager', from: '2026-01-01', until: '2027-01-01' }],
    },
    { ...entry('novak'), places: [{ seat: 'cab', from: since, to: '2026-11-26' }] },
    entry('iyer', 'cab', 'ecab'),
    entry('berg', 'security'),
    entry('marsh', 'service-delivery'),
    entry('dunne', 'engineer', 'ecab'),
    { ...entry('ortiz'), places: [{ seat: 'client-approver', client: 'acme', from: since }] },
    { ...entry('frost'), places: [{ seat: 'client-approver', client: 'borough', from: since }] },
    entry('quist', 'process-owner'),
    { ...entry('osei', 'engineer'), accounts: ['osei', 'oseiSecond'] },
  ],
};

const alsoOnTheBoard: ReadonlySet<Person> = new Set(['marsh', 'dunne', 'osei']);

/** A board of seven, one of them from Wednesday on, and a deputy for one of its seats from Tuesday to Thursday. */
function withLargeBoard(each: Entry): Entry {
  if (each.person === 'haddad') {
    const deputy: Deputy = { to: 'quist', seat: 'cab', from: '2026-11-24', until: '2026-11-27' };
    return { ...each, deputies: [...each.deputies, deputy] };
  }
  if (each.person === 'berg') {
    return { ...each, places: [...each.places, { seat: 'cab', from: '2026-11-25' }] };
  }
  return alsoOnTheBoard.has(each.person)
    ? { ...each, places: [...each.places, { seat: 'cab', from: since }] }
    : each;
}

export const rulebooks = {
  'board of three': firstRulebook,
  'board of seven': { ...firstRulebook, entries: firstRulebook.entries.map(withLargeBoard) },
} as const;

const dayMs = 86_400_000;

function dayOf(ms: number): Day {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The rulebook after one change of the roster that is merged at that time. Who is restored is as in `first`. */
export function withRoster(book: Rulebook, next: RosterChange, now: number, first: Rulebook): Rulebook {
  const { person } = next;
  if (next.change === 'remove') {
    return { ...book, entries: book.entries.filter((each) => each.person !== person) };
  }
  if (next.change === 'restore') {
    const restored = first.entries.filter((each) => each.person === person);
    const others = book.entries.filter((each) => each.person !== person);
    return { ...book, entries: [...others, ...restored] };
  }
  return {
    ...book,
    entries: book.entries.map((each) => (each.person === person ? changed(each, next, now) : each)),
  };
}

function changed(old: Entry, next: RosterChange, now: number): Entry {
  const day = (ahead: number): Day => dayOf(now + ahead * dayMs);
  switch (next.change) {
    case 'grant': {
      const client = next.seat === 'client-approver' ? { client: 'acme' } : {};
      return { ...old, places: [...old.places, { seat: next.seat, ...client, from: day(next.inDays) }] };
    }
    case 'end':
      return {
        ...old,
        places: old.places.map((place, index) =>
          index === next.nth % old.places.length ? { ...place, to: day(next.inDays) } : place,
        ),
      };
    case 'delegate': {
      const { seat } = old.places[next.nth % Math.max(1, old.places.length)] ?? { seat: undefined };
      if (seat === undefined) {
        return old;
      }
      // A new deputy replaces the one before.
      const others = old.deputies.filter((deputy) => deputy.seat !== seat);
      const until = day(next.inDays + next.days);
      return { ...old, deputies: [...others, { to: next.to, seat, from: day(next.inDays), until }] };
    }
    case 'revoke':
      return { ...old, deputies: [] };
    case 'remove':
    case 'restore':
      return old;
  }
}
