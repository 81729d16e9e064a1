/**
 * Everything a decision may know, as one document. The gate is a pure function of it: what is not in here does not
 * exist for the decision, and what is missing is a deny, never a default.
 */
import type { Incident, Priority } from './incident.ts';
import type { Plan, UnchangedResource } from '../../scripts/plan/types.ts';
import type { TrafficCaseFile, TrafficFacts, TrafficLimits } from './traffic.ts';
import type { ApprovalUse } from './approval-use.ts';
import type { Calendar, Freeze, Window } from './calendar.ts';
import type { OwnRuleAnswer, RuleFile } from './own-rule.ts';
import type { PackageDifference } from './packages.ts';
import type { Prerequisite, UpcomingChange } from './prerequisite.ts';
import type { Proposal } from './proposal.ts';
import type { Seat } from './seat.ts';
import type { Category, ChangeType, LocatedRecord, Owed, Probe, RiskLevel } from './record.ts';

// ---------------------------------------------------------------- service register (stacks/clients/<client>/service.yaml)

export interface Register {
  readonly client: string;
  readonly name: string;
  /** 1 is the most critical. */
  readonly tier: 1 | 2 | 3;
  readonly lifecycle: 'transition' | 'live' | 'retiring';
  /** Cloudflare account of the client. */
  readonly accountId: string;
  readonly services: readonly {
    readonly id: string;
    readonly name: string;
    readonly zones: readonly string[];
    /** For changes that name none. */
    readonly probes?: readonly Probe[];
  }[];
  /** Stacks of this client and whether each is production. */
  readonly stacks: readonly {
    readonly name: string;
    readonly environment: 'production' | 'staging' | 'account';
    readonly zones: readonly string[];
    /** Zone name to its id at Cloudflare, for configurations that name a zone by its id. */
    readonly zoneIds?: Readonly<Record<string, string>>;
    /** Hosts of the stack in zones that are managed elsewhere, what lies below them included. */
    readonly hosts?: readonly string[];
    /** Ids and names of account objects (lists, scripts, buckets, tunnels) that are the stack's. */
    readonly objects?: readonly string[];
  }[];
  readonly windows: readonly Window[];
  /** Its own; those of several clients are in the calendar. */
  readonly freezes: readonly Freeze[];
  /** What hangs together: a configuration item with what it depends on, a dependency with the services that need it. */
  readonly relations: readonly { readonly id: string; readonly to: readonly string[] }[];
  readonly clientApprovalRequired: boolean;
  readonly standardChanges: readonly string[];
  /** Tokens that releases are applied with, by which Cloudflare's audit log knows them. Absent: none is registered. */
  readonly releaseTokens?: readonly { readonly name: string; readonly id?: string }[];
}

// ---------------------------------------------------------------- policies/*.yaml

export interface RosterPerson {
  /** Stable id used in records, for example `r.okafor`. */
  readonly id: string;
  readonly name: string;
  /** Numeric GitHub account ids; one person may have several. */
  readonly accounts: readonly number[];
  readonly seats: readonly {
    readonly seat: Seat;
    /** Only for client-approver: the client spoken for. */
    readonly client?: string;
    /** RFC 3339 dates; half-open [from, to). */
    readonly from: string;
    readonly to?: string;
  }[];
  readonly delegations?: readonly {
    readonly to: string;
    readonly seat: Seat;
    readonly from: string;
    readonly until: string;
  }[];
}

export interface Roster {
  readonly people: readonly RosterPerson[];
}

export interface QuorumLevel {
  readonly approvals: number;
  /** Seats that must each be filled by a different person; counted inside `approvals`. */
  readonly seats: readonly Seat[];
  /** Fraction of the eligible CAB members, rounded up, with a minimum; only for critical. */
  readonly cabShare?: { readonly numerator: number; readonly denominator: number; readonly minimum: number };
  readonly clientApprover: 'never' | 'if-required' | 'always';
  readonly securityIfFlagged: boolean;
  readonly leadTimeWorkingDays: number;
  readonly approvalTtlHours: number;
  /** Each approval must quote the fingerprint of the effect (`fingerprintOf`): the approver has read what would happen. */
  readonly typedFingerprint: boolean;
}

