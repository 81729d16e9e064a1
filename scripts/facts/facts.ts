/** Puts together the facts document of a pull request: the one thing a decision is taken from. */
import { rulesVersion } from '../../policies/registry.ts';
import type { Services } from '../contract/context.ts';
import { effectDigest, policyDigest, recordDigest } from '../plan/digest.ts';
import type { Plan } from '../plan/types.ts';
import { approvalUses, type ApprovedChange } from '../release/approval-use.ts';
import { prerequisitesOf } from '../release/prerequisites.ts';
import type { Ledger } from '../release/types.ts';
import type { DigestTuple, Facts, PolicySet, Rehearsal, Pull } from '../../policies/model/facts.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import { asWritten } from '../../policies/record/complete.ts';
import type { RehearsalEvidence } from '../release/rehearsal.ts';
import type { ChangeInPlace } from './basis.ts';

/** sha256 over what the author wrote, over the plan, and over everything that the decision is taken with. */
export function digestTuple(
  headSha: string,
  plan: Plan,
  record: LocatedRecord | null,
  policy: PolicySet,
): DigestTuple {
  return {
    headSha,
    effectDigest: effectDigest(plan),
    recordDigest: recordDigest(record === null ? {} : asWritten(record).record),
    policyDigest: policyDigest(policy, rulesVersion),
  };
}

/** Everything but the clock and what own rules say of it; rehearsals as the full evidence, of which the facts keep the result. */
export type FactsParts = Omit<Facts, 'kind' | 'version' | 'now' | 'rehearsals' | 'ownRules'> & {
  readonly rehearsals: readonly RehearsalEvidence[];
};

/** The document itself; the clock is the only thing added, when everything else was read. */
export function assembleFacts(services: Services, parts: FactsParts): Facts {
  return {
    kind: 'sluice.facts',
    version: 1,
    ownRules: [],
    ...parts,
    now: services.clock.now(),
    rehearsals: parts.rehearsals.map(asFact),
  };
}

function asFact(evidence: RehearsalEvidence): Rehearsal {
  const seconds = evidence.steps.find((step) => step.step === 'roll-back')?.seconds;
  return {
    stack: evidence.stack,
    effectDigest: evidence.effectDigest,
    result: evidence.result,
    ...(evidence.reason === null ? {} : { reason: evidence.reason }),
    ...(seconds === undefined ? {} : { rollbackSeconds: seconds }),
  };
}

/** What the ledger says of the approvals of a change that is released, and of what the change comes after. */
export function releaseFacts(
  ledger: Ledger,
  {
    records,
    data,
    judged,
  }: Pick<ChangeInPlace, 'records' | 'data'> & { readonly judged: Pick<ApprovedChange, 'headSha'> },
): Pick<Facts, 'uses' | 'prerequisites'> {
  const [record = null] = records;
  return {
    uses: approvalUses(ledger, { changeId: record?.record.id ?? null, headSha: judged.headSha }),
    prerequisites: prerequisitesOf(ledger, record, data.records),
  };
}

/** What the facts of a change say before anybody was asked about it and before it was rehearsed. */
export const nothingAnswered = {
  kind: 'sluice.facts',
  version: 1,
  moment: 'merge',
  reviews: [],
  rehearsals: [],
  ownRules: [],
  ledger: { head: null, state: 'unverified' },
  uses: [],
  prerequisites: [],
  planned: [],
  statements: [],
  evidence: [],
  emergencies: [],
  breakGlass: null,
  applyStartedAt: null,
} as const satisfies Partial<Facts>;

/** A pull request that is not opened yet, or that nobody asked about: of no commit that is known. */
export function unopenedPull(
  known: Pick<Pull, 'headSha' | 'headAt' | 'baseBranch' | 'defaultBranch'> & Partial<Pull>,
): Pull {
  return {
    number: 0,
    authorId: 0,
    authorIsBot: false,
    commissionerIds: [],
    sharesHeadWith: [],
    baseSha: known.headSha,
    draft: false,
    fork: false,
    state: 'open',
    merge: null,
    pusherIds: [],
    commits: [],
    changedFiles: [],
    complete: { commits: true, files: true, reviews: true },
    ...known,
  };
}
