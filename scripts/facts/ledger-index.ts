/**
 * Reads what the ledger says of some stacks from its signed index: the newest releases of each and their documents, nothing
 * else, however long the ledger is. Every document is named by its sha256 in a page that the signature covers. Where
 * anything is not as it should be, the answer is null and the whole ledger has to be read: that names what is wrong.
 */
import type { Services } from '../contract/context.ts';
import { InputError, SluiceError } from '../contract/errors.ts';
import { sameJson } from '../json/json.ts';
import { readLedgerDocument } from '../read/ledger/documents.ts';
import {
  folderName,
  folderOf,
  idOf,
  idOfFolder,
  ledgerBranch,
  nameIn,
  seenReference,
  tagOf,
  textDigest,
} from '../release/ledger/format.ts';
import {
  indexPath,
  indexSignaturePath,
  numbersPath,
  releasesPerPage,
  stackPagePath,
  type IndexedRelease,
  type IndexNumbers,
  type IndexPage,
  type LedgerIndex,
} from '../release/ledger/index-form.ts';
import type { IndexBase } from '../release/ledger/index-make.ts';
import { windowStart } from '../release/ledger/index-window.ts';
import { isSignedBy } from '../release/ledger/signature.ts';
import type {
  Intent,
  Ledger,
  LedgerFolder,
  LedgerKey,
  LedgerSignature,
  ReleaseEntry,
} from '../release/types.ts';
import { loadLedger, ringsOf, type LedgerServices } from './ledger.ts';

/** What somebody wants to know of. */
export interface LedgerScope {
  readonly stacks: readonly string[];
  /** Releases that have to be among what is read, with the state before the oldest of them; or every release of the stacks. */
  readonly ids: readonly string[] | 'all';
}

export interface ReadByIndex {
  readonly tip: string;
  readonly ledger: Ledger;
  readonly base: IndexBase;
}

/** What is known of some stacks, from the index or, where that does not do, from the whole ledger. Asks no network. */
export async function loadStacks(services: IndexServices, scope: LedgerScope): Promise<Ledger> {
  return ((await readByIndex(services, scope)) ?? (await loadLedger(services))).ledger;
}

/** The newest releases of every stack; null where that has to be told from the whole ledger. */
export async function readNewest(services: IndexServices): Promise<Ledger | null> {
  try {
    const { index } = await verifiedIndex(services);
    return (await readByIndex(services, { stacks: Object.keys(index.stacks), ids: [] }))?.ledger ?? null;
  } catch (error) {
    if (error instanceof NotByIndex || error instanceof InputError) {
      return null;
    }
    throw error;
  }
}

/** Anything that does not fit: then the whole ledger is read. */
class NotByIndex extends Error {}

function need<T>(value: T | null | undefined | false): T {
  if (value === null || value === undefined || value === false) {
    throw new NotByIndex();
  }
  return value;
}

type IndexServices = LedgerServices & Pick<Services, 'clock'>;

/** Null where this has to be told from the whole ledger. */
export async function readByIndex(services: IndexServices, scope: LedgerScope): Promise<ReadByIndex | null> {
  try {
    const { tip, index } = await verifiedIndex(services);
    const stacks = await Promise.all(
      scope.stacks.map(async (stack) => stackWindow(services, { tip, index, stack, scope })),
    );
    const ledger = await ledgerOf(services, index, stacks);
    const last = index.numbers.length - 1;
    const numbers = await pageOf(services, tip, {
      kind: 'indexNumbers',
      path: numbersPath(last),
      digest: index.numbers[last] ?? null,
    });
    need((numbers?.first ?? 1) + (numbers?.stacks.length ?? 0) - 1 === index.begun);
    const pages = new Map(
      stacks.flatMap(({ stack, last: own }) => (own === null ? [] : [[stack, own] as const])),
    );
    await remember(services, tip);
    return { tip, ledger, base: { index, pages, numbers } };
  } catch (error) {
    if (error instanceof NotByIndex || error instanceof InputError) {
      return null;
    }
    throw error;
  }
}

/** Others may write while this is looked at. */
const mostFetches = 3;

/**
 * Brings the branch to where origin has it, with the tags of what is new here, and asks origin for the few tags that would be
 * there if its end had been cut off. False where the whole branch has to be fetched with all of its tags, and looked at.
 */
export async function fetchByIndex({ git }: IndexServices): Promise<boolean> {
  const before = await git.tip(ledgerBranch);
  try {
    for (let fetch = 1; fetch <= mostFetches; fetch += 1) {
      await git.fetchTip(ledgerBranch);
      const tip = need(await git.tip(ledgerBranch));
      const index = documentOf('index', indexPath, need(await git.fileAt(tip, indexPath)));
      const changed = before === null || before === tip ? [] : await git.changedBetween(before, tip);
      const last = tagOf(index.last.id, index.last.document);
      const tags = [...new Set([last, ...changed.flatMap(tagsOf)])];
      const later = laterTags(index);
      const there = await git.referencesOnOrigin([...tags, ...later].map((tag) => `refs/tags/${tag}`));
      if (there.get(`refs/tags/${last}`) === tip && later.every((tag) => !there.has(`refs/tags/${tag}`))) {
        await git.fetchTags(tags);
        return true;
      }
    }
    return false;
  } catch (error) {
    // Whatever it was, fetching everything meets it again and says it.
    if (error instanceof NotByIndex || error instanceof SluiceError) {
      return false;
    }
    throw error;
  }
}

