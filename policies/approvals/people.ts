/**
 * Who is who, and who may sit where. Accounts are matched by their numeric id only, people by their roster entry: one
 * person with three accounts is one person. Login names are for messages.
 */
import { instantMs, isWithinDates } from '../gate/instant.ts';
import type { Facts, Roster, RosterPerson } from '../model/facts.ts';
import type { Seat } from '../model/seat.ts';

/** Seats of whoever runs the service or decides on its changes; clients and who keeps the rules do neither. */
export const serviceSeats: ReadonlySet<Seat> = new Set<Seat>([
  'engineer',
  'change-manager',
  'cab',
  'ecab',
  'security',
  'service-delivery',
]);

/** A seat as one person's voice: `principal` is who holds it, who may be represented by a deputy. */
export interface Voice {
  readonly principal: string;
  readonly seat: Seat;
  /** Only for a client approver. */
  readonly client: string | null;
}

/** Everyone whose entry lists the account; more than one is a mistake in the roster. */
export function ownersOfAccount(roster: Roster, accountId: number): readonly RosterPerson[] {
  return roster.people.filter((person) => person.accounts.includes(accountId));
}

/** The person an account belongs to. If two people claim it, it is nobody's: nobody can say whose voice it is. */
export function personOfAccount(roster: Roster, accountId: number): RosterPerson | null {
  const owners = ownersOfAccount(roster, accountId);
  return owners.length === 1 ? (owners[0] ?? null) : null;
}

export function personById(roster: Roster, id: string): RosterPerson | null {
  return roster.people.find((person) => person.id === id) ?? null;
}

/** Name for messages; the id itself when the roster does not know it. */
export function nameOf(roster: Roster, id: string): string {
  return personById(roster, id)?.name ?? id;
}

/** The voices a person has at an instant: own seats within their dates, and seats delegated to them within theirs. */
export function voicesAt(roster: Roster, person: RosterPerson, at: number): readonly Voice[] {
  const own = ownVoicesAt(person, at);
  const delegated = roster.people
    .filter((principal) => principal.id !== person.id)
    .flatMap((principal) => delegatedVoices(principal, person.id, at));
  return [...own, ...delegated];
}

export function ownVoicesAt(person: RosterPerson, at: number): readonly Voice[] {
  return person.seats
    .filter((seat) => isWithinDates(at, seat.from, seat.to))
    .map((seat) => ({
      principal: person.id,
      seat: seat.seat,
      client: seat.seat === 'client-approver' ? (seat.client ?? null) : null,
    }));
}

/** A seat has one deputy at a time: of several delegations in force the first one listed holds. */
function delegatedVoices(principal: RosterPerson, deputy: string, at: number): readonly Voice[] {
  const inForce = (principal.delegations ?? []).filter((entry) => isWithinDates(at, entry.from, entry.until));
  return ownVoicesAt(principal, at).filter(
    (voice) => inForce.find((entry) => entry.seat === voice.seat)?.to === deputy,
  );
}

/** Voices that a person has at both instants: what was theirs when they spoke and still is. */
export function voicesThroughout(
  roster: Roster,
  person: RosterPerson,
  then: number,
  now: number,
): readonly Voice[] {
  const held = new Set(voicesAt(roster, person, then).map(voiceKey));
  return voicesAt(roster, person, now).filter((voice) => held.has(voiceKey(voice)));
}

/** An account that said or did something, and when, by the server's clock. */
export interface Speaker {
  readonly accountId: number;
  readonly at: string;
}

/** Whether it spoke for a seat then and still does, itself or as a deputy, and took no part in the change. */
export function isFreeHolder(
  facts: Pick<Facts, 'policy' | 'now'>,
  { accountId, at }: Speaker,
  seat: Seat,
  disqualified: ReadonlySet<string>,
): boolean {
  const { roster } = facts.policy;
  const person = personOfAccount(roster, accountId);
  const [then, now] = [instantMs(at), instantMs(facts.now)];
  return (
    person !== null &&
    then !== null &&
    now !== null &&
    !disqualified.has(person.id) &&
    voicesThroughout(roster, person, then, now).some((voice) => voice.seat === seat)
  );
}

/** The change manager or their deputy, if they took no part in the change. */
export function isFreeChair(
  facts: Pick<Facts, 'policy' | 'now'>,
  speaker: Speaker,
  disqualified: ReadonlySet<string>,
): boolean {
  return isFreeHolder(facts, speaker, 'change-manager', disqualified);
}

export function voiceKey(voice: Voice): string {
  return JSON.stringify([voice.principal, voice.seat, voice.client]);
}
