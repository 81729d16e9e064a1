/**
 * A client's approval that did not come as a review: a file with its hash, which the pull request itself brings, entered by
 * somebody with a seat of the service who took no part in the change. It fills the client's seat under the same conditions
 * of freshness and age as a review would.
 */
import { hourMs, instantMs } from '../gate/instant.ts';
import type { Evidence, Facts, RosterPerson } from '../model/facts.ts';
import { staleReason } from './freshness.ts';
import { nameOf, personOfAccount, serviceSeats, voicesThroughout } from './people.ts';
import type { ReviewContext } from './valid.ts';

export interface ClientEvidence {
  readonly client: string;
  readonly text: string;
}

/** The written approvals that count, one per client at most. */
export function validEvidence(court: ReviewContext): readonly ClientEvidence[] {
  const { facts } = court;
  const byClient = new Map<string, ClientEvidence>();
  for (const evidence of facts.evidence) {
    if (
      evidence.kind !== 'client-approval' ||
      evidence.client === null ||
      evidenceProblem(evidence, court) !== null
    ) {
      continue;
    }
    const enterer = personOfAccount(facts.policy.roster, evidence.enteredById);
    const name = nameOf(facts.policy.roster, enterer?.id ?? '');
    byClient.set(evidence.client, {
      client: evidence.client,
      text: `${evidence.client} has agreed in writing: ${evidence.path}, entered by ${name}`,
    });
  }
  return [...byClient.values()];
}

/** What is wrong with the client's written approvals that do not count. */
export function evidenceProblems(court: ReviewContext): readonly string[] {
  return court.facts.evidence
    .filter(({ kind }) => kind === 'client-approval')
    .flatMap((evidence) => {
      const problem = evidenceProblem(evidence, court);
      return problem === null ? [] : [`${evidence.path} does not count as the client's approval: ${problem}`];
    });
}

function evidenceProblem(evidence: Evidence, court: ReviewContext): string | null {
  const { facts } = court;
  if (!evidence.path.startsWith(`changes/${evidence.client ?? ''}/evidence/`)) {
    return `it is not in changes/${evidence.client ?? '<client>'}/evidence/`;
  }
  if (facts.pull?.changedFiles.includes(evidence.path) === false) {
    return 'this pull request does not bring it: it was there before, for something else';
  }
  if (evidence.actualDigest === null || evidence.actualDigest !== evidence.recordedDigest) {
    return 'the file is not the one that was entered';
  }
  const enterer = personOfAccount(facts.policy.roster, evidence.enteredById);
  if (enterer === null) {
    return 'who entered it is not on the roster';
  }
  const part = court.disqualified.get(enterer.id);
  if (part !== undefined) {
    return `${enterer.name}, who entered it, ${part}`;
  }
  return timeProblem(evidence, court) ?? seatProblem(evidence, enterer, facts);
}

/** What a person says for a client is worth what they are: part of the service when they entered it, and still. */
function seatProblem({ enteredAt }: Evidence, enterer: RosterPerson, facts: Facts): string | null {
  const [then, now] = [instantMs(enteredAt), instantMs(facts.now)];
  const isOfService =
    then !== null &&
    now !== null &&
    voicesThroughout(facts.policy.roster, enterer, then, now).some(({ seat }) => serviceSeats.has(seat));
  return isOfService
    ? null
    : `${enterer.name}, who entered it, does not hold a seat of the service since then: one of ${[...serviceSeats].join(', ')}`;
}

function timeProblem(evidence: Evidence, court: ReviewContext): string | null {
  const { facts, quorum } = court;
  const entered = instantMs(evidence.enteredAt);
  const now = instantMs(facts.now);
  if (facts.pull === null || entered === null || now === null || entered > now) {
    return 'when it was entered cannot be told';
  }
  if (now > entered + quorum.approvalTtlHours * hourMs) {
    return `it is older than ${quorum.approvalTtlHours} hours`;
  }
  const moment = { headAt: facts.pull.headAt, tuple: facts.tuple };
  return staleReason({ at: evidence.enteredAt, tuple: evidence.tuple }, moment);
}
