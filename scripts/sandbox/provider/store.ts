/**
 * What exists in the local Cloudflare: one JSON file per object at `objects/<type>/<parent>/<key>.json`, where the
 * parent is the zone or the account. Every write replaces a whole file, so any number of stacks and processes can
 * share a store and a crash leaves each object old or new. A removed object with an id of its own leaves a `.gone`
 * file: its id is never given again, and its children cannot be created.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../contract/errors.ts';
import type { Json, JsonObject } from '../../plan/types.ts';
import { createExclusively, errorCode, namesIn, writeAtomically } from './disk.ts';

export interface StoredObject {
  readonly type: string;
  /** Identity within the type and parent; equals the attribute `id` where the type has one. */
  readonly id: string;
  /** Zone id, account id, or `global`. */
  readonly parent: string;
  /** Counts the writes, from 1. */
  readonly revision: number;
  readonly attributes: JsonObject;
}

interface CachedStore {
  readonly stamp: string;
  readonly object: StoredObject;
}

const gone = '.gone';
const suffix = '.json';

export class Store {
  /** Of the sandbox. */
  readonly folder: string;
  private readonly objects: string;
  private readonly cache = new Map<string, CachedStore>();

  /** @throws InputError when something other than a folder is where the store should be. */
  constructor(folder: string) {
    this.folder = folder;
    this.objects = join(folder, 'objects');
    if (statSync(this.objects, { throwIfNoEntry: false })?.isDirectory() === false) {
      throw corrupt(this.objects, 'it is not a folder');
    }
  }

  /** @throws InputError naming the file when it is corrupt. */
  get(type: string, parent: string, id: string): StoredObject | null {
    return this.read(this.file(type, parent, id));
  }

  /** Objects of a type, of one parent or of all, sorted by file name. */
  list(type: string, parent?: string): readonly StoredObject[] {
    const folder = join(this.objects, type);
    const parents = parent === undefined ? namesIn(folder) : [fileName(parent)];
    return parents.flatMap((name) => this.readFolder(join(folder, name)));
  }

  types(): readonly string[] {
    return namesIn(this.objects);
  }

  all(): readonly StoredObject[] {
    return this.types().flatMap((type) => this.list(type));
  }

  /** Stores a new object. @returns false when one with this identity exists or ever existed. */
  create(object: Omit<StoredObject, 'revision'>): boolean {
    const file = this.file(object.type, object.parent, object.id);
    return (
      !existsSync(withoutSuffix(file) + gone) && createExclusively(file, textOf({ ...object, revision: 1 }))
    );
  }

  /** Stores an object whether or not it was there. */
  put(object: Omit<StoredObject, 'revision'>): StoredObject {
    const file = this.file(object.type, object.parent, object.id);
    const written = { ...object, revision: (this.read(file)?.revision ?? 0) + 1 };
    writeAtomically(file, textOf(written));
    return written;
  }

  /** Removes an object. With `forever` its identity is not given out again. */
  remove(object: Pick<StoredObject, 'type' | 'parent' | 'id'>, forever: boolean): void {
    const file = this.file(object.type, object.parent, object.id);
    if (forever) {
      writeAtomically(withoutSuffix(file) + gone, '');
    }
    rmSync(file, { force: true });
    this.cache.delete(file);
  }

  /** True when an object with this identity was removed. */
  wasRemoved(type: string, parent: string, id: string): boolean {
    return existsSync(withoutSuffix(this.file(type, parent, id)) + gone);
  }

  /** True when an object of the type with this id was removed, under any parent. */
  wasRemovedAnywhere(type: string, id: string): boolean {
    return namesIn(join(this.objects, type)).some((parent) =>
      existsSync(join(this.objects, type, parent, fileName(id) + gone)),
    );
  }

  private file(type: string, parent: string, id: string): string {
    return join(this.objects, type, fileName(parent), fileName(id) + suffix);
  }

  private readFolder(folder: string): readonly StoredObject[] {
    return namesIn(folder)
      .filter((name) => name.endsWith(suffix))
      .flatMap((name) => this.read(join(folder, name)) ?? []);
  }

  /** The inode changes with every write (files are replaced), so a stale entry cannot pass for a fresh one. */
  private read(file: string): StoredObject | null {
    const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) {
      this.cache.delete(file);
      return null;
    }
    const stamp = `${stats.ino}-${stats.mtimeNs}-${stats.size}`;
    const cached = this.cache.get(file);
    if (cached?.stamp === stamp) {
      return cached.object;
    }
    const object = parseObject(file);
    if (object !== null) {
      this.cache.set(file, { stamp, object });
    }
    return object;
  }
}

/** Every object in the sandbox's store below `folder`. @throws InputError naming a corrupt file. */
export function readStore(folder: string): readonly StoredObject[] {
  return new Store(folder).all();
}

function textOf(object: StoredObject): string {
  return `${JSON.stringify(object, null, 1)}\n`;
}

function parseObject(file: string): StoredObject | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return null;
    }
    throw error;
  }
  const parsed = parseJson(text, file);
  if (!isStoredObject(parsed)) {
    throw corrupt(file, 'it does not hold a stored object (type, id, parent, revision, attributes)');
  }
  return parsed;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw corrupt(file, error instanceof Error ? error.message : String(error), error);
  }
}

function isStoredObject(value: unknown): value is StoredObject {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const { type, id, parent, revision, attributes } = value as Partial<StoredObject>;
  return (
    typeof type === 'string' &&
    typeof id === 'string' &&
    typeof parent === 'string' &&
    typeof revision === 'number' &&
    typeof attributes === 'object'
  );
}

function corrupt(file: string, why: string, cause?: unknown): InputError {
  return new InputError({
    what: `The sandbox's store is corrupt: ${file}`,
    why,
    fix: 'Restore the file, or remove it: Terraform then plans to create the object again.',
    next: `rm ${file}`,
    cause,
  });
}

function withoutSuffix(file: string): string {
  return file.slice(0, -suffix.length);
}

/** Keys may be host names, paths or anything a person types; a file name holds them all, without escaping the folder. */
function fileName(key: string): string {
  const encoded = encodeURIComponent(key).replace(/^\./, '%2E').replaceAll('*', '%2A');
  return encoded.length <= 120 && encoded !== ''
    ? encoded
    : `${encoded.slice(0, 60)}-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}