export interface Quorum {
  readonly standard: QuorumLevel;
  readonly low: QuorumLevel;
  readonly medium: QuorumLevel;
  readonly high: QuorumLevel;
  readonly critical: QuorumLevel;
  readonly emergency: QuorumLevel;
}

/** Rows are impact 1–4, columns likelihood 1–4. */
export type RiskMatrix = readonly (readonly RiskLevel[])[];

export interface Thresholds {
  /** Shares are fractions of the zone's managed resources before the change. Floors count resources. */
  readonly deleteShare: number;
  readonly updateShare: number;
  /** At or below this many deletions (updates) in a zone the share is not looked at, except for a zone that is emptied. */
  readonly deleteFloor: number;
  readonly updateFloor: number;
  /** Deletions of earlier releases count for this many days. */
  readonly rollingWindowDays: number;
  readonly maxZones: number;
  readonly maxResources: number;
  /** Address patterns (`stack/type.name`, `*` as wildcard) that nothing may delete or replace. */
  readonly protectedAddresses: readonly string[];
  readonly allowedProviders: readonly string[];
  readonly allowedDataSources: readonly string[];
  /** Domains whose servers may hold the state of a new stack. */
  readonly allowedStateHosts: readonly string[];
  readonly minTlsVersion: '1.0' | '1.1' | '1.2' | '1.3';
  /** Hours that a block rule must have been live in log mode first. */
  readonly logModeHours: number;
  /** Days that an emergency move holds. */
  readonly emergencyDays?: number;
  /** API token permission group names that need a waiver. */
  readonly forbiddenTokenPermissions: readonly string[];
  /** Stacks of a wave that are released at once; 4 if left out. */
  readonly parallelStacks?: number;
  /** Addresses and networks (`10.1.0.0/16`) that probes may go to although they are not public. */
  readonly probeNetworks?: readonly string[];
  /** Limits of the replay of recorded traffic, by tier of the client. */
  readonly traffic: {
    readonly tier1: TrafficLimits;
    readonly tier2: TrafficLimits;
    readonly tier3: TrafficLimits;
  };
}

/** A pre-approved change. Scope is stated as constraints that the plan must satisfy. */
export interface CatalogueEntry {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly owner: string;
  readonly status: 'active' | 'suspended' | 'retired';
  readonly category: Category;
  readonly scope: {
    readonly resourceTypes: readonly string[];
    readonly actions: readonly ('create' | 'update' | 'delete')[];
    /** Attribute paths that may change, as `a.b[].c`. Each has a pattern in `values` or `valuesIfSet`, or is `free`. */
    readonly attributes: readonly string[];
    readonly maxChanges: number;
    readonly environments: readonly ('production' | 'staging' | 'account')[];
    /**
     * Attribute path to an anchored pattern that the value must match on both sides of the change: `*` is any text, in
     * four dotted parts (`192.0.2.*`, `*.*.*.*`) one number of an IPv4 address, of which `/32` may follow. `{zone}`,
     * `{path}`, `{page}`, `{token}` and `{within 7d}` are in `value-pattern.ts`.
     */
    readonly values?: Readonly<Record<string, string>>;
    /** As `values`, where the attribute may also be absent. */
    readonly valuesIfSet?: Readonly<Record<string, string>>;
    /** Attributes that may have any value, on purpose. */
    readonly free?: readonly string[];
    /** Pairs of addresses of one element: they may not be the same, but for scheme and query. */
    readonly apart?: readonly (readonly [string, string])[];
    /** The change may raise the patch version of a provider; nothing else around the resources may change. */
    readonly providerPatch: boolean;
  };
  readonly approvedBy: string;
  readonly approvedAt: string;
  readonly expiresAt: string;
  readonly maxUsesBeforeReview: number;
}

export interface Catalogue {
  readonly entries: readonly CatalogueEntry[];
}

/** All data files of `policies/` together: what `policyDigest` is taken over. */
export interface PolicySet {
  readonly roster: Roster;
  readonly quorum: Quorum;
  readonly matrix: RiskMatrix;
  readonly thresholds: Thresholds;
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
  readonly registers: readonly Register[];
  /** Sorted by path. */
  readonly trafficCases: readonly TrafficCaseFile[];
  /** Rules of the estate's own and what they are made of, sorted by path. */
  readonly ruleFiles: readonly RuleFile[];
}

