/**
 * Whom to ask for the seats that are open: the fewest people who fill the quorum together with those who were asked
 * already. Nobody who took part is asked, a deputy goes before the person they stand in for, and the same facts always
 * name the same people. A seat that nobody can fill asks nobody and is named.
 *
 * Who has a review on the pull request, of whatever kind, counts as asked: whether it counts is the gate's business,
 * and GitHub has told them that the change is there.
 */
import { instantMs, isWithinDates } from '../gate/instant.ts';
import type { Risk } from '../model/assessment.ts';
import type { Facts, Roster } from '../model/facts.ts';
import { readDisqualified } from './disqualified.ts';
import { levelOf, onlyRecord, slotsOf } from './level.ts';
import type { ApprovalLevel } from './level.ts';
import { possibleVoters, slotText } from './missing.ts';
import { nameOf, personById, personOfAccount } from './people.ts';
import { fillSeats } from './seats.ts';
import type { SeatSlot, Voter } from './seats.ts';

export interface RequestedSeat {
  /** As messages name it: `cab`, `peer`, `client-approver of acme`. */
  readonly seat: string;
  /** Null: nobody can fill it. */
  readonly personId: string | null;
  readonly name: string | null;
  /** Name of who is represented; null for one's own seat. */
  readonly onBehalfOf: string | null;
  /** True for somebody who was requested, or has reviewed, before. */
  readonly isAsked: boolean;
  /** Names of others who could fill it, of whom nobody was asked. */
  readonly alternates: readonly string[];
}

export interface ReviewRequests {
  readonly level: ApprovalLevel['name'];
  /** Every seat of the quorum that people fill, in the order of the quorum. */
  readonly seats: readonly RequestedSeat[];
  /** Accounts of those to ask now, in the order of their seats; of a person with several accounts the first. */
  readonly toAsk: readonly { readonly personId: string; readonly accountId: number }[];
  /** What a seat that nobody can fill needs; null when all can be filled. */
  readonly wayOut: string | null;
}

/** `requestedIds`: accounts whose review GitHub has requested and not got yet. */
export function whomToAsk(facts: Facts, risk: Risk, requestedIds: readonly number[]): ReviewRequests {
  const disqualified = readDisqualified(facts).people;
  const ids = new Set(disqualified.keys());
  const level = levelOf(facts, risk, ids);
  const wanted = slotsOf(facts, risk, level, ids);
  const { roster } = facts.policy;
  const known = engagedPeople(facts, requestedIds);
  const possible = possibleVoters({ facts, disqualified });
  const engaged = possible.filter(({ personId }) => known.has(personId));
  const others = possible.filter(({ personId }) => !known.has(personId));
  const all = inTurn(others, facts);
  const chosen = choose(wanted, engaged, { here: withoutDelegated(all, facts), all });
  const seats = seatsOf(wanted, { engaged, chosen, others, facts });
  return {
    level: level.name,
    seats,
    toAsk: seats.flatMap(({ personId, isAsked }) => accountOf(roster, isAsked ? null : personId)),
    wayOut: seats.some(({ personId }) => personId === null)
      ? 'let somebody else do the change, or add a member or a dated delegation to policies/roster.yaml in a pull request of its own'
      : null,
  };
}

function accountOf(roster: Roster, personId: string | null): ReviewRequests['toAsk'] {
  const [accountId] = (personId === null ? null : personById(roster, personId))?.accounts ?? [];
  return personId === null || accountId === undefined ? [] : [{ personId, accountId }];
}

/** People with an account that was requested or that has reviewed. */
function engagedPeople(facts: Facts, requestedIds: readonly number[]): ReadonlySet<string> {
  const reviewers = facts.reviews
    .filter(({ state }) => state !== 'PENDING')
    .flatMap(({ accountId }) => accountId ?? []);
  const people = [...requestedIds, ...reviewers].map((id) => personOfAccount(facts.policy.roster, id));
  return new Set(people.flatMap((person) => person?.id ?? []));
}

/** Begins at another place of the roster for each change, so that not the same people are asked every time. */
function inTurn(voters: readonly Voter[], facts: Facts): readonly Voter[] {
  const id = onlyRecord(facts)?.id;
  const start = id === undefined ? 0 : Number(id.slice(-4)) % voters.length;
  return [...voters.slice(start), ...voters.slice(0, start)];
}

