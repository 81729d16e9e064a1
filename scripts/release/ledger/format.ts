/** How the ledger is written down: names, texts, digests. What reads it and what writes it agree here. */
import { canonicalJson, sha256Hex } from '../../json/json.ts';
import type { Intent, LedgerSignature, ReleaseEntry } from '../types.ts';

export const ledgerBranch = 'releases';
export const ledgerFolder = 'releases/';
/** Every commit of the branch has a tag of its own below this. */
export const ledgerTags = 'ledger/';
/** Where a clone keeps the last commit of the ledger that it saw and verified. */
export const seenReference = 'refs/sluice/ledger-seen';

export interface StoredFile {
  readonly path: string;
  readonly text: string;
}

/** The two documents that commits of the ledger are about. */
export type LedgerDocument = 'intent' | 'release';

/** sha256 with its prefix, as written everywhere in the ledger. */
export function textDigest(text: string): string {
  return `sha256:${sha256Hex(text)}`;
}

/** The stored form of a ledger document: canonical JSON and a newline. */
export function documentText(document: Intent | ReleaseEntry | LedgerSignature): string {
  return `${canonicalJson(document)}\n`;
}

/** Releases that lie in one folder: git writes the list of a folder again with each entry that comes into it. */
const perFolder = 1000;

/** Folder of a release, for example `releases/0007-acme-production` and, from the thousandth on, `releases/12000/12345-acme-production`. */
export function folderName(id: string, stack: string): string {
  const number = Number(id.slice(1));
  const thousands = number < perFolder ? '' : `${String(number - (number % perFolder))}/`;
  return `${ledgerFolder}${thousands}${id.slice(1)}-${stack}`;
}

/** Whether a release may lie there: those of before thousands had folders stay where they are. */
export function isFolderOf(folder: string, id: string, stack: string): boolean {
  return folder === folderName(id, stack) || folder === `${ledgerFolder}${id.slice(1)}-${stack}`;
}

/** Id of the release that a folder is called after. */
export function idOfFolder(folder: string): string {
  return `R${/^\d+/.exec(nameIn(folder))?.[0] ?? ''}`;
}

/** The folder of a path. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** Name of a path inside its folder. */
export function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The tag of the commit that adds the document: `ledger/R0007-begun`, then `ledger/R0007`. */
export function tagOf(id: string, document: LedgerDocument): string {
  return document === 'intent' ? `${ledgerTags}${id}-begun` : `${ledgerTags}${id}`;
}

/** `R0001`, `R0002`, …: the id of the n-th release that was begun. Nine digits are more than anybody releases. */
export function idOf(number: number): string {
  return `R${String(number).padStart(4, '0')}`;
}
