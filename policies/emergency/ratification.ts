/**
 * The retrospective clock. An emergency is applied first and agreed to afterwards, by the full quorum of its risk and by
 * people who took no part in it. Until that is done in time, only another emergency, or the change that puts it right,
 * may go ahead. A record that was closed by its author does not end the clock; one that a change manager or CAB member
 * closed who took no part does.
 */
import { personById, personOfAccount, voicesAt } from '../approvals/people.ts';
import { fillSeats } from '../approvals/seats.ts';
import type { SeatSlot, Voter } from '../approvals/seats.ts';
import { hourMs, instantMs } from '../gate/instant.ts';
import type { Facts, PastEmergency, Roster } from '../model/facts.ts';
import type { Seat } from '../model/seat.ts';
import type { Owed } from '../model/record.ts';
import { addWorkingDays } from '../working-days.ts';

/** Working days for the retrospective approval of an emergency; hours for one that was applied alone. */
const ratifyWorkingDays = 2;
const ratifyBreakGlassHours = 24;

export interface OverdueEmergency {
  readonly changeId: string;
  readonly text: string;
  readonly next: string;
}

export type Ratification =
  | { readonly kind: 'ratified' }
  | { readonly kind: 'refused' | 'unclear'; readonly by: string }
  | {
      readonly kind: 'pending';
      readonly due: number;
      readonly missing: readonly SeatSlot[];
      readonly owed: readonly Owed[];
    };

/** Emergencies that are refused, or not ratified though their time is over. Every one of them stops ordinary changes. */
export function overdueEmergencies(facts: Facts): readonly OverdueEmergency[] {
  const now = instantMs(facts.now);
  return facts.emergencies.flatMap((emergency): readonly OverdueEmergency[] => {
    const { changeId } = emergency;
    const state = ratificationOf(emergency, facts);
    switch (state.kind) {
      case 'ratified':
        return [];
      case 'refused':
        return [
          {
            changeId,
            text: `was rejected retrospectively by ${state.by}`,
            next: `revert ${changeId}, or raise a normal change that names it in \`retryOf\``,
          },
        ];
      case 'unclear':
        return [
          {
            changeId,
            text: `may have been rejected retrospectively: what ${state.by} said on its pull request was not understood, or is not there any more`,
            next: `${state.by} says it again on the pull request of ${changeId}: /sluice ratify, or /sluice refuse <reason>`,
          },
        ];
      case 'pending': {
        if (now !== null && now <= state.due) {
          return [];
        }
        const what = emergency.breakGlass
          ? 'is an unauthorised change: it was applied alone and'
          : 'is overdue: it';
        return [
          {
            changeId,
            text: `${what} was not ratified in time; missing: ${lackingIn(state)}`,
            next:
              state.missing.length === 0
                ? `close ${changeId} with what it owes: sluice show ${changeId}`
                : `ratify ${changeId} first, with a review or the comment /sluice ratify on its pull request`,
          },
        ];
      }
      default:
        throw new Error(`ratification that is not known: ${JSON.stringify(state satisfies never)}`);
    }
  });
}

function lackingIn({ missing, owed }: Ratification & { readonly kind: 'pending' }): string {
  const seats = missing.map(({ seat }) => seat);
  return [...seats, ...owed.map(({ item }) => `\`${item}\``)].join(', ');
}

/**
 * How far an emergency is ratified. Whoever took part, the one ECAB approver included, does not agree to it; a refusal by
 * anybody with a seat stands, theirs too, as a veto does before the merge. What may have been a refusal stands for who took
 * no part. The due time is 0, long past, when the time of application cannot be read.
 */
export function ratificationOf(emergency: PastEmergency, facts: Facts): Ratification {
  const latest = new Map<
    string,
    {
      readonly at: number;
      readonly decision: PastEmergency['ratifications'][number]['decision'];
      readonly voter: Voter;
    }
  >();
  for (const { accountId, at, decision } of emergency.ratifications) {
    const voter = voterAt({ emergency, facts, decision }, accountId, at);
    const time = instantMs(at) ?? 0;
    if (voter !== null && time >= (latest.get(voter.personId)?.at ?? 0)) {
      latest.set(voter.personId, { at: time, decision, voter });
    }
  }
  for (const kind of ['refused', 'unclear'] as const) {
    const refusal = [...latest].find(([, { decision }]) => decision === kind);
    if (refusal !== undefined) {
      return { kind, by: refusal[0] };
    }
  }
  return agreement(
    emergency,
    facts,
    [...latest.values()].map(({ voter }) => voter),
  );
}