/** The tag of the step that added this file. */
function tagsOf(path: string): readonly string[] {
  const documents = { 'intent.json': 'intent', 'release.json': 'release' } as const;
  const name = nameIn(path);
  return name === 'intent.json' || name === 'release.json'
    ? [tagOf(idOfFolder(folderOf(path)), documents[name])]
    : [];
}

/** The index of the branch as it is now: signed with a key that counts today, of this very commit, and of all that this clone saw. */
async function verifiedIndex(
  services: IndexServices,
): Promise<{ readonly tip: string; readonly index: LedgerIndex }> {
  const { git } = services;
  const tip = need(await git.tip(ledgerBranch));
  const text = need(await git.fileAt(tip, indexPath));
  const signature = documentOf(
    'signature',
    indexSignaturePath,
    need(await git.fileAt(tip, indexSignaturePath)),
  );
  const index = documentOf('index', indexPath, text);
  const ring = (await ringsOf(services))[index.target];
  need(isSignedBy(ring, { path: indexPath, text }, signature));
  need(index.keys.some(({ id }) => id === signature.key));
  need(index.keys.every((key) => counts(key, ring.keys)));
  need(isCurrent(need(index.keys.find(({ id }) => id === signature.key)), services.clock.now()));
  need(sameJson(await git.parents(tip), index.parent === null ? [] : [index.parent]));
  await refuseForgotten(services, tip, index);
  return { tip, index };
}

/** As it was when the entries were checked: a key that was ended, revoked or exchanged since may make entries worthless. */
function counts(key: LedgerKey, keys: readonly LedgerKey[]): boolean {
  const now = keys.find(({ id }) => id === key.id);
  return now !== undefined && now.revoked === null && sameJson({ ...now }, { ...key });
}

function isCurrent({ from, until }: LedgerKey, now: string): boolean {
  const at = Date.parse(now);
  return at >= Date.parse(from) && (until === null || at < Date.parse(until));
}

/** A ledger that lost its end: its last step has another tag, a later step has one, or this clone or origin knew more. */
async function refuseForgotten({ git }: IndexServices, tip: string, index: LedgerIndex): Promise<void> {
  const { last, target } = index;
  need((await git.reference(`refs/tags/${tagOf(last.id, last.document)}`)) === tip);
  const later = await Promise.all(laterTags(index).map(async (tag) => git.reference(`refs/tags/${tag}`)));
  need(later.every((sha) => sha === null));
  const seen = await git.reference(seenReference);
  need(seen === null || seen === tip || (await git.isAncestor(seen, tip)));
  const there = target === 'sandbox' ? null : await git.reference(`refs/remotes/origin/${ledgerBranch}`);
  need(there === null || there === tip || (await git.isAncestor(there, tip)));
}

/**
 * Tags that a longer ledger would have: of the next beginning and of ever later ones, and of the ends that are still to come.
 * Numbers have no gaps, so a ledger that goes on has the first of them; the others are there in case somebody deleted it.
 */
function laterTags({ begun, stacks }: LedgerIndex): readonly string[] {
  const steps = Array.from({ length: 17 }, (_, power) => begun + 2 ** power);
  const open = Object.values(stacks).flatMap((stack) => stack.open.map(({ id }) => tagOf(id, 'release')));
  return [...steps.map((number) => tagOf(idOf(number), 'intent')), ...open];
}

interface StackWindow {
  readonly stack: string;
  /** Finished ones that were read, then the open ones. */
  readonly lines: readonly IndexedRelease[];
  /** Finished ones before them. */
  readonly earlier: number;
  /** Its last page; null without one. */
  readonly last: IndexPage | null;
}

async function stackWindow(
  services: IndexServices,
  {
    tip,
    index,
    stack,
    scope,
  }: {
    readonly tip: string;
    readonly index: LedgerIndex;
    readonly stack: string;
    readonly scope: LedgerScope;
  },
): Promise<StackWindow> {
  const known = Object.hasOwn(index.stacks, stack) ? index.stacks[stack] : undefined;
  if (known === undefined) {
    return { stack, lines: [], earlier: 0, last: null };
  }
  let number = Math.ceil(known.ended / releasesPerPage) - 1;
  const readPage = async (digest: string | null): Promise<IndexPage | null> =>
    pageOf(services, tip, { kind: 'indexPage', path: stackPagePath(stack, number), digest });
  const last = await readPage(known.page);
  let lines = last?.releases ?? [];
  let first = last;
  need(number * releasesPerPage + lines.length === known.ended || last === null);
  for (;;) {
    need(first === null || (first.stack === stack && first.number === number));
    const start = windowStart({ lines, isAll: number <= 0, ids: scope.ids });
    if (start !== null) {
      const earlier = Math.max(0, number) * releasesPerPage + start;
      return { stack, lines: [...lines.slice(start), ...known.open], earlier, last };
    }
    number -= 1;
    first = need(await readPage(need(first?.previous)));
    lines = [...first.releases, ...lines];
  }
}

