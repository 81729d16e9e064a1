/** Reads trees and blobs. Names are separated by NUL and objects by their length, so no name and no text is special. */
import { createHash } from 'node:crypto';
import { InputError } from '../../contract/errors.ts';
import type { BlobText, TreeEntry } from '../../contract/git-singles.ts';
import type { GitFile } from '../../contract/ports.ts';
import type { ProposedEntry } from '../../../policies/model/proposal.ts';
import type { GitCommand } from './command.ts';
import { treeMode, type TreeLine } from './pack.ts';

interface SizedEntry extends TreeLine {
  /** In bytes; 0 for what is not a blob. */
  readonly size: number;
}

/** The largest single file and the largest sum that are read from a folder at once, in bytes. */
const largestFile = 64 * 1024 * 1024;
const largestTree = 512 * 1024 * 1024;

/** More entries than this are not read: a few kilobytes of trees can name any number of paths. */
const mostEntries = 2_000_000;

const submoduleMode = '160000';

/** `<mode> <name>\0<id>` again and again; an id has as many bytes as that of the tree itself. */
function entriesIn(bytes: Buffer, id: string): readonly TreeLine[] {
  const entries: TreeLine[] = [];
  const length = id.length / 2;
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    entries.push({
      mode: bytes.toString('latin1', at, space).padStart(6, '0'),
      path: bytes.toString('utf8', space + 1, end),
      id: bytes.toString('hex', end + 1, end + 1 + length),
    });
    at = end + 1 + length;
  }
  return entries;
}

/** Entries of one tree, by the id of it or of a commit. */
export async function entriesOf(git: GitCommand, id: string): Promise<readonly TreeLine[]> {
  return git.once('tree', [id], async () => {
    const object = await git.objects.contents(`${id}^{tree}`);
    if (object === null) {
      throw missing(`the tree ${id}`, id);
    }
    return entriesIn(object.bytes, object.id);
  });
}

/** Every entry that is not a tree at or below `path`, in git's order. An empty path is the whole tree. */
async function entriesBelow(git: GitCommand, id: string, path: string): Promise<readonly TreeLine[]> {
  const [first, ...rest] = path === '' ? [] : path.split('/');
  const all: TreeLine[] = [];
  for (const entry of await entriesOf(git, id)) {
    if (first !== undefined && entry.path !== first) {
      continue;
    }
    if (entry.mode === treeMode) {
      for (const below of await entriesBelow(git, entry.id, rest.join('/'))) {
        all.push({ ...below, path: `${entry.path}/${below.path}` });
      }
    } else if (rest.length === 0) {
      all.push(entry);
    }
    if (all.length > mostEntries) {
      throw new InputError({
        what: `the tree ${id} names more than ${String(mostEntries)} files`,
        fix: 'remove what does not belong there',
      });
    }
  }
  return all;
}

/** The first of these paths that the commit or tree has, as a file or a folder. */
export async function firstThere(
  git: GitCommand,
  id: string,
  paths: readonly string[],
): Promise<string | undefined> {
  for (const path of paths) {
    if (await isThere(git, id, path.split('/'))) {
      return path;
    }
  }
  return undefined;
}

async function isThere(git: GitCommand, id: string, [first, ...rest]: readonly string[]): Promise<boolean> {
  const entry = (await entriesOf(git, id)).find(({ path }) => path === first);
  return (
    entry !== undefined && (rest.length === 0 || (entry.mode === treeMode && isThere(git, entry.id, rest)))
  );
}

function missing(what: string, id: string): InputError {
  return new InputError({
    what: `${what} cannot be read: its object ${id} is missing from the repository`,
    why: 'the clone is partial or damaged',
    fix: 'fetch everything',
    next: 'git fetch --refetch',
  });
}

async function sized(git: GitCommand, entries: readonly TreeLine[]): Promise<readonly SizedEntry[]> {
  return Promise.all(
    entries.map(async (entry) => {
      if (entry.mode === submoduleMode) {
        return { ...entry, size: 0 };
      }
      const info = await git.objects.info(entry.id);
      if (info?.type !== 'blob') {
        throw missing(entry.path, entry.id);
      }
      return { ...entry, size: info.size };
    }),
  );
}

