/** What a change of rules would have done to recorded traffic, and to the requests that must always pass. */
import type { SourceLocation } from '../../scripts/plan/types.ts';

/** What becomes of a request under the new rules, compared with the old ones. */
export type VerdictChange =
  | 'newly-blocked'
  | 'newly-challenged'
  | 'newly-allowed'
  | 'changed-action'
  | 'unchanged'
  | 'undecidable';

export interface CountedValue {
  readonly value: string;
  readonly count: number;
}

/** Requests of one class that one rule answers for. */
export interface ResponsibleRule {
  readonly change: VerdictChange;
  /** `ref` of the rule and ruleset that decide under the new rules; under the old ones for `newly-allowed`. */
  readonly rule: string;
  readonly ruleset: string;
  readonly count: number;
  /** The first few, in the order of the sample. */
  readonly samples: readonly TrafficSample[];
}

export interface TrafficSample {
  readonly id: string;
  readonly method: string;
  readonly host: string;
  /** Without query: it may be personal. */
  readonly path: string;
  readonly country: string | null;
  readonly asn: number | null;
  readonly agent: string | null;
  /** Actions before and after; `pass` when nothing stops it, `unknown` when it cannot be told. */
  readonly before: string;
  readonly after: string;
}

export interface TrafficBreakdown {
  readonly change: VerdictChange;
  readonly dimension: 'path' | 'country' | 'asn' | 'agent';
  /** Most frequent first; `rest` counts what is not listed. */
  readonly values: readonly CountedValue[];
  readonly rest: number;
}

/** A field that could not be told and kept verdicts open, with the log column that would tell it. */
export interface MissingField {
  readonly field: string;
  /** Logpush `http_requests` column to switch on; null when no column carries it. */
  readonly column: string | null;
  readonly count: number;
}

export interface Calibration {
  /** Requests whose recorded outcome could be compared with the old rules. */
  readonly compared: number;
  readonly agreed: number;
  readonly disagreements: readonly {
    readonly recorded: string;
    readonly replayed: string;
    readonly count: number;
    readonly samples: readonly string[];
  }[];
}

export interface ReplaySummary {
  /** `sha256:` of the sample in the request format. */
  readonly digest: string;
  readonly stacks: readonly string[];
  /** Requests that were replayed: those for a host of the stacks. */
  readonly requests: number;
  /** Requests for hosts that the stacks do not serve. */
  readonly otherHosts: number;
  /** Lines that could not be read. */
  readonly badLines: number;
  readonly counts: Readonly<Record<VerdictChange, number>>;
  /** Of the changed ones, those that would not change if the rules kept their old order. */
  readonly onlyByOrder: number;
  /** Verdicts that depend on what `ne` says about a missing value. */
  readonly flipsWithMissing: number;
  /** Requests that a rate limit counts now and did not before; whether they are stopped depends on counters. */
  readonly newlyCounted: number;
  readonly rules: readonly ResponsibleRule[];
  readonly breakdowns: readonly TrafficBreakdown[];
  readonly missing: readonly MissingField[];
  /** Null when the sample does not say what happened. */
  readonly calibration: Calibration | null;
}

/** One must-pass case under the old and the new rules. */
export interface MustPassResult {
  readonly client: string;
  readonly name: string;
  readonly why: string;
  readonly location: SourceLocation;
  /** Actions as in `TrafficSample`. */
  readonly before: string;
  readonly after: string;
  /** What stops it, or would have to be known; empty when it passes. */
  readonly reasons: readonly string[];
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
