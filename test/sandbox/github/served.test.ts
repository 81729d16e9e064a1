/** The local GitHub of a repository at hand: what is pushed is seen, accounts are the roster's, merges arrive in origin. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../../scripts/contract/errors.ts';
import { approve, conclusionOf, merge, openPull } from '../../../scripts/sandbox/github/acts.ts';
import {
  startServedGitHub,
  type ServedGitHub,
  type ServedOptions,
} from '../../../scripts/sandbox/github/served.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-served-')));
const repository = 'r-okafor/estate';
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();

const options: ServedOptions = {
  folder,
  repository,
  defaultBranch: 'main',
  users: [
    { login: 'r-okafor', name: 'Ruth Okafor', account: 1001 },
    { login: 'm-lind', name: 'Mats Lind', account: 1002 },
  ],
  pusher: 'r-okafor',
  now: () => new Date().toISOString(),
  environment: process.env,
};

let github: ServedGitHub;
let number = 0;

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${github.url}${path}`, {
    headers: { authorization: `Bearer ${github.tokens.get('m-lind') ?? ''}` },
  });
  return (await response.json()) as T;
}

beforeAll(async () => {
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'user.name', 'Ruth');
  git('config', 'user.email', 'ruth@home.example');
  writeFileSync(join(folder, 'a.txt'), 'one\n');
  writeFileSync(join(folder, '.gitignore'), '.sluice/\n');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'first');
  github = await startServedGitHub(options);
});

afterAll(async () => {
  await github.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the local GitHub of a clone', () => {
  it('is its origin', () => {
    expect(git('ls-remote', 'origin', 'refs/heads/main').slice(0, 40)).toBe(git('rev-parse', 'HEAD'));
    expect(git('rev-parse', '--abbrev-ref', 'main@{upstream}')).toBe('origin/main');
  });

  it('learns of a push, by whom it was, and whose commit it is', async () => {
    git('switch', '--quiet', '--create', 'change');
    writeFileSync(join(folder, 'a.txt'), 'two\n');
    git('commit', '--quiet', '--all', '--message', 'second');
    git('push', '--quiet', 'origin', 'change');
    number = await openPull(
      { github, repository },
      { login: 'r-okafor', head: 'change', title: 'Two', body: '' },
    );
    expect(await get(`/repos/${repository}/activity?ref=refs/heads/change`)).toMatchObject([
      {
        activity_type: 'branch_creation',
        after: git('rev-parse', 'HEAD'),
        actor: { id: 1001, login: 'r-okafor' },
      },
    ]);
    expect(await get(`/repos/${repository}/pulls/${String(number)}/commits`)).toMatchObject([
      { sha: git('rev-parse', 'HEAD'), author: { id: 1001 } },
    ]);
  });

  it('has the account numbers of the roster', async () => {
    await approve({ github, repository }, { login: 'm-lind', number, body: 'Read.' });
    expect(await get(`/repos/${repository}/pulls/${String(number)}/reviews`)).toMatchObject([
      { state: 'APPROVED', user: { id: 1002, login: 'm-lind' } },
    ]);
    expect(await get('/user/1002')).toMatchObject({ login: 'm-lind', id: 1002 });
    expect(await conclusionOf({ github, repository }, 'm-lind', number, (base) => base)).toBeNull();
  });

  it('merges into origin, object for object', async () => {
    const { sha } = await merge({ github, repository }, 'm-lind', number);
    git('switch', '--quiet', 'main');
    git('pull', '--quiet');
    expect(git('rev-parse', 'HEAD')).toBe(sha);
    expect(git('show', 'HEAD:a.txt')).toBe('two');
  });

  it('lists what happened to a branch, and to the one that it was merged into, by kind', async () => {
    const kinds = async (branch: string): Promise<readonly string[]> =>
      (
        await get<readonly { readonly activity_type: string }[]>(
          `/repos/${repository}/activity?ref=refs/heads/${branch}`,
        )
      ).map(({ activity_type: kind }) => kind);
    git('switch', '--quiet', '--create', 'short-lived');
    git('commit', '--quiet', '--allow-empty', '--message', 'third');
    git('push', '--quiet', 'origin', 'short-lived');
    await kinds('short-lived');
    git('commit', '--quiet', '--amend', '--allow-empty', '--message', 'third, in other words');
    git('push', '--quiet', '--force', 'origin', 'short-lived');
    await kinds('short-lived');
    git('push', '--quiet', '--delete', 'origin', 'short-lived');
    expect(await kinds('short-lived')).toEqual(['branch_deletion', 'force_push', 'branch_creation']);
    expect(await kinds('main')).toEqual(['pr_merge', 'branch_creation']);
    git('switch', '--quiet', 'main');
  });

  it('takes over no clone that has another origin', async () => {
    git('remote', 'set-url', 'origin', 'https://github.com/my-team/estate.git');
    await expect(startServedGitHub(options)).rejects.toThrow(UsageError);
    expect(git('remote', 'get-url', 'origin')).toBe('https://github.com/my-team/estate.git');
  });
});