// ---------------------------------------------------------------- history (from the ledger)

export interface PastRelease {
  readonly id: string;
  readonly changeId: string;
  readonly stack: string;
  readonly client: string;
  /** What its record named it; only uses of catalogue entries, whose model is proven, are counted by it. */
  readonly model?: string;
  /** Kinds of what it changed, from its plan in the ledger (`changedKinds`); null when that is not known. */
  readonly changed: readonly string[] | null;
  readonly type: ChangeType;
  readonly at: string;
  readonly kind: 'release' | 'rollback';
  readonly result: 'successful' | 'successful-with-issues' | 'rolled-back' | 'failed' | 'aborted';
  readonly causedIncidents: readonly { readonly id: string; readonly priority: Priority }[];
  /** Per zone, and for what has none per `stack/account`: how many resources it deleted and updated, for the rolling window. */
  readonly zones: readonly { readonly zone: string; readonly deleted: number; readonly updated: number }[];
  /** How long it took, and how long the rehearsal of its rollback; absent where the ledger does not say. */
  readonly took?: { readonly releaseSeconds: number; readonly rollbackSeconds?: number };
  /** WAF rules that this release left in log mode, as `loggedRule` writes them: proof that a block was watched first. */
  readonly loggedRules: readonly string[];
}

/** What was found in place when a stack was taken over: no change, but its rules have logged since. */
export type Baseline = Pick<PastRelease, 'stack' | 'at' | 'loggedRules'>;

// ---------------------------------------------------------------- people

export interface Review {
  /** Server-assigned, increasing. */
  readonly id: number;
  /** Numeric account id; null for a deleted account. */
  readonly accountId: number | null;
  readonly login: string;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  readonly submittedAt: string;
  /** Informational only: it is known to move. */
  readonly commitId: string | null;
  readonly editedAt?: string;
  readonly dismissedBy?: { readonly accountId: number; readonly at: string; readonly reason: string };
  /** What a dismissed review said; null when not dismissed, or when it cannot be told: it then stands as a veto. */
  readonly stateBeforeDismissal: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | null;
  /** Whether the account is a bot or an app; null when unknown: the review then does not count. */
  readonly isBot: boolean | null;
  /** Base branch of the pull request when the review was given; null when unknown: the review then does not count. */
  readonly baseBranch: string | null;
  /** Fingerprint of the effect as typed in the review; null when there is none. */
  readonly fingerprint: string | null;
  /** The digest tuple that was on show when the review was given, as the gate published it. */
  readonly tuple?: DigestTuple;
}

/**
 * Something an authenticated account said beside its review. The adapter only reports who said it and when; whether the
 * person was entitled to say it is decided here.
 */
export type Statement = {
  readonly accountId: number;
  readonly login: string;
  readonly at: string;
  readonly reason: string;
  /** What was on show when it was said; null when unknown: a grant is then void. */
  readonly tuple: DigestTuple | null;
} & (
  | { readonly kind: 'waive-commit'; readonly sha: string }
  | { readonly kind: 'freeze-exemption'; readonly freeze: string }
  | { readonly kind: 'reclassify'; readonly to: 'normal' }
  | { readonly kind: 'condition'; readonly condition: string; readonly closer: string }
  | { readonly kind: 'condition-closed'; readonly condition: string }
  /** A comment of this account was edited or deleted by another one: what it said is not known any more. */
  | {
      readonly kind: 'tampered';
      readonly what: 'edited' | 'deleted';
      /** What closes it: `/sluice close <comment> …`. */
      readonly comment: string;
      readonly byLogin: string;
    }
  /** Said before there is anything to ratify, it holds the change back as a condition does. */
  | { readonly kind: 'refusal'; readonly comment: string }
  /** Meant for Sluice and not understood: answered, permits nothing, and stops what it would have stopped. */
  | {
      readonly kind: 'misread';
      readonly problem: string;
      readonly stops: Stops;
      readonly comment: string;
    }
);

