/** Whether every quorum of a policy set can be filled by its own roster: a seat that nobody holds is a lock without a key. */
import type { PolicySet, QuorumLevel, Register } from '../model/facts.ts';
import { cabMembers, seatsFor, type Need } from './level.ts';
import { slotText, votersAt } from './missing.ts';
import { fillSeats } from './seats.ts';

export interface Unfillable {
  readonly level: keyof PolicySet['quorum'];
  /** Null where it is the same for every client. */
  readonly client: string | null;
  /** As messages name them. */
  readonly seats: readonly string[];
}

const levels = ['standard', 'low', 'medium', 'high', 'critical', 'emergency'] as const;

/**
 * The quorums that nobody could fill at an instant, were everybody on the roster to approve and nobody to have taken part:
 * for each level the worst change of each client, and for a change of the policies themselves, which is of high risk, the
 * process owner on top, for one client at least.
 */
export function unfillableSeats(policy: PolicySet, now: string): readonly Unfillable[] {
  const open = (
    quorum: QuorumLevel,
    register: Register | null,
    isPolicyChange: boolean,
  ): readonly string[] => {
    const slots = seatsFor(quorum, needOf(policy, { quorum, register, isPolicyChange, now }));
    return [...new Set(fillSeats(slots, votersAt(policy.roster, now)).open.map(slotText))];
  };
  const registers: readonly (Register | null)[] = policy.registers.length === 0 ? [null] : policy.registers;
  const perLevel = levels.flatMap((level) =>
    registers.map((register) => ({
      level,
      client: register?.client ?? null,
      seats: open(policy.quorum[level], register, false),
    })),
  );
  const ofPolicies = registers.map((register) => open(policy.quorum.high, register, true));
  return [
    ...perLevel.filter(({ seats }) => seats.length > 0),
    ...(ofPolicies.every((seats) => seats.length > 0)
      ? [{ level: 'high' as const, client: null, seats: ofPolicies[0] ?? [] }]
      : []),
  ];
}

function needOf(
  policy: PolicySet,
  given: {
    readonly quorum: QuorumLevel;
    readonly register: Register | null;
    readonly isPolicyChange: boolean;
    readonly now: string;
  },
): Need {
  const { quorum, register } = given;
  const isRequired =
    quorum.clientApprover === 'always' ||
    (quorum.clientApprover === 'if-required' && register?.clientApprovalRequired === true);
  return {
    cabMembers: cabMembers(policy.roster, given.now, new Set()),
    isSecurityFlagged: true,
    isPolicyChange: given.isPolicyChange,
    isShortNotice: quorum === policy.quorum.medium,
    clients: isRequired && register !== null ? [register.client] : [],
    extraPeers: 0,
  };
}
