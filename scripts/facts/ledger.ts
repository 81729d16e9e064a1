/** Reads the ledger branch, with what it is checked against, and refuses to go on with a broken one. */
import type { Services } from '../contract/context.ts';
import { InputError, StaleError, UsageError } from '../contract/errors.ts';
import { readLedgerDocument } from '../read/ledger/documents.ts';
import { ledgerKeysPath, readLedgerKeys, type LedgerKeys } from '../read/ledger/keys.ts';
import { sameJson } from '../json/json.ts';
import type { Parsed } from '../plan/types.ts';
import type { TreeEntry } from '../contract/git-singles.ts';
import type { Git, GitFile } from '../contract/ports.ts';
import { LedgerReader, type LedgerReading } from '../release/ledger.ts';
import { absenceFaults } from '../release/ledger/commits.ts';
import type { LedgerBranch, LedgerTrust } from '../release/ledger/branch.ts';
import { ledgerBranch, ledgerTags, seenReference } from '../release/ledger/format.ts';
import { baseOf, noIndex, type IndexBase } from '../release/ledger/index-make.ts';
import type { KeyRing } from '../release/ledger/signature.ts';
import type { Ledger, LedgerFault } from '../release/types.ts';

export type LedgerServices = Pick<Services, 'git' | 'keys' | 'defaultBranch'>;

/**
 * Null when nothing was ever released: no branch, no tag of it, and this clone saw none. Throws UsageError where this clone
 * cannot tell: the branch was not fetched, or its history, which the check needs, was cut off. What verified is remembered.
 * Without `keeps` no text stays in memory: then a ledger of any size can be verified, and asked nothing.
 */
export async function readLedgerBranch(services: LedgerServices, keeps = true): Promise<FoundLedger | null> {
  const found = await readLedgerWith(services, () => trustOf(services), keeps);
  const { tip, seen, reading } = found ?? { tip: null, seen: null, reading: null };
  if (tip !== null && reading.ok && seen !== tip) {
    await services.git.remember(seenReference, tip);
  }
  return found;
}

export interface FoundLedger {
  readonly tip: string | null;
  /** Where this clone last saw it verify. */
  readonly seen: string | null;
  readonly reading: LedgerReading;
}

/** The same with whatever keys, and nothing of it is remembered. */
async function readLedgerWith(
  { git }: LedgerServices,
  trusted: () => Promise<LedgerTrust>,
  keeps: boolean,
): Promise<FoundLedger | null> {
  const { tip, refs } = await branchAndMarks(git);
  const tags = new Map(
    refs
      .filter(({ ref }) => ref.startsWith(`refs/tags/${ledgerTags}`))
      .map(({ ref, sha }) => [ref.slice('refs/tags/'.length), sha]),
  );
  const seen = refs.find(({ ref }) => ref === seenReference)?.sha ?? null;
  if (tip === null) {
    refuseUnfetched(refs);
    const faults = absenceFaults({ tags, seen });
    return faults.length === 0 ? null : { tip, seen, reading: { ok: false, faults } };
  }
  if (await git.isShallow()) {
    throw new UsageError({
      what: 'This clone is shallow: the history of the ledger is cut off.',
      why: 'Only the whole history shows that nothing recorded was ever changed.',
      fix: 'Fetch the rest; in CI, check out with fetch-depth: 0.',
      next: 'git fetch --unshallow',
    });
  }
  const [tree, history, origin, trust] = await Promise.all([
    git.wholeTree(tip),
    git.history(tip),
    seenOnOrigin(git, tip, refs),
    trusted(),
  ]);
  const reader = new LedgerReader(trust, readLedgerDocument, keeps);
  for (const batch of inBatches(tree)) {
    const texts = await git.blobs(batch.flatMap(({ mode, id }) => (mode === plainFile ? [id] : [])));
    const read = texts.values();
    const nothing = { text: null, unread: 'is no plain file' };
    reader.take(
      batch.map((entry) => ({
        ...entry,
        ...((entry.mode === plainFile ? read.next().value : null) ?? nothing),
      })),
    );
  }
  return { tip, seen, reading: reader.end({ tree, history, tags, seen, origin }) };
}

const plainFile = '100644';

/** Files that are in memory at once; a folder of a release has about a dozen. */
const filesAtOnce = 256;

