/** What a change of rules would have done to recorded traffic, and to the requests that must always pass. */
import type { SourceLocation } from '../../scripts/plan/types.ts';
import type { ReplaySummary, VerdictChange } from '../../scripts/waf/replay/types.ts';

/** One must-pass case under the old and the new rules. */
export interface MustPassResult {
  readonly client: string;
  readonly name: string;
  readonly why: string;
  readonly location: SourceLocation;
  /** Actions as in `TrafficSample`. */
  readonly before: string;
  readonly after: string;
  /** `unchanged` also when the same rules, unchanged themselves, leave it open on both sides. */
  readonly change: VerdictChange;
  /** What stops it, or would have to be known; empty when it passes. */
  readonly reasons: readonly string[];
  /** Managed rulesets and rate limits that look at it now and did not: whether they stop it cannot be told. */
  readonly newlyChecked: readonly string[];
}

/** What the gate knows about the traffic that a change touches. */
export interface TrafficFacts {
  /** Stacks whose rules or lists change; with rules or lists of an account, every stack with a zone of it. */
  readonly stacks: readonly string[];
  /** Every must-pass case of the clients of these stacks. */
  readonly mustPass: readonly MustPassResult[];
  /** Clients of these stacks that have no must-pass case at all. */
  readonly withoutCases: readonly string[];
  /** The sample that the record names, replayed; null when it names none. */
  readonly replay: ReplaySummary | null;
  /** Why something that should have been replayed was not; null when nothing went wrong. */
  readonly problem: string | null;
}

/** A file of must-pass cases as the base branch has it: whoever alters one alters what is judged with. */
export interface TrafficCaseFile {
  readonly client: string;
  readonly path: string;
  /** `sha256:` of its text. */
  readonly digest: string;
}

/** Limits of the replay for clients of one tier. Shares are fractions of the replayed requests. */
export interface TrafficLimits {
  /** What a WAF change of production without a sample is. */
  readonly withoutSample: 'allow' | 'warn' | 'deny';
  readonly minRequests: number;
  readonly maxBlockedShare: number;
  readonly maxChallengedShare: number;
  readonly maxAllowedShare: number;
  readonly maxUndecidableShare: number;
  /** Fraction of the lines of the sample. */
  readonly maxBadLineShare: number;
  /** Fraction of the requests whose recorded outcome could be compared. */
  readonly minAgreement: number;
}

/** Nothing is known because nothing has to be: only for a plan in which no rule and no list changes. */
export const noTraffic: TrafficFacts = {
  stacks: [],
  mustPass: [],
  withoutCases: [],
  replay: null,
  problem: null,
};
