/**
 * What a rule says. A rule never answers with a boolean: it finds, is not applicable (and says why), or cannot tell.
 * Cannot tell is never treated as fine.
 */
import type { SourceLocation } from '../../scripts/plan/types.ts';
import type { RuleTexts } from '../../scripts/waf/lint/rule.ts';
import type { Estate } from '../reading/estate.ts';
import type { PlanIndex } from '../reading/plan-index.ts';
import type { Reach } from '../reading/places/reach.ts';
import type { RuleInput } from './facts.ts';
import type { CompleteRecord } from './record.ts';

/** `deny` stops the change unless waived; `warn` is shown to the CAB and stops nothing. */
export type Severity = 'deny' | 'warn';

/** What a finding compares, a few lines on each side: shown as a table. */
export interface Sides {
  readonly sides: { readonly before: readonly string[]; readonly after: readonly string[] };
}

/** What a rule returns for one address; the runner adds id, severity, why and fix. */
export interface Observation extends Partial<Sides> {
  /** Which of the rule's `kinds` it is; only and always for a rule that has some. */
  readonly kind?: string;
  /** `stack/address`, optionally with `#path`; or `record`. What waivers match on. */
  readonly subject: string;
  /** JSON pointer into the record when the finding is about it; gives the finding its place. */
  readonly pointer?: string;
  readonly seen: string;
  readonly required: string;
  /** Overrides the rule's fix text when a better one can be given for this subject. */
  readonly fix?: string;
  /** Overrides the rule's severity for this subject. */
  readonly severity?: Severity;
}

export interface Finding extends Partial<Sides> {
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

/** Something a rule could not judge, for example a value that is known only after apply. */
export interface Doubt {
  readonly kind?: string;
  readonly subject: string;
  readonly doubt: string;
}

/**
 * Findings and doubts go together: a waiver that settles the findings must not make the doubts disappear. No findings
 * and no doubts mean that the rule was applied and passed.
 */
export type RuleResult =
  | {
      readonly kind: 'judged';
      readonly observations: readonly Observation[];
      readonly doubts: readonly Doubt[];
    }
  | { readonly kind: 'not-applicable'; readonly reason: string };

/** What the runner hands to a rule: the input, and the plan's changes grouped and their reach judged once for all rules. */
export interface RuleContext extends Omit<RuleInput, 'record'> {
  /** With what its author left out. */
  readonly record: CompleteRecord | null;
  readonly index: PlanIndex;
  /** What changes and what stands around it, on both sides. */
  readonly estate: Estate;
  /** Where the changes act beyond the stacks that make them. */
  readonly reach: Reach;
}

export interface Rule extends RuleTexts {
  readonly area: 'record' | 'estate' | 'plan';
  readonly severity: Severity;
  /** What a rule of many kinds of findings tells apart: a waiver is for one of them, `<id>/<kind>`. */
  readonly kinds?: readonly string[];
  /** What it objects to weakens a security control: the risk is high at least, and the security seat must agree. */
  readonly protects?: 'security';
  /** False for the few rules that nothing may waive (for example a crash, a missing rollback). */
  readonly waivable: boolean;
  readonly evaluate: (input: RuleContext) => RuleResult;
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
