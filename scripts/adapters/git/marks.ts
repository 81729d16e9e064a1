/**
 * What git keeps on disk for references and heads (gitrepository-layout(5)), as one text: as long as that is the same, an
 * answer about them is. git writes each by putting a new file in the place of the old one.
 */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';

/** Of the references of a repository; `folder` is its git folder. */
export async function referencesMark(folder: string): Promise<string> {
  const listed = await fs.readdir(join(folder, 'refs'), { recursive: true });
  return markOf(folder, ['packed-refs', 'reftable/tables.list', ...listed.map((path) => `refs/${path}`)]);
}

/** Of what is checked out, in its working tree and in those that are linked to it. */
export async function headsMark(folder: string): Promise<string> {
  const linked = await fs.readdir(join(folder, 'worktrees')).catch(() => []);
  return markOf(folder, ['HEAD', ...linked.map((name) => `worktrees/${name}/HEAD`)]);
}

/** Whether the file of a reference names another one; not where there is no such file. */
export async function isSymbolic(folder: string, reference: string): Promise<boolean> {
  const text = await fs.readFile(join(folder, reference), 'utf8').catch(() => '');
  return text.startsWith('ref:');
}

async function markOf(folder: string, paths: readonly string[]): Promise<string> {
  const marks = paths.map(async (path) => {
    const found = await fs.lstat(join(folder, path), { bigint: true }).catch(() => null);
    return found === null ? path : [path, found.ino, found.mtimeNs, found.size].join(' ');
  });
  return (await Promise.all(marks)).join('\n');
}

/**
 * The answer of `find` for as long as the mark is the same; asked each time where there is no mark. The mark is taken
 * first: what is written while git reads is asked for again.
 */
export function remembered<T>(mark: () => Promise<string | null>, find: () => Promise<T>): () => Promise<T> {
  const last: { mark: string; found?: Promise<T> } = { mark: '' };
  return async () => {
    const now = await mark();
    if (now === null) {
      return find();
    }
    if (last.found === undefined || last.mark !== now) {
      last.found = find();
      last.mark = now;
      last.found.catch(() => delete last.found);
    }
    return last.found;
  };
}
