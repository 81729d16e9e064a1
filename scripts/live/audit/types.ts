/** What Cloudflare's audit log says was changed, and what of it a release did. */

/** One entry of the log, whichever way it came. What the log leaves out is null. */
export interface AuditEntry {
  readonly id: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly account: { readonly id: string | null; readonly name: string | null };
  readonly action: {
    readonly type: string | null;
    readonly description: string | null;
    readonly result: string | null;
  };
  readonly actor: {
    readonly type: string | null;
    readonly context: string | null;
    readonly id: string | null;
    readonly email: string | null;
    readonly ip: string | null;
    readonly tokenId: string | null;
    readonly tokenName: string | null;
  };
  readonly request: {
    readonly method: string | null;
    readonly uri: string | null;
    readonly ray: string | null;
  };
  readonly resource: {
    readonly type: string | null;
    readonly id: string | null;
    readonly product: string | null;
    readonly scope: string | null;
  };
  readonly zone: { readonly id: string | null; readonly name: string | null };
}

/** The tokens that releases are applied with. Where the id of one is known, its name alone is no proof. */
export interface ReleaseToken {
  readonly name: string;
  readonly id: string | null;
}

/** A release as the log is compared with it. */
export interface AuditedRelease {
  readonly id: string;
  readonly stack: string;
  readonly account: string;
  /** Names of the zones of its stack. */
  readonly zones: readonly string[];
  /** Milliseconds since 1970; `until` is null for one that is not recorded as ended. */
  readonly from: number;
  readonly until: number | null;
  /** Objects that it made, changed or took away by a request, by type; null where nobody knows: it did not end well. */
  readonly changed: ReadonlyMap<string, number> | null;
  readonly tokens: readonly ReleaseToken[];
}

/** Why an entry belongs to no release. */
export type UnauthorisedReason =
  /** Whoever acted did not act with the token of a release. */
  | 'other-actor'
  /** The token of a release, at a time at which none ran. */
  | 'token-outside-release'
  /** The token of a release, in a zone that is not of its stack or on a type of object that it did not change. */
  | 'token-elsewhere';

/** Entries of one actor about one object, none more than an hour after the one before. */
export interface UnauthorisedBurst {
  readonly reason: UnauthorisedReason;
  /** RFC 3339, of the first and the last of its entries. */
  readonly first: string;
  readonly last: string;
  readonly entries: number;
  /** The first of them. */
  readonly entry: AuditEntry;
  /** Addresses that it came from, the first five. */
  readonly from: readonly string[];
  /** Types of action: `create`, `delete`. */
  readonly actions: readonly string[];
}

export interface ReleaseAudit {
  readonly id: string;
  readonly stack: string;
  readonly entries: number;
  /**
   * `found`: the log has entries of it. `no-changes`: it changed nothing by a request. `missing`: the log covers its time and has
   * nothing of some of what it changed. `not-covered`: the log does not cover its time. `open`: it is not recorded as ended.
   */
  readonly state: 'found' | 'no-changes' | 'missing' | 'not-covered' | 'open';
  /** Types of objects that it changed and of which the log has nothing. */
  readonly missing: readonly string[];
}

/** Part of the period, half-open, about which the log said nothing; RFC 3339. */
export interface AuditGap {
  readonly account: string;
  readonly from: string;
  readonly until: string;
  readonly reason: string;
}

/** Every entry is counted in exactly one of these. */
export interface AuditCounts {
  /** The same entry once more. */
  readonly duplicates: number;
  /** Not of the period. */
  readonly outside: number;
  /** Of accounts that are not the estate's, or that were not asked about. */
  readonly foreign: number;
  /** Nothing was changed. */
  readonly reads: number;
  /** Tried, and refused by Cloudflare. */
  readonly failed: number;
  /** Of somebody's own profile, which is no part of the account. */
  readonly profile: number;
  /** Done by Cloudflare itself. */
  readonly cloudflare: number;
  /** By a release. */
  readonly released: number;
  readonly unauthorised: number;
}

export interface AuditMonth {
  /** `2026-11`. */
  readonly month: string;
  readonly account: string;
  /** Bursts of changes that no release made. */
  readonly unauthorised: number;
  /** Entries that a release made. */
  readonly released: number;
  /** Nothing of the month, as far as it was asked about and is over, is missing. */
  readonly isCovered: boolean;
}

/** Entries that are no changes of an estate and are told all the same: how often, and an example. */
export interface AuditAside {
  readonly kind: 'cloudflare' | 'profile';
  readonly what: string;
  readonly entries: number;
}

export interface BadAuditLine {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

export interface AuditReport {
  readonly kind: 'sluice.audit';
  readonly version: 1;
  readonly at: string;
  readonly target: 'sandbox' | 'cloudflare';
  readonly source: 'api' | 'logpush';
  /** Half-open, RFC 3339. */
  readonly from: string;
  readonly until: string;
  readonly entries: number;
  readonly counts: AuditCounts;
  readonly unauthorised: readonly UnauthorisedBurst[];
  /** Entries without a release that are in none of the bursts: there are more than are kept. */
  readonly beyond: number;
  readonly months: readonly AuditMonth[];
  readonly asides: readonly AuditAside[];
  readonly releases: readonly ReleaseAudit[];
  readonly gaps: readonly AuditGap[];
  /** How many tokens are known that releases are applied with; 0: nothing can be told to be of a release. */
  readonly tokens: number;
  readonly badLines: { readonly count: number; readonly first: readonly BadAuditLine[] };
  /** Requests to Cloudflare's API. */
  readonly requests: number;
}
