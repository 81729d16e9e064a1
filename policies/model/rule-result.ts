/** How a rule describes itself, and what it answers: plain data, whoever ran it. */

import type { RuleTexts } from '../../scripts/waf/lint/rule.ts';

/** `deny` stops the change unless waived; `warn` is shown to the CAB and stops nothing. */
export type Severity = 'deny' | 'warn';

/** What a finding compares, a few lines on each side: shown as a table. */
export interface ResultSides {
  readonly sides: { readonly before: readonly string[]; readonly after: readonly string[] };
}

/** What a rule returns for one address; the runner adds id, severity, why and fix. */
export interface Observation extends Partial<ResultSides> {
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

/** A rule as it describes itself. */
export interface RuleHead extends RuleTexts {
  readonly area: 'record' | 'estate' | 'plan';
  readonly severity: Severity;
  /** What a rule of many kinds of findings tells apart: a waiver is for one of them, `<id>/<kind>`. */
  readonly kinds?: readonly string[];
  /** False for the few rules that nothing may waive (for example a crash, a missing rollback). */
  readonly waivable: boolean;
}
