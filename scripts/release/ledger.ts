/**
 * Reads and checks the ledger: every hash, the chain, the pairs of intent and release, and that history only ever
 * added files. It never repairs and never skips: one fault makes the whole ledger broken, because evidence that is
 * only partly true is none.
 */
import { limits } from '../plan/limits.ts';
import { parseJson } from '../plan/parse-json.ts';
import { canonicalJson, sha256Hex } from '../plan/json.ts';
import { bundleDigest, canonicalBundle } from '../plan/bundle.ts';
import type { Json, JsonObject } from '../plan/types.ts';
import type { Intent, Ledger, LedgerFault, LedgerFolder, ReleaseEntry } from './types.ts';

export const ledgerBranch = 'releases';
const root = 'releases/';

export interface StoredFile {
  readonly path: string;
  readonly text: string;
}

/** One commit of the ledger branch, oldest first. */
export interface LedgerCommit {
  readonly sha: string;
  readonly parents: number;
  readonly changes: readonly { readonly status: string; readonly path: string }[];
}

export type LedgerReading =
  | { readonly ok: true; readonly ledger: Ledger }
  | { readonly ok: false; readonly faults: readonly LedgerFault[] };

/** sha256 with its prefix, as written everywhere in the ledger. */
export function textDigest(text: string): string {
  return `sha256:${sha256Hex(text)}`;
}

/** The stored form of a ledger document: canonical JSON and a newline. */
export function documentText(document: Intent | ReleaseEntry): string {
  return `${canonicalJson(document)}\n`;
}

/** Folder name of a release, for example `releases/0007-acme-production`. */
export function folderName(id: string, stack: string): string {
  return `${root}${id.slice(1)}-${stack}`;
}

/** Checks everything that can be checked from the files and the history of the branch. */
export function readLedger(files: readonly StoredFile[], history: readonly LedgerCommit[]): LedgerReading {
  const faults: LedgerFault[] = [...historyFaults(history)];
  const byFolder = groupByFolder(files, faults);
  const folders = [...byFolder]
    .map(([folder, texts]) => readFolder(folder, texts, faults))
    .filter((folder) => folder !== null);
  const chain = orderChain(folders, faults);
  if (faults.length > 0) {
    return { ok: false, faults };
  }
  const open = folders
    .filter((folder) => folder.entry === null)
    .toSorted((a, b) => (a.folder < b.folder ? -1 : 1));
  const head = chain.at(-1)?.digest ?? null;
  return {
    ok: true,
    ledger: {
      folders: [...chain, ...open],
      head,
      files: new Map(files.map((file) => [file.path, file.text])),
    },
  };
}

function historyFaults(history: readonly LedgerCommit[]): LedgerFault[] {
  const faults: LedgerFault[] = [];
  for (const commit of history) {
    if (commit.parents > 1) {
      faults.push({
        place: `commit ${commit.sha.slice(0, 12)}`,
        what: 'is a merge; the ledger only grows one commit at a time',
      });
    }
    for (const change of commit.changes.filter((entry) => entry.status !== 'A')) {
      const verb = change.status === 'D' ? 'deletes' : 'rewrites';
      faults.push({
        place: `commit ${commit.sha.slice(0, 12)}`,
        what: `${verb} ${change.path}, which was already recorded`,
      });
    }
  }
  return faults;
}

function groupByFolder(
  files: readonly StoredFile[],
  faults: LedgerFault[],
): Map<string, Map<string, string>> {
  const byFolder = new Map<string, Map<string, string>>();
  for (const file of files) {
    const match = /^(releases\/\d{4,}-[a-z0-9][a-z0-9-]*)\/([a-z0-9.-]+)$/.exec(file.path);
    if (match?.[1] === undefined || match[2] === undefined) {
      faults.push({ place: file.path, what: 'does not belong to any release' });
      continue;
    }
    const texts = byFolder.get(match[1]) ?? new Map<string, string>();
    texts.set(match[2], file.text);
    byFolder.set(match[1], texts);
  }
  return byFolder;
}

function readFolder(
  folder: string,
  texts: ReadonlyMap<string, string>,
  faults: LedgerFault[],
): LedgerFolder | null {
  const intentText = texts.get('intent.json');
  if (intentText === undefined) {
    faults.push({ place: folder, what: 'has no intent.json' });
    return null;
  }
  const intent = parseDocument<Intent>(`${folder}/intent.json`, intentText, 'sluice.intent', faults);
  if (intent === null) {
    return null;
  }
  if (folderName(intent.id, intent.stack) !== folder) {
    faults.push({
      place: `${folder}/intent.json`,
      what: `is of ${intent.id} for ${intent.stack}, not of this folder`,
    });
  }
  const entryText = texts.get('release.json');
  if (entryText === undefined) {
    return { folder, intent, entry: null, digest: null };
  }
  const entry = parseDocument<ReleaseEntry>(`${folder}/release.json`, entryText, 'sluice.release', faults);
  if (entry === null) {
    return null;
  }
  checkPair(folder, intent, entry, faults);
  checkFiles(folder, entry, texts, faults);
  return { folder, intent, entry, digest: textDigest(entryText) };
}

