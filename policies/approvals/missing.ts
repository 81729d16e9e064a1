/** What is still missing, and who could give it; or that nobody could, and the way out. */
import { instantMs } from '../gate/instant.ts';
import type { Facts, Roster } from '../model/facts.ts';
import type { Seat } from '../model/seat.ts';
import type { ApprovalLevel } from './level.ts';
import type { JudgedReview } from './lines.ts';
import { nameOf, voicesAt } from './people.ts';
import { fillSeats } from './seats.ts';
import type { SeatSlot, Voter } from './seats.ts';

export interface MissingApproval {
  readonly facts: Facts;
  readonly level: ApprovalLevel;
  readonly disqualified: ReadonlyMap<string, string>;
  /** All seats that people have to fill. */
  readonly wanted: readonly SeatSlot[];
  readonly judged: readonly JudgedReview[];
}

/** A line per open seat with the people who could fill it, and one more if not all seats can be filled by anyone. */
export function missingSeats(open: readonly SeatSlot[], missing: MissingApproval): readonly string[] {
  if (open.length === 0) {
    return [];
  }
  const possible = possibleVoters(missing);
  const never = fillSeats(missing.wanted, possible).open;
  const counted = new Set(missing.judged.map(({ voter }) => voter?.personId));
  const lines = grouped(open).map(({ slot, count }) => {
    const names = possible
      .filter((voter) => !counted.has(voter.personId) && fillSeats([slot], [voter]).open.length === 0)
      .map(({ personId }) => nameOf(missing.facts.policy.roster, personId));
    const who =
      names.length === 0 ? 'nobody else on the roster could give it' : `${listed(names)} could give it`;
    return `missing: ${count} x ${slotText(slot)}; ${who}`;
  });
  return [...lines, ...(never.length === 0 ? [] : [unsatisfiable(never, missing)])];
}

function unsatisfiable(never: readonly SeatSlot[], missing: MissingApproval): string {
  const seats = grouped(never).map(({ slot, count }) => `${count} x ${slotText(slot)}`);
  const { roster } = missing.facts.policy;
  const seatNames = new Set<Seat | 'peer'>(never.map(({ seat }) => seat));
  const excluded = [...missing.disqualified]
    .filter(([id]) =>
      roster.people.some(
        (person) => person.id === id && person.seats.some(({ seat }) => seatNames.has(seat)),
      ),
    )
    .map(([id, what]) => `${nameOf(roster, id)} ${what}`);
  const because = excluded.length === 0 ? '' : ` (${excluded.join('; ')})`;
  const written = seatNames.has('client-approver')
    ? ', or enter the written approval of the client: /sluice client-approval <client> <path of the file> <sha256>'
    : '';
  return (
    `unsatisfiable: the ${missing.level.name} quorum cannot be filled by anyone: ${listed(seats)}${because}. ` +
    `The quorum is not lowered: let somebody else do the change, or add a member or a dated delegation to policies/roster.yaml in a pull request of its own${written}`
  );
}

/** Everyone who could approve now. Their approval would have to be given first; a veto of theirs they could take back. */
export function possibleVoters({
  facts,
  disqualified,
}: Pick<MissingApproval, 'facts' | 'disqualified'>): readonly Voter[] {
  return votersAt(facts.policy.roster, facts.now).filter(({ personId }) => !disqualified.has(personId));
}

/** Everyone on the roster with an account and a seat at an instant. */
export function votersAt(roster: Roster, now: string): readonly Voter[] {
  const at = instantMs(now);
  if (at === null) {
    return [];
  }
  return roster.people
    .filter(({ accounts }) => accounts.length > 0)
    .map((person) => ({ personId: person.id, voices: voicesAt(roster, person, at) }))
    .filter(({ voices }) => voices.length > 0);
}

function grouped(slots: readonly SeatSlot[]): readonly { readonly slot: SeatSlot; readonly count: number }[] {
  const byText = new Map<string, { readonly slot: SeatSlot; readonly count: number }>();
  for (const slot of slots) {
    const text = slotText(slot);
    byText.set(text, { slot, count: (byText.get(text)?.count ?? 0) + 1 });
  }
  return [...byText.values()];
}

/** A seat as messages name it. */
export function slotText(slot: SeatSlot): string {
  return slot.client === null ? slot.seat : `${slot.seat} of ${slot.client}`;
}

function listed(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(names);
}
