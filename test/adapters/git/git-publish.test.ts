import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../scripts/adapters/clock.ts';
import { createGit } from '../../../scripts/adapters/git/git.ts';
import { DeniedError, InputError, StaleError } from '../../../scripts/contract/errors.ts';
import type { Git } from '../../../scripts/contract/ports.ts';
import { rejection } from '../files/temp-folder.ts';

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

  it('is told that a rule refuses it, not that the network may be down', async () => {
    const hook = join(folder, 'origin.git/hooks/pre-receive');
    const said = 'error: GH013: Repository rule violations found for refs/heads/releases.';
    writeFileSync(hook, `#!/bin/sh\necho "${said}" >&2\nexit 1\n`);
    chmodSync(hook, 0o755);
    const refused = open('one').publishCommit('releases', null, { message: 'begins', tag: null }, file('a'));
    const error = await rejection(refused);
    expect(error).toBeInstanceOf(DeniedError);
    expect((error as DeniedError).parts).toMatchObject({
      what: 'A rule of the repository refuses the push of releases; nothing was written.',
      why: expect.stringContaining(said) as string,
      next: 'sluice guard check',
    });
    expect(await open('one').tip('releases')).toBeNull();
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

  describe('that somebody changes on origin', () => {
    const origin = (...args: readonly string[]): string => git(join(folder, 'origin.git'), ...args);
    const fetch = (name = 'one') => open(name).fetchBranch('releases', 'ledger/');
    let first: string;
    let second: string;

    beforeEach(async () => {
      const one = open('one');
      first = await one.publishCommit('releases', null, { message: '1', tag: 'ledger/R1' }, file('a'));
      second = await one.publishCommit('releases', first, { message: '2', tag: 'ledger/R2' }, file('b'));
    });

    it.each<[string, () => unknown, RegExp]>([
      [
        'cut back',
        () => origin('update-ref', 'refs/heads/releases', first),
        /Origin has it at [0-9a-f]{12}, which does not continue [0-9a-f]{12}, where this clone has it/,
      ],
      [
        'deleted',
        () => origin('update-ref', '-d', 'refs/heads/releases'),
        /Origin has no branch releases any more; this clone has it at [0-9a-f]{12}/,
      ],
      [
        'begun again with the same tree',
        () => {
          const ident = ['-c', 'user.name=x', '-c', 'user.email=x@sluice.example'];
          const root = origin(...ident, 'commit-tree', `${second}^{tree}`, '-m', 'Ledger');
          origin('update-ref', 'refs/heads/releases', root);
        },
        /Origin has it at [0-9a-f]{12}, which does not continue/,
      ],
      [
        'marked otherwise',
        () => origin('update-ref', 'refs/tags/ledger/R1', second),
        /ledger\/R1 marks [0-9a-f]{12} in this clone, and [0-9a-f]{12} on origin/,
      ],
      [
        'marked no longer',
        () => origin('update-ref', '-d', 'refs/tags/ledger/R2'),
        /ledger\/R2 marks [0-9a-f]{12} in this clone, and is not on origin/,
      ],
    ])('is refused when it was %s, and stays as it is here', async (_, attack, why) => {
      attack();
      const error = await rejection(fetch());
      expect(error).toBeInstanceOf(InputError);
      const { what, why: said, next } = (error as InputError).parts;
      expect([what, next]).toEqual([
        'The branch releases on origin, or a tag that marks it, was rewritten, cut off or deleted.',
        'sluice ledger verify',
      ]);
      expect(said).toMatch(why);
      expect(await open('one').tip('releases')).toBe(second);
    });

    it('is fetched as it is where it only grew', async () => {
      await fetch('two');
      expect(await open('two').tip('releases')).toBe(second);
      const third = await open('two').publishCommit(
        'releases',
        second,
        { message: '3', tag: 'ledger/R3' },
        file('c'),
      );
      await fetch();
      expect(await open('one').tip('releases')).toBe(third);
      expect(git(join(folder, 'one'), 'rev-parse', 'ledger/R3')).toBe(third);
    });

    it('is not mistaken for a branch whose name ends like it', async () => {
      origin('update-ref', 'refs/heads/a/refs/heads/releases', first);
      await fetch();
      origin('update-ref', '-d', 'refs/heads/releases');
      await expect(fetch()).rejects.toThrow('was rewritten, cut off or deleted');
    });
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