function parseDocument<T extends Intent | ReleaseEntry>(
  place: string,
  text: string,
  kind: T['kind'],
  faults: LedgerFault[],
): T | null {
  try {
    const value = parseJson(text, limits.document) as Json;
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      throw new Error('not an object');
    }
    const document = value as JsonObject;
    if (document['kind'] !== kind || document['version'] !== 1) {
      faults.push({ place, what: `is not a ${kind} of version 1` });
      return null;
    }
    if (`${canonicalJson(document)}\n` !== text) {
      faults.push({ place, what: 'is not in canonical form: it was edited by hand' });
    }
    return document as unknown as T;
  } catch {
    faults.push({ place, what: 'is not JSON' });
    return null;
  }
}

function checkPair(folder: string, intent: Intent, entry: ReleaseEntry, faults: LedgerFault[]): void {
  const fields = [
    'id',
    'action',
    'stack',
    'client',
    'changeId',
    'startedAt',
    'by',
    'target',
    'commit',
    'bundleDigest',
  ] as const;
  for (const field of fields.filter((name) => intent[name] !== entry[name])) {
    faults.push({ place: `${folder}/release.json`, what: `${field} differs from intent.json` });
  }
}

function checkFiles(
  folder: string,
  entry: ReleaseEntry,
  texts: ReadonlyMap<string, string>,
  faults: LedgerFault[],
): void {
  const present = new Set([...texts.keys()].filter((name) => name !== 'release.json'));
  for (const [name, digest] of Object.entries(entry.files)) {
    const text = texts.get(name);
    present.delete(name);
    if (text === undefined) {
      faults.push({ place: `${folder}/${name}`, what: 'is missing' });
    } else if (textDigest(text) !== digest) {
      faults.push({
        place: `${folder}/${name}`,
        what: `was changed: release.json names ${digest}, the file has ${textDigest(text)}`,
      });
    }
  }
  for (const name of present) {
    faults.push({ place: `${folder}/${name}`, what: 'is not named by release.json' });
  }
  checkBundle(folder, entry, texts.get('bundle.tf.json'), faults);
}

function checkBundle(
  folder: string,
  entry: ReleaseEntry,
  text: string | undefined,
  faults: LedgerFault[],
): void {
  if (text === undefined) {
    faults.push({
      place: `${folder}/bundle.tf.json`,
      what: 'is missing: nothing could be rolled back to it',
    });
    return;
  }
  let digest: string;
  try {
    digest = bundleDigest(canonicalBundle(entry.stack, parseJson(text, limits.json) as JsonObject));
  } catch {
    faults.push({ place: `${folder}/bundle.tf.json`, what: 'is not JSON' });
    return;
  }
  if (digest !== entry.bundleDigest) {
    faults.push({
      place: `${folder}/bundle.tf.json`,
      what: `has digest ${digest}, release.json names ${entry.bundleDigest}`,
    });
  }
}

/** Follows `previous` from the first release; every release must be reached exactly once. */
function orderChain(folders: readonly LedgerFolder[], faults: LedgerFault[]): LedgerFolder[] {
  const finished = folders.filter((folder) => folder.entry !== null);
  const byPrevious = new Map<string | null, LedgerFolder[]>();
  for (const folder of finished) {
    const key = folder.entry?.previous ?? null;
    byPrevious.set(key, [...(byPrevious.get(key) ?? []), folder]);
  }
  const chain: LedgerFolder[] = [];
  let key: string | null = null;
  for (;;) {
    const next: readonly LedgerFolder[] = byPrevious.get(key) ?? [];
    if (next.length > 1) {
      faults.push({
        place: next.map((folder) => folder.folder).join(', '),
        what: 'both claim to follow the same release',
      });
    }
    const [folder] = next;
    if (folder === undefined || chain.length > finished.length) {
      break;
    }
    chain.push(folder);
    key = folder.digest;
  }
  const reached = new Set(chain.map((folder) => folder.folder));
  for (const folder of finished.filter((candidate) => !reached.has(candidate.folder))) {
    faults.push({
      place: `${folder.folder}/release.json`,
      what: 'is not reached by the chain: a release before it was changed or removed',
    });
  }
  return chain;
}
