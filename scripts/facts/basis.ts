/**
 * What every judgement of a change rests on, whoever asks: `sluice check` of a working tree, the gate of a pull request, a release
 * of what was approved. What they differ in is what they hand over.
 */
import type { Services } from '../contract/context.ts';
import type { Plan } from '../plan/types.ts';
import type { Ledger } from '../release/types.ts';
import { baselinesOf, pastReleases } from '../release/history.ts';
import type { Expressions } from '../waf/reason/expressions.ts';
import type { PastRelease, RuleInput } from '../../policies/model/facts.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import type { TrafficFacts } from '../../policies/model/traffic.ts';
import type { Bundles } from './bundles.ts';
import type { DecisionData } from './decision-data.ts';
import type { PolicySource } from './policy.ts';
import { causedIncidents } from './records.ts';
import { gatherTraffic } from './traffic/traffic.ts';
import { unchangedBeside } from './unchanged.ts';
import { upcomingChanges } from './upcoming.ts';

/** A change, and where it is seen from. */
export interface ChangeInPlace {
  readonly plan: Plan;
  readonly base: Bundles;
  readonly proposed: Bundles;
  /** Those that belong to it: of traffic and of what it can meet only a single one tells. */
  readonly records: readonly LocatedRecord[];
  /** Policies and records of the branch that it is judged by, and where they were read from. */
  readonly data: DecisionData;
  readonly source: PolicySource;
  readonly incidents: RuleInput['incidents'];
  readonly ledger: Ledger;
  /** Records that it gives way to. */
  readonly ahead: readonly LocatedRecord[];
  /** The commit that is judged, whose own releases are no history of it; null for what no commit has. */
  readonly judged: { readonly headSha: string } | null;
  readonly expressions: Expressions;
  /** What traffic said of the very same bundles before. */
  readonly knownTraffic?: TrafficFacts | null;
}

export type DecisionBasis = Omit<RuleInput, 'record' | 'changedFiles' | 'packages' | 'submittedAt'>;

export async function decisionBasis(services: Services, change: ChangeInPlace): Promise<DecisionBasis> {
  const { plan, base, proposed, data, incidents, ledger, ahead, judged, source, expressions } = change;
  const { policy, records: known } = data;
  const now = services.clock.now();
  const [record = null, ...others] = change.records;
  const history = historyOf(ledger, known, incidents, judged);
  return {
    now,
    plan,
    unchanged: unchangedBeside(plan, { base, proposed }),
    policy,
    history,
    baselines: baselinesOf(ledger),
    incidents,
    planned: upcomingChanges(ledger, { ahead, record, policy, history, now }),
    traffic: await gatherTraffic(services, {
      plan,
      base,
      proposed,
      record: others.length === 0 ? record : null,
      policy,
      source,
      expressions,
      known: change.knownTraffic ?? null,
    }),
  };
}

/** Past releases with the incidents that they caused. */
export function historyOf(
  ledger: Ledger,
  records: readonly LocatedRecord[],
  incidents: RuleInput['incidents'],
  judged: ChangeInPlace['judged'],
): readonly PastRelease[] {
  return pastReleases(ledger, causedIncidents(records, incidents), judged);
}
