import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFiles, ioError, isInside } from '../../../scripts/adapters/files/files.ts';
import { ExternalError, InputError } from '../../../scripts/contract/errors.ts';
import { rejection, snapshot, tempFolder, writeFiles } from './temp-folder.ts';

const adapter = new URL('../../../scripts/adapters/files/files.ts', import.meta.url).href;
const project = new URL('../../..', import.meta.url).pathname;

function partsOf(error: unknown): ExternalError['parts'] {
  expect(error instanceof ExternalError || error instanceof InputError).toBe(true);
  return (error as ExternalError).parts;
}

describe('readText', () => {
  it('reads relative to the root, and what is named by an absolute path', async () => {
    const [root, elsewhere] = [await tempFolder(), await tempFolder()];
    await writeFiles(root, { 'a/b.txt': 'inside ü' });
    await writeFiles(elsewhere, { 'c.txt': 'outside' });
    const files = createFiles({ root });
    expect(await files.readText('a/b.txt')).toBe('inside ü');
    expect(await files.readText(join(elsewhere, 'c.txt'))).toBe('outside');
  });

  it('refuses a relative path that leaves the root', async () => {
    const error = await rejection(createFiles({ root: await tempFolder() }).readText('../../etc/passwd'));
    expect(error).toBeInstanceOf(InputError);
    expect(partsOf(error).what).toContain('../../etc/passwd is outside');
  });

  it('refuses a link inside the root that leads out of it', async () => {
    const root = await tempFolder();
    await fs.symlink('/etc/hostname', join(root, 'link'));
    const files = createFiles({ root });
    expect(partsOf(await rejection(files.readText('link'))).what).toContain('link is outside');
    expect(partsOf(await rejection(files.readText(join(root, 'link')))).what).toContain('is outside');
  });

  it('refuses a file over the limit without reading it', async () => {
    const root = await tempFolder();
    await fs.truncate(await touch(root, 'huge'), 50 * 1024 * 1024 * 1024);
    const error = partsOf(await rejection(createFiles({ root }).readText('huge', 1000)));
    expect(error.what).toBe('huge is too large: 53687091200 bytes'.replace('huge', join(root, 'huge')));
    expect(error.why).toContain('at most 1000 bytes');
  });

  it('refuses what is not a regular file, without waiting for it', async () => {
    const root = await tempFolder();
    execFileSync('mkfifo', [join(root, 'pipe')]);
    await fs.mkdir(join(root, 'folder'));
    const files = createFiles({ root });
    expect(partsOf(await rejection(files.readText('pipe'))).what).toContain('not a regular file');
    expect(partsOf(await rejection(files.readText('folder'))).what).toContain('not a regular file');
    expect(partsOf(await rejection(createFiles({ root }).readText('/dev/zero'))).what).toContain(
      'not a regular file',
    );
  });

  it('refuses text that is not UTF-8 instead of changing it', async () => {
    const root = await tempFolder();
    await fs.writeFile(join(root, 'latin1'), Buffer.from([0x66, 0xfc]));
    expect(partsOf(await rejection(createFiles({ root }).readText('latin1'))).what).toContain('not UTF-8');
  });

  it('says that a file is missing', async () => {
    const error = partsOf(await rejection(createFiles({ root: await tempFolder() }).readText('none')));
    expect(error).toMatchObject({
      what: 'none cannot be read',
      why: 'it does not exist',
      fix: 'check the path',
    });
  });
});

