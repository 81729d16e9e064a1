/** How the cases of a rule are written: a change of the clean input, and what the rule must say about it. */
import type { RuleInput } from '../../../../policies/model/facts.ts';
import type { JsonObject } from '../../../../scripts/plan/types.ts';
import { aPlan } from '../../../builders/plan.ts';

export interface RuleCases {
  /** Each case names the subjects that must be found, worst spelling first: exactly these and no others. */
  readonly finds: readonly {
    readonly when: string;
    readonly input: Partial<RuleInput>;
    readonly subjects: readonly string[];
    /** Severity expected of all of them; the rule's own when left out. */
    readonly severity?: 'deny' | 'warn';
  }[];
  /** The rule looked and has nothing to say. */
  readonly passes: readonly { readonly when: string; readonly input: Partial<RuleInput> }[];
  /** There is nothing to look at. */
  readonly skips: readonly { readonly when: string; readonly input: Partial<RuleInput> }[];
  /** Something is unknown: the subjects that a person has to judge. */
  readonly doubts?: readonly {
    readonly when: string;
    readonly input: Partial<RuleInput>;
    readonly subjects: readonly string[];
  }[];
}

export type CaseTable = Readonly<Record<string, RuleCases>>;

type Input = Partial<RuleInput>;

/** Only some kinds of cases; the others are in the table of another file. */
export const only = (parts: Partial<RuleCases>): RuleCases => ({
  finds: [],
  passes: [],
  skips: [],
  ...parts,
});

export const created = (address: string, after: JsonObject): Input => ({
  plan: aPlan().creating(address, after).build(),
});

export const updated = (address: string, before: JsonObject, after: JsonObject): Input => ({
  plan: aPlan().updating(address, before, after).build(),
});
