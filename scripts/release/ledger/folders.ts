/** Reads the documents of each folder: all that are needed, by their schemas, in the form in which they are written. */
import { canonicalJson } from '../../json/json.ts';
import type { JsonObject } from '../../plan/types.ts';
import type { Intent, LedgerFault, ReleaseEntry } from '../types.ts';
import { documentKinds, type ReadDocument } from './branch.ts';
import type { FolderParts } from './evidence.ts';
import { isFolderOf } from './format.ts';
import { indexFolder } from './index-form.ts';

type Folders = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The folders whose documents all read; what does not is a fault. */
export function readFolders(
  folders: Folders,
  read: ReadDocument,
  faults: LedgerFault[],
): readonly FolderParts[] {
  return [...folders].flatMap(([folder, texts]) => {
    const values = new Map<string, JsonObject>();
    const found = [
      ...missingFaults(folder, texts),
      ...[...texts].flatMap(([name, text]) => {
        const document = readOne({ folder, name, text }, read);
        if (document.value !== null) {
          values.set(name, document.value);
        }
        return document.faults;
      }),
    ];
    faults.push(...found);
    return found.length > 0 ? [] : partsOf(folder, texts, { values, faults });
  });
}

function missingFaults(folder: string, texts: ReadonlyMap<string, string>): readonly LedgerFault[] {
  const isEnded = texts.has('release.json') || texts.has('release.sig.json');
  const needed = ['intent.json', 'intent.sig.json', ...(isEnded ? ['release.json', 'release.sig.json'] : [])];
  return needed.filter((name) => !texts.has(name)).map((name) => ({ place: folder, what: `has no ${name}` }));
}

interface One {
  readonly value: JsonObject | null;
  readonly faults: readonly LedgerFault[];
}

function readOne(
  { folder, name, text }: { readonly folder: string; readonly name: string; readonly text: string },
  read: ReadDocument,
): One {
  const place = `${folder}/${name}`;
  const kind = documentKinds[name];
  if (kind === undefined) {
    return { value: null, faults: [{ place, what: 'is not named like any document of a release' }] };
  }
  const document = read(kind, place, text);
  if (!document.ok) {
    return { value: null, faults: document.faults };
  }
  // The form of a bundle is judged with its digest.
  const isCanonical = kind === 'bundle' || `${canonicalJson(document.value)}\n` === text;
  const faults = isCanonical ? [] : [{ place, what: 'is not in canonical form: it was edited by hand' }];
  return { value: document.value, faults };
}

interface ReadParts {
  readonly values: ReadonlyMap<string, JsonObject>;
  readonly faults: LedgerFault[];
}

function partsOf(
  folder: string,
  texts: ReadonlyMap<string, string>,
  { values, faults }: ReadParts,
): readonly FolderParts[] {
  const intent = values.get('intent.json') as unknown as Intent;
  if (!isFolderOf(folder, intent.id, intent.stack)) {
    const what = `is of ${intent.id} for ${intent.stack}, not of this folder`;
    faults.push({ place: `${folder}/intent.json`, what });
    return [];
  }
  const entry = (values.get('release.json') as unknown as ReleaseEntry | undefined) ?? null;
  return [{ folder, intent, entry, texts, values }];
}

function isRecorded({ path }: { readonly path: string }): boolean {
  return !path.startsWith(indexFolder);
}

/** What the tree holds and what the commits added is the same, file by file. */
export function recordedFaults(
  tree: readonly { readonly path: string }[],
  history: readonly { readonly changes: readonly { readonly path: string }[] }[],
): readonly LedgerFault[] {
  const added = new Set(history.flatMap(({ changes }) => changes.filter(isRecorded).map(({ path }) => path)));
  const present = new Set(tree.filter(isRecorded).map(({ path }) => path));
  const missing = [...added]
    .filter((path) => !present.has(path))
    .map((place) => ({ place, what: 'is missing: it was recorded' }));
  const extra = [...present]
    .filter((path) => !added.has(path))
    .map((place) => ({ place, what: 'was recorded by no commit' }));
  return [...missing, ...extra];
}
