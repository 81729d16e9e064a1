import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGit } from '../../../scripts/adapters/git/git.ts';
import { ExternalError, InputError, StaleError } from '../../../scripts/contract/errors.ts';
import type { Git } from '../../../scripts/contract/ports.ts';
import { fixedClock } from '../../fakes/clock.ts';
import { rejection, snapshot, tempFolder, writeFiles } from '../files/temp-folder.ts';

const ident = { name: 'Ruth Okafor', email: 'r.okafor@sluice.example' };

function git(folder: string, ...args: readonly string[]): string {
  const settings = [
    '-c',
    'user.name=Test',
    '-c',
    'user.email=test@sluice.example',
    '-c',
    'init.defaultBranch=main',
  ];
  return execFileSync('git', [...settings, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function open(folder: string, environment: Readonly<Record<string, string | undefined>> = process.env): Git {
  return createGit({ folder, clock: fixedClock('2026-11-23T20:15:00.000Z'), ident, environment });
}

async function repository(
  files: Readonly<Record<string, string>> = { 'README.md': 'hello\n' },
): Promise<string> {
  const folder = await tempFolder();
  git(folder, 'init', '--quiet');
  await writeFiles(folder, files);
  commit(folder, 'first');
  return folder;
}

function commit(folder: string, message: string): string {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
  return git(folder, 'rev-parse', 'HEAD').trim();
}

const oddNames = {
  'a b/ü/x\ty': 'tab\n',
  'new\nline': 'n',
  '"quoted"': 'q',
  '--help': 'h',
  ':(glob)*': 'g',
  '*': 'star',
};

describe('a folder that is not a good repository', () => {
  it('refuses a folder outside any repository, with the next command', async () => {
    const folder = await tempFolder();
    const error = await rejection(open(folder).root());
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).parts).toMatchObject({
      what: `${folder} is not the working tree of a git repository`,
      next: `git -C ${folder} status`,
    });
  });

  it('refuses a repository without a commit', async () => {
    const folder = await tempFolder();
    git(folder, 'init', '--quiet');
    const error = await rejection(open(folder).headSha());
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).parts.what).toBe('the repository has no commit yet');
    expect(await open(folder).tip('releases')).toBeNull();
  });

  it('says that git is not installed', async () => {
    const folder = await repository();
    const error = await rejection(open(folder, { PATH: await tempFolder() }).headSha());
    expect(error).toBeInstanceOf(ExternalError);
    expect((error as ExternalError).parts.what).toBe('git is not installed');
  });

  it('says what is wrong with a damaged repository', async () => {
    const folder = await repository();
    const head = git(folder, 'rev-parse', 'HEAD').trim();
    await fs.rm(join(folder, '.git/objects', head.slice(0, 2), head.slice(2)));
    const error = await rejection(open(folder).filesAt('HEAD', ''));
    expect(error instanceof InputError || error instanceof ExternalError).toBe(true);
  });
});

