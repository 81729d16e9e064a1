/** What rules and risk read: the input, with what is worked out once for all of them. */
import type { RuleInput } from '../model/facts.ts';
import type { RuleContext } from '../model/finding.ts';
import { completeRecord } from '../record/complete.ts';
import { estateOf } from './estate.ts';
import { indexPlan } from './plan-index.ts';
import { reachOf } from './places/reach.ts';

export function contextFor(input: RuleInput): RuleContext {
  const index = indexPlan(input.plan);
  const record = input.record === null ? null : completeRecord(input.record, input);
  return { ...input, record, index, estate: estateOf(input), reach: reachOf(index, input.policy) };
}
