/**
 * Which quorum a change needs, and which seats on top of it. Decided from the effective risk and from what was proven:
 * a change is standard when the catalogue proves it, an emergency when its record is one and nobody reclassified it.
 */
import { isReason } from '../../scripts/plan/visible.ts';
import { matchCatalogue } from '../catalogue.ts';
import { ruleInputOf } from '../gate/input.ts';
import { closedRecord } from '../gate/closing.ts';
import { instantMs } from '../gate/instant.ts';
import { touchesPolicy } from '../gate/policy-files.ts';
import type { Risk } from '../model/assessment.ts';
import type { Facts, QuorumLevel, Roster } from '../model/facts.ts';
import type { AuthoredRecord } from '../model/record.ts';
import { registerOfStack } from '../reading/estate-context.ts';
import { clientsInScope, namedClients } from '../reading/clients.ts';
import { shortNoticeId } from '../risk/timing.ts';
import { isFreeChair, ownVoicesAt } from './people.ts';
import type { SeatSlot } from './seats.ts';

export interface ApprovalLevel {
  readonly name: 'standard' | 'emergency' | 'low' | 'medium' | 'high' | 'critical';
  readonly quorum: QuorumLevel;
}

/** The record under decision as it is written; null unless there is exactly one. */
export function onlyRecord(facts: Facts): AuthoredRecord | null {
  const [first, ...more] = facts.records;
  return first !== undefined && more.length === 0 ? first.record : null;
}

/** The change manager may say that an emergency is none; nobody can say that something is one. */
export function isReclassified(facts: Facts, disqualified: ReadonlySet<string>): boolean {
  return facts.statements.some(
    (statement) =>
      statement.kind === 'reclassify' &&
      isReason(statement.reason) &&
      isFreeChair(facts, statement, disqualified),
  );
}

/** The quorum that applies; without exactly one record the one of the risk. */
export function levelOf(facts: Facts, risk: Risk, disqualified: ReadonlySet<string>): ApprovalLevel {
  const { quorum } = facts.policy;
  const record = onlyRecord(facts);
  if (closedRecord(facts) !== null) {
    return { name: risk.effective, quorum: quorum[risk.effective] };
  }
  if (record?.type === 'emergency' && !isReclassified(facts, disqualified)) {
    return { name: 'emergency', quorum: quorum.emergency };
  }
  if (matchCatalogue(ruleInputOf(facts)).kind === 'matches') {
    return { name: 'standard', quorum: quorum.standard };
  }
  return { name: risk.effective, quorum: quorum[risk.effective] };
}

/** What a change needs beside what its level says for every change. */
export interface Need {
  /** Members of the CAB who may judge it. */
  readonly cabMembers: number;
  readonly isSecurityFlagged: boolean;
  readonly isPolicyChange: boolean;
  /** Later than the level allows; see `short-notice`. */
  readonly isShortNotice: boolean;
  /** Clients that are asked. */
  readonly clients: readonly string[];
  readonly extraPeers: number;
}

/** The seats to fill: those of the level, the client, security and process-owner seats, and peers up to the number of approvals. */
export function seatsFor(quorum: QuorumLevel, need: Need): readonly SeatSlot[] {
  const fixed = [
    ...quorum.seats,
    ...(need.isShortNotice && !quorum.seats.includes('change-manager') ? (['change-manager'] as const) : []),
    ...Array<'cab'>(cabCount(quorum, need.cabMembers)).fill('cab'),
  ];
  const peers = Math.max(0, quorum.approvals - fixed.length) + need.extraPeers;
  const seats: SeatSlot[] = fixed.map((seat) => ({ seat, client: null }));
  if (need.isSecurityFlagged && quorum.securityIfFlagged) {
    seats.push({ seat: 'security', client: null });
  }
  if (need.isPolicyChange) {
    seats.push({ seat: 'process-owner', client: null });
  }
  for (const client of need.clients) {
    seats.push({ seat: 'client-approver', client });
  }
  return [...seats, ...Array.from({ length: peers }, (): SeatSlot => ({ seat: 'peer', client: null }))];
}

/** Too few members is a block, never a discount: the minimum stands. */
function cabCount({ cabShare: share }: QuorumLevel, members: number): number {
  return share === undefined
    ? 0
    : Math.max(share.minimum, Math.ceil((members * share.numerator) / share.denominator));
}

/** The seats that this change has to fill. A bot's change of which nobody knows who asked for it needs one person more. */
export function slotsOf(
  facts: Facts,
  risk: Risk,
  level: ApprovalLevel,
  disqualified: ReadonlySet<string>,
): readonly SeatSlot[] {
  const { pull } = facts;
  return seatsFor(level.quorum, {
    cabMembers: cabMembers(facts.policy.roster, facts.now, disqualified),
    isSecurityFlagged: risk.needsSecurityReview,
    isPolicyChange: isPolicyChange(facts),
    isShortNotice: level.name === 'medium' && risk.reasons.some(({ id }) => id === shortNoticeId),
    clients: clientsToAsk(facts, level.quorum),
    extraPeers: pull !== null && pull.authorIsBot && pull.commissionerIds.length === 0 ? 1 : 0,
  });
}

/** Whether the process owner has to agree: for what decides over changes, and for what is decided without it. */
export function isPolicyChange({ pull, proposal }: Facts): boolean {
  return pull !== null && (proposal.fallback !== null || touchesPolicy(pull.changedFiles));
}

/** Members of the CAB at an instant who did not take part. */
export function cabMembers(roster: Roster, now: string, disqualified: ReadonlySet<string>): number {
  const at = instantMs(now);
  return roster.people.filter(
    (person) =>
      at !== null &&
      !disqualified.has(person.id) &&
      ownVoicesAt(person, at).some(({ seat }) => seat === 'cab'),
  ).length;
}

function clientsToAsk(facts: Facts, quorum: QuorumLevel): readonly string[] {
  const { policy, plan } = facts;
  const changed = plan.stacks.filter(({ changes }) => changes.length > 0).map(({ stack }) => stack);
  const known = changed.filter((stack) => registerOfStack(policy, stack) !== null);
  const clients = clientsInScope(onlyRecord(facts), policy, known);
  switch (quorum.clientApprover) {
    case 'never':
      return [];
    case 'always':
      return clients;
    case 'if-required':
      return clients.filter((client) => needsClientApproval(client, facts));
    default:
      throw new Error(`quorum with clientApprover ${String(quorum.clientApprover satisfies never)}`);
  }
}

/** By the register; the author of the record may ask for more, never for less. A client without a register is asked. */
function needsClientApproval(client: string, facts: Facts): boolean {
  const record = onlyRecord(facts);
  const register = facts.policy.registers.find((each) => each.client === client);
  return (
    (register?.clientApprovalRequired ?? true) ||
    (record !== null && namedClients(record).includes(client) && record.clientApproval?.required === true)
  );
}
