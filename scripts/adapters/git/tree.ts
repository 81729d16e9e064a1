/** Reads trees and blobs. Names are separated by NUL and objects by their length, so no name and no text is special. */
import { createHash } from 'node:crypto';
import { InputError } from '../../contract/errors.ts';
import type { GitFile, TreeEntry } from '../../contract/ports.ts';
import type { ProposedEntry } from '../../../policies/model/proposal.ts';
import type { GitCommand } from './command.ts';

interface Entry {
  readonly mode: string;
  readonly id: string;
  readonly size: number;
  readonly path: string;
}

/** The largest single file and the largest sum that are read from a tree, in bytes. */
const largestFile = 64 * 1024 * 1024;
const largestTree = 512 * 1024 * 1024;

/** `<mode> <type> <id> <size>\t<path>`; links and submodules are not files and are left out. */
function readEntry(line: string): Entry | null {
  const tab = line.indexOf('\t');
  const [mode = '', type = '', id = '', size = ''] = line.slice(0, tab).split(/ +/);
  return type === 'blob' && mode.startsWith('100')
    ? { mode, id, size: Number(size), path: line.slice(tab + 1) }
    : null;
}

function checkSizes(entries: readonly Entry[]): void {
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

/** Takes `<id> <type> <size>\n<bytes>\n` apart, once for each entry. */
function splitObjects(entries: readonly Entry[], bytes: Buffer): readonly Blob[] {
  let at = 0;
  return entries.map((entry) => {
    const endOfHeader = bytes.indexOf(0x0a, at);
    const [id, type, size] = bytes.subarray(at, endOfHeader).toString('latin1').split(' ');
    if (id !== entry.id || type !== 'blob') {
      throw new InputError({
        what: `${entry.path} cannot be read: its object ${entry.id} is missing from the repository`,
        why: 'the clone is partial or damaged',
        fix: 'fetch everything',
        next: 'git fetch --refetch',
      });
    }
    const start = endOfHeader + 1;
    const end = start + Number(size);
    at = end + 1;
    return { path: entry.path, bytes: bytes.subarray(start, end) };
  });
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
  const listing = await git.text([
    'ls-tree',
    '-r',
    '-l',
    '-z',
    '--full-tree',
    sha,
    ...(path === '' ? [] : ['--', path]),
  ]);
  const entries = listing
    .split('\0')
    .filter((line) => line !== '')
    .map(readEntry)
    .filter((entry) => entry !== null)
    .filter((entry) => wanted(entry.path));
  checkSizes(entries);
  if (entries.length === 0) {
    return [];
  }
  return splitObjects(entries, await git.objects(entries.map((entry) => entry.id)));
}

/** Every entry of the whole tree of the commit `sha`. What is no plain file, is too large or is not UTF-8 says so instead of a text. */
export async function readWholeTree(git: GitCommand, sha: string): Promise<readonly TreeEntry[]> {
  const listing = await git.text(['ls-tree', '-r', '-l', '-z', '--full-tree', sha]);
  const entries = listing
    .split('\0')
    .filter((line) => line !== '')
    .map(anyEntry);
  const plain = entries.filter(({ mode, size }) => mode === plainFile && size <= largestFile);
  const sum = plain.reduce((total, { size }) => total + size, 0);
  const readable = sum > largestTree ? [] : plain;
  const blobs =
    readable.length === 0 ? [] : splitObjects(readable, await git.objects(readable.map(({ id }) => id)));
  const bytes = new Map(blobs.map((blob) => [blob.path, blob.bytes]));
  return entries.map(({ path, mode }) => {
    const found = bytes.get(path);
    const text = found === undefined ? null : decodeOrNull(found);
    const unread = found === undefined ? 'is too large to be read' : 'is not UTF-8 text';
    return { path, mode, text, unread: text === null ? unread : null };
  });
}

const plainFile = '100644';

function anyEntry(line: string): Entry {
  const tab = line.indexOf('\t');
  const [mode = '', , id = '', size = ''] = line.slice(0, tab).split(/ +/);
  return { mode, id, size: /^\d+$/.test(size) ? Number(size) : 0, path: line.slice(tab + 1) };
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
  const listing = await git.text([
    'ls-tree',
    '-r',
    '-z',
    '--name-only',
    '--full-tree',
    sha,
    ...(path === '' ? [] : ['--', path]),
  ]);
  return listing.split('\0').filter((line) => line !== '');
}

/** Every entry of the commit or tree `sha` with its mode: links and submodules too. */
export async function treeEntries(git: GitCommand, sha: string): Promise<readonly ProposedEntry[]> {
  const listing = await git.text(['ls-tree', '-r', '-z', '--full-tree', sha]);
  return listing
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => ({ path: line.slice(line.indexOf('\t') + 1), mode: line.slice(0, line.indexOf(' ')) }));
}
