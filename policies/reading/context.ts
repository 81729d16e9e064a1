/** What rules and risk read: the input, with what is worked out once for all of them. */
import type { RuleInput } from '../model/facts.ts';
import type { RuleContext } from '../model/finding.ts';
import { estateOf } from './estate.ts';
import { indexPlan } from './plan-index.ts';
import { reachOf } from './places/reach.ts';

export function contextFor(input: RuleInput): RuleContext {
  const index = indexPlan(input.plan);
  return { ...input, index, estate: estateOf(input), reach: reachOf(index, input.policy) };
}
