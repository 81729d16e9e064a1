/**
 * What a change of rules does to traffic: every must-pass case of the clients it touches is tried under the old and the
 * new rules, and the sample that the record names is replayed. Cases come from where the policies come from (the gate:
 * the base branch), so that a change cannot bring its own.
 */
import { objectAt } from '../../waf/rulesets/attributes.ts';
import type { Plan, ResourceChange } from '../../plan/types.ts';
import { estateObjects } from '../../waf/rulesets/estate-objects.ts';
import type { Expressions } from '../../waf/reason/expressions.ts';
import { tryRequest } from '../../waf/replay/must-pass.ts';
import { compileReplay, type ReplaySides } from '../../waf/replay/replay.ts';
import type { PolicySet } from '../../../policies/model/facts.ts';
import type { LocatedRecord } from '../../../policies/model/record.ts';
import { noTraffic, type MustPassResult, type TrafficFacts } from '../../../policies/model/traffic.ts';
import { isRuleChange, ruleStacks } from '../../../policies/reading/rulesets/traffic-scope.ts';
import { configurationsOf, type Bundles } from '../bundles.ts';
import { loadMustPass, type MustPassCase } from '../must-pass.ts';
import { registerOf, type PolicySource } from '../policy.ts';
import { replaySample, type SampleServices } from './sample.ts';

export interface TrafficOrder {
  readonly plan: Plan;
  /** All bundles of the estate on both sides: rules and lists of an account reach zones of other stacks. */
  readonly base: Bundles;
  readonly proposed: Bundles;
  readonly record: LocatedRecord | null;
  readonly policy: PolicySet;
  /** Where the must-pass cases are read from. */
  readonly source: PolicySource;
  readonly expressions?: Expressions;
  /** What was found before for the very same bundles: its replay stands, the sample need not be at hand again. */
  readonly known?: TrafficFacts | null;
}

export async function gatherTraffic(services: SampleServices, order: TrafficOrder): Promise<TrafficFacts> {
  const changes = order.plan.stacks.flatMap((stack) => stack.changes);
  const sides = { before: configurationsOf(order.base), after: configurationsOf(order.proposed) };
  const stacks = touchedStacks(changes, sides);
  const sample = order.record?.record.traffic?.sample;
  if (stacks.length === 0 && sample === undefined) {
    return noTraffic;
  }
  const clients = [
    ...new Set(stacks.flatMap((stack) => registerOf(order.policy.registers, stack)?.client ?? [])),
  ].toSorted();
  const cases = await loadMustPass(order.source, clients);
  const replayed =
    sample === undefined
      ? { replay: null, problem: null }
      : (knownReplay(order.known ?? null, sample, stacks) ??
        (await replaySample(services, sample, { ...sides, stacks })));
  return {
    stacks,
    mustPass: tryCases(cases, sides, order.expressions),
    withoutCases: clients.filter((client) => !cases.some((one) => one.client === client)),
    ...replayed,
  };
}

function knownReplay(
  known: TrafficFacts | null,
  sample: string,
  stacks: readonly string[],
): Pick<TrafficFacts, 'replay' | 'problem'> | null {
  const isIt =
    known?.replay?.digest === sample &&
    stacks.every((stack) => known.replay?.stacks.includes(stack) === true);
  return isIt ? { replay: known.replay, problem: null } : null;
}

function isZone(type: string): boolean {
  return type === 'cloudflare_zone';
}

/** Stacks with a change of rules, and of those with a change for a whole account, every stack with a zone of it. */
function touchedStacks(
  changes: readonly ResourceChange[],
  { before, after }: Omit<ReplaySides, 'stacks'>,
): readonly string[] {
  const accounts = new Set(
    changes
      .filter(isRuleChange)
      .flatMap((change) => [change.before, change.after])
      .flatMap((side) => ((side?.['zone_id'] ?? null) === null ? (side?.['account_id'] ?? []) : [])),
  );
  const zones = accounts.size === 0 ? [] : [before, after].flatMap((side) => estateObjects(side, isZone));
  const reached = zones.flatMap(({ id, attributes }) =>
    accounts.has(objectAt(attributes, 'account')['id'] ?? '') ? [id.slice(0, id.indexOf('/'))] : [],
  );
  return [...new Set([...ruleStacks(changes), ...reached])].toSorted();
}

/** Cases of one client may be for hosts of any of its stacks, so every zone is compiled that some case needs. */
function tryCases(
  cases: readonly MustPassCase[],
  sides: Omit<ReplaySides, 'stacks'>,
  expressions?: Expressions,
): readonly MustPassResult[] {
  if (cases.length === 0) {
    return [];
  }
  const zones = compileReplay(
    { ...sides, stacks: [...sides.before.keys(), ...sides.after.keys()] },
    expressions,
  );
  return cases.map(({ client, name, why, location, request }) => ({
    client,
    name,
    why,
    location,
    ...tryRequest(zones, request),
  }));
}
