import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../scripts/adapters/clock.ts';
import { createGit } from '../../scripts/adapters/git.ts';
import { InputError, StaleError } from '../../scripts/errors.ts';
import type { Git } from '../../scripts/ports.ts';

const git = (at: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-C', at, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
const file = (path: string) => [{ path, text: `${path}\n` }];

describe('a ledger that is shared through origin', () => {
  let folder: string;
  const open = (name: string): Git =>
    createGit({
      folder: join(folder, name),
      clock: createClock(),
      ident: { name: 'ci', email: 'ci@sluice.example' },
      environment: process.env,
    });

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-publish-')));
    execFileSync('git', ['init', '--quiet', '--bare', join(folder, 'origin.git')]);
    for (const name of ['one', 'two']) {
      execFileSync('git', ['init', '--quiet', '--initial-branch', 'main', join(folder, name)]);
      git(join(folder, name), 'remote', 'add', 'origin', join(folder, 'origin.git'));
    }
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has a new entry on origin and in the clone', async () => {
    const commit = await open('one').publishCommit(
      'releases',
      null,
      { message: 'begins', tag: null },
      file('a'),
    );
    expect([
      git(join(folder, 'origin.git'), 'rev-parse', 'releases'),
      git(join(folder, 'one'), 'rev-parse', 'releases'),
    ]).toEqual([commit, commit]);
  });

  it('lets the second of two writers know that it is late, and writes nothing for it', async () => {
    const first = await open('one').publishCommit(
      'releases',
      null,
      { message: 'first', tag: null },
      file('a'),
    );
    await expect(
      open('two').publishCommit('releases', null, { message: 'second', tag: null }, file('b')),
    ).rejects.toThrow(StaleError);
    expect(git(join(folder, 'origin.git'), 'rev-parse', 'releases')).toBe(first);
    expect(await open('two').tip('releases')).toBeNull();
  });

  it('goes on after fetching what the other one wrote', async () => {
    const first = await open('one').publishCommit(
      'releases',
      null,
      { message: 'first', tag: null },
      file('a'),
    );
    await open('two').fetchBranch('releases', null);
    const second = await open('two').publishCommit(
      'releases',
      first,
      { message: 'second', tag: null },
      file('b'),
    );
    await open('one').fetchBranch('releases', null);
    expect(await open('one').tip('releases')).toBe(second);
    expect((await open('one').pathsAt(second, '')).toSorted()).toEqual(['a', 'b']);
  });

  it('refuses a history that was rewritten on origin', async () => {
    await open('one').publishCommit('releases', null, { message: 'first', tag: null }, file('a'));
    git(join(folder, 'origin.git'), 'branch', '--delete', '--force', 'releases');
    await open('two').publishCommit('releases', null, { message: 'another beginning', tag: null }, file('b'));
    await expect(open('one').fetchBranch('releases', null)).rejects.toThrow(
      'git could not fetch releases on origin.',
    );
  });

  it('changes nothing when origin cannot be reached', async () => {
    git(join(folder, 'one'), 'remote', 'set-url', 'origin', join(folder, 'gone.git'));
    await expect(
      open('one').publishCommit('releases', null, { message: 'first', tag: null }, file('a')),
    ).rejects.toThrow('on origin');
    expect(await open('one').tip('releases')).toBeNull();
  });

  it('needs an origin', async () => {
    git(join(folder, 'one'), 'remote', 'remove', 'origin');
    await expect(
      open('one').publishCommit('releases', null, { message: 'first', tag: null }, file('a')),
    ).rejects.toThrow(InputError);
  });
});