/** Entries in their order, each folder in one batch. */
function inBatches(tree: readonly TreeEntry[]): readonly (readonly TreeEntry[])[] {
  const batches: TreeEntry[][] = [];
  let folder = '';
  for (const entry of tree) {
    const own = entry.path.slice(0, entry.path.lastIndexOf('/'));
    const last = batches.at(-1);
    if (last === undefined || (own !== folder && last.length >= filesAtOnce)) {
      batches.push([entry]);
    } else {
      last.push(entry);
    }
    folder = own;
  }
  return batches;
}

/** More writes than fall between two looks at the references. */
const mostLooks = 20;

/**
 * The tip, and the references as they were with it: a stack that is released at the same time, here or in another process, may
 * write between two questions, and an old tip with a new tag looks like a ledger that lost its end.
 */
async function branchAndMarks(git: Git): Promise<{ readonly tip: string | null; readonly refs: References }> {
  let refs = await git.refs();
  for (let look = 1; look <= mostLooks; look += 1) {
    const tip = await git.tip(ledgerBranch);
    const after = await git.refs();
    if (sameJson(refs, after)) {
      return { tip, refs };
    }
    refs = after;
  }
  throw new StaleError({
    what: `The ledger moved ${String(mostLooks)} times while it was read.`,
    why: 'What was read of it does not belong together.',
    fix: 'Wait until the other releases have ended.',
    next: 'sluice ledger verify',
  });
}

/**
 * What is wrong with a ledger that verifies now, were these the keys of the default branch. A control file that reads
 * and does not fit the ledger stops every change after it, its own repair included.
 */
export async function faultsWithKeys(
  services: LedgerServices,
  keys: LedgerKeys,
): Promise<readonly LedgerFault[]> {
  const own = await trustOf(services);
  const cloudflare = { ...own.cloudflare, scope: keys.repository, keys: keys.keys, where: ledgerKeysPath };
  const [now, then] = await Promise.all([
    readLedgerWith(services, () => Promise.resolve(own), false),
    readLedgerWith(services, () => Promise.resolve({ ...own, cloudflare }), false),
  ]);
  return now?.reading.ok === true && then?.reading.ok === false ? then.reading.faults : [];
}

type References = Awaited<ReturnType<Git['refs']>>;

const onOrigin = `refs/remotes/origin/${ledgerBranch}`;

/** What this clone last saw of the branch on origin, where that is not what it has. Asks no network. */
async function seenOnOrigin(git: Git, tip: string, refs: References): Promise<LedgerBranch['origin']> {
  const there = refs.find(({ ref }) => ref === onOrigin)?.sha ?? tip;
  return there === tip ? null : { tip: there, commits: await git.commitsOf(there) };
}

function refuseUnfetched(refs: References): void {
  if (refs.some(({ ref }) => ref === onOrigin)) {
    throw new UsageError({
      what: `The ledger is on origin, but this clone has no branch ${ledgerBranch}.`,
      why: 'Without it everything would look as if it had never been released.',
      fix: 'Fetch the branch.',
      next: `git fetch origin ${ledgerBranch}:${ledgerBranch}`,
    });
  }
}

/** The key that a clone makes for its sandbox. */
export const sandboxKeyPath = '.sluice/ledger-key.pem';

/** What entries are checked against: keys and commits of the default branch, and the key of this clone for its sandbox. */
export async function trustOf(services: LedgerServices): Promise<LedgerTrust> {
  const { git } = services;
  const branch = await defaultBranchOf(services);
  const [rings, commits] = await Promise.all([
    ringsOf(services, branch),
    branch === null ? null : git.commitsOf(branch),
  ]);
  return {
    ...rings,
    defaultBranch: branch === null || commits === null ? null : { name: nameOf(branch), commits },
  };
}

/** The keys that count. */
export async function ringsOf(
  services: LedgerServices,
  branch?: string | null,
): Promise<Pick<LedgerTrust, 'cloudflare' | 'sandbox'>> {
  const own = branch === undefined ? await defaultBranchOf(services) : branch;
  const [sandbox, cloudflare] = await Promise.all([sandboxRing(services), lastRing(services.git, own)]);
  return { sandbox, cloudflare };
}

/**
 * The reference of the default branch: as origin says, or as the environment of a workflow names it. A local branch only
 * where there is no origin to ask; a name is never guessed, because anybody may push a branch called main.
 */
export async function defaultBranchOf({
  git,
  defaultBranch,
}: Pick<LedgerServices, 'git' | 'defaultBranch'>): Promise<string | null> {
  const wanted =
    defaultBranch === null
      ? 'refs/remotes/origin/HEAD'
      : `refs/${(await git.hasReferences('refs/remotes/origin/')) ? 'remotes/origin' : 'heads'}/${defaultBranch}`;
  return (await git.reference(wanted)) === null ? null : wanted;
}

