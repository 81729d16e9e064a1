/** What a plan touches: its stacks that differ, and where they stand. */
import { canonicalJson } from '../../scripts/json/json.ts';
import type { StackPlan } from '../../scripts/plan/types.ts';
import type { Facts } from '../model/facts.ts';
import { isProduction } from '../reading/estate-context.ts';
import type { PlaceReach } from '../reading/places/reach.ts';

/** Stacks that would be different after the change, also where only settings or outputs differ. */
export function changedStacks(facts: Pick<Facts, 'plan'>): readonly StackPlan[] {
  return facts.plan.stacks.filter(
    (stack) => stack.changes.length > 0 || stack.bundles.before !== stack.bundles.after,
  );
}

/**
 * Stacks whose bundle is another although the plan shows no change of a resource or of the settings, and counts none that
 * is only spelled otherwise: what differs is not told.
 */
export function unexplainedStacks(facts: Facts): readonly StackPlan[] {
  return changedStacks(facts).filter(
    ({ changes, folded, settings }) =>
      changes.length === 0 &&
      (folded?.respelled ?? 0) === 0 &&
      canonicalJson(settings.before) === canonicalJson(settings.after),
  );
}

/** Names of stacks that the plan has more than once: one of them could be read where the other is applied. */
export function repeatedStacks(facts: Facts): readonly string[] {
  const names = facts.plan.stacks.map(({ stack }) => stack);
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

/**
 * Windows and freezes are for production and for the account, by whatever stack it is acted on. A stack that nobody knows is
 * taken for production. At apply those count that are applied now, and what they reach.
 */
export function guardedStacks(facts: Facts, reach: PlaceReach): readonly string[] {
  const stacks = new Set(actedOn(facts, reach));
  return [...stacks].filter((stack) => isProduction(facts.policy, stack));
}

function actedOn(facts: Facts, reach: PlaceReach): readonly string[] {
  const { applying, moment } = facts;
  if (applying === undefined || moment !== 'apply') {
    return [...changedStacks(facts).map(({ stack }) => stack), ...reach.stacks];
  }
  const reached = [...reach.beyond].flatMap(([{ stack }, { stacks }]) =>
    applying.includes(stack) ? [...stacks.keys()] : [],
  );
  return [...applying, ...reached];
}
