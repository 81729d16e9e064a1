/**
 * Adds a commit to a branch nobody has checked out, without a working tree: blobs, a private index, a tree, a commit,
 * and last of all the reference, moved only if it still points where the caller thought. Until that last step a crash
 * leaves nothing but unreferenced objects, which git collects.
 */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, StaleError } from '../../contract/errors.ts';
import type { GitFile } from '../../contract/ports.ts';
import { checkTreePath } from './command.ts';
import type { GitCommand } from './command.ts';
import { makeScratch } from '../files/scratch.ts';

export interface Ident {
  readonly name: string;
  readonly email: string;
}

export interface Append {
  readonly branch: string;
  /** Null: the branch must not exist. */
  readonly expectedTip: string | null;
  readonly message: string;
  /** Points at the new commit; must not exist yet. Null: no tag. */
  readonly tag: string | null;
  readonly files: readonly GitFile[];
  readonly ident: Ident;
  /** RFC 3339; author and committer date. */
  readonly at: string;
}

/** Commit of a local branch, or null. */
export async function branchTip(git: GitCommand, branch: string): Promise<string | null> {
  const answer = await git.ask(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `refs/heads/${branch}^{commit}`],
    { answers: [1] },
  );
  return answer.status === 0 ? answer.text.trim() : null;
}

/** Throws InputError for a name git would not take for a branch. */
export async function checkBranchName(git: GitCommand, branch: string): Promise<void> {
  const answer = await git.ask(['check-ref-format', `refs/heads/${branch}`], { answers: [1] });
  if (answer.status !== 0 || branch.startsWith('-')) {
    throw new InputError({
      what: `${JSON.stringify(branch)} is not a branch name`,
      fix: 'use letters, digits, "-", "_" and "/"',
    });
  }
}

async function refuseCheckedOut(git: GitCommand, branch: string): Promise<void> {
  const worktrees = await git.text(['worktree', 'list', '--porcelain', '-z']);
  if (worktrees.split('\0').includes(`branch refs/heads/${branch}`)) {
    throw new InputError({
      what: `the branch ${branch} is checked out`,
      why: 'a commit added behind a working tree would show there as changes that undo it',
      fix: `switch that working tree to another branch`,
      next: 'git switch -',
    });
  }
}

function moved(append: Append, found: string | null): StaleError {
  return new StaleError({
    what: `the branch ${append.branch} has moved`,
    why: `expected ${append.expectedTip ?? 'no such branch'}, found ${found ?? 'no such branch'}: someone else wrote to it`,
    fix: 'read it again and repeat the command',
    next: `git log -3 ${append.branch}`,
  });
}

/** What is recorded stays as it is: a path that the branch has already is never written again. */
async function refuseRecorded(git: GitCommand, append: Append): Promise<void> {
  if (append.expectedTip === null || append.files.length === 0) {
    return;
  }
  const paths = append.files.map(({ path }) => path);
  const listed = await git.text([
    'ls-tree',
    '-z',
    '--name-only',
    '--full-tree',
    append.expectedTip,
    '--',
    ...paths,
  ]);
  const recorded = listed.split('\0').find((path) => path !== '');
  if (recorded !== undefined) {
    throw new InputError({
      what: `${recorded} is recorded on the branch ${append.branch} already`,
      why: 'the branch only ever grows; writing a path again would rewrite evidence',
      fix: 'read the branch again: somebody else ended this meanwhile',
      next: `git log -3 ${append.branch} -- ${recorded}`,
    });
  }
}

function identEnv(append: Append): Readonly<Record<string, string>> {
  const { name, email } = append.ident;
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: append.at,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: append.at,
  };
}

async function writeBlobs(git: GitCommand, files: readonly GitFile[]): Promise<string> {
  const lines: string[] = [];
  for (const file of files) {
    const id = await git.text(['hash-object', '-w', '--no-filters', '--stdin'], { input: file.text });
    lines.push(`100644 ${id.trim()}\t${file.path}\0`);
  }
  return lines.join('');
}

async function writeTree(git: GitCommand, append: Append): Promise<string> {
  const indexInfo = await writeBlobs(git, append.files);
  const folder = await makeScratch('index');
  try {
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    await git.text(['read-tree', append.expectedTip ?? '--empty'], { env });
    await git.text(['update-index', '-z', '--index-info'], { env, input: indexInfo });
    return (await git.text(['write-tree'], { env })).trim();
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

async function moveBranch(git: GitCommand, append: Append, commit: string): Promise<void> {
  const nothing = '0'.repeat(commit.length);
  const before = append.expectedTip ?? nothing;
  const tag = append.tag === null ? '' : `update refs/tags/${append.tag}\0${commit}\0${nothing}\0`;
  const moves = `update refs/heads/${append.branch}\0${commit}\0${before}\0${tag}`;
  try {
    await git.text(['update-ref', '-m', 'sluice: append', '--stdin', '-z'], { input: moves });
  } catch (cause) {
    const found = await branchTip(git, append.branch);
    throw found === append.expectedTip ? cause : moved(append, found);
  }
}

/**
 * Returns the new commit. Throws StaleError when the branch is not at `expectedTip`, InputError for bad names and
 * for paths that are there already. `publish`
 * runs before the local branch moves: when it throws, nothing but an unreferenced commit is left.
 */
export async function appendCommit(
  git: GitCommand,
  append: Append,
  publish: (commit: string) => Promise<void> = async () => undefined,
): Promise<string> {
  await checkBranchName(git, append.branch);
  for (const file of append.files) {
    checkTreePath(file.path);
  }
  await refuseCheckedOut(git, append.branch);
  const found = await branchTip(git, append.branch);
  if (found !== append.expectedTip) {
    throw moved(append, found);
  }
  await refuseRecorded(git, append);
  const tree = await writeTree(git, append);
  const parents = append.expectedTip === null ? [] : ['-p', append.expectedTip];
  const commit = await git.text(['commit-tree', tree, ...parents, '-F', '-'], {
    env: identEnv(append),
    input: append.message,
  });
  await publish(commit.trim());
  await moveBranch(git, append, commit.trim());
  return commit.trim();
}