function nameOf(ref: string): string {
  return ref.replace(/^refs\/(?:heads|remotes)\//, '');
}

async function sandboxRing({ git, keys }: LedgerServices): Promise<KeyRing> {
  const path = `${await git.root()}/${sandboxKeyPath}`;
  const isPlanted = (await git.pathsAt('HEAD', '.sluice')).length > 0;
  const key = isPlanted ? null : await keys.fromFile(path);
  const ends = { from: '1970-01-01T00:00:00Z', until: null, revoked: null };
  return {
    scope: 'sandbox',
    keys: key === null ? [] : [{ id: 'sandbox', publicKey: key.publicKey, ...ends }],
    where: `this clone (${sandboxKeyPath})`,
    next: 'sluice sandbox --help',
  };
}

/** The keys of the control file as the default branch has it; none where it has none. Throws InputError where it does not read. */
export async function controlledRing(git: Git, branch: string | null): Promise<KeyRing> {
  const where = `${ledgerKeysPath} of ${branch === null ? 'the default branch, which this clone does not know' : nameOf(branch)}`;
  const reading = branch === null ? null : await keysAt(git, branch);
  if (reading !== null && !reading.ok) {
    throw new InputError({
      what: `${where} does not read.`,
      diagnostics: reading.diagnostics,
      why: 'Without the keys nobody can tell which entries of the ledger are the release’s own.',
      fix: 'Correct the places above in a pull request that changes nothing else: it is decided with the last keys that read.',
      next: 'sluice check',
    });
  }
  const next = branch === null ? 'git remote set-head origin --auto' : 'git fetch origin';
  return ringOf(reading?.value ?? null, where, next);
}

/**
 * The same where a file that does not read must not stop its own repair: the keys of the newest commit of the default
 * branch that has such that read. Nothing is signed or released with these.
 */
async function lastRing(git: Git, branch: string | null): Promise<KeyRing> {
  const own = branch === null ? null : await keysAt(git, branch);
  if (branch === null || own === null || own.ok) {
    return controlledRing(git, branch);
  }
  for (const sha of await git.firstParents(branch, ['policies'])) {
    const reading = await keysAt(git, sha);
    if (reading === null || reading.ok) {
      const where = `${ledgerKeysPath} of ${sha.slice(0, 12)}, the last that reads`;
      return ringOf(reading?.value ?? null, where, 'git fetch origin');
    }
  }
  return controlledRing(git, branch);
}

async function keysAt(git: Git, ref: string): Promise<Parsed<LedgerKeys> | null> {
  const text = await git.fileAt(ref, ledgerKeysPath);
  return text === null ? null : readLedgerKeys(text);
}

function ringOf(keys: LedgerKeys | null, where: string, next: string): KeyRing {
  return { scope: keys?.repository ?? '', keys: keys?.keys ?? [], where, next };
}

export interface LoadedLedger {
  /** Commit of the branch; null when it does not exist yet. */
  readonly tip: string | null;
  readonly ledger: Ledger;
  /** What the index of the next entry is made from. */
  readonly index: IndexBefore;
}

interface IndexBefore {
  readonly base: IndexBase;
  /** Pages that a ledger from before there was an index has not got. */
  readonly missing: readonly GitFile[];
}

/** The verified ledger. A broken one is an error that names every fault: no decision is taken on edited evidence. */
export async function loadLedger(services: LedgerServices): Promise<LoadedLedger> {
  const found = await readLedgerBranch(services);
  if (found === null) {
    const ledger = { folders: [], head: null, files: new Map<string, string>() };
    return { tip: null, ledger, index: { base: noIndex, missing: [] } };
  }
  if (!found.reading.ok) {
    const { faults } = found.reading;
    throw new InputError({
      what: `The ledger (branch ${ledgerBranch}) does not verify: ${String(faults.length)} fault(s).`,
      diagnostics: faults.slice(0, mostFaults).map(({ place, what }) => ({ message: `${place} ${what}` })),
      why: 'Evidence was edited or is incomplete. Nothing is planned, decided or released on top of it.',
      fix: 'Treat it as a security incident: restore the branch from a clone that verifies, never by editing.',
      next: 'sluice ledger verify',
    });
  }
  const { ledger, index, hasIndex } = found.reading.value;
  const missing = hasIndex ? [] : (index?.files ?? []);
  return { tip: found.tip, ledger, index: { base: baseOf(index), missing } };
}

/** More help nobody; `sluice ledger verify` has all of them. */
const mostFaults = 50;
