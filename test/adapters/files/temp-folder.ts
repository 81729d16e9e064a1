/** Temporary folders for tests; each is removed after the test that made it. */
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export async function tempFolder(): Promise<string> {
  const folder = await fs.mkdtemp(join(await fs.realpath(tmpdir()), 'sluice-test-'));
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files below `folder`, by relative path. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await fs.mkdir(dirname(join(folder, path)), { recursive: true });
    await fs.writeFile(join(folder, path), text);
  }
}

/** Puts an executable script called `name` into a new folder, for the front of a PATH. */
export async function binFolder(name: string, script: string): Promise<string> {
  const folder = await tempFolder();
  await fs.writeFile(join(folder, name), script, { mode: 0o755 });
  return folder;
}

/** Every path below `folder` with its content: two equal snapshots mean that nothing was changed. */
export async function snapshot(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => fs.readFile(file, 'utf8')));
  return Object.fromEntries(files.map((file, index) => [file, texts[index] ?? '']));
}

/** The error that `work` rejects with; fails the test when it does not. */
export async function rejection(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => {
      throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
    },
    (cause: unknown) => cause,
  );
}