describe('writeText', () => {
  it('creates parent folders and replaces a file whole, leaving nothing beside it', async () => {
    const root = await tempFolder();
    const files = createFiles({ root });
    await files.writeText('deep/er/file.json', 'one');
    await files.writeText('deep/er/file.json', 'two');
    expect(await snapshot(root)).toEqual({ [join(root, 'deep/er/file.json')]: 'two' });
  });

  it('replaces a link, not what it points to', async () => {
    const root = await tempFolder();
    await writeFiles(root, { target: 'kept' });
    await fs.symlink('target', join(root, 'link'));
    await createFiles({ root }).writeText('link', 'new');
    expect(await fs.readFile(join(root, 'target'), 'utf8')).toBe('kept');
    expect(await fs.readFile(join(root, 'link'), 'utf8')).toBe('new');
  });

  it('refuses a path outside, also through a linked folder, and writes nothing', async () => {
    const [root, elsewhere] = [await tempFolder(), await tempFolder()];
    await fs.symlink(elsewhere, join(root, 'linked'));
    const files = createFiles({ root });
    const paths = ['../escaped', join(elsewhere, 'x'), 'linked/x', 'linked/new/x'];
    for (const path of paths) {
      expect(await rejection(files.writeText(path, 'x'))).toBeInstanceOf(InputError);
    }
    expect(await fs.readdir(elsewhere)).toEqual([]);
  });

  it('writes to a folder that it was told about', async () => {
    const elsewhere = await tempFolder();
    const files = createFiles({ root: await tempFolder(), writable: [elsewhere] });
    await files.writeText(join(elsewhere, 'report.html'), 'x');
    expect(await files.readText(join(elsewhere, 'report.html'))).toBe('x');
  });

  it('says so when a part of the path is a file, and changes nothing', async () => {
    const root = await tempFolder();
    await writeFiles(root, { file: 'kept' });
    const before = await snapshot(root);
    const error = partsOf(await rejection(createFiles({ root }).writeText('file/below', 'x')));
    expect(error).toMatchObject({
      what: 'file/below cannot be written',
      why: 'a part of the path is a file, not a folder',
    });
    expect(await snapshot(root)).toEqual(before);
  });

  it('leaves the old file and nothing beside it when the file cannot be written to the end', async () => {
    const root = await tempFolder();
    await writeFiles(root, { 'state.json': 'old' });
    const script = `import { createFiles } from ${JSON.stringify(adapter)};
      const files = createFiles({ root: ${JSON.stringify(root)} });
      for (const path of ['state.json', 'new/folder/state.json']) {
        await files.writeText(path, 'x'.repeat(100_000)).catch((error) => console.log(JSON.stringify({ name: error.name, exit: error.exit, ...error.parts, cause: undefined })));
      }`;
    // One block: what a full disk does, for a process without a disk of its own.
    const run = spawnSync(
      'sh',
      [
        '-c',
        'ulimit -f 1; exec "$0" "$@"',
        process.execPath,
        '--import',
        'tsx',
        '--input-type=module',
        '-e',
        script,
      ],
      {
        cwd: project,
        env: { ...process.env, TSX_DISABLE_CACHE: '1' },
        encoding: 'utf8',
      },
    );
    const [first, second] = run.stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(first).toEqual({
      name: 'ExternalError',
      exit: 'externalTool',
      what: 'state.json cannot be written',
      why: 'the file would be larger than the limit for this process allows',
      fix: 'raise the limit (`ulimit -f`)',
    });
    expect(second).toMatchObject({ what: 'new/folder/state.json cannot be written' });
    expect(await snapshot(root)).toEqual({ [join(root, 'state.json')]: 'old' });
    expect(await fs.readdir(root)).toEqual(['state.json']);
  });

  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'the disk quota is used up'],
    ['EACCES', 'permission is denied'],
    ['EROFS', 'the file system is mounted read-only'],
    ['EIO', 'the operating system reports EIO'],
  ])('explains %s', (code, why) => {
    const error = ioError('written', 'a/b', Object.assign(new Error('no'), { code }));
    expect(error.exit).toBe('externalTool');
    expect(error.parts).toMatchObject({ what: 'a/b cannot be written', why });
    expect(error.parts.fix).not.toBe('');
  });
});

describe('list', () => {
  it('lists regular files below a folder, sorted by code unit, without following links', async () => {
    const root = await tempFolder();
    await writeFiles(root, { 'x/b': '', 'x/B': '', 'x/a/c': '', 'x/ä': '', y: '' });
    await fs.symlink('/etc', join(root, 'x/etc'));
    await fs.symlink('../y', join(root, 'x/y'));
    expect(await createFiles({ root }).list('x')).toEqual(['B', 'a/c', 'b', 'ä']);
  });

  it('says that a folder is missing', async () => {
    expect(partsOf(await rejection(createFiles({ root: await tempFolder() }).list('none'))).what).toBe(
      'none cannot be listed',
    );
  });
});

describe('exists, makeTempDir and remove', () => {
  it('tells whether something is there', async () => {
    const root = await tempFolder();
    await writeFiles(root, { file: '' });
    const files = createFiles({ root });
    expect([
      await files.exists('file'),
      await files.exists('none'),
      await files.exists('file/below'),
    ]).toEqual([true, false, false]);
  });

  it('makes temporary folders that may be written and removed', async () => {
    const files = createFiles({ root: await tempFolder(), tempFolder: await tempFolder() });
    const folder = await files.makeTempDir('plan/../x');
    await files.writeText(join(folder, 'a'), 'x');
    await files.remove(folder);
    expect(await files.exists(folder)).toBe(false);
  });

  it('removes a link and leaves what it points to', async () => {
    const [root, elsewhere] = [await tempFolder(), await tempFolder()];
    await writeFiles(elsewhere, { kept: '' });
    await fs.symlink(elsewhere, join(root, 'link'));
    await createFiles({ root }).remove('link');
    expect([await fs.readdir(root), await fs.readdir(elsewhere)]).toEqual([[], ['kept']]);
  });

  it('never removes its root, a folder above it, or anything outside', async () => {
    const root = await tempFolder();
    await writeFiles(root, { kept: '' });
    const files = createFiles({ root });
    for (const path of ['.', '..', root, '/', '/etc/hostname']) {
      expect(await rejection(files.remove(path))).toBeInstanceOf(InputError);
    }
    expect(await fs.readdir(root)).toEqual(['kept']);
  });
});

describe('isInside', () => {
  it.each([
    ['/a', '/a', true],
    ['/a', '/a/b', true],
    ['/a', '/a/..b', true],
    ['/a', '/ab', false],
    ['/a', '/', false],
    ['/a', '/a/../b', false],
  ])('%s holds %s: %s', (folder, path, expected) => {
    expect(isInside(folder, path)).toBe(expected);
  });
});

async function touch(folder: string, name: string): Promise<string> {
  await fs.writeFile(join(folder, name), '');
  return join(folder, name);
}
