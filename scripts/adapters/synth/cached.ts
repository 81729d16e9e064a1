/**
 * What stack code gave for the same sources before, kept beside the repository: running it is most of what a person waits
 * for who checks, raises and decides one change after another. The key is everything that stack code can see: every file
 * of the checkout that is not hidden, the packages as npm installed them, and the program that runs it. A checkout of
 * which that cannot be told is built each time.
 */
import { createHash, type Hash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { JsonObject } from '../../plan/types.ts';
import type { LocalSynthesizer } from '../../contract/ports.ts';
import { readUnlinked } from '../files/read-unlinked.ts';
import { createSynthesizer, packagesFor, type SynthOptions } from './synth.ts';

export interface CachedSynthOptions extends SynthOptions {
  /** Of Sluice: another one may build otherwise. */
  readonly version: string;
  /** Folder of what is kept; null where nothing may be: a commit could have put it there. */
  readonly store: () => Promise<string | null>;
}

/** The same checkout before and after a change, for some changes. */
const maxEntries = 12;

/** More than this is not looked through, in files and bytes: building the stacks costs less. */
const mostFiles = 20_000;
const mostBytes = 128 * 1024 * 1024;

interface CacheEntry {
  readonly warnings: readonly string[];
  readonly stacks: Readonly<Record<string, JsonObject>>;
}

/** Runs stack code when its sources differ from those of each earlier run; warns as that run did. */
export function createLocalSynthesizer(options: CachedSynthOptions): LocalSynthesizer {
  return {
    synthCached: async (checkout) => {
      const folder = await fs.realpath(checkout);
      const store = await options.store();
      const key = store === null ? null : await keyOf(folder, options);
      if (store === null || key === null) {
        return createSynthesizer(options).synth(folder);
      }
      const path = join(store, `${key}.json`);
      const known = await readEntry(path);
      if (known !== null) {
        known.warnings.forEach(options.onWarning);
        return new Map(Object.entries(known.stacks));
      }
      const warnings: string[] = [];
      const onWarning = (text: string): void => {
        warnings.push(text);
        options.onWarning(text);
      };
      const stacks = await createSynthesizer({ ...options, onWarning }).synth(folder);
      // Sources that were edited meanwhile are not those that were built.
      if ((await keyOf(folder, options)) === key) {
        await keep(path, { warnings, stacks: Object.fromEntries(stacks) }, options.onWarning);
      }
      return stacks;
    },
  };
}

async function readEntry(path: string): Promise<CacheEntry | null> {
  const text = await readUnlinked(path, limits.json.bytes);
  try {
    return text === null ? null : (parseJson(text, limits.json) as CacheEntry);
  } catch {
    // Half written, by a process that was killed.
    return null;
  }
}

/** A disk that is full or may not be written to costs the next command its time, and not this one its result. */
async function keep(path: string, cached: CacheEntry, onWarning: (text: string) => void): Promise<void> {
  try {
    await writeEntry(path, cached);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    onWarning(`What the stack code gave cannot be kept (${code}): it is run again by the next command.`);
    await fs.rm(besideOf(path), { force: true }).catch(() => undefined);
  }
}

function besideOf(path: string): string {
  return `${path}.${String(process.pid)}`;
}

async function writeEntry(path: string, cached: CacheEntry): Promise<void> {
  const store = dirname(path);
  await fs.mkdir(store, { recursive: true, mode: 0o700 });
  const beside = besideOf(path);
  await fs.writeFile(beside, JSON.stringify(cached), { mode: 0o600 });
  await fs.rename(beside, path);
  const all = await Promise.all(
    (await fs.readdir(store)).map(async (name) => {
      const found = await fs.stat(join(store, name)).catch(() => null);
      return { name, at: found?.mtimeMs ?? 0 };
    }),
  );
  for (const { name } of all.toSorted((left, right) => right.at - left.at).slice(maxEntries)) {
    await fs.rm(join(store, name), { force: true });
  }
}

/** Null where not everything that stack code can see is known. */
async function keyOf(folder: string, options: CachedSynthOptions): Promise<string | null> {
  const hash = createHash('sha256');
  const packages = await packagesFor(folder, options.nodeModules);
  const { version, context = {} } = options;
  hash.update(JSON.stringify([version, process.version, process.platform, folder, packages, context]));
  hash.update(await fs.readFile(options.guard));
  const isKnown = (await addPackages(hash, packages)) && (await addSources(hash, folder));
  return isKnown ? hash.digest('hex') : null;
}

/** npm writes down what it installed; a linked package may have changed since. */
async function addPackages(hash: Hash, packages: string): Promise<boolean> {
  const installed = await fs.readFile(join(packages, '.package-lock.json')).catch(() => null);
  if (installed === null) {
    return false;
  }
  hash.update(installed);
  const entries = await fs.readdir(packages, { withFileTypes: true });
  const scopes = entries.filter(({ name }) => name.startsWith('@'));
  const scoped = await Promise.all(
    scopes.map(({ name }) => fs.readdir(join(packages, name), { withFileTypes: true })),
  );
  return ![...entries, ...scoped.flat()].some((entry) => entry.isSymbolicLink());
}

/** The checkout as stack code has it (synth.ts): without hidden files at its top, and without the packages. */
async function addSources(hash: Hash, folder: string): Promise<boolean> {
  const left = { files: mostFiles, bytes: mostBytes };
  const names = (await fs.readdir(folder)).filter((name) => !name.startsWith('.') && name !== 'node_modules');
  for (const name of names.toSorted()) {
    if (!(await addPath(hash, join(folder, name), left))) {
      return false;
    }
  }
  return true;
}

async function addPath(hash: Hash, path: string, left: { files: number; bytes: number }): Promise<boolean> {
  const found = await fs.lstat(path);
  left.files -= 1;
  left.bytes -= found.size;
  if (left.files < 0 || left.bytes < 0) {
    return false;
  }
  if (found.isDirectory()) {
    hash.update(`folder ${path}\0`);
    for (const name of (await fs.readdir(path)).toSorted()) {
      if (!(await addPath(hash, join(path, name), left))) {
        return false;
      }
    }
    return true;
  }
  if (!found.isFile()) {
    return false;
  }
  const bytes = await fs.readFile(path);
  hash.update(`file ${path}\0${String(found.mode)} ${String(bytes.length)}\0`).update(bytes);
  return true;
}