/** What somebody would have stopped by words that were not understood. */
export type Stops = 'nothing' | 'change' | 'change and ratification';

export interface Commit {
  readonly sha: string;
  /** Null when the e-mail maps to no account. */
  readonly authorId: number | null;
  readonly committerId: number | null;
  readonly coAuthorIds: readonly (number | null)[];
}

/** A file that backs a fact from outside, such as a client's approval by e-mail. */
export interface Evidence {
  readonly kind: 'client-approval' | 'other';
  /** The client spoken for; null for other evidence. */
  readonly client: string | null;
  readonly path: string;
  /** sha256 as recorded when it was entered, and as the file has it now; null when it could not be read. */
  readonly recordedDigest: string;
  readonly actualDigest: string | null;
  /** Account that entered it. */
  readonly enteredById: number;
  readonly enteredAt: string;
  /** What was on show when it was entered; null when unknown: it then counts for nothing. */
  readonly tuple: DigestTuple | null;
}

export interface DigestTuple {
  readonly headSha: string;
  readonly effectDigest: string;
  readonly recordDigest: string;
  readonly policyDigest: string;
}

export interface Pull {
  readonly number: number;
  readonly authorId: number;
  readonly authorIsBot: boolean;
  /**
   * For a bot's pull request: everybody it is or ever was assigned to, by the server's events. Anybody can reassign, so any
   * of them may be the human behind it. Null for an account that is gone. Empty for other pull requests.
   */
  readonly commissionerIds: readonly (number | null)[];
  readonly headSha: string;
  /** Numbers of other open pull requests with the same head: a verdict on the commit would be read as theirs, too. */
  readonly sharesHeadWith: readonly number[];
  /** Server time at which the head became the head. */
  readonly headAt: string;
  readonly baseBranch: string;
  /** The branch that releases are made from; a pull request to another one cannot be released. */
  readonly defaultBranch: string;
  readonly baseSha: string;
  readonly draft: boolean;
  readonly fork: boolean;
  readonly state: 'open' | 'closed' | 'merged';
  /** Null before the merge. `tree` compares the merge result with a merge of the approved head onto the same parent. */
  readonly merge: {
    readonly at: string;
    readonly sha: string;
    readonly tree: 'same' | 'differs' | 'unknown';
  } | null;
  /** Authenticated pushers of every push to the branch; empty when any of them is unknown, which denies. */
  readonly pusherIds: readonly number[];
  /** Every commit of the branch, reached through any parent. */
  readonly commits: readonly Commit[];
  /** Paths changed by the pull request, from git. */
  readonly changedFiles: readonly string[];
  /** False when a list was cut short (an API limit, a failed page): nothing is decided on part of a list. */
  readonly complete: { readonly commits: boolean; readonly files: boolean; readonly reviews: boolean };
}

// ---------------------------------------------------------------- the document

export interface Rehearsal {
  readonly stack: string;
  /** Of the plan that was rehearsed; another digest is not a proof. */
  readonly effectDigest: string;
  readonly result: 'proven' | 'failed' | 'not-run';
  readonly reason?: string;
  readonly rollbackSeconds?: number;
}

/** An emergency that was applied: its retrospective clock runs until the full quorum of its risk has ratified it. */
export interface PastEmergency {
  readonly changeId: string;
  readonly client: string;
  readonly risk: RiskLevel;
  readonly appliedAt: string;
  /** Applied by the implementer alone: ratified within 24 hours or it is an unauthorised change. */
  readonly breakGlass: boolean;
  /** What its releases changed, as `stack/address`, from the plans in the ledger; empty when that is not known. */
  readonly touched: readonly string[];
  /** Person ids that took part (implementers, requester, owner, who declared it, the ECAB approver): none of them ratifies. */
  readonly involved: readonly string[];
  readonly ratifications: readonly {
    readonly accountId: number;
    readonly at: string;
    /** `unclear`: something that may have been a refusal; it counts as one until the person says it again. */
    readonly decision: 'ratified' | 'refused' | 'unclear';
  }[];
  /** Rules that gave way to it, by the decision in the ledger; absent where that is not known. */
  readonly gaveWay?: readonly string[];
  /** What is not made up for, as its record stands on the default branch. */
  readonly owed?: readonly Owed[];
  /** How its record was closed, as the record says; absent while it is not. Whether that ends the clock is decided here. */
  readonly closed?: { readonly by: string; readonly at: string };
}

