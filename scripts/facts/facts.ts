/** Puts together the facts document of a pull request: the one thing a decision is taken from. */
import { policyInScope, policyParts, type PolicyBasis } from '../../policies/gate/policy-scope.ts';
import { rulesVersion } from '../../policies/registry.ts';
import type { Services } from '../contract/context.ts';
import { effectDigest, policyDigest, recordDigest } from '../plan/digest.ts';
import { approvalUses, type ApprovedChange } from '../release/approval-use.ts';
import { baselinesOf, pastReleases } from '../release/history.ts';
import { prerequisitesOf } from '../release/prerequisites.ts';
import type { Ledger } from '../release/types.ts';
import type {
  DigestTuple,
  Facts,
  PastRelease,
  PolicySet,
  Rehearsal,
  Pull,
} from '../../policies/model/facts.ts';
import type { Incident } from '../../policies/model/incident.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import { asWritten } from '../../policies/record/complete.ts';
import type { RehearsalEvidence } from '../release/rehearsal.ts';
import { causedIncidents } from './records.ts';
import { upcomingChanges } from './upcoming.ts';

/** sha256 over what the author wrote, over the plan, and over everything that the decision is taken with. */
export function digestTuple(headSha: string, basis: PolicyBasis): DigestTuple {
  const [record] = basis.records;
  return {
    headSha,
    effectDigest: effectDigest(basis.plan),
    recordDigest: recordDigest(record === undefined ? {} : asWritten(record).record),
    policyDigest: policyDigest(policyParts(basis), rulesVersion),
  };
}

/** Everything but the clock and what own rules say of it; rehearsals as the full evidence, of which the facts keep the result. */
export type FactsParts = Omit<Facts, 'kind' | 'version' | 'now' | 'rehearsals' | 'ownRules'> & {
  readonly rehearsals: readonly RehearsalEvidence[];
};

/** The document itself, without the policy data that the decision has no use for; the clock is the only thing added. */
export function assembleFacts(services: Services, parts: FactsParts): Facts {
  return {
    kind: 'sluice.facts',
    version: 1,
    now: services.clock.now(),
    ownRules: [],
    ...parts,
    policy: policyInScope(parts),
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

/** Past releases with the incidents that they caused. */
export function historyOf(
  ledger: Ledger,
  records: readonly LocatedRecord[],
  incidents: readonly Incident[],
  judged: Pick<ApprovedChange, 'headSha'> | null,
): readonly PastRelease[] {
  return pastReleases(ledger, causedIncidents(records, incidents), judged);
}

/** Everything that the ledger says to a decision about a change: what was released, by it too, what it comes after and what it can meet. */
export function ledgerFacts(
  ledger: Ledger,
  given: {
    readonly record: LocatedRecord | null;
    /** Records of the default branch. */
    readonly known: readonly LocatedRecord[];
    /** Those of them that the change gives way to. */
    readonly ahead: readonly LocatedRecord[];
    readonly incidents: readonly Incident[];
    readonly judged: Pick<ApprovedChange, 'headSha'>;
    readonly policy: PolicySet;
    readonly now: string;
  },
): Pick<Facts, 'history' | 'baselines' | 'uses' | 'prerequisites' | 'planned'> {
  const { record, known, incidents, judged } = given;
  const history = historyOf(ledger, known, incidents, judged);
  return {
    baselines: baselinesOf(ledger),
    history,
    uses: approvalUses(ledger, { changeId: record?.record.id ?? null, headSha: judged.headSha }),
    prerequisites: prerequisitesOf(ledger, record, known),
    planned: upcomingChanges(ledger, { ...given, history }),
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
