/** Whether the index is what the entries say: it is made again from them and compared, byte by byte. */
import { canonicalJson } from '../../json/json.ts';
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { LedgerFault, LedgerSignature } from '../types.ts';
import type { BranchEntry, LedgerTrust, ReadDocument } from './branch.ts';
import type { LedgerStep } from './commits.ts';
import type { CheckedFolder } from './evidence.ts';
import { indexPath, indexSignaturePath, type IndexPage, type LedgerIndex } from './index-form.ts';
import { indexAfter, noIndex, type IndexStep, type MadeIndex } from './index-make.ts';
import { isSignedBy } from './signature.ts';

export interface IndexGiven {
  readonly steps: readonly LedgerStep[];
  readonly parts: readonly CheckedFolder[];
  readonly trust: LedgerTrust;
  /** Object ids by path, of the whole tree. */
  readonly ids: ReadonlyMap<string, string>;
  /** The commit before the last one. */
  readonly parent: string | null;
}

/** What the entries say that the index is; null for a ledger without entries. */
export function wantedIndex({ steps, parts, trust, ids, parent }: IndexGiven): MadeIndex | null {
  const byFolder = new Map(parts.map((part) => [part.folder, part]));
  const taken = steps.flatMap(({ folder, document, names }): readonly IndexStep[] => {
    const part = byFolder.get(folder);
    const written = part?.documents[document];
    if (part === undefined || written === undefined) {
      return [];
    }
    const { id, stack, target, action, undoes } = part.intent;
    const key = trust[target].keys.find((one) => one.id === written.signature?.key) ?? null;
    const blobs = Object.fromEntries(names.map((name) => [name, ids.get(`${folder}/${name}`) ?? '']));
    const result = document === 'release' ? (part.entry?.result ?? null) : null;
    return [{ document, id, stack, target, action, undoes, result, digest: written.digest, blobs, key }];
  });
  return indexAfter(noIndex, taken, parent);
}

/** `present`: the files of the index, with their texts. A ledger from before there was an index has none of them. */
export function indexFaults(
  given: IndexGiven,
  present: readonly (BranchEntry & { readonly text: string | null })[],
  read: ReadDocument,
): readonly LedgerFault[] {
  const wanted = present.length === 0 ? null : wantedIndex(given);
  if (wanted === null) {
    return [];
  }
  const there = new Map(present.map((entry) => [entry.path, entry]));
  const unplain = present
    .filter(({ mode, text }) => mode !== '100644' || text === null)
    .map(({ path }) => ({ place: path, what: 'is no plain text' }));
  const known = new Set([...wanted.files.map(({ path }) => path), indexSignaturePath]);
  const foreign = present
    .filter(({ path }) => !known.has(path))
    .map(({ path }) => ({ place: path, what: 'is no part of the index' }));
  const differing = wanted.files.flatMap(({ path, text }): readonly LedgerFault[] => {
    const found = there.get(path)?.text ?? null;
    const isSame =
      path === indexPath ? found !== null && isSameTop(found, wanted.index, read) : found === text;
    return isSame ? [] : [{ place: path, what: differenceIn(text, found) }];
  });
  return [...unplain, ...foreign, ...differing, ...signatureFaults(given, there, read)];
}

/** Keys are compared by their names: the control file may have ended or revoked one since. */
function isSameTop(text: string, wanted: LedgerIndex, read: ReadDocument): boolean {
  const found = read('index', indexPath, text);
  if (!found.ok) {
    return false;
  }
  const value = found.value as unknown as LedgerIndex;
  return `${canonicalJson(found.value)}\n` === text && withNames(value) === withNames(wanted);
}

function withNames({ keys, ...index }: LedgerIndex): string {
  return canonicalJson({ ...index, keys: keys.map(({ id }) => id) });
}

/** The first release that the page has otherwise than the entries, where one can be named. */
function differenceIn(wanted: string, found: string | null): string {
  if (found === null) {
    return 'is missing from the index, which the entries are looked up in';
  }
  const own = 'is not what the entries say';
  try {
    const [there, should] = [found, wanted].map(
      (text) => (parseJson(text, limits.document) as IndexPage).releases,
    );
    const at = should?.findIndex(
      (line, index) => canonicalJson(line) !== canonicalJson(there?.[index] ?? {}),
    );
    const line = at === undefined || at === -1 ? undefined : should?.[at];
    return line === undefined ? own : `${own}: it differs at ${line.id}`;
  } catch {
    return own;
  }
}

function signatureFaults(
  { trust, parts }: IndexGiven,
  there: ReadonlyMap<string, BranchEntry>,
  read: ReadDocument,
): readonly LedgerFault[] {
  const text = there.get(indexSignaturePath)?.text ?? null;
  const target = parts[0]?.intent.target;
  const document = text === null ? null : read('signature', indexSignaturePath, text);
  if (text === null || document === null || target === undefined) {
    return [{ place: indexSignaturePath, what: 'is missing: the index is not signed' }];
  }
  if (!document.ok) {
    return document.faults;
  }
  const signed = { path: indexPath, text: there.get(indexPath)?.text ?? '' };
  const ring = trust[target];
  return isSignedBy(ring, signed, document.value as unknown as LedgerSignature)
    ? []
    : [{ place: indexPath, what: `is not signed by a key that ${ring.where} has`, next: ring.next }];
}
