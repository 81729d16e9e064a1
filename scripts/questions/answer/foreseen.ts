/**
 * What a change that was not released comes to: its plan, its risk and who may approve it. From the pull request where the
 * gate can decide on it, else from the working tree where that has the change, else from the record alone, with why.
 */
import type { Services } from '../../contract/context.ts';
import { SluiceError } from '../../contract/errors.ts';
import { checkChange } from '../../change/check-change.ts';
import { checkedFacts } from '../../change/checked-facts.ts';
import { decidePull } from '../../change/decide-pull.ts';
import type { BundleSource } from '../../change/proposed-bundles.ts';
import { digestTuple, nothingAnswered, unopenedPull } from '../../facts/facts.ts';
import { assemblePlan } from '../../plan/difference/diff.ts';
import { readDisqualified, whomToAsk, type ReviewRequests } from '../../../policies/approvals.ts';
import type { Risk } from '../../../policies/model/assessment.ts';
import type { ReviewerLine } from '../../../policies/model/decision.ts';
import type { Facts, Pull } from '../../../policies/model/facts.ts';
import type { LocatedRecord } from '../../../policies/model/record.ts';
import { completeOf } from '../../../policies/gate/input.ts';
import type { KnownRecord } from '../../../policies/record/known.ts';
import { noTraffic } from '../../../policies/model/traffic.ts';
import { affectedHosts } from '../../../policies/reading/places/affected-hosts.ts';
import { indexPlan } from '../../../policies/reading/plan-index.ts';
import type { Plan } from '../../plan/types.ts';
import type { KnownChange, Overview } from '../types.ts';

export interface Foreseen {
  /** `record`: from the risk that the author declares, else from the least. */
  readonly from: 'pull' | 'record' | 'tree';
  /** Null where only the record is known. */
  readonly plan: Plan | null;
  /** With everything that the plan says of it; null where only what the author wrote is known. */
  readonly record: KnownRecord | null;
  readonly hosts: readonly string[];
  readonly risk: Risk;
  readonly asking: ReviewRequests;
  /** Person id to what they did in the change. */
  readonly excluded: ReadonlyMap<string, string>;
  /** What became of each review so far. */
  readonly reviewers: readonly ReviewerLine[];
  /** What is missing, as the gate says it; null where nobody decided. */
  readonly missing: readonly string[] | null;
  /** Why it is not known better, and the command that tells; null where the gate decided. */
  readonly instead: Unforeseen | null;
}

interface Unforeseen {
  readonly why: string;
  readonly next: string;
}

/** Publishes nothing and asks nobody. What stands in the way of a better answer is said in it. */
export async function foresee(
  services: Services,
  change: KnownChange,
  overview: Overview,
): Promise<Foreseen> {
  const { pull } = change;
  const decided = pull === null ? null : await unless(() => fromPull(services, pull), change);
  if (decided !== null && 'from' in decided) {
    return decided;
  }
  const { reason, isHere } = await whereabouts(services, change);
  const checked = isHere ? await unless(() => fromTree(services, change, overview), change) : reason;
  const instead = decided ?? ('from' in checked ? checked.instead : checked) ?? reason;
  return 'from' in checked ? { ...checked, instead } : fromRecord(change, overview, instead);
}

/** What somebody can put right is a reason, and no answer. */
async function unless(work: () => Promise<Foreseen>, { file }: KnownChange): Promise<Foreseen | Unforeseen> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SluiceError)) {
      throw error;
    }
    const { what, next } = error.parts;
    return { why: what, next: next ?? `sluice check --record ${file}` };
  }
}

