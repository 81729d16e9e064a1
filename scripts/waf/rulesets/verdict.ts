/** What running rulesets on a request gives. */
import type { ManagedOverrides } from './managed.ts';
import type { ActionEffect } from './phases.ts';
import type { RequestFields } from '../evaluate/runtime.ts';

/** A rule that decides, or may decide, what happens to the request. */
export interface RequestOutcome {
  readonly effect: Exclude<ActionEffect, 'go-on'> | 'pass';
  readonly action: string | null;
  /** Rule and ruleset, or object and product (`ip-access`, …); null when the request passes. */
  readonly rule: string | null;
  readonly ruleset: string | null;
  /** Null when the request passes, or a product outside the ruleset engine decides. */
  readonly phase: string | null;
}

export interface MatchedRule {
  readonly rule: string;
  readonly ruleset: string;
  readonly action: string;
  /** Null when it matched; else why that cannot be told. */
  readonly unknownBecause: readonly string[] | null;
}

/** A managed ruleset that would run. */
export interface ManagedRun extends MatchedRule {
  readonly overrides: ManagedOverrides | null;
  /** Rules of it that a skip rule leaves out, or may. */
  readonly exceptRules: readonly string[];
}

export interface RequestVerdict {
  /** What happens; null when it cannot be told. */
  readonly outcome: RequestOutcome | null;
  /** Every outcome that is possible, in order; exactly one when decided. */
  readonly possible: readonly RequestOutcome[];
  /** What would have to be known to decide; empty when decided. */
  readonly causes: readonly string[];
  /** Rules that matched or may have, in order, up to the one that ended it. */
  readonly matched: readonly MatchedRule[];
  /** Managed rulesets that would run, or may. Their contents are not public, so they are not in the outcome. */
  readonly managed: readonly ManagedRun[];
  /** Rate limits that count this request, or may. */
  readonly rateLimits: readonly MatchedRule[];
  /** Products that a skip rule turned off, such as `bic`; those that may be are not here. */
  readonly skippedProducts: readonly string[];
  /** The request as the last phase saw it: with the URI rewritten. */
  readonly request: RequestFields;
}
