/**
 * What a rule says. A rule never answers with a boolean: it finds, is not applicable (and says why), or cannot tell.
 * Cannot tell is never treated as fine.
 */
import type { SourceLocation } from '../../scripts/plan/types.ts';
import type { Estate } from '../reading/estate.ts';
import type { PlanIndex } from '../reading/plan-index.ts';
import type { PlaceReach } from '../reading/places/reach.ts';
import type { WorkedOut } from '../reading/worked-out.ts';
import type { Assessment, CatalogueMatch } from './assessment.ts';
import type { RuleInput } from './facts.ts';
import type { CompleteRecord } from './record.ts';
import type { RuleHead, RuleResult, Severity, ResultSides } from './rule-result.ts';

export type { Doubt, Observation, RuleHead, RuleResult, Severity, ResultSides } from './rule-result.ts';

export interface Finding extends Partial<ResultSides> {
  /** Exact: the rule's id, with `/<kind>` for a rule that reports several kinds. What a waiver names. */
  readonly ruleId: string;
  readonly severity: Severity;
  readonly subject: string;
  readonly location?: SourceLocation;
  readonly seen: string;
  readonly required: string;
  readonly why: string;
  readonly fix: string;
  readonly waivedBy?: { readonly approvedBy: string; readonly reason: string; readonly expires: string };
}

/** What the runner hands to a rule: the input, and the plan's changes grouped and their reach judged once for all rules. */
export interface RuleContext extends Omit<RuleInput, 'record'> {
  /** With what its author left out. */
  readonly record: CompleteRecord | null;
  readonly index: PlanIndex;
  /** What changes and what stands around it, on both sides. */
  readonly estate: Estate;
  /** Where the changes act beyond the stacks that make them. */
  readonly reach: PlaceReach;
  /** How risky the change is. Throws for a rule that the risk itself asks (`protects`). */
  readonly assessment: () => Assessment;
  /** Whether a change that calls itself standard is one. */
  readonly catalogue: () => CatalogueMatch;
  /** What was worked out of the context before is not worked out again. */
  readonly workedOut: WorkedOut<RuleContext>;
}

export interface Rule extends RuleHead {
  /** What it objects to weakens a security control: the risk is high at least, and the security seat must agree. */
  readonly protects?: 'security';
  readonly evaluate: (input: RuleContext) => RuleResult;
}

/** How ids of an estate's own rules begin, and none of the product's: a later version adds no rule of the same name. */
export const ownPrefix = 'own-';

/** Thrown by a rule that cannot look and knows how that is put right. */
export class RuleFailure extends Error {
  override readonly name = 'RuleFailure';
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}

/** Ids that findings of a rule may have, and so what waivers of them name. */
export function findingIds(rule: Pick<Rule, 'id' | 'kinds'>): readonly string[] {
  return rule.kinds?.map((kind) => `${rule.id}/${kind}`) ?? [rule.id];
}

/** What became of every rule of the registry: none may be missing. */
export interface RuleOutcome {
  readonly ruleId: string;
  readonly kind: 'passed' | 'findings' | 'not-applicable' | 'undetermined' | 'crashed';
  readonly reason?: string;
}

export interface RuleReport {
  readonly outcomes: readonly RuleOutcome[];
  /** Worst first, then by subject; waived ones are kept and marked. */
  readonly findings: readonly Finding[];
  readonly verdict: 'allow' | 'deny' | 'undetermined';
}
