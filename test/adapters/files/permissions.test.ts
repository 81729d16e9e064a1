/** What Node is told that a program may read: all that was named but the links in it, with as few words as possible. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { permissionArguments } from '../../../scripts/adapters/files/permissions.ts';
import { ExternalError } from '../../../scripts/contract/errors.ts';
import { rejection, tempFolder, writeFiles } from './temp-folder.ts';

let folder: string;
const at = (path: string): string => join(folder, path);

async function reads(...paths: readonly string[]): Promise<readonly string[]> {
  const args = await permissionArguments({ readable: paths.map(at), writable: [] });
  return args
    .filter((arg) => arg.startsWith('--allow-fs-read='))
    .map((arg) => arg.slice(`--allow-fs-read=${folder}/`.length))
    .toSorted();
}

beforeEach(async () => {
  folder = await tempFolder();
  await writeFiles(folder, { 'a/b/c': 'c', 'a/d': 'd', 'e/f': 'f', kept: 'kept', 'e,/x': 'x' });
});

describe('what a program may read', () => {
  it('is a folder as a whole where no link lies in it', async () => {
    expect(await reads('a', 'kept', 'none')).toEqual(['a', 'kept']);
  });

  it('is what lies beside a link, at any depth, and never the link', async () => {
    await fs.symlink(at('kept'), at('a/b/link'));
    await fs.symlink('/', at('lead'));
    expect(await reads('a', 'e', 'lead')).toEqual(['a/b/c', 'a/d', 'e']);
  });

  it('is not what Node would read as another path', async () => {
    await writeFiles(folder, { 'a/x,/etc': 'x', 'a/*': 'x' });
    expect(await reads('a')).toEqual(['a/b', 'a/d']);
    expect(await rejection(reads('e,'))).toBeInstanceOf(ExternalError);
  });

  it('holds in Node', async () => {
    await fs.symlink(at('kept'), at('a/link'));
    await writeFiles(folder, {
      'program.mjs': `import { readFileSync } from 'node:fs';
        const can = (path) => { try { readFileSync(path); return true; } catch { return false; } };
        console.log(JSON.stringify(['a/b/c', 'a/link', 'e/f', 'kept', 'a/b/../../kept'].map(can)));`,
    });
    const args = await permissionArguments({ readable: [at('a'), at('program.mjs')], writable: [] });
    const { stdout } = spawnSync(process.execPath, [...args, at('program.mjs')], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout.trim()).toBe('[true,false,false,false,false]');
  });
});
