/**
 * Who has agreed to this change, who has not, and who still could. Pure: the same facts give the same answer.
 *
 * Allowed only when every seat of the quorum is filled by a valid approval of another person, nobody's veto stands, no
 * condition is open and nothing about who took part is unknown. A quorum that nobody could fill is named as such and
 * never lowered. The reference numbers in `test/policies/approvals` are the cases this answers.
 */
import { breakGlassOf } from './approvals/break-glass.ts';
import type { BreakGlassUse } from './approvals/break-glass.ts';
import { evidenceProblems, validEvidence } from './approvals/client-evidence.ts';
import { misreadStatements, openConditions } from './approvals/conditions.ts';
import { readDisqualified } from './approvals/disqualified.ts';
import type { Disqualified } from './approvals/disqualified.ts';
import { isVeto, judgeReviewers, reviewerLines } from './approvals/lines.ts';
import { isPolicyChange, levelOf, slotsOf } from './approvals/level.ts';
import type { ApprovalLevel } from './approvals/level.ts';
import { missingSeats } from './approvals/missing.ts';
import { readOpinions } from './approvals/opinions.ts';
import { fillSeats } from './approvals/seats.ts';
import type { SeatSlot } from './approvals/seats.ts';
import type { Risk } from './model/assessment.ts';
import type { Approvals, Verdict } from './model/decision.ts';
import type { Facts } from './model/facts.ts';

export { nameOf, personOfAccount } from './approvals/people.ts';
export { readDisqualified } from './approvals/disqualified.ts';
export { whomToAsk } from './approvals/to-ask.ts';
export type { RequestedSeat as AskedSeat, ReviewRequests } from './approvals/to-ask.ts';

/** Judges all reviews and says whether the change has its quorum. Never throws for facts that the schema accepts. */
export function evaluateApprovals(facts: Facts, risk: Risk): Approvals {
  const took = readDisqualified(facts);
  const ids = new Set(took.people.keys());
  const level = levelOf(facts, risk, ids);
  const court = { facts, quorum: level.quorum, disqualified: took.people };
  const slots = slotsOf(facts, risk, level, ids);
  const written = validEvidence(court).filter(({ client }) => slots.some((slot) => isSlotOf(slot, client)));
  const wanted = slots.filter((slot) => !written.some(({ client }) => isSlotOf(slot, client)));
  const judged = judgeReviewers(readOpinions(facts, ids), court);
  const voters = judged.flatMap(({ voter }) => (voter === null ? [] : [voter]));
  const filling = fillSeats(wanted, voters);
  const vetoes = judged.filter(isVeto);
  const glass = level.name === 'emergency' ? breakGlassOf(facts, level.quorum) : glassElsewhere(facts);
  const blocks = [
    ...blocking(facts, took),
    ...vetoes.map(({ login, note }) => `veto: ${login} ${note}`),
    ...openConditions(facts, ids),
  ];
  const stillOpen = isGlassEnough(glass, facts) ? [] : filling.open;
  return {
    verdict: verdictOf(facts, stillOpen, blocks),
    level: glass.kind === 'unratified' ? 'break-glass' : level.name,
    required: slots.length,
    given: slots.length - filling.open.length,
    openSeats: stillOpen.map(({ seat }) => seat),
    vetoes: vetoes.map(({ personId, login, note }) => ({ personId, login, text: note })),
    reviewers: reviewerLines(judged, filling),
    reasons: [
      ...glassText(glass),
      ...blocks,
      ...missingSeats(stillOpen, { facts, level, disqualified: took.people, wanted, judged }),
      ...(stillOpen.some(({ seat }) => seat === 'client-approver') ? evidenceProblems(court) : []),
      ...written.map(({ text }) => text),
      ...misreadStatements(facts),
      ...summaryOf(level, slots, facts),
    ],
  };
}

/** Ids of everyone whose approval is valid now, whether or not a seat needs it. What a waiver's name is checked against. */
export function validApprovers(facts: Facts, risk: Risk): ReadonlySet<string> {
  const took = readDisqualified(facts);
  const ids = new Set(took.people.keys());
  const court = { facts, quorum: levelOf(facts, risk, ids).quorum, disqualified: took.people };
  const judged = judgeReviewers(readOpinions(facts, ids), court);
  return new Set(judged.flatMap(({ voter }) => (voter === null ? [] : [voter.personId])));
}

/** Only client approvers have a client. */
function isSlotOf(slot: SeatSlot, client: string): boolean {
  return slot.client === client;
}

/** What is unknown is undetermined: a person or another run has to supply it. What is known and wrong is a deny. */
function verdictOf(facts: Facts, open: readonly SeatSlot[], blocks: readonly string[]): Verdict {
  if (facts.pull !== null && !isComplete(facts)) {
    return 'undetermined';
  }
  return open.length === 0 && blocks.length === 0 ? 'allow' : 'deny';
}

function isComplete(facts: Facts): boolean {
  const complete = facts.pull?.complete;
  return complete !== undefined && complete.commits && complete.files && complete.reviews;
}

function blocking(facts: Facts, took: Disqualified): readonly string[] {
  const commits = took.unattributed.map(
    ({ sha }) =>
      `commit ${sha.slice(0, 10)} has an author, committer or co-author without an account: re-attribute it, or the change manager comments: /sluice waive-commit ${sha} because <reason>`,
  );
  const partial =
    facts.pull === null || isComplete(facts)
      ? []
      : ['not all reviews, commits or files could be read: the gate decides on whole lists only'];
  return [...partial, ...took.unknown, ...commits];
}

function glassElsewhere(facts: Facts): BreakGlassUse {
  return facts.breakGlass === null
    ? { kind: 'not-asked' }
    : { kind: 'refused', reason: 'only an emergency may go without approval' };
}

/** Changing the rules is not an emergency measure: the process owner is asked even then. */
function isGlassEnough(glass: BreakGlassUse, facts: Facts): boolean {
  return glass.kind === 'unratified' && !isPolicyChange(facts);
}

function glassText(glass: BreakGlassUse): readonly string[] {
  if (glass.kind === 'not-asked') {
    return [];
  }
  return [glass.kind === 'refused' ? `break-glass refused: ${glass.reason}` : glass.text];
}

function summaryOf(level: ApprovalLevel, slots: readonly SeatSlot[], facts: Facts): readonly string[] {
  if (level.name === 'standard' && slots.length === 0) {
    return ['standard change: its catalogue entry is the approval'];
  }
  const isUnowned = facts.pull?.authorIsBot === true && facts.pull.commissionerIds.length === 0;
  return isUnowned
    ? ['a bot opened the pull request and nobody knows for whom: one more approval is needed']
    : [];
}
