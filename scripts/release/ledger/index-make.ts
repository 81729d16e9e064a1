/** Makes the index: of a whole ledger, or from the index before it and what one commit adds. Both give the same bytes. */
import { canonicalJson } from '../../json/json.ts';
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { Intent, LedgerKey, ReleaseEntry, ReleaseTarget } from '../types.ts';
import { textDigest, type LedgerDocument, type StoredFile } from './format.ts';
import {
  indexPath,
  indexSignaturePath,
  numbersPath,
  numbersPerPage,
  releasesPerPage,
  stackPagePath,
  type IndexedRelease,
  type IndexNumbers,
  type IndexPage,
  type LedgerIndex,
} from './index-form.ts';
import { signDocument, type LedgerSigner } from './signature.ts';

/** What one commit of the ledger adds, as far as the index goes. */
export interface IndexStep {
  readonly document: LedgerDocument;
  readonly id: string;
  readonly stack: string;
  readonly target: ReleaseTarget;
  readonly action: Intent['action'];
  readonly undoes: readonly string[];
  /** Null for a beginning. */
  readonly result: ReleaseEntry['result'] | null;
  /** sha256 of the document. */
  readonly digest: string;
  /** Object ids of the files that the commit adds, by name. */
  readonly blobs: Readonly<Record<string, string>>;
  /** The key that signed it; null where the control file has none of that name. */
  readonly key: LedgerKey | null;
}

/** What is there already: the index, the last page of each stack that goes on, and the last page of numbers. */
export interface IndexBase {
  readonly index: LedgerIndex | null;
  readonly pages: ReadonlyMap<string, IndexPage>;
  readonly numbers: IndexNumbers | null;
}

export const noIndex: IndexBase = { index: null, pages: new Map(), numbers: null };

export interface MadeIndex {
  readonly index: LedgerIndex;
  /** The pages that are new or longer, and the index itself; without its signature. */
  readonly files: readonly StoredFile[];
}

interface GrowingStack {
  /** Number of the first page that `lines` are on. */
  readonly firstPage: number;
  readonly previous: string | null;
  readonly lines: IndexedRelease[];
  readonly open: Map<string, IndexedRelease>;
  ended: number;
}

interface GrowingIndex {
  readonly stacks: Map<string, GrowingStack>;
  readonly numbers: string[];
  readonly firstNumbersPage: number;
  readonly keys: Map<string, LedgerKey>;
  begun: number;
  ended: number;
  head: string | null;
}

function pageText(page: IndexPage | IndexNumbers | LedgerIndex): string {
  return `${canonicalJson(page)}\n`;
}