interface IndexDocuments {
  readonly index: LedgerIndex;
  readonly indexPage: IndexPage;
  readonly indexNumbers: IndexNumbers;
  readonly signature: LedgerSignature;
  readonly intent: Intent;
  readonly release: ReleaseEntry;
}

/** Null where there is none, which a digest of null says. */
async function pageOf<K extends keyof IndexDocuments>(
  { git }: IndexServices,
  tip: string,
  { kind, path, digest }: { readonly kind: K; readonly path: string; readonly digest: string | null },
): Promise<IndexDocuments[K] | null> {
  if (digest === null) {
    return null;
  }
  const text = need(await git.fileAt(tip, path));
  need(textDigest(text) === digest);
  return documentOf(kind, path, text);
}

function documentOf<K extends keyof IndexDocuments>(kind: K, path: string, text: string): IndexDocuments[K] {
  const reading = readLedgerDocument(kind, path, text);
  need(reading.ok);
  return (reading.ok ? reading.value : null) as unknown as IndexDocuments[K];
}

/** Evidence that no state of a stack is told from; whoever wants it reads the whole ledger. Of what is open all is read. */
const notRead: ReadonlySet<string> = new Set([
  'plan.json',
  'rehearsal.json',
  'traffic.json',
  'observed.json',
]);

/** Files that were read. What was not read is not the same as what is not there. */
class ReadFiles extends Map<string, string> {
  readonly unread = new Set<string>();

  override get(path: string): string | undefined {
    if (this.unread.has(path)) {
      throw new Error(`${path} was not read from the ledger`);
    }
    return super.get(path);
  }
}

async function ledgerOf(
  services: IndexServices,
  index: LedgerIndex,
  windows: readonly StackWindow[],
): Promise<Ledger> {
  const files = new ReadFiles();
  const read = await Promise.all(
    windows.flatMap(({ stack, lines }) =>
      lines.map(async (line) => readFolder(services, { stack, line, files })),
    ),
  );
  const finished = read
    .filter(({ line }) => line.ended !== null)
    .toSorted((a, b) => (a.line.ended ?? 0) - (b.line.ended ?? 0));
  const open = read
    .filter(({ line }) => line.ended === null)
    .toSorted((a, b) => (a.folder.folder < b.folder.folder ? -1 : 1));
  return {
    folders: [...finished, ...open].map(({ folder }) => folder),
    head: index.head,
    files,
    rest: {
      begun: index.begun,
      target: index.target,
      stacks: Object.keys(index.stacks),
      earlier: new Map(windows.map(({ stack, earlier }) => [stack, earlier])),
    },
  };
}

interface ReadFolder {
  readonly line: IndexedRelease;
  readonly folder: LedgerFolder;
}

async function readFolder(
  { git }: IndexServices,
  {
    stack,
    line,
    files,
  }: { readonly stack: string; readonly line: IndexedRelease; readonly files: ReadFiles },
): Promise<ReadFolder> {
  const folder = folderName(line.id, stack);
  const all = Object.keys(line.blobs);
  const names = all.filter((name) => line.ended === null || !notRead.has(name));
  const texts = await git.blobs(names.map((name) => line.blobs[name] ?? ''));
  const own = new Map(names.map((name, at) => [name, need(texts[at]?.text ?? null)]));
  const intentText = need(own.get('intent.json'));
  need(textDigest(intentText) === line.intent);
  const intent = documentOf('intent', `${folder}/intent.json`, intentText);
  const entryText = line.release === null ? null : need(own.get('release.json'));
  need(entryText === null || textDigest(entryText) === line.release);
  const entry = entryText === null ? null : documentOf('release', `${folder}/release.json`, entryText);
  need(intent.id === line.id && intent.stack === stack && (entry === null || entry.id === line.id));
  const named = { ...intent.files, ...entry?.files };
  for (const [name, text] of own) {
    need(isDocument(name) || named[name] === textDigest(text));
    files.set(`${folder}/${name}`, text);
  }
  for (const name of all) {
    if (!own.has(name)) {
      files.unread.add(`${folder}/${name}`);
    }
  }
  return { line, folder: { folder, intent, entry, digest: line.release } };
}

/** Named by the index, or a signature, which nothing is told from. */
function isDocument(name: string): boolean {
  return ['intent.json', 'release.json', 'intent.sig.json', 'release.sig.json'].includes(name);
}

async function remember({ git }: IndexServices, tip: string): Promise<void> {
  if ((await git.reference(seenReference)) !== tip) {
    await git.remember(seenReference, tip);
  }
}
