/** What stack code left is read as plain files of limited size, whatever it made of their names. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readUnlinked } from '../../../scripts/adapters/files/read-unlinked.ts';
import { readSynthOutput } from '../../../scripts/adapters/synth/output.ts';
import { rejection, tempFolder, writeFiles } from '../files/temp-folder.ts';

const manifest = JSON.stringify({ version: '1', stacks: { acme: { name: 'acme' } } });
const configuration = '{"output":{"x":{"value":"y"}}}';
let folder: string;
let outside: string;

beforeEach(async () => {
  [folder, outside] = [await tempFolder(), await tempFolder()];
  await writeFiles(folder, { 'manifest.json': manifest, 'stacks/acme/cdk.tf.json': configuration });
  await writeFiles(outside, { 'manifest.json': manifest, 'acme/cdk.tf.json': configuration });
});

/** Puts a link in the place of something. */
async function link(path: string, target: string): Promise<void> {
  await fs.rm(join(folder, path), { recursive: true });
  await fs.symlink(join(outside, target), join(folder, path));
}

describe('the output of stack code', () => {
  it('is read where it is plain', async () => {
    expect([...(await readSynthOutput(folder)).stacks.keys()]).toEqual(['acme']);
  });

  it.each([
    ['manifest.json', 'manifest.json', 'stack code wrote no manifest.json'],
    ['stacks', '', 'stack code wrote no configuration of the stack acme'],
    ['stacks/acme', 'acme', 'stack code wrote no configuration of the stack acme'],
    ['stacks/acme/cdk.tf.json', 'acme/cdk.tf.json', 'stack code wrote no configuration of the stack acme'],
  ])('is refused when %s is a link', async (path, target, what) => {
    await link(path, target);
    expect((await rejection(readSynthOutput(folder))) as Error).toMatchObject({ message: what });
  });

  it('is refused when it is larger than what is read, before it is read', async () => {
    await fs.truncate(join(folder, 'stacks/acme/cdk.tf.json'), 300 * 1024 * 1024);
    expect(((await rejection(readSynthOutput(folder))) as Error).message).toMatch(
      /^configuration of the stack acme is too large: \d+ bytes$/,
    );
  });
});

describe('a file of another program', () => {
  it('is its text when it is plain and small enough, and nothing otherwise', async () => {
    const at = (name: string): string => join(folder, name);
    await writeFiles(folder, { plain: 'text', large: 'x'.repeat(11) });
    await fs.symlink(at('plain'), at('link'));
    execFileSync('mkfifo', [at('pipe')]);
    const read = await Promise.all(
      ['plain', 'large', 'link', 'pipe', 'stacks', 'none'].map((name) => readUnlinked(at(name), 10)),
    );
    expect(read).toEqual(['text', null, null, null, null, null]);
  });
});