/** Ratified by the seats, once nothing is owed any more. */
function agreement(emergency: PastEmergency, facts: Facts, voters: readonly Voter[]): Ratification {
  const missing = fillSeats(retroSlots(emergency, facts), voters).open;
  const { owed = [] } = emergency;
  return (missing.length === 0 && owed.length === 0) || isEndedByClosing(emergency, facts)
    ? { kind: 'ratified' }
    : { kind: 'pending', due: ratificationDue(emergency, facts), missing, owed };
}

/** Seats whose holder may close an emergency that they took no part in. */
const closingSeats: ReadonlySet<Seat> = new Set<Seat>(['change-manager', 'cab']);

/**
 * Closed after it was applied by somebody of the roster who held a closing seat then and took no part. Any other closing
 * ends nothing, and what is said on the pull request still counts. The name is believed here because the pull request that
 * wrote it needed this very person's approval, and the seat at that time as well (`closureProblems`).
 */
export function isEndedByClosing(
  { closed, appliedAt, involved }: PastEmergency,
  { policy, now: statedAt }: Pick<Facts, 'policy' | 'now'>,
): boolean {
  if (closed === undefined || involved.includes(closed.by)) {
    return false;
  }
  const [at, applied, now] = [instantMs(closed.at), instantMs(appliedAt), instantMs(statedAt)];
  if (at === null || applied === null || now === null || at < applied || at > now) {
    return false;
  }
  return holdsClosingSeat(policy.roster, closed.by, at);
}

/** Whether a person holds a seat at `at`, in milliseconds, with which an emergency may be closed. */
export function holdsClosingSeat(roster: Roster, id: string, at: number): boolean {
  const person = personById(roster, id);
  return person !== null && voicesAt(roster, person, at).some(({ seat }) => closingSeats.has(seat));
}

interface StatedRatification {
  readonly emergency: PastEmergency;
  readonly facts: Facts;
  readonly decision: PastEmergency['ratifications'][number]['decision'];
}

/** Commit identity is forgeable: naming somebody as a co-author must not silence their refusal. */
function voterAt(
  { emergency, facts, decision }: StatedRatification,
  accountId: number,
  at: string,
): Voter | null {
  const person = personOfAccount(facts.policy.roster, accountId);
  const [statedAt, applied, now] = [instantMs(at), instantMs(emergency.appliedAt), instantMs(facts.now)];
  if (
    person === null ||
    statedAt === null ||
    applied === null ||
    now === null ||
    statedAt < applied ||
    statedAt > now
  ) {
    return null;
  }
  const voices = voicesAt(facts.policy.roster, person, statedAt);
  const isSilent = decision !== 'refused' && emergency.involved.includes(person.id);
  return isSilent || voices.length === 0 ? null : { personId: person.id, voices };
}

function retroSlots(emergency: PastEmergency, facts: Facts): readonly SeatSlot[] {
  const quorum = facts.policy.quorum[emergency.risk];
  const seats: SeatSlot[] = quorum.seats.map((seat) => ({ seat, client: null }));
  const cab = quorum.cabShare?.minimum ?? 0;
  const all = [...seats, ...Array.from({ length: cab }, (): SeatSlot => ({ seat: 'cab', client: null }))];
  const peers = Math.max(0, quorum.approvals - all.length);
  return [...all, ...Array.from({ length: peers }, (): SeatSlot => ({ seat: 'peer', client: null }))];
}

/** Milliseconds; 0, long past, where the time of application cannot be read. */
export function ratificationDue(emergency: PastEmergency, facts: Pick<Facts, 'policy'>): number {
  const applied = instantMs(emergency.appliedAt);
  if (applied === null) {
    return 0;
  }
  if (emergency.breakGlass) {
    return applied + ratifyBreakGlassHours * hourMs;
  }
  const due = addWorkingDays(emergency.appliedAt, ratifyWorkingDays, facts.policy.calendar.holidays);
  return due === null ? 0 : (instantMs(due) ?? 0);
}