/** Everyone without the seats that a deputy of theirs holds now. */
function withoutDelegated(voters: readonly Voter[], facts: Facts): readonly Voter[] {
  const { roster } = facts.policy;
  const now = instantMs(facts.now) ?? Number.NaN;
  return voters.map((voter) => {
    const away = (personById(roster, voter.personId)?.delegations ?? []).filter(
      (entry) => isWithinDates(now, entry.from, entry.until) && personById(roster, entry.to) !== null,
    );
    return {
      ...voter,
      voices: voter.voices.filter(
        ({ principal, seat }) =>
          principal !== voter.personId || !away.some((delegation) => delegation.seat === seat),
      ),
    };
  });
}

interface Candidates {
  /** Without what a deputy does for them. */
  readonly here: readonly Voter[];
  readonly all: readonly Voter[];
}

/**
 * Seat by seat: when the people so far do not fill one seat more than before, the first suitable one who makes the
 * difference is added. Which sets of people can be seated at once is a matroid, so nobody is added who could be left away
 * and nobody is missing who would help, whatever the order.
 */
function choose(
  wanted: readonly SeatSlot[],
  engaged: readonly Voter[],
  candidates: Candidates,
): readonly Voter[] {
  const chosen: Voter[] = [];
  const { here, all } = candidates;
  wanted.forEach((slot, index) => {
    const slots = wanted.slice(0, index + 1);
    const people = [...engaged, ...chosen];
    const open = fillSeats(slots, people).open.length;
    const isFree = ({ personId }: Voter): boolean => !chosen.some((one) => one.personId === personId);
    const next = [...suited(here.filter(isFree), slot), ...suited(all.filter(isFree), slot)].find(
      (voter) => fillSeats(slots, [...people, voter]).open.length < open,
    );
    // With all their seats from here on: who is asked anyway may have to make room for another.
    chosen.push(...all.filter(({ personId }) => personId === next?.personId));
  });
  return chosen;
}

/** For a peer's seat engineers come first: the seats of the others are rarer. For any other, those with the fewest seats. */
function suited(voters: readonly Voter[], slot: SeatSlot): readonly Voter[] {
  const rank = ({ voices, personId }: Voter): number =>
    slot.seat === 'peer'
      ? Number(!voices.some(({ seat, principal }) => seat === 'engineer' && principal === personId))
      : voices.length;
  const canFill = voters.filter((voter) => fillSeats([slot], [voter]).open.length === 0);
  return [...canFill.toSorted((a, b) => rank(a) - rank(b)), ...voters];
}

interface Seating {
  readonly engaged: readonly Voter[];
  readonly chosen: readonly Voter[];
  readonly others: readonly Voter[];
  readonly facts: Facts;
}

function seatsOf(wanted: readonly SeatSlot[], seating: Seating): readonly RequestedSeat[] {
  const { engaged, chosen, others, facts } = seating;
  const { roster } = facts.policy;
  const order = new Map(roster.people.map(({ id }, index) => [id, index]));
  // In one order, so that a seat stays with the person when who was chosen becomes who was asked.
  const people = [...engaged, ...chosen].toSorted(
    (a, b) => (order.get(a.personId) ?? 0) - (order.get(b.personId) ?? 0),
  );
  const full = fillSeats(wanted, people);
  const here = fillSeats(wanted, withoutDelegated(people, facts));
  const { assigned } = here.open.length === full.open.length ? here : full;
  const places = [...assigned].map(([personId, place]) => ({ personId, ...place }));
  return wanted.map((slot) => {
    const place = places.find((each) => each.slot === slot);
    const isAsked = engaged.some(({ personId }) => personId === place?.personId);
    return {
      seat: slotText(slot),
      personId: place?.personId ?? null,
      name: place === undefined ? null : nameOf(roster, place.personId),
      onBehalfOf:
        place === undefined || place.voice.principal === place.personId
          ? null
          : nameOf(roster, place.voice.principal),
      isAsked,
      alternates: others
        .filter(({ personId }) => !assigned.has(personId))
        .filter((voter) => fillSeats([slot], [voter]).open.length === 0)
        .map(({ personId }) => nameOf(roster, personId)),
    };
  });
}
