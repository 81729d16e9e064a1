/** What stands unchanged around a change, as far as the rules want to see it. */
import { isBeside, typesBeside } from '../../policies/reading/beside.ts';
import type { Plan, UnchangedResource } from '../plan/types.ts';
import { unchangedInBundle } from '../plan/difference/unchanged.ts';
import type { Bundles } from './bundles.ts';

/**
 * Of every stack there is a bundle of: a list of an account is used by rules of other stacks. A stack that the plan leaves
 * out is as it was released.
 */
export function unchangedBeside(
  plan: Plan,
  { base, proposed }: { readonly base: Bundles; readonly proposed: Bundles },
): readonly UnchangedResource[] {
  const wanted = typesBeside(plan);
  const isSeen = isBeside(plan);
  const plans = new Map(plan.stacks.map((stack) => [stack.stack, stack]));
  const stacks = wanted.size === 0 ? [] : [...new Set([...base.keys(), ...proposed.keys()])].toSorted();
  return stacks.flatMap((stack) => {
    const planned = plans.get(stack) ?? null;
    const bundle = planned === null ? (base.get(stack) ?? proposed.get(stack)) : proposed.get(stack);
    return bundle === undefined ? [] : unchangedInBundle(bundle, planned, wanted).filter(isSeen);
  });
}
