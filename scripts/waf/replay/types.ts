/** What a replay of recorded traffic found. Plain data: it goes into comments, evidence and the ledger. */

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
  /**
   * Managed rulesets and rate limits (`ruleset#ref`) that looked at requests which still get there and do not look at them
   * any more, with the number of those requests: what a new exception turns off.
   */
  readonly protectionLost: readonly CountedValue[];
  readonly rules: readonly ResponsibleRule[];
  readonly breakdowns: readonly TrafficBreakdown[];
  readonly missing: readonly MissingField[];
  /** Null when the sample does not say what happened. */
  readonly calibration: Calibration | null;
}
