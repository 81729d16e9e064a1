/** What is known of all changes at one moment, from git alone or with the pull requests on GitHub. */
import type { Owed, RiskLevel } from '../../policies/model/record.ts';
import type { Ledger, LedgerFolder } from '../release/types.ts';
import type { PastRelease, PolicySet } from '../../policies/model/facts.ts';
import type { Incident } from '../../policies/model/incident.ts';
import type { KnownRecord } from '../../policies/record/known.ts';
import type { DerivedState } from '../../policies/model/state.ts';

/** An open pull request, as GitHub lists it. */
export interface ListedPull {
  readonly number: number;
  readonly title: string;
  readonly draft: boolean;
  /** Accounts whose review was requested and not given yet. */
  readonly requestedIds: readonly number[];
  /** What the gate last published on its head; null when it has not spoken about it. */
  readonly verdict: string | null;
  /** Ids of the records that it adds or edits. */
  readonly changes: readonly string[];
}

export interface KnownChange {
  readonly record: KnownRecord;
  readonly file: string;
  /** Where it was read from; null: the working tree, where it is not committed. */
  readonly ref: string | null;
  /** Branch that proposes the record, or that the working tree which has it is on; null where the default branch has it. */
  readonly branch: string | null;
  /** The open pull request that adds or edits the record; null when there is none, or GitHub was not asked. */
  readonly pull: ListedPull | null;
  readonly state: DerivedState;
  /** Of the ledger, oldest first; an unfinished one has no entry. */
  readonly releases: readonly LedgerFolder[];
  /** What of it is history, as the policies read it: nothing unfinished, and what was rolled back says so. */
  readonly past: readonly PastRelease[];
}

export interface Overview {
  /** RFC 3339. */
  readonly now: string;
  /** By id. */
  readonly changes: readonly KnownChange[];
  /** Open pull requests that neither add nor edit a record; null when GitHub was not asked. */
  readonly otherPulls: readonly ListedPull[] | null;
  readonly policy: PolicySet;
  /** Emergencies of the ledger that are not closed and owe something; who ratified them is not asked. */
  readonly owing: readonly OwingEmergency[];
  /** Emergency moves that are live and whose day is over. */
  readonly over: readonly OverMove[];
  readonly incidents: readonly Incident[];
  /** Verified. */
  readonly ledger: Ledger;
  /** Begun and never recorded as ended, of every stack: running, or broken off. */
  readonly unfinished: readonly LedgerFolder[];
  /** What could not be known, each with the reason; for a person. */
  readonly unknown: readonly string[];
}

export interface OverMove {
  /** `stack/type.name`. */
  readonly address: string;
  readonly description: string;
  readonly days: number;
}

export interface OwingEmergency {
  readonly changeId: string;
  /** RFC 3339; null where the time of application cannot be read. */
  readonly due: string | null;
  /** That it was let through with. */
  readonly risk: RiskLevel;
  readonly owed: readonly Owed[];
}
