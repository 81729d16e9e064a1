/**
 * Facts for a release without GitHub at hand: people, pull request and incidents from a saved document, everything that can be
 * computed computed again here. What differs from the document shows up as a tuple that no longer fits.
 */
import type { Services } from '../../contract/context.ts';
import { released, type Bundles } from '../../facts/bundles.ts';
import { loadDecisionData } from '../../facts/decision-data.ts';
import { openEmergencies } from '../../facts/emergencies.ts';
import { decisionBasis, type ChangeInPlace } from '../../facts/basis.ts';
import { releaseFacts } from '../../facts/facts.ts';
import { loadLedger } from '../../facts/ledger.ts';
import { withOwnRules } from '../../facts/own-rules.ts';
import { fromWorkingTree } from '../../facts/policy.ts';
import { Expressions } from '../../waf/reason/expressions.ts';
import { assemblePlan, diffBundles } from '../../plan/difference/diff.ts';
import type { Plan } from '../../plan/types.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import { policyInScope } from '../../../policies/gate/policy-scope.ts';
import { stateOf, type GatheredFacts } from '../../change/pull-facts.ts';

/** `saved` must come from `sluice gate --save-facts`; its tuple is what was approved and is kept as it is. */
export async function factsAtApply(
  services: Services,
  saved: Facts,
  proposed: Bundles,
): Promise<GatheredFacts> {
  const source = fromWorkingTree(services.files, await services.git.root());
  const [data, { ledger }] = await Promise.all([loadDecisionData(source), loadLedger(services)]);
  const base = released(ledger, saved.tuple);
  const plans = saved.plan.stacks.map(({ stack }) =>
    diffBundles({ stack, before: base.get(stack) ?? null, after: proposed.get(stack) ?? null }),
  );
  const plan = assemblePlan(plans, 'configuration');
  const met = new Set(saved.planned.map(({ changeId }) => changeId));
  const expressions = new Expressions();
  const change: ChangeInPlace = {
    plan,
    base,
    proposed,
    records: saved.records,
    data,
    source,
    incidents: saved.incidents,
    ledger,
    ahead: data.records.filter(({ record: { id } }) => met.has(id)),
    judged: saved.tuple,
    expressions,
    knownTraffic: isSameEffect(saved.plan, plan) ? saved.traffic : null,
  };
  const basis = await decisionBasis(services, change);
  const facts: Facts = {
    ...saved,
    moment: 'apply',
    ...basis,
    policy: policyInScope({ ...basis, records: saved.records }),
    ...releaseFacts(ledger, { ...change, judged: saved.tuple }),
    emergencies: openEmergencies(ledger, data.records, saved.tuple).map((emergency) => ({
      ...emergency,
      ratifications: ratifiedIn(saved, emergency.changeId),
    })),
    ledger: stateOf(ledger, 'apply'),
  };
  const askAgain = async (given: Facts): Promise<Facts> => withOwnRules(services, source, given);
  return { facts: await askAgain(facts), rehearsals: [], rawReviews: null, askAgain, expressions };
}

/** The same bundles on both sides in every stack: a replay of then is one of now. */
function isSameEffect(a: Plan, b: Plan): boolean {
  return bundlesOf(a) === bundlesOf(b);
}

function bundlesOf({ stacks }: Plan): string {
  return stacks
    .map(({ stack, bundles }) => `${stack} ${bundles.before ?? '-'} ${bundles.after ?? '-'}`)
    .join('\n');
}

/** Who ratified an emergency is known to GitHub only; the document has what it said. */
function ratifiedIn(saved: Facts, changeId: string): Facts['emergencies'][number]['ratifications'] {
  return saved.emergencies.find((emergency) => emergency.changeId === changeId)?.ratifications ?? [];
}