/** Null before the first commit: there is nothing to index. `parent`: the commit that the last step was put on. */
export function indexAfter(
  base: IndexBase,
  steps: readonly IndexStep[],
  parent: string | null,
): MadeIndex | null {
  const last = steps.at(-1);
  if (last === undefined) {
    return null;
  }
  const growing = begin(base);
  for (const step of steps) {
    takeStep(growing, base, step);
  }
  const pages = [...growing.stacks].map(([stack, part]) => [stack, part, stackPages(stack, part)] as const);
  const numbers = numbersPages(growing);
  const before = base.index?.stacks ?? {};
  const stacks = Object.fromEntries(
    pages.map(([stack, { ended, open }, { last: page }]) => [
      stack,
      { ended, page: page ?? before[stack]?.page ?? null, open: [...open.values()] },
    ]),
  );
  const index: LedgerIndex = {
    kind: 'sluice.ledger-index',
    version: 1,
    target: last.target,
    parent,
    begun: growing.begun,
    ended: growing.ended,
    head: growing.head,
    last: { document: last.document, id: last.id },
    keys: [...growing.keys.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    stacks: { ...before, ...stacks },
    numbers: [
      ...(base.index?.numbers.slice(0, growing.firstNumbersPage) ?? []),
      ...numbers.map(({ text }) => textDigest(text)),
    ],
  };
  const files = [...pages.flatMap(([, , { files: own }]) => own), ...numbers];
  return { index, files: [...files, { path: indexPath, text: pageText(index) }] };
}

function begin({ index, numbers }: IndexBase): GrowingIndex {
  const { begun, ended, head, keys } = index ?? { begun: 0, ended: 0, head: null, keys: [] };
  const { first, stacks } = numbers ?? { first: 1, stacks: [] };
  return {
    stacks: new Map(),
    numbers: [...stacks],
    firstNumbersPage: Math.floor((first - 1) / numbersPerPage),
    keys: new Map(keys.map((key) => [key.id, key])),
    begun,
    ended,
    head,
  };
}

function stackOf(growing: GrowingIndex, { index, pages }: IndexBase, stack: string): GrowingStack {
  const known = growing.stacks.get(stack);
  if (known !== undefined) {
    return known;
  }
  const { number, previous, releases } = pages.get(stack) ?? { number: 0, previous: null, releases: [] };
  const { ended, open } = index?.stacks[stack] ?? { ended: 0, open: [] };
  const made: GrowingStack = {
    firstPage: number,
    previous,
    lines: [...releases],
    open: new Map(open.map((one) => [one.id, one])),
    ended,
  };
  growing.stacks.set(stack, made);
  return made;
}

function takeStep(growing: GrowingIndex, base: IndexBase, step: IndexStep): void {
  const { id, stack, action, undoes, digest, blobs, key } = step;
  const part = stackOf(growing, base, stack);
  if (key !== null) {
    growing.keys.set(key.id, key);
  }
  if (step.document === 'intent') {
    growing.begun += 1;
    growing.numbers.push(stack);
    const nothing = { release: null, result: null, ended: null };
    part.open.set(id, { id, action, undoes, intent: digest, ...nothing, blobs });
    return;
  }
  growing.ended += 1;
  growing.head = digest;
  part.ended += 1;
  const begun = part.open.get(id);
  part.open.delete(id);
  part.lines.push({
    id,
    action,
    undoes,
    intent: begun?.intent ?? '',
    release: digest,
    result: step.result,
    ended: growing.ended,
    blobs: { ...begun?.blobs, ...blobs },
  });
}

interface MadePages {
  readonly files: readonly StoredFile[];
  /** sha256 of the last one; null where there is none. */
  readonly last: string | null;
}

function stackPages(stack: string, { firstPage, previous, lines }: GrowingStack): MadePages {
  const files: StoredFile[] = [];
  let last = previous;
  for (let at = 0; at < lines.length; at += releasesPerPage) {
    const number = firstPage + at / releasesPerPage;
    const releases = lines.slice(at, at + releasesPerPage);
    const text = pageText({
      kind: 'sluice.ledger-index-page',
      version: 1,
      stack,
      number,
      previous: last,
      releases,
    });
    files.push({ path: stackPagePath(stack, number), text });
    last = textDigest(text);
  }
  return { files, last: files.length === 0 ? null : last };
}

function numbersPages({ numbers, firstNumbersPage }: GrowingIndex): readonly StoredFile[] {
  const files: StoredFile[] = [];
  for (let at = 0; at < numbers.length; at += numbersPerPage) {
    const number = firstNumbersPage + at / numbersPerPage;
    const text = pageText({
      kind: 'sluice.ledger-index-numbers',
      version: 1,
      first: number * numbersPerPage + 1,
      stacks: numbers.slice(at, at + numbersPerPage),
    });
    files.push({ path: numbersPath(number), text });
  }
  return files;
}

/** The index and its signature, as files of the commit. */
export function signedIndex({ files }: MadeIndex, signer: LedgerSigner): readonly StoredFile[] {
  const top = files.find(({ path }) => path === indexPath);
  return top === undefined
    ? files
    : [...files, { path: indexSignaturePath, text: `${canonicalJson(signDocument(signer, top))}\n` }];
}

/** What the next step goes on from, of an index that was made whole. */
export function baseOf(made: MadeIndex | null): IndexBase {
  if (made === null) {
    return noIndex;
  }
  const texts = new Map(made.files.map(({ path, text }) => [path, text]));
  const valueAt = (path: string): unknown => {
    const text = texts.get(path);
    return text === undefined ? null : parseJson(text, limits.document);
  };
  const { index } = made;
  const pages = Object.entries(index.stacks).flatMap(([stack, { ended }]) => {
    const page = valueAt(stackPagePath(stack, Math.ceil(ended / releasesPerPage) - 1)) as IndexPage | null;
    return page === null ? [] : [[stack, page] as const];
  });
  const numbers = valueAt(numbersPath(index.numbers.length - 1)) as IndexNumbers | null;
  return { index, pages: new Map(pages), numbers };
}
