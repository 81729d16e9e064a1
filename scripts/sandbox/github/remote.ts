/**
 * The git side of the local GitHub: a bare repository that is the clone's origin. emulate has no git of its own, so what
 * is pushed here is uploaded to it, and what is merged there is made here, object for object.
 */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { referencesMark, remembered } from '../../adapters/git/marks.ts';
import { pickEnv, runProcess } from '../../adapters/process/run-process.ts';
import { ExternalError, UsageError } from '../../contract/errors.ts';
import type { MergeCommit } from './acts.ts';

export interface RemotePlace {
  /** The clone. */
  readonly folder: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface ServedRemote {
  readonly folder: string;
  /** By which commits of this clone are told, as git is set up; null where it is not. */
  readonly email: string | null;
  /** Branches that GitHub knows of, with their commits; the ledger is read from git alone. */
  heads(): Promise<ReadonlyMap<string, string>>;
  /** Makes the commit of a merge, and moves the branch to it. */
  adopt(branch: string, commit: MergeCommit): Promise<void>;
}

const ledger = 'releases';

/** Makes the bare repository and pushes the default branch to it. Throws UsageError when the clone has another origin. */
export async function openRemote(place: RemotePlace, defaultBranch: string): Promise<ServedRemote> {
  const folder = join(place.folder, '.sluice', 'remote', `${place.repository}.git`);
  const bare = { ...place, folder };
  await fs.mkdir(folder, { recursive: true });
  await git(bare, ['init', '--quiet', '--bare', '--initial-branch', defaultBranch]);
  await requireOrigin(place, folder);
  await git(place, [
    'push',
    '--quiet',
    '--set-upstream',
    'origin',
    `${defaultBranch}:refs/heads/${defaultBranch}`,
  ]);
  const email = (await git(place, ['config', '--get', 'user.email'], [0, 1])).trim();
  return {
    folder,
    email: email === '' ? null : email,
    // Asked for at every request.
    heads: remembered(
      async () => referencesMark(folder),
      async () => readHeads(bare),
    ),
    adopt: (branch, commit) => adopt(bare, branch, commit),
  };
}

async function readHeads(bare: RemotePlace): Promise<ReadonlyMap<string, string>> {
  const lines = await git(bare, [
    'for-each-ref',
    '--format=%(objectname) %(refname:lstrip=2)',
    'refs/heads/',
  ]);
  return new Map(
    lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(41), line.slice(0, 40)] as const)
      .filter(([branch]) => branch !== ledger),
  );
}

async function requireOrigin(place: RemotePlace, folder: string): Promise<void> {
  const known = (await git(place, ['remote'])).split('\n').includes('origin');
  if (!known) {
    await git(place, ['remote', 'add', 'origin', folder]);
    return;
  }
  const origin = (await git(place, ['remote', 'get-url', 'origin'])).trim();
  if (origin !== folder) {
    throw new UsageError({
      what: `origin of this clone is ${origin}.`,
      why: 'The local GitHub is the origin of the repository that it serves, and takes over no other.',
      fix: 'Try it in another clone, without an origin.',
      next: 'git clone . ../try && cd ../try && git remote remove origin',
    });
  }
}

/** A person and an instant as a commit object has them. */
function stamp(who: MergeCommit['author']): string {
  return `${who.name} <${who.email}> ${String(Math.floor(Date.parse(who.date) / 1000))} +0000`;
}

/** Makes a commit that exists on the GitHub side in a repository too. Throws when it came out as another one. */
async function adoptCommit(
  place: Pick<RemotePlace, 'environment' | 'folder'>,
  commit: MergeCommit,
): Promise<void> {
  const parents = commit.parents.map(({ sha }) => sha);
  const content = [
    `tree ${commit.tree.sha}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${stamp(commit.author)}`,
    `committer ${stamp(commit.committer)}`,
    '',
    commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`,
  ].join('\n');
  // Writes the trees of the merge; where one side contains the other they are there already.
  await git(place, ['merge-tree', '--write-tree', ...parents.slice(0, 2)], [0, 1]);
  const made = (await git(place, ['hash-object', '-t', 'commit', '-w', '--stdin'], [0], content)).trim();
  if (made !== commit.sha) {
    throw new Error(`the merge ${commit.sha} came out as ${made}`);
  }
}

async function adopt(bare: RemotePlace, branch: string, commit: MergeCommit): Promise<void> {
  await adoptCommit(bare, commit);
  await git(bare, ['update-ref', `refs/heads/${branch}`, commit.sha]);
}

async function git(
  { folder, environment }: Pick<RemotePlace, 'environment' | 'folder'>,
  args: readonly string[],
  answers: readonly number[] = [0],
  input?: string,
): Promise<string> {
  const result = await runProcess({
    command: 'git',
    args: ['-C', folder, ...args],
    cwd: folder,
    env: { ...pickEnv(environment, ['PATH', 'HOME']), TZ: 'UTC' },
    timeoutMs: 60_000,
    stdout: 'data',
    ...(input === undefined ? {} : { input }),
    ifMissing: { fix: 'Install git.', next: 'git --version' },
  });
  if (result.exitCode === null || !answers.includes(result.exitCode)) {
    throw new ExternalError({ what: `git ${args[0] ?? ''} failed.`, why: result.stderr, next: 'git status' });
  }
  return result.stdout;
}
