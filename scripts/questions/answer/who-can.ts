/** Who may approve a change, who may not and why: from the pull request where there is one, else from the record. */
import type { Services } from '../../contract/context.ts';
import { digestTuple, nothingAnswered, unopenedPull } from '../../facts/facts.ts';
import type { KnownChange, Overview } from '../types.ts';
import { assemblePlan } from '../../plan/difference/diff.ts';
import { readDisqualified, whomToAsk, type ReviewRequests } from '../../../policies/approvals.ts';
import type { Risk } from '../../../policies/model/assessment.ts';
import type { Approvals, ReviewerLine } from '../../../policies/model/decision.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import type { LocatedRecord } from '../../../policies/model/record.ts';
import { noTraffic } from '../../../policies/model/traffic.ts';
import { decidePull } from '../../change/decide-pull.ts';

export interface WhoCan {
  /** `record`: from the risk that the author declares, else from the least; the gate computes its own, and asks for more where that is higher. */
  readonly from: 'pull' | 'record';
  readonly risk: Risk['effective'];
  readonly asking: ReviewRequests;
  /** Person id to what they did in the change. */
  readonly excluded: ReadonlyMap<string, string>;
  /** What became of each review so far. */
  readonly reviewers: readonly ReviewerLine[];
  /** What is missing, as the gate says it; null where nobody decided. */
  readonly missing: readonly string[] | null;
}

/** Decides on the open pull request without publishing anything. Throws what the decision throws. */
export async function whoCan(services: Services, change: KnownChange, overview: Overview): Promise<WhoCan> {
  if (change.pull === null) {
    return answer(factsOfRecord(change, overview), riskOf(change), { from: 'record', decided: null });
  }
  const { result } = await decidePull(services, {
    number: change.pull.number,
    moment: 'merge',
    bundles: { from: 'ci' },
    publish: 'never',
  });
  if ('error' in result) {
    throw result.error;
  }
  const { facts, decision } = result;
  return answer(facts, decision.risk, {
    from: 'pull',
    decided: decision.approvals,
    requested: change.pull.requestedIds,
  });
}

function answer(
  facts: Facts,
  risk: Risk,
  known: {
    readonly from: WhoCan['from'];
    readonly decided: Approvals | null;
    readonly requested?: readonly number[];
  },
): WhoCan {
  return {
    from: known.from,
    risk: risk.effective,
    asking: whomToAsk(facts, risk, known.requested ?? []),
    excluded: readDisqualified(facts).people,
    reviewers: known.decided?.reviewers ?? [],
    missing: known.decided?.reasons ?? null,
  };
}

function riskOf({ record }: KnownChange): Risk {
  const declared = record.risk?.declared ?? null;
  const least = declared ?? 'low';
  return { effective: least, declared, computed: least, reasons: [], needsSecurityReview: false };
}

/** A pull request of nobody that changes nothing but the record: what is left is who the record says took part. */
function factsOfRecord({ record, file }: KnownChange, { policy, now }: Overview): Facts {
  const located: LocatedRecord = { record, file, locations: {} };
  const plan = assemblePlan([], 'configuration');
  const headSha = '0'.repeat(40);
  return {
    ...nothingAnswered,
    now,
    plan,
    unchanged: [],
    records: [located],
    baseRecords: [],
    policy,
    pull: unopenedPull({
      headSha,
      headAt: now,
      baseBranch: 'main',
      defaultBranch: 'main',
      changedFiles: [file],
    }),
    history: [],
    baselines: [],
    incidents: [],
    traffic: noTraffic,
    tuple: digestTuple(headSha, { plan, records: [located], policy, traffic: noTraffic }),
    packages: [],
    proposal: { faults: [], fallback: null },
  };
}
