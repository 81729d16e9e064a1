/**
 * Node's permission model (https://nodejs.org/docs/latest-v20.x/api/permissions.html) for a program in JavaScript: it reads
 * and writes what is named, starts no process and no thread, and loads no native code. It follows links wherever they
 * lead, so none is among what is named. It does not close the network before Node 25.
 */
import * as fs from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { ExternalError } from '../../contract/errors.ts';

export interface Permissions {
  /** Files and folders, wholly but for the links in them; null: everything, for a program in a cell. */
  readonly readable: readonly string[] | null;
  readonly writable: readonly string[];
}

/** More arguments than this do not fit on a command line for certain. */
const mostPaths = 5_000;

/** Arguments of Node. */
export async function permissionArguments({ readable, writable }: Permissions): Promise<readonly string[]> {
  const isStable = process.allowedNodeEnvironmentFlags.has('--permission');
  const read = readable === null ? ['*'] : await withoutLinks(readable);
  return [
    isStable ? '--permission' : '--experimental-permission',
    ...read.map((path) => `--allow-fs-read=${path}`),
    ...writable.map((path) => `--allow-fs-write=${path}`),
  ];
}

async function withoutLinks(paths: readonly string[]): Promise<readonly string[]> {
  const parted = await Promise.all(paths.map(parts));
  const all = parted.flatMap(({ whole, path, plain }) => (whole ? [path] : plain));
  const odd = paths.find((path) => !isNameable(path));
  if (odd !== undefined || all.length > mostPaths) {
    throw new ExternalError({
      what: `stack code cannot be confined to ${odd ?? `${all.length} paths`} here`,
      why:
        odd === undefined
          ? 'so many paths lie beside links, and Node follows links wherever they lead'
          : 'Node reads a comma and an asterisk in a path as something else',
      fix: 'use a machine that makes namespaces, or a folder of another name with packages installed by npm',
      next: 'unshare --user true',
    });
  }
  return all;
}

/** Node takes a comma for the end of a path and an asterisk for anything. */
function isNameable(path: string): boolean {
  return !/[,*]/.test(path);
}

interface PathPart {
  readonly path: string;
  /** Neither it nor anything in it is a link or cannot be named. */
  readonly whole: boolean;
  /** What in it is whole, as few paths as possible. */
  readonly plain: readonly string[];
}

async function parts(path: string): Promise<PathPart> {
  const found = await fs.lstat(path).catch(() => null);
  return found?.isDirectory() === true
    ? partsOf(path)
    : { path, whole: found?.isFile() === true && isNameable(path), plain: [] };
}

async function partsOf(folder: string): Promise<PathPart> {
  const entries: readonly Dirent[] = await fs.readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry): Promise<PathPart> => {
      const path = join(folder, entry.name);
      return entry.isDirectory() && isNameable(path)
        ? partsOf(path)
        : { path, whole: entry.isFile() && isNameable(path), plain: [] };
    }),
  );
  const whole = found.every((one) => one.whole);
  return {
    path: folder,
    whole,
    plain: whole ? [] : found.flatMap((one) => (one.whole ? [one.path] : one.plain)),
  };
}
