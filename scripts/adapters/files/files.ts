/**
 * Files on disk. A write is whole or not there: written beside, flushed, renamed. What a person named by an absolute
 * path may be read anywhere; relative paths stay inside the root, and nothing outside the writable folders is ever
 * written or removed. Links are never followed by a listing.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import type { Dirent, Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ExternalError, InputError } from '../../contract/errors.ts';
import type { Files } from '../../contract/ports.ts';
import { makeScratch } from './scratch.ts';
import { readTextChunks, writeTextChunks } from './text-chunks.ts';

export interface FilesOptions {
  /** Relative paths are below this folder. */
  readonly root: string;
  /** Folders that may be written besides the root and the temporary folders made here. */
  readonly writable?: readonly string[];
  /** Where temporary folders are made; the system's by default. */
  readonly tempFolder?: string;
}

/** 64 MiB: no file of ours comes near it, and a larger one would cost gigabytes once parsed. */
const defaultMaxBytes = 64 * 1024 * 1024;

const reasons: ReadonlyMap<string, readonly [why: string, fix: string]> = new Map([
  ['ENOSPC', ['the disk is full', 'free some space on that disk']],
  ['EDQUOT', ['the disk quota is used up', 'free some space or raise the quota']],
  [
    'EFBIG',
    ['the file would be larger than the limit for this process allows', 'raise the limit (`ulimit -f`)'],
  ],
  ['EACCES', ['permission is denied', 'check the owner and the mode of the file and its folders']],
  ['EPERM', ['the operation is not permitted', 'check the owner and the mode of the file and its folders']],
  ['EROFS', ['the file system is mounted read-only', 'use a folder on a writable file system']],
  ['ENOENT', ['it does not exist', 'check the path']],
  ['ENOTDIR', ['a part of the path is a file, not a folder', 'check the path']],
  ['EEXIST', ['a part of the path is a file, not a folder', 'check the path']],
  ['EISDIR', ['it is a folder', 'name a file']],
  ['ELOOP', ['it is a symbolic link', 'name the file itself']],
  ['EMFILE', ['too many files are open', 'raise the limit (`ulimit -n`)']],
]);

function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'unknown error';
}

/** What an operating system's refusal means to a person. `verb` completes "cannot be …". */
export function ioError(verb: string, path: string, cause: unknown): ExternalError {
  const code = codeOf(cause);
  const [why, fix] = reasons.get(code) ?? [
    `the operating system reports ${code}`,
    'check the file and its folders',
  ];
  return new ExternalError({ what: `${path} cannot be ${verb}`, why, fix, cause });
}

/** Nothing has that path: an entry is missing, or a part of the path is a file. */
function isMissing(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(cause));
}

/** True when `path` is `folder` or below it. Both absolute; compares names only. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** The real path of the nearest existing ancestor, so that a linked folder cannot lead a write outside. */
export async function realPath(path: string): Promise<string> {
  try {
    return await fs.realpath(path);
  } catch (cause) {
    if (!isMissing(cause) || dirname(path) === path) {
      throw cause;
    }
    return join(await realPath(dirname(path)), basename(path));
  }
}

/** Opens what is a regular file, and closes it. Non-blocking, so that a named pipe is refused instead of waited for. */
async function withRegular<T>(
  path: string,
  use: (handle: fs.FileHandle, found: Stats) => Promise<T>,
): Promise<T> {
  const handle = await fs.open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await handle.stat();
    if (!found.isFile()) {
      throw new InputError({ what: `${path} is not a regular file`, fix: 'name a file' });
    }
    return await use(handle, found);
  } finally {
    await handle.close();
  }
}

async function readRegular(path: string, maxBytes: number): Promise<string> {
  return withRegular(path, async (handle, found) => {
    if (found.size > maxBytes) {
      throw new InputError({
        what: `${path} is too large: ${found.size} bytes`,
        why: `at most ${maxBytes} bytes are read from a file of this kind`,
        fix: 'check that this is the file you meant',
      });
    }
    return decode(path, await handle.readFile());
  });
}