function checkSizes(entries: readonly SizedEntry[]): void {
  const tooLarge = entries.find((entry) => entry.size > largestFile);
  if (tooLarge !== undefined) {
    throw new InputError({
      what: `${tooLarge.path} is too large: ${tooLarge.size} bytes`,
      diagnostics: [{ location: { file: tooLarge.path, line: 1, column: 1 }, message: 'is too large' }],
      why: `at most ${largestFile} bytes are read from one file`,
      fix: 'remove the file from the folder',
    });
  }
  const sum = entries.reduce((total, entry) => total + entry.size, 0);
  if (sum > largestTree) {
    throw new InputError({
      what: `the folder holds ${sum} bytes`,
      why: `at most ${largestTree} bytes are read at once`,
      fix: 'remove what does not belong there',
    });
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (cause) {
    throw new InputError({
      what: `${path} is not UTF-8 text`,
      diagnostics: [{ location: { file: path, line: 1, column: 1 }, message: 'is not UTF-8 text' }],
      fix: 'save the file as UTF-8',
      cause,
    });
  }
}

interface Blob {
  readonly path: string;
  readonly bytes: Buffer;
}

async function blobsOf(git: GitCommand, entries: readonly TreeLine[]): Promise<readonly Blob[]> {
  return Promise.all(
    entries.map(async ({ path, id }) => {
      const object = await git.objects.contents(id);
      if (object?.type !== 'blob') {
        throw missing(path, id);
      }
      return { path, bytes: object.bytes };
    }),
  );
}

/**
 * Regular files at or below `path` in the commit or tree `sha` that are wanted, in git's order. An empty path is the whole
 * tree. What is not wanted is not read: it may be of any size and no text at all.
 */
export async function readTree(
  git: GitCommand,
  sha: string,
  path: string,
  wanted: (path: string) => boolean = () => true,
): Promise<readonly GitFile[]> {
  const blobs = await readBlobs(git, sha, path, wanted);
  return blobs.map((blob) => ({ path: blob.path, text: decode(blob.path, blob.bytes) }));
}

/** sha256 of one regular file as `sha256:…`, whatever it holds; null when it is not there. */
export async function digestFile(git: GitCommand, sha: string, path: string): Promise<string | null> {
  const [blob] = await readBlobs(git, sha, path, (found) => found === path);
  return blob === undefined ? null : `sha256:${createHash('sha256').update(blob.bytes).digest('hex')}`;
}

async function readBlobs(
  git: GitCommand,
  sha: string,
  path: string,
  wanted: (path: string) => boolean,
): Promise<readonly Blob[]> {
  const found = (await entriesBelow(git, sha, path)).filter(
    (entry) => entry.mode.startsWith('100') && wanted(entry.path),
  );
  checkSizes(await sized(git, found));
  return blobsOf(git, found);
}

/** Every entry of the whole tree of the commit `sha`, whatever it is. */
export async function readWholeTree(git: GitCommand, sha: string): Promise<readonly TreeEntry[]> {
  return (await entriesBelow(git, sha, '')).map(({ path, mode, id }) => ({ path, mode, id }));
}

function decodeOrNull(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Every path at or below `path` in the commit `sha`: links and submodules too, nothing is hidden. */
export async function listTree(git: GitCommand, sha: string, path: string): Promise<readonly string[]> {
  return (await entriesBelow(git, sha, path)).map((entry) => entry.path);
}

/** Every entry of the commit or tree `sha` with its mode: links and submodules too. */
export async function treeEntries(git: GitCommand, sha: string): Promise<readonly ProposedEntry[]> {
  return (await entriesBelow(git, sha, '')).map(({ path, mode }) => ({ path, mode }));
}

/** Sizes are looked at before anything is read. */
export async function blobTexts(git: GitCommand, ids: readonly string[]): Promise<readonly BlobText[]> {
  return Promise.all(
    ids.map(async (id) => {
      const info = await git.objects.info(id);
      if (info?.type !== 'blob') {
        throw missing('a file of the ledger', id);
      }
      if (info.size > largestFile) {
        return { text: null, unread: 'is too large to be read' };
      }
      const object = await git.objects.contents(id);
      const text = object === null ? null : decodeOrNull(object.bytes);
      return { text, unread: text === null ? 'is not UTF-8 text' : null };
    }),
  );
}
