/** The gate's answer: a tree of reasons, of which the verdict is a summary and never the other way round. */
import type { Finding, RuleOutcome } from './finding.ts';
import type { DigestTuple } from './facts.ts';
import type { Seat } from './seat.ts';
import { affectedHostsField, type ComputedField } from './record.ts';
import type { Risk } from './assessment.ts';

/** Begins the reasons that answer a statement which was not understood; they are shown whatever the verdict. */
export const notUnderstood = 'not understood: ';

export type Verdict = 'allow' | 'deny' | 'undetermined';

/** One named check of the gate. The gate allows only if every one of the fixed list is present and allows. */
export interface CheckResult {
  readonly id:
    | 'ledger'
    | 'pull'
    | 'proposal'
    | 'record'
    | 'tuple'
    | 'rules'
    | 'rehearsal'
    | 'approvals'
    | 'window'
    | 'freeze'
    | 'emergency'
    | 'catalogue';
  readonly verdict: Verdict;
  /** One line, for a person. */
  readonly summary: string;
  readonly reasons: readonly string[];
  /** What to do next, as commands or acts; empty when the check allows. */
  readonly next: readonly string[];
}

export interface ReviewerLine {
  readonly login: string;
  readonly personId: string | null;
  readonly counted: Seat | null;
  readonly reason: string;
  /** What would make it count; absent when it counts. */
  readonly wouldCountIf?: string;
}

export interface Approvals {
  readonly verdict: Verdict;
  /** The quorum level applied: a risk level, or `standard` / `emergency`. */
  readonly level: string;
  readonly required: number;
  readonly given: number;
  readonly openSeats: readonly (Seat | 'peer')[];
  readonly vetoes: readonly {
    readonly personId: string | null;
    readonly login: string;
    readonly text: string;
  }[];
  readonly reviewers: readonly ReviewerLine[];
  readonly reasons: readonly string[];
}

/** A file of the policy data, or what of it the decision read. */
export interface PolicyPart {
  /** Its path. */
  readonly part: string;
  readonly digest: string;
}

export interface Decision {
  readonly kind: 'sluice.decision';
  readonly version: 1;
  readonly at: string;
  readonly verdict: Verdict;
  readonly changeId: string | null;
  readonly risk: Risk;
  readonly checks: readonly CheckResult[];
  readonly findings: readonly Finding[];
  readonly outcomes: readonly RuleOutcome[];
  readonly approvals: Approvals;
  /** Ids of the people who took part in the change, the backup implementer too: none of them ratifies or closes an emergency. */
  readonly tookPart: readonly string[];
  /** What the author left out of the record, as it was read; absent where nothing was left out. */
  readonly computed?: readonly ComputedField[];
  /** Stacks that are released together, in order; absent where there is one wave. */
  readonly waves?: readonly (readonly string[])[];
  /** What of the policy data was read: `policyDigest` is over these. Decisions of before the parts were told apart have none. */
  readonly policy?: readonly PolicyPart[];
  readonly tuple: DigestTuple;
}

/** The hosts that the change concerns, as computed; empty where nothing changes for any, or there is no record. */
export function hostsIn(computed: readonly ComputedField[]): string {
  const field = computed.find((one) => one.field === affectedHostsField);
  return field === undefined ? '' : computedText(field);
}

/** For a person: `dns`, `acme-staging, acme-production`, or JSON where it is no text. */
export function computedText({ value }: ComputedField): string {
  if (typeof value === 'string' || typeof value === 'number') {
    return String(value);
  }
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? value.join(', ')
    : JSON.stringify(value);
}