describe('revisions', () => {
  it('resolves branches, tags, ids and their ancestors to a commit', async () => {
    const folder = await repository();
    const first = git(folder, 'rev-parse', 'HEAD').trim();
    const second = commit(folder, 'second');
    git(folder, 'tag', '--annotate', 'v1', '--message', 'v1', first);
    const repo = open(folder);
    expect(
      await Promise.all(
        ['main', 'HEAD~1', 'v1', second.slice(0, 10), 'main^'].map((ref) => repo.resolve(ref)),
      ),
    ).toEqual([second, first, first, second, first]);
    expect(await repo.headSha()).toBe(second);
  });

  it.each([
    '--help',
    '-n1',
    'a..b',
    'HEAD:README.md',
    ':/first',
    'a b',
    '',
    'x\ny',
    'a\0b',
    '$(id)',
    '--upload-pack=x',
  ])('refuses %j before git sees it', async (ref) => {
    const error = await rejection(open(await repository()).resolve(ref));
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toContain('is not a git revision');
  });

  it('names an unknown revision and how to get it', async () => {
    const error = await rejection(open(await repository()).resolve('no-such-branch'));
    expect((error as InputError).parts).toMatchObject({
      what: 'there is no commit called "no-such-branch" in this clone',
      next: 'git fetch --all && git branch --all',
    });
  });

  it('tells the branch, and null when detached', async () => {
    const folder = await repository();
    expect(await open(folder).branch()).toBe('main');
    git(folder, 'switch', '--quiet', '--detach');
    expect(await open(folder).branch()).toBeNull();
  });

  it('lists references with the commits they lead to', async () => {
    const folder = await repository();
    const head = git(folder, 'rev-parse', 'HEAD').trim();
    git(folder, 'tag', '--annotate', 'v1', '--message', 'v1');
    git(folder, 'tag', 'a-blob', git(folder, 'rev-parse', 'HEAD:README.md').trim());
    git(folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
    expect(await open(folder).refs()).toEqual([
      { ref: 'refs/heads/main', sha: head },
      { ref: 'refs/remotes/origin/main', sha: head },
      { ref: 'refs/tags/v1', sha: head },
    ]);
  });

  it('is not fooled by replacement objects', async () => {
    const folder = await repository({ f: 'true' });
    const first = git(folder, 'rev-parse', 'HEAD').trim();
    await writeFiles(folder, { f: 'false' });
    git(folder, 'replace', first, commit(folder, 'second'));
    expect(await open(folder).fileAt(first, 'f')).toBe('true');
  });
});

describe('a shallow clone', () => {
  it('is recognised, and a missing ancestor is explained by it', async () => {
    const origin = await repository();
    commit(origin, 'second');
    const folder = join(await tempFolder(), 'clone');
    git(origin, 'clone', '--quiet', '--depth', '1', `file://${origin}`, folder);
    const repo = open(folder);
    expect(await repo.isShallow()).toBe(true);
    expect(await open(origin).isShallow()).toBe(false);
    expect((await rejection(repo.resolve('HEAD~1'))) as InputError).toMatchObject({
      parts: { why: 'the clone is shallow, older commits were not fetched', next: 'git fetch --unshallow' },
    });
  });
});

describe('files', () => {
  it('reads every regular file at a revision, whatever its name', async () => {
    const folder = await repository({ ...oddNames, empty: '' });
    await fs.symlink('/etc/hostname', join(folder, 'link'));
    commit(folder, 'link');
    await writeFiles(folder, { 'a b/ü/x\ty': 'changed in the working tree' });
    const found = await open(folder).filesAt('HEAD', '');
    expect(Object.fromEntries(found.map((file) => [file.path, file.text]))).toEqual({
      ...oddNames,
      empty: '',
    });
    expect(await Promise.all(Object.keys(oddNames).map((path) => open(folder).fileAt('HEAD', path)))).toEqual(
      Object.values(oddNames),
    );
    expect(await open(folder).fileAt('HEAD', 'link')).toBeNull();
    expect(await open(folder).fileAt('HEAD', 'none')).toBeNull();
  });

  it('limits itself to a folder and does not take a prefix for one', async () => {
    const folder = await repository({
      'changes/a.yaml': 'a',
      'changes/acme/b.yaml': 'b',
      'changes-old/c.yaml': 'c',
      changesx: 'd',
    });
    const repo = open(folder);
    expect((await repo.filesAt('HEAD', 'changes')).map((file) => file.path)).toEqual([
      'changes/a.yaml',
      'changes/acme/b.yaml',
    ]);
    expect(await repo.pathsAt('HEAD', 'changes/')).toEqual(['changes/a.yaml', 'changes/acme/b.yaml']);
    expect(await repo.filesAt('HEAD', 'none')).toEqual([]);
    expect([await repo.filesAt('HEAD', 'changesx'), await repo.pathsAt('HEAD', 'changesx')]).toEqual([
      [],
      [],
    ]);
  });

  it('lists links by path, because nothing may hide in a tree', async () => {
    const folder = await repository({ a: '' });
    await fs.symlink('a', join(folder, 'link'));
    commit(folder, 'link');
    expect(await open(folder).pathsAt('HEAD', '')).toEqual(['a', 'link']);
  });

  it.each(['/etc/passwd', '../x', 'a/../b', '', 'a//b', '.git/config', 'a\0b'])(
    'refuses the path %j',
    async (path) => {
      expect(await rejection(open(await repository()).fileAt('HEAD', path))).toBeInstanceOf(InputError);
    },
  );

  it('reads from a subfolder of the working tree with paths from the root', async () => {
    const folder = await repository({ 'sub/file': 'x' });
    const repo = open(join(folder, 'sub'));
    expect(await repo.root()).toBe(folder);
    expect(await repo.fileAt('HEAD', 'sub/file')).toBe('x');
  });

  it('refuses bytes that are not text', async () => {
    const folder = await repository();
    await fs.writeFile(join(folder, 'bin'), Buffer.from([0xff, 0xfe, 0x00]));
    commit(folder, 'bin');
    expect((await rejection(open(folder).fileAt('HEAD', 'bin'))) as InputError).toMatchObject({
      message: 'bin is not UTF-8 text',
    });
  });
});

describe('changes', () => {
  it('names modified, staged, deleted and untracked paths, and no ignored ones', async () => {
    const folder = await repository({ a: '1', b: '1', c: '1', '.gitignore': 'ignored\n' });
    expect(await open(folder).dirtyPaths()).toEqual([]);
    await writeFiles(folder, { a: '2', 'new\nfile': '', 'folder/x': '', ignored: '' });
    await fs.rm(join(folder, 'b'));
    git(folder, 'mv', 'c', 'd');
    expect(await open(folder).dirtyPaths()).toEqual(['a', 'b', 'c', 'd', 'folder/x', 'new\nfile']);
  });

  it('compares with the merge base, working tree included', async () => {
    const folder = await repository({ a: '1', b: '1', '.gitignore': 'ignored\n' });
    git(folder, 'switch', '--quiet', '--create', 'topic');
    await writeFiles(folder, { a: '2' });
    const topic = commit(folder, 'topic');
    git(folder, 'switch', '--quiet', 'main');
    await writeFiles(folder, { b: 'main moved on' });
    commit(folder, 'main');
    git(folder, 'switch', '--quiet', 'topic');
    await writeFiles(folder, { 'ü new': '', ignored: '' });
    expect(await open(folder).changedSince('main')).toEqual(['a', 'ü new']);
    expect(await open(folder).changedBetween('main', topic)).toEqual(['a']);
  });

  it('refuses unrelated histories', async () => {
    const folder = await repository();
    git(folder, 'switch', '--quiet', '--orphan', 'other');
    commit(folder, 'other');
    expect((await rejection(open(folder).changedSince('main'))) as InputError).toMatchObject({
      message: 'main and HEAD have no common commit',
    });
  });

  it('tells the history of a branch, oldest first, with merges and odd names', async () => {
    const folder = await repository({ a: '1', ...oddNames });
    const first = git(folder, 'rev-parse', 'HEAD').trim();
    git(folder, 'switch', '--quiet', '--create', 'topic');
    await writeFiles(folder, { topic: '' });
    const topic = commit(folder, 'topic');
    git(folder, 'switch', '--quiet', 'main');
    const empty = commit(folder, 'empty');
    git(folder, 'merge', '--quiet', '--no-ff', '--message', 'merge', 'topic');
    const merge = git(folder, 'rev-parse', 'HEAD').trim();
    await writeFiles(folder, { a: '2' });
    await fs.rm(join(folder, '*'));
    const last = commit(folder, 'last');
    const history = await open(folder).history('main');
    const added = ['a', ...Object.keys(oddNames)].map((path) => ({ status: 'A', path }));
    expect(history[0]).toMatchObject({ sha: first, parents: 0 });
    expect(history[0]?.changes).toHaveLength(added.length);
    expect(history[0]?.changes).toEqual(expect.arrayContaining(added));
    expect(history.map((one) => one.sha).toSorted()).toEqual([first, topic, empty, merge, last].toSorted());
    expect(history.find((one) => one.sha === empty)).toEqual({ sha: empty, parents: 1, changes: [] });
    expect(history.find((one) => one.sha === merge)).toEqual({
      sha: merge,
      parents: 2,
      changes: [{ status: 'A', path: 'topic' }],
    });
    expect(history.at(-1)).toEqual({
      sha: last,
      parents: 1,
      changes: [
        { status: 'D', path: '*' },
        { status: 'M', path: 'a' },
      ],
    });
  });
});

/** A branch `topic` with one commit, `main` checked out. */
async function branched(): Promise<{ folder: string; head: string }> {
  const folder = await repository({ a: '1\n', b: '1\n' });
  git(folder, 'switch', '--quiet', '--create', 'topic');
  await writeFiles(folder, { a: '2\n' });
  const head = commit(folder, 'topic');
  git(folder, 'switch', '--quiet', 'main');
  return { folder, head };
}

describe('compareMerge', () => {
  it.each([
    ['a merge commit', ['merge', '--quiet', '--no-ff', '--message', 'merge', 'topic']],
    ['a squash', ['merge', '--quiet', '--squash', 'topic']],
    ['a rebase of one commit', ['cherry-pick', 'topic']],
  ])('is the same for %s, also when the base moved on', async (_name, command) => {
    const { folder, head } = await branched();
    await writeFiles(folder, { b: '2\n' });
    commit(folder, 'main moved on');
    git(folder, ...command);
    if (git(folder, 'status', '--porcelain') !== '') {
      commit(folder, 'squashed');
    }
    expect(await open(folder).compareMerge('HEAD', head)).toBe('same');
  });

  it('differs when something was edited during the merge', async () => {
    const { folder, head } = await branched();
    git(folder, 'merge', '--quiet', '--no-ff', '--no-commit', 'topic');
    await writeFiles(folder, { b: 'slipped in\n' });
    expect(await open(folder).compareMerge(commit(folder, 'merge'), head)).toBe('differs');
  });

  it('is unknown when the head does not merge by itself', async () => {
    const { folder, head } = await branched();
    await writeFiles(folder, { a: '3\n' });
    commit(folder, 'conflict');
    git(folder, 'merge', '--quiet', '--strategy', 'ours', '--message', 'merge', 'topic');
    expect(await open(folder).compareMerge('HEAD', head)).toBe('unknown');
  });
});

describe('checkout', () => {
  it('gives the files of a revision and takes them back, registering nothing in the repository', async () => {
    const folder = await repository({ ...oddNames, f: 'one' });
    await writeFiles(folder, { f: 'two' });
    commit(folder, 'second');
    const before = await snapshot(folder);
    const { path, release } = await open(folder).checkout('HEAD~1');
    expect(await fs.readFile(join(path, 'f'), 'utf8')).toBe('one');
    expect((await fs.readdir(path)).toSorted()).toEqual(
      ['"quoted"', '*', '--help', ':(glob)*', 'a b', 'f', 'new\nline'].toSorted(),
    );
    expect(await snapshot(folder)).toEqual(before);
    await release();
    await expect(fs.stat(path)).rejects.toThrow('ENOENT');
  });

  it('runs no hook of the repository', async () => {
    const folder = await repository();
    const mark = join(await tempFolder(), 'ran');
    for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change', 'pre-commit']) {
      await fs.writeFile(join(folder, '.git/hooks', hook), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    }
    const repo = open(folder);
    await (await repo.checkout('HEAD')).release();
    await repo.appendCommit('releases', null, { message: 'm', tag: null }, [{ path: 'a', text: '' }]);
    await expect(fs.stat(mark)).rejects.toThrow('ENOENT');
  });
});

it('knows where references lead, whoever writes, moves, packs or deletes them', async () => {
  const folder = await repository();
  const repo = open(folder);
  const first = git(folder, 'rev-parse', 'HEAD').trim();
  const second = commit(folder, 'second');
  const steps: readonly (readonly string[])[] = [
    ['branch', 'topic', first],
    ['tag', 'plain', first],
    ['tag', '--annotate', '--message', 'x', 'annotated', first],
    ['tag', 'of-a-tree', `${first}^{tree}`],
    ['branch', '--force', 'topic', second],
    ['update-ref', 'refs/sluice/seen', second],
    ['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/heads/topic'],
    ['tag', '--delete', 'plain'],
    ['pack-refs', '--all'],
    ['branch', '--force', 'topic', first],
    ['branch', '--delete', '--force', 'topic'],
    ['tag', '--force', 'annotated', second],
    ['branch', 'a/b/c', first],
    ['branch', '--move', 'a/b/c', 'a'],
  ];
  await repo.refs();
  for (const step of steps) {
    git(folder, ...step);
    expect([step, await repo.refs()]).toEqual([step, await open(folder).refs()]);
  }
});

describe('appendCommit', () => {
  const first = [{ path: '0001/release.json', text: '{}\n' }];
  const second = [{ path: '0002/ü "x"\n', text: '' }];

  it('starts a branch without history and adds to it, touching neither working tree nor index', async () => {
    const folder = await repository();
    await writeFiles(folder, { 'README.md': 'edited', staged: 'x' });
    git(folder, 'add', 'staged');
    const status = git(folder, 'status', '--porcelain');
    const repo = open(folder);
    const one = await repo.appendCommit('releases', null, { message: 'one\n\nbody', tag: null }, first);
    const two = await repo.appendCommit('releases', one, { message: '--amend', tag: null }, second);
    expect(await repo.tip('releases')).toBe(two);
    expect((await repo.filesAt('releases', '')).map((file) => file.path)).toEqual([
      '0001/release.json',
      '0002/ü "x"\n',
    ]);
    expect(git(folder, 'log', '--format=%an <%ae> %aI %cn %cI %B', 'releases')).toBe(
      [
        'Ruth Okafor <r.okafor@sluice.example> 2026-11-23T20:15:00+00:00 Ruth Okafor 2026-11-23T20:15:00+00:00 --amend',
        'Ruth Okafor <r.okafor@sluice.example> 2026-11-23T20:15:00+00:00 Ruth Okafor 2026-11-23T20:15:00+00:00 one\n\nbody\n',
      ].join('\n'),
    );
    expect(git(folder, 'rev-list', '--count', 'releases').trim()).toBe('2');
    expect(git(folder, 'status', '--porcelain')).toBe(status);
  });

  it('knows the history that it adds to as git tells it, and moves a reference of its own with the branch', async () => {
    const folder = await repository();
    const repo = open(folder);
    const mark = { tag: 'sluice/0002', seen: 'refs/sluice/seen' };
    const one = await repo.appendCommit('releases', null, { message: 'one', tag: null }, first);
    await repo.history(one);
    const files = ['b/1', 'b', 'b.c', 'a'].map((path) => ({ path: `0002/${path}x`, text: path }));
    const two = await repo.appendCommit('releases', one, { message: 'two', ...mark }, files);
    expect(await repo.history(two)).toEqual(await open(folder).history(two));
    expect(git(folder, 'rev-parse', 'refs/sluice/seen', 'sluice/0002^{commit}')).toBe(`${two}\n${two}\n`);
    expect(git(folder, 'fsck', '--strict', '--full')).toBe('');
  });

  it('writes who commits as git does, whatever characters a name has', async () => {
    const folder = await repository();
    for (const [name, email] of [
      [' "Ünïcode, Jr." ', '<r@sluice.example>'],
      ['a<b>c\nd', "o'neil@sluice.example,"],
    ] as const) {
      const repo = createGit({
        folder,
        clock: fixedClock('2026-11-23T20:15:00.000Z'),
        ident: { name, email },
        environment: process.env,
      });
      const branch = `releases-${String(name.length)}`;
      const written = await repo.appendCommit(branch, null, { message: 'Grüße\n\nmore', tag: null }, first);
      const env = {
        GIT_AUTHOR_NAME: name,
        GIT_AUTHOR_EMAIL: email,
        GIT_AUTHOR_DATE: '2026-11-23T20:15:00Z',
        GIT_COMMITTER_NAME: name,
        GIT_COMMITTER_EMAIL: email,
        GIT_COMMITTER_DATE: '2026-11-23T20:15:00Z',
      };
      const tree = git(folder, 'rev-parse', `${written}^{tree}`).trim();
      const made = spawnSync('git', ['-C', folder, 'commit-tree', tree, '-F', '-'], {
        input: 'Grüße\n\nmore',
        env: { ...process.env, ...env },
        encoding: 'utf8',
      });
      expect(written).toBe(made.stdout.trim());
    }
  });

  it('never writes a path again that the branch has already', async () => {
    const repo = open(await repository());
    const one = await repo.appendCommit('releases', null, { message: 'one', tag: null }, first);
    const edited = [...second, { path: '0001/release.json', text: '{"result":"better"}' }];
    const error = await rejection(repo.appendCommit('releases', one, { message: 'two', tag: null }, edited));
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).parts.what).toContain('0001/release.json is recorded');
    expect(await repo.tip('releases')).toBe(one);
  });

  it('gives the same commit for the same input', async () => {
    const [left, right] = [await repository(), await repository()];
    const shas = await Promise.all(
      [left, right].map((folder) =>
        open(folder).appendCommit('releases', null, { message: 'm', tag: null }, first),
      ),
    );
    expect(shas[0]).toBe(shas[1]);
  });

  it('refuses when the branch has moved, is missing or exists already, and leaves it alone', async () => {
    const repo = open(await repository());
    const one = await repo.appendCommit('releases', null, { message: 'one', tag: null }, first);
    const two = await repo.appendCommit('releases', one, { message: 'two', tag: null }, second);
    for (const expected of [one, null]) {
      const error = await rejection(
        repo.appendCommit('releases', expected, { message: 'three', tag: null }, first),
      );
      expect(error).toBeInstanceOf(StaleError);
      expect((error as StaleError).parts.what).toBe('the branch releases has moved');
    }
    expect(
      await rejection(repo.appendCommit('other', one, { message: 'x', tag: null }, first)),
    ).toBeInstanceOf(StaleError);
    expect(await repo.tip('releases')).toBe(two);
    expect(await repo.tip('other')).toBeNull();
  });

  it('lets exactly one of two concurrent writers through', async () => {
    const folder = await repository();
    const base = await open(folder).appendCommit('releases', null, { message: 'base', tag: null }, first);
    const results = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) =>
        open(folder).appendCommit('releases', base, { message: name, tag: null }, [
          { path: name, text: name },
        ]),
      ),
    );
    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(
      results.filter((one) => one.status === 'rejected').every((one) => one.reason instanceof StaleError),
    ).toBe(true);
    expect(await open(folder).history('releases')).toHaveLength(2);
  });

  it('refuses a branch that is checked out', async () => {
    const repo = open(await repository());
    const error = await rejection(
      repo.appendCommit('main', await repo.headSha(), { message: 'x', tag: null }, first),
    );
    expect((error as InputError).parts.what).toBe('the branch main is checked out');
  });

  it.each(['-x', 'a..b', 'a b', '', 'x.lock', 'refs/../x'])('refuses the branch name %j', async (branch) => {
    const repo = open(await repository());
    expect(
      await rejection(repo.appendCommit(branch, null, { message: 'x', tag: null }, first)),
    ).toBeInstanceOf(InputError);
    expect(await rejection(repo.tip(branch))).toBeInstanceOf(InputError);
  });

  it.each(['../x', '/x', '.git/hooks/post-checkout', 'a/.GIT/config', ''])(
    'refuses the path %j',
    async (path) => {
      const repo = open(await repository());
      expect(
        await rejection(
          repo.appendCommit('releases', null, { message: 'x', tag: null }, [{ path, text: '' }]),
        ),
      ).toBeInstanceOf(InputError);
      expect(await repo.tip('releases')).toBeNull();
    },
  );
});