/** Looks at the first two bytes. */
async function isGzip(path: string): Promise<boolean> {
  return withRegular(path, async (handle) => {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(2) });
    return bytesRead === 2 && buffer.readUInt16BE() === 0x1f_8b;
  });
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (cause) {
    throw new InputError({
      what: `${path} is not UTF-8 text`,
      fix: 'save the file as UTF-8',
      cause,
    });
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await fs.open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A text that names its interpreter is a program: it can be started. */
async function writeWhole(path: string, text: string): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await fs.open(beside, 'wx', text.startsWith('#!') ? 0o755 : 0o644);
    try {
      await handle.writeFile(text, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(beside, path);
  } catch (cause) {
    await fs.rm(beside, { force: true });
    throw cause;
  }
  await flushFolder(dirname(path));
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

async function listBelow(folder: string, prefix: string): Promise<readonly string[]> {
  const entries: readonly Dirent[] = await fs.readdir(join(folder, prefix), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) {
      found.push(...(await listBelow(folder, path)));
    } else if (entry.isFile()) {
      found.push(path);
    }
  }
  return found;
}

/** Knows which paths this instance may touch. */
class Boundary {
  private readonly root: string;
  private readonly writable: string[];

  constructor(options: FilesOptions) {
    this.root = resolve(options.root);
    this.writable = [this.root, ...(options.writable ?? []).map((one) => resolve(one))];
  }

  allow(folder: string): void {
    this.writable.push(folder);
  }

  /** A name inside the root must also lead to a file inside it: a link out of the repository is not read. */
  async forReading(path: string): Promise<string> {
    const absolute = resolve(this.root, path);
    if (isInside(this.root, absolute)) {
      await this.requireInside(path, await realPath(absolute));
    } else if (!isAbsolute(path)) {
      throw this.outside(path);
    }
    return absolute;
  }

  /** The entry itself is replaced or removed, never what a link points to, so only its folder is resolved. */
  async forWriting(path: string): Promise<string> {
    const absolute = resolve(this.root, path);
    if (isInside(absolute, this.root)) {
      throw this.outside(path);
    }
    await this.requireInside(path, join(await realPath(dirname(absolute)), basename(absolute)));
    return absolute;
  }

  private async requireInside(path: string, real: string): Promise<void> {
    const folders = await Promise.all(this.writable.map(realPath));
    if (!folders.some((folder) => isInside(folder, real))) {
      throw this.outside(path);
    }
  }

  private outside(path: string): InputError {
    return new InputError({
      what: `${path} is outside the folders that may be used here`,
      why: `only ${this.root} and folders below it are used`,
      fix: 'use a path inside the repository',
    });
  }
}

async function attempt<T>(verb: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof InputError || cause instanceof ExternalError) {
      throw cause;
    }
    throw ioError(verb, path, cause);
  }
}

async function writeInFolder(path: string, text: string): Promise<void> {
  const created = await fs.mkdir(dirname(path), { recursive: true });
  try {
    await writeWhole(path, text);
  } catch (cause) {
    if (created !== undefined) {
      await fs.rm(created, { recursive: true, force: true });
    }
    throw cause;
  }
}

async function writeNamedByDigest(
  absolute: string,
  folder: string,
  parts: AsyncIterable<string>,
): Promise<{ readonly path: string; readonly sha256: string }> {
  await fs.mkdir(absolute, { recursive: true });
  const beside = join(absolute, `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const sha256 = await writeTextChunks(beside, parts);
    const name = `${sha256.slice('sha256:'.length)}.ndjson.gz`;
    await fs.rename(beside, join(absolute, name));
    await flushFolder(absolute);
    return { path: `${folder}/${name}`, sha256 };
  } catch (cause) {
    await fs.rm(beside, { force: true });
    throw cause;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await fs.stat(path);
    return true;
  } catch (cause) {
    if (isMissing(cause)) {
      return false;
    }
    throw cause;
  }
}

/** Files below `options.root`. Refusals are InputError, failures of the disk are ExternalError; neither leaves a rest. */
export function createFiles(options: FilesOptions): Files {
  const boundary = new Boundary(options);
  return {
    readText: async (path, maxBytes = defaultMaxBytes) =>
      attempt('read', path, async () => readRegular(await boundary.forReading(path), maxBytes)),
    async *readChunks(path) {
      const absolute = await attempt('read', path, async () => boundary.forReading(path));
      yield* readTextChunks(absolute, await attempt('read', path, async () => isGzip(absolute)));
    },
    writeByDigest: async (folder, parts) =>
      attempt('written', folder, async () => {
        const within = await boundary.forWriting(`${folder}/sample`);
        return writeNamedByDigest(dirname(within), folder, parts);
      }),
    exists: async (path) => attempt('looked up', path, async () => isThere(await boundary.forReading(path))),
    writeText: async (path, text) =>
      attempt('written', path, async () => writeInFolder(await boundary.forWriting(path), text)),
    list: async (folder) =>
      attempt('listed', folder, async () => {
        const found = await listBelow(await boundary.forReading(folder), '');
        return [...found].toSorted(byCodeUnit);
      }),
    makeTempDir: async (prefix) => {
      const parent = options.tempFolder ?? tmpdir();
      return attempt('created', join(parent, prefix), async () => {
        await fs.mkdir(parent, { recursive: true });
        const made = await makeScratch(prefix.replaceAll(/[^a-z]/g, ''), parent);
        boundary.allow(made);
        return made;
      });
    },
    makePrivateFolder: async (path) =>
      attempt('created', path, async () => {
        const folder = await boundary.forWriting(path);
        await fs.rm(folder, { recursive: true, force: true });
        await fs.mkdir(folder, { recursive: true, mode: 0o700 });
      }),
    remove: async (path) =>
      attempt('removed', path, async () =>
        fs.rm(await boundary.forWriting(path), { recursive: true, force: true }),
      ),
  };
}