/** Whether the working tree has it: no stack code of another commit is run for a question. */
async function whereabouts(
  { git }: Services,
  { branch, ref, record }: KnownChange,
): Promise<{ readonly isHere: boolean; readonly reason: Unforeseen }> {
  const place = branch ?? ref?.replace(/^refs\/(?:heads|remotes\/origin)\//u, '') ?? null;
  return {
    isHere: place !== null && place === (await git.branch()),
    reason: {
      why: `it is on the branch ${place ?? 'of another clone'}, and only the stack code of the working tree is run`,
      next: `git switch ${place ?? '<branch>'} && sluice show ${record.id}`,
    },
  };
}

async function fromPull(
  services: Services,
  { number, requestedIds }: NonNullable<KnownChange['pull']>,
): Promise<Foreseen> {
  const bundles = await bundlesFor(services, number);
  const { result } = await decidePull(services, { number, moment: 'merge', bundles, publish: 'never' });
  if ('error' in result) {
    throw result.error;
  }
  const { facts, decision } = result;
  return {
    ...seatsOf(facts, decision.risk, requestedIds),
    from: 'pull',
    record: completeOf(facts)?.record ?? null,
    ...planOf(facts.plan),
    reviewers: decision.approvals.reviewers,
    missing: missingOf(decision),
    instead: null,
  };
}

/** What the job without secrets made; the working tree where that is the head of the pull request, as for `sluice gate`. */
async function bundlesFor({ git, github }: Services, number: number): Promise<BundleSource> {
  const { headSha } = await (await github()).pullHead(number);
  const isHere = headSha === (await git.headSha()) && (await git.dirtyPaths()).length === 0;
  return { from: isHere ? 'tree' : 'ci' };
}

/** Where every check passes, nothing. */
function missingOf({ checks, approvals }: { checks: Checks; approvals: { reasons: readonly string[] } }) {
  const others = checks.filter(({ id, verdict }) => id !== 'approvals' && verdict !== 'allow');
  return [
    ...others.map(({ summary }) => summary),
    ...approvals.reasons.map((reason) => reason.replace(/^missing: /u, '')),
  ];
}

type Checks = readonly { readonly id: string; readonly verdict: string; readonly summary: string }[];

async function fromTree(services: Services, change: KnownChange, overview: Overview): Promise<Foreseen> {
  const { file } = change;
  const checked = await checkChange(services, { record: file, stacks: [] });
  const { record, report, risk, plan } = checked.result;
  if (record === null) {
    return fromRecord(change, overview, { why: `${file} is not in the working tree`, next: 'git status' });
  }
  const headSha = await services.git.headSha();
  const facts = checkedFacts(checked, record, {
    baseRecords: [],
    policy: overview.policy,
    proposal: { faults: [], fallback: null },
    pull: nobodysPull(headSha, overview.now, checked.input.changedFiles),
    headSha,
  });
  const denied = report.findings.filter(
    ({ severity, waivedBy }) => severity === 'deny' && waivedBy === undefined,
  );
  return {
    ...seatsOf(facts, risk, []),
    from: 'tree',
    record: record.record,
    ...planOf(plan),
    reviewers: [],
    missing: denied.map(({ ruleId, subject, seen }) => `${ruleId}: ${subject}: ${seen}`),
    instead:
      change.branch === null
        ? {
            why: 'it is merged; what else is merged and not released is in the plan as well',
            next: 'sluice due',
          }
        : { why: 'no pull request is open, or it was not asked for', next: 'sluice raise' },
  };
}

function planOf(plan: Plan): Pick<Foreseen, 'hosts' | 'plan'> {
  return { plan, hosts: affectedHosts(indexPlan(plan)) };
}

function seatsOf(
  facts: Facts,
  risk: Risk,
  requested: readonly number[],
): Pick<Foreseen, 'asking' | 'excluded' | 'risk'> {
  return {
    risk,
    asking: whomToAsk(facts, risk, requested),
    excluded: readDisqualified(facts).people,
  };
}

function fromRecord(change: KnownChange, overview: Overview, instead: Unforeseen): Foreseen {
  return {
    ...seatsOf(factsOfRecord(change, overview), riskOf(change), []),
    from: 'record',
    record: null,
    plan: null,
    hosts: [],
    reviewers: [],
    missing: null,
    instead,
  };
}

function riskOf({ record }: KnownChange): Risk {
  const declared = record.risk?.declared ?? null;
  const least = declared ?? 'low';
  return { effective: least, declared, computed: least, reasons: [], needsSecurityReview: false };
}

function nobodysPull(headSha: string, now: string, changedFiles: Pull['changedFiles']): Pull {
  return unopenedPull({ headSha, headAt: now, baseBranch: 'main', defaultBranch: 'main', changedFiles });
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
    pull: nobodysPull(headSha, now, [file]),
    history: [],
    baselines: [],
    incidents: [],
    traffic: noTraffic,
    tuple: digestTuple(headSha, { plan, records: [located], policy, traffic: noTraffic }),
    packages: [],
    proposal: { faults: [], fallback: null },
  };
}
