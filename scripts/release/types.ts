/**
 * The ledger's documents. One folder per release: `releases/0007-acme-production/`. `intent.json` is committed before
 * anything is applied and `release.json` after it, so that a crash in between is visible and can be finished or undone.
 * Each `release.json` names the sha256 of the one committed before it: the chain is the order of completion.
 */
import type { DigestTuple } from '../../policies/model/facts.ts';
import type { Seat } from '../../policies/model/seat.ts';
import type { ChangeType } from '../../policies/model/record.ts';
import type { PendingValue } from '../provider/pending.ts';
import type { SentOnly } from '../provider/read-back.ts';
import type { RecordedProbe } from './probes.ts';

export type ReleaseTarget = 'sandbox' | 'cloudflare';
export type ReleaseAction = 'baseline' | 'release' | 'rollback';
/**
 * `failed`: the apply broke off. `failed-verification`: applied, but something was left to change or, except after a
 * rollback, a probe failed.
 * `aborted`: begun, and given up without knowing how far it came.
 */
export type ReleaseResult = 'successful' | 'failed' | 'failed-verification' | 'aborted';

export interface Intent {
  readonly kind: 'sluice.intent';
  readonly version: 1;
  /** `R0007`. */
  readonly id: string;
  readonly action: ReleaseAction;
  readonly stack: string;
  readonly client: string;
  readonly changeId: string | null;
  readonly startedAt: string;
  readonly by: string;
  readonly target: ReleaseTarget;
  /** Commit that the bundle was synthesized from. */
  readonly commit: string;
  readonly tuple: DigestTuple | null;
  readonly bundleDigest: string;
  /** Why, for baselines and rollbacks; the record says it for releases. */
  readonly reason: string | null;
  /** Releases that a rollback undoes. */
  readonly undoes: readonly string[];
  /** Whose approvals allowed it, for `tuple`; empty for what no pull request allowed (baselines, rollbacks). */
  readonly approvals: readonly LedgerApproval[];
  /** sha256 of every file that was committed with this one, by name: the bundle, the decision and its evidence. */
  readonly files: Readonly<Record<string, string>>;
  /** sha256 of the last release.json in the chain when this was written. */
  readonly previous: string | null;
}

/** One approval that counted, as the decision beside it has it. */
export interface LedgerApproval {
  readonly personId: string;
  readonly login: string;
  readonly seat: Seat;
}

/** Beside each document of the ledger, as `intent.sig.json` and `release.sig.json`. */
export interface LedgerSignature {
  readonly kind: 'sluice.signature';
  readonly version: 1;
  /** Id of the key in `policies/ledger-keys.yaml`; `sandbox` for the key of a clone. */
  readonly key: string;
  /** Ed25519, base64. */
  readonly signature: string;
}

/** Public half of a key that signs entries. */
export interface LedgerKey {
  readonly id: string;
  /** SubjectPublicKeyInfo, DER, base64. */
  readonly publicKey: string;
  /** RFC 3339; half-open [from, until). */
  readonly from: string;
  readonly until: string | null;
  readonly revoked: {
    /** For people: what counts is decided by the order of the ledger. */
    readonly at: string;
    /** sha256 of the last intent.json or release.json that may be signed with it; null: nothing that it signed counts. */
    readonly lastTrusted: string | null;
  } | null;
}

export interface ReleaseEntry {
  readonly kind: 'sluice.release';
  readonly version: 1;
  readonly id: string;
  readonly action: ReleaseAction;
  readonly stack: string;
  readonly client: string;
  readonly changeId: string | null;
  readonly model: string | null;
  readonly type: ChangeType | null;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly by: string;
  readonly target: ReleaseTarget;
  readonly commit: string;
  readonly tuple: DigestTuple | null;
  readonly bundleDigest: string;
  readonly undoes: readonly string[];
  readonly result: ReleaseResult;
  readonly completed: readonly { readonly address: string; readonly action: string }[];
  readonly errors: readonly { readonly address: string | null; readonly summary: string }[];
  readonly verification: {
    /** Whether a plan right after the apply was empty. */
    readonly converged: boolean | null;
    readonly probes: readonly RecordedProbe[];
    /** Asked for, and on the way at Cloudflare. Absent: nothing is, or an older entry. */
    readonly pending?: readonly PendingValue[];
    /** Sent, and neither shown by a plan nor told by the API. Absent: nothing, or an older entry. */
    readonly unread?: readonly SentOnly[];
  };
  readonly zones: readonly { readonly zone: string; readonly deleted: number; readonly updated: number }[];
  readonly loggedRules: readonly string[];
  readonly terraform: string;
  /** sha256 of every other file of the folder but its own signature, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly previous: string | null;
}

/** One folder of the ledger. `entry` is null while the release is unfinished. */
export interface LedgerFolder {
  readonly folder: string;
  readonly intent: Intent;
  readonly entry: ReleaseEntry | null;
  /** sha256 of release.json as stored; null while unfinished. */
  readonly digest: string | null;
}

/** A ledger whose chain, hashes and history were checked. Folders are in chain order, unfinished ones last. */
export interface Ledger {
  readonly folders: readonly LedgerFolder[];
  /** sha256 of the last release.json. */
  readonly head: string | null;
  readonly files: ReadonlyMap<string, string>;
  /** What was not read; absent where everything was. */
  readonly rest?: LedgerRest;
}

/** What the index says of a ledger of which only the newest releases of some stacks were read. */
interface LedgerRest {
  readonly target: ReleaseTarget;
  /** Releases that were begun, of all stacks. */
  readonly begun: number;
  readonly stacks: readonly string[];
  /** Releases that ended before those that were read, by stack. */
  readonly earlier: ReadonlyMap<string, number>;
}

export interface LedgerFault {
  readonly place: string;
  readonly what: string;
  /** The command that looks into it, where there is a better one than to verify again. */
  readonly next?: string;
}

/** What the window of its client did not let in yet. */
export interface WaitingStack {
  readonly stack: string;
  /** In the words of the gate. */
  readonly why: string;
}
