/**
 * The index of the ledger, as it lies beside the releases in the same commit: one signed document at the top, pages of each
 * stack, pages of all numbers. It says nothing of its own: everything in it follows from the entries, so it can be made
 * again from them, and the verification does. Whoever believes the signature at the top believes what every page and every
 * entry holds, because each is named by its sha256.
 */
import type { Intent, LedgerKey, ReleaseEntry, ReleaseTarget } from '../types.ts';

/** What is below it is derived; all else on the branch is recorded. */
export const indexFolder = 'index/';
export const indexPath = `${indexFolder}ledger.json`;
export const indexSignaturePath = `${indexFolder}ledger.sig.json`;

/** Ended releases on one page of a stack. A page that is full never changes again. */
export const releasesPerPage = 64;
/** Releases on one page of all numbers. */
export const numbersPerPage = 256;

function fourDigits(number: number): string {
  return String(number).padStart(4, '0');
}

export function stackPagePath(stack: string, number: number): string {
  return `${indexFolder}stacks/${stack}/${fourDigits(number)}.json`;
}

export function numbersPath(number: number): string {
  return `${indexFolder}numbers/${fourDigits(number)}.json`;
}

/** One release: what its documents are, and as much of what they say as the state of a stack is told by. */
export interface IndexedRelease {
  readonly id: string;
  readonly action: Intent['action'];
  readonly undoes: readonly string[];
  /** sha256 of intent.json. */
  readonly intent: string;
  /** sha256 of release.json; null while it has not ended. */
  readonly release: string | null;
  readonly result: ReleaseEntry['result'] | null;
  /** Place among all releases in the order in which they ended, from 1; null while it has not ended. */
  readonly ended: number | null;
  /** Object id in git of every file of its folder, by name. */
  readonly blobs: Readonly<Record<string, string>>;
}

/** What the top says of a stack. */
interface IndexedStack {
  /** Releases that ended. */
  readonly ended: number;
  /** sha256 of its last page; null without one. */
  readonly page: string | null;
  readonly open: readonly IndexedRelease[];
}

export interface LedgerIndex {
  readonly kind: 'sluice.ledger-index';
  readonly version: 1;
  readonly target: ReleaseTarget;
  /** The commit that the commit of this index is put on; null for the first. */
  readonly parent: string | null;
  readonly begun: number;
  readonly ended: number;
  /** sha256 of the last release.json. */
  readonly head: string | null;
  /** The document that the commit of this index adds. */
  readonly last: { readonly document: 'intent' | 'release'; readonly id: string };
  /** The keys that signed anything up to here, as the control file had them then. */
  readonly keys: readonly LedgerKey[];
  readonly stacks: Readonly<Record<string, IndexedStack>>;
  /** sha256 of every page of numbers. */
  readonly numbers: readonly string[];
}

/** Releases of one stack in the order in which they ended. */
export interface IndexPage {
  readonly kind: 'sluice.ledger-index-page';
  readonly version: 1;
  readonly stack: string;
  readonly number: number;
  /** sha256 of the page before it. */
  readonly previous: string | null;
  readonly releases: readonly IndexedRelease[];
}

/** The stack of each release, by number. */
export interface IndexNumbers {
  readonly kind: 'sluice.ledger-index-numbers';
  readonly version: 1;
  /** Number of the first. */
  readonly first: number;
  readonly stacks: readonly string[];
}
