/** What rules and risk read: the input, with what is worked out once for all of them. */
import { matchCatalogue } from './catalogue.ts';
import type { RuleInput } from './model/facts.ts';
import type { RuleContext } from './model/finding.ts';
import { completeRecord } from './record/complete.ts';
import { estateOf } from './reading/estate.ts';
import { workedOutOf } from './reading/worked-out.ts';
import { reachOf } from './reading/places/reach.ts';
import { indexPlan } from './reading/plan-index.ts';
import { Expressions } from '../scripts/waf/reason/expressions.ts';
import { assessRisk } from './risk.ts';

/**
 * One for each decision, with the table of expressions of its run, or one of its own. Risk and the like are worked out when somebody asks first, and for everybody after that; what
 * the working out threw is thrown again for each who asks.
 */
export function contextFor(input: RuleInput, expressions = new Expressions()): RuleContext {
  const index = indexPlan(input.plan, expressions);
  const record = input.record === null ? null : completeRecord(input.record, input, index);
  const context: RuleContext = {
    ...input,
    record,
    index,
    estate: estateOf(input),
    reach: reachOf(index, input.policy),
    assessment: once('the risk', () => assessRisk(context)),
    catalogue: once('the catalogue entry', () => matchCatalogue(context)),
    workedOut: workedOutOf(() => context),
  };
  return context;
}

/** A rule of which the risk is made up must not ask for the risk: that is told, instead of asking without an end. */
function once<T>(what: string, work: () => T): () => T {
  let state: 'not-begun' | 'under-way' | { readonly value: T } | { readonly error: unknown } = 'not-begun';
  return () => {
    if (state === 'under-way') {
      throw new Error(`${what} was asked for while it was being worked out`);
    }
    if (state === 'not-begun') {
      state = 'under-way';
      try {
        state = { value: work() };
      } catch (error) {
        state = { error };
      }
    }
    if ('error' in state) {
      throw state.error;
    }
    return state.value;
  };
}