/** The implementer applies an emergency alone because nobody of the ECAB can be reached. */
export interface BreakGlass {
  readonly accountId: number;
  readonly at: string;
  readonly reason: string;
  /** When the change manager was paged; null when the page was not sent, which denies. */
  readonly pagedAt: string | null;
  /** What was on show when it was said; null when unknown: nobody then goes alone. */
  readonly tuple: DigestTuple | null;
}

/** What a rule may read: facts about the change itself, no people. */
export interface RuleInput {
  readonly now: string;
  readonly plan: Plan;
  /** What stands unchanged around the plan, of the types that matter beside its changes (`typesBeside`), in all stacks. */
  readonly unchanged: readonly UnchangedResource[];
  /** Null when `sluice check` runs on a plan without a record: record rules are then not applicable, the gate denies. */
  readonly record: LocatedRecord | null;
  readonly policy: PolicySet;
  readonly history: readonly PastRelease[];
  readonly baselines: readonly Baseline[];
  readonly incidents: readonly Incident[];
  /**
   * Approved changes that this one can meet: at apply those that were there when it was merged, because of two that do not go
   * together the later one gives way.
   */
  readonly planned: readonly UpcomingChange[];
  readonly traffic: TrafficFacts;
  /** Paths changed on the branch; empty when unknown. */
  readonly changedFiles: readonly string[];
  /** What the branch changes in `package.json` and its lock file; at most 200 differences. */
  readonly packages: readonly PackageDifference[];
  /**
   * When the change was put up for approval: server time of the pull request's head. Lead time counts from here, so
   * that an approved change does not become short-notice by waiting. Null before there is a pull request: then `now`.
   */
  readonly submittedAt: string | null;
}

export interface Facts {
  readonly kind: 'sluice.facts';
  readonly version: 1;
  /** Server time of the decision, RFC 3339. */
  readonly now: string;
  /** What the decision is for: merging asks for the window to be agreed, applying asks for it to be open now. */
  readonly moment: 'merge' | 'apply';
  readonly plan: Plan;
  readonly unchanged: RuleInput['unchanged'];
  /** All records touched by the change: exactly one is required, other counts are a deny with a reason. */
  readonly records: readonly LocatedRecord[];
  /** The same records as the base branch has them; one that is new there is not among them. */
  readonly baseRecords: readonly LocatedRecord[];
  readonly policy: PolicySet;
  readonly pull: Pull | null;
  readonly reviews: readonly Review[];
  readonly history: readonly PastRelease[];
  readonly baselines: RuleInput['baselines'];
  readonly incidents: readonly Incident[];
  readonly planned: RuleInput['planned'];
  readonly rehearsals: readonly Rehearsal[];
  readonly traffic: TrafficFacts;
  /** What each rule of the estate's own answered to the same input. */
  readonly ownRules: readonly OwnRuleAnswer[];
  /** Tip of the ledger and whether its chain verified; `unverified` is a deny. */
  readonly ledger: {
    readonly head: string | null;
    readonly state: 'verified' | 'broken' | 'unverified';
    readonly reason?: string;
  };
  readonly tuple: DigestTuple;
  readonly packages: readonly PackageDifference[];
  readonly proposal: Proposal;
  /** From the ledger, oldest first on each stack; empty for a change that was never in force. */
  readonly uses: readonly ApprovalUse[];
  /** One for each change that the record names in `dependsOn`, in that order. */
  readonly prerequisites: readonly Prerequisite[];
  readonly statements: readonly Statement[];
  readonly evidence: readonly Evidence[];
  /** Emergencies of the ledger, closed ones too: a record that says it is closed may have been closed by its own author. */
  readonly emergencies: readonly PastEmergency[];
  readonly breakGlass: BreakGlass | null;
  /** Start of the application under way, for a decision between two waves or after an interruption; null before it. */
  readonly applyStartedAt: string | null;
  /** At apply: the stacks of the change that are to be applied now; all of them if left out. */
  readonly applying?: readonly string[];
}
