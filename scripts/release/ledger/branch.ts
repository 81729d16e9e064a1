/** The ledger branch as git has it, before anything of it is believed; and what is believed about keys and commits. */
import type { JsonObject } from '../../plan/types.ts';
import type { LedgerFault } from '../types.ts';
import { ledgerFolder, nameIn } from './format.ts';
import type { KeyRing } from './signature.ts';
import type { Result } from '../../json/result.ts';

/** One entry of the whole tree, whatever it is. */
export interface BranchEntry {
  readonly path: string;
  /** As git writes it: `100644` is a plain file. */
  readonly mode: string;
  /** Of the object in git. */
  readonly id: string;
  /** Null when it was not read: no plain file, too large, or not UTF-8. */
  readonly text: string | null;
  /** Why it was not read; null when it was. */
  readonly unread: string | null;
}

/** One commit of the ledger branch, oldest first. */
export interface LedgerCommit {
  readonly sha: string;
  readonly parents: number;
  readonly changes: readonly { readonly status: string; readonly path: string }[];
}

export interface LedgerBranch {
  readonly tree: readonly BranchEntry[];
  readonly history: readonly LedgerCommit[];
  /** Commit of every tag below `ledger/`, by the name of the tag. */
  readonly tags: ReadonlyMap<string, string>;
  /** The last commit that this clone verified; null when it never did. */
  readonly seen: string | null;
  /** Origin's branch as this clone last saw it, with every commit of it; null where it is what is here, or was never seen. */
  readonly origin: { readonly tip: string; readonly commits: ReadonlySet<string> } | null;
}

/** What entries are checked against. */
export interface LedgerTrust {
  readonly sandbox: KeyRing;
  readonly cloudflare: KeyRing;
  /** Null when nobody can say which branch that is. */
  readonly defaultBranch: { readonly name: string; readonly commits: ReadonlySet<string> } | null;
}

export type DocumentKind =
  | 'intent'
  | 'release'
  | 'signature'
  | 'decision'
  | 'rehearsal'
  | 'traffic'
  | 'observed'
  | 'probes'
  | 'reviews'
  | 'guard-rails'
  | 'state'
  | 'live'
  | 'plan'
  | 'bundle'
  | 'index'
  | 'indexPage'
  | 'indexNumbers';

/** Reads one document with its limits and its schema; every problem in words, with its place. */
export type ReadDocument = (
  kind: DocumentKind,
  path: string,
  text: string,
) => Result<JsonObject, { readonly faults: readonly LedgerFault[] }>;

/** Every file that a folder may hold. A file that nobody reads would be evidence that nobody checks. */
export const documentKinds: Readonly<Record<string, DocumentKind>> = {
  'intent.json': 'intent',
  'intent.sig.json': 'signature',
  'release.json': 'release',
  'release.sig.json': 'signature',
  'bundle.tf.json': 'bundle',
  'decision.json': 'decision',
  'plan.json': 'plan',
  'rehearsal.json': 'rehearsal',
  'traffic.json': 'traffic',
  'observed.json': 'observed',
  'probes.json': 'probes',
  'reviews.json': 'reviews',
  'guard-rails.json': 'guard-rails',
  'state-before.json': 'state',
  'state-after.json': 'state',
  'live-before.json': 'live',
  'live-after.json': 'live',
};

/** What the commit of an end may add; everything else is there from the beginning. */
export const endFiles: ReadonlySet<string> = new Set([
  'release.json',
  'release.sig.json',
  'live-after.json',
  'state-after.json',
]);

const folderPattern = /^releases\/(?:[1-9]\d{0,5}000\/)?(?:\d{4}|[1-9]\d{4,8})-[a-z0-9][a-z0-9-]*$/;

/** Texts by folder and name. Everything in the tree that is not a document of a release is a fault. */
export function foldersIn(
  tree: readonly BranchEntry[],
  faults: LedgerFault[],
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const folders = new Map<string, Map<string, string>>();
  for (const entry of tree) {
    const fault = problemOf(entry);
    if (fault !== null || entry.text === null) {
      faults.push({ place: entry.path, what: fault ?? 'was not read' });
      continue;
    }
    const folder = entry.path.slice(0, entry.path.lastIndexOf('/'));
    const texts = folders.get(folder) ?? new Map<string, string>();
    texts.set(nameIn(entry.path), entry.text);
    folders.set(folder, texts);
  }
  return folders;
}

function problemOf({ path, mode, unread }: BranchEntry): string | null {
  if (!path.startsWith(ledgerFolder)) {
    return 'is outside of releases/, where the ledger has nothing';
  }
  if (mode !== '100644') {
    return `is ${modeWords[mode] ?? 'no plain file'}; the ledger holds plain files only`;
  }
  if (!folderPattern.test(path.slice(0, path.lastIndexOf('/')))) {
    return 'does not belong to any release: a folder is called 0007-<stack>, with at most nine digits';
  }
  if (!Object.hasOwn(documentKinds, nameIn(path))) {
    return 'is not named like any document of a release';
  }
  return unread;
}

const modeWords: Readonly<Record<string, string>> = {
  '100755': 'executable',
  '120000': 'a symbolic link',
  '160000': 'a submodule',
};
