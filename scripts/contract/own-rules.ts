/** How a rule of an estate's own is run. */
import type { RuleInput } from '../../policies/model/facts.ts';
import type { Result } from '../json/result.ts';

/** A rule of an estate's own and what it is asked. */
export interface RuleOrder {
  /** Path of the rule in `sources`. */
  readonly path: string;
  /** What it may be made of: texts by their path in the repository. */
  readonly sources: ReadonlyMap<string, string>;
  readonly input: RuleInput;
  /** Path of its examples in `sources`, to be tried on top of the input; null: the rule is asked about the input itself. */
  readonly cases: string | null;
}

/** What a rule answered, as text that nobody has read yet; or why there is no answer, in one sentence. */
export type RuleRun = Result<string, { readonly reason: string }>;

export interface RuleRunner {
  /** Runs one rule apart from everything. Whatever the rule does is an answer or a reason; throws ExternalError only when nothing can be run here. */
  run(order: RuleOrder): Promise<RuleRun>;
}
