/**
 * The repository under control. Everything is asked of git itself and answered as data; a missing repository, an empty
 * one and an unknown revision are refusals that name the next command.
 */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, MissingCommitError } from '../../contract/errors.ts';
import type { Clock, Git } from '../../contract/ports.ts';
import { appendCommit, branchTip, checkBranchName } from './append.ts';
import type { Append, Ident } from './append.ts';
import { checkRevision, checkTreePath, GitCommand } from './command.ts';
import { firstParents, historyOf } from './history.ts';
import { gitSingles } from './singles.ts';
import { compareMerge, mergedTree } from './merge.ts';
import { fetchBranch, fetchBranches, pushCommit } from './publish.ts';
import type { PublishRemote } from './publish.ts';
import { changedBetween, changedSince, mergeBase, untracked, workingEntries } from './changes.ts';
import { commitOn, isAncestor, onOrigin, originAddress, pushHead } from './push.ts';
import { makeScratch } from '../files/scratch.ts';
import { digestFile, listTree, readTree, readWholeTree, treeEntries } from './tree.ts';

export interface GitOptions {
  /** Any folder of the repository. */
  readonly folder: string;
  readonly clock: Clock;
  /** Author and committer of the commits made here. */
  readonly ident: Ident;
  /** Where PATH and HOME are taken from; nothing else of it reaches git. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For `origin` over HTTPS, see `PublishRemote`. */
  readonly token?: () => Promise<string>;
}

function splitNul(text: string): readonly string[] {
  return text.split('\0').filter((part) => part !== '');
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

async function find(options: GitOptions): Promise<{ readonly git: GitCommand; readonly isShallow: boolean }> {
  const folderIsThere = await fs.stat(options.folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!folderIsThere) {
    throw new InputError({ what: `the folder ${options.folder} does not exist`, fix: 'check the path' });
  }
  const git = new GitCommand(options.folder, options.environment);
  const answer = await git.ask(['rev-parse', '--is-shallow-repository', '--show-toplevel'], {
    answers: [128],
  });
  if (answer.status !== 0) {
    throw new InputError({
      what: `${options.folder} is not the working tree of a git repository`,
      why: 'git finds none there, or refuses one that belongs to another user',
      fix: 'run the command inside the repository',
      next: `git -C ${options.folder} status`,
    });
  }
  const [shallow, ...root] = answer.text.replace(/\n$/, '').split('\n');
  return {
    git: new GitCommand(root.join('\n'), options.environment),
    isShallow: shallow === 'true',
  };
}

async function identityOf(
  git: GitCommand,
): Promise<{ readonly name: string; readonly email: string } | null> {
  const [name, email] = await Promise.all(
    ['user.name', 'user.email'].map(async (key) =>
      (await git.ask(['config', '--get', key], { answers: [1] })).text.trim(),
    ),
  );
  return name === undefined || name === '' ? null : { name, email: email ?? '' };
}

async function isShallow(git: GitCommand): Promise<boolean> {
  return (await git.text(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
}

async function tryResolve(git: GitCommand, ref: string): Promise<string | null> {
  return (await git.objects.info(`${ref}^{commit}`))?.id ?? null;
}

async function resolveCommit(git: GitCommand, ref: string): Promise<string> {
  checkRevision(ref);
  const sha = await tryResolve(git, ref);
  if (sha !== null) {
    return sha;
  }
  if ((await tryResolve(git, 'HEAD')) === null) {
    throw new InputError({
      what: 'the repository has no commit yet',
      fix: 'make the first commit',
      next: 'git add --all && git commit --message "First commit"',
    });
  }
  const shallow = await isShallow(git);
  throw new MissingCommitError({
    what: `there is no commit called ${JSON.stringify(ref)} in this clone`,
    why: shallow
      ? 'the clone is shallow, older commits were not fetched'
      : 'no branch, tag or commit has that name',
    fix: shallow ? 'fetch the whole history' : 'check the name, or fetch it',
    next: shallow ? 'git fetch --unshallow' : 'git fetch --all && git branch --all',
  });
}

async function dirtyPaths(git: GitCommand): Promise<readonly string[]> {
  const status = await git.text(['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames']);
  return splitNul(status)
    .map((line) => line.slice(3))
    .toSorted(byCodeUnit);
}

/**
 * Writes the files of a commit to a temporary folder through a private index. Unlike `git worktree add` it registers
 * nothing in the repository, takes no lock and runs no hook: a crash leaves a temporary folder and nothing else.
 */
async function checkOut(
  git: GitCommand,
  ref: string,
): Promise<{ readonly path: string; readonly release: () => Promise<void> }> {
  const sha = await resolveCommit(git, ref);
  const folder = await makeScratch('checkout');
  const release = (): Promise<void> => fs.rm(folder, { recursive: true, force: true });
  const path = join(folder, 'tree');
  const env = { GIT_INDEX_FILE: join(folder, 'index') };
  try {
    await fs.mkdir(path);
    await git.text(['read-tree', sha], { env });
    await git.text(['checkout-index', '--all', '--force', `--prefix=${path}/`], { env });
  } catch (cause) {
    await release();
    throw cause;
  }
  return { path, release };
}

async function listRefs(git: GitCommand): Promise<readonly { readonly ref: string; readonly sha: string }[]> {
  const found = await git.references.read();
  return [...found].map(([ref, sha]) => ({ ref, sha })).toSorted((a, b) => byCodeUnit(a.ref, b.ref));
}

async function fileAt(git: GitCommand, ref: string, path: string): Promise<string | null> {
  checkTreePath(path);
  const found = await readTree(git, await resolveCommit(git, ref), path);
  return found.find((file) => file.path === path)?.text ?? null;
}

/** A folder without its trailing slash; the root of the tree is the empty text. */
function plainFolder(folder: string): string {
  const plain = folder === '.' ? '' : folder.replace(/\/+$/, '');
  if (plain !== '') {
    checkTreePath(plain);
  }
  return plain;
}

async function pathsAt(git: GitCommand, ref: string, folder: string): Promise<readonly string[]> {
  const plain = plainFolder(folder);
  const found = await listTree(git, await resolveCommit(git, ref), plain);
  return found.filter((path) => plain === '' || path.startsWith(`${plain}/`));
}

async function filesAt(git: GitCommand, ...request: Parameters<Git['filesAt']>): ReturnType<Git['filesAt']> {
  const [ref, folder, wanted = () => true] = request;
  const plain = plainFolder(folder);
  return readTree(
    git,
    await resolveTree(git, ref),
    plain,
    (path) => (plain === '' || path.startsWith(`${plain}/`)) && wanted(path),
  );
}

/** A tree may be named by its id as well: what a merge would give is not a commit. */
async function resolveTree(git: GitCommand, ref: string): Promise<string> {
  const isTree =
    /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(ref) && (await git.objects.info(ref))?.type === 'tree';
  return isTree ? ref : resolveCommit(git, ref);
}

/** What leads to a commit. */
function histories(git: () => Promise<GitCommand>): Pick<Git, 'commitsOf' | 'history'> {
  return {
    commitsOf: async (ref) => {
      const command = await git();
      const tip = await resolveCommit(command, ref);
      return command.once('commits', [tip], async () => {
        const list = await command.text(['rev-list', tip, '--']);
        return new Set(list.split('\n').filter((sha) => sha !== ''));
      });
    },
    history: async (ref) => {
      const command = await git();
      return historyOf(command, await resolveCommit(command, ref));
    },
  };
}

/** What differs between commits, and what a merge of them is. */
function comparisons(
  command: () => Promise<GitCommand>,
): Pick<
  Git,
  | 'entriesAt'
  | 'workingEntries'
  | 'untracked'
  | 'mergedTree'
  | 'firstParents'
  | 'changedSince'
  | 'changedBetween'
  | 'compareMerge'
  | 'mergeBase'
> {
  const both = async (first: string, second: string): Promise<readonly [GitCommand, string, string]> => {
    const git = await command();
    return [git, await resolveCommit(git, first), await resolveCommit(git, second)];
  };
  return {
    entriesAt: async (ref) => {
      const git = await command();
      return treeEntries(git, await resolveTree(git, ref));
    },
    workingEntries: async () => workingEntries(await command()),
    untracked: async () => untracked(await command()),
    mergedTree: async (base, head) => {
      const [git, ...ids] = await both(base, head);
      return git.once('merged tree', ids, async () => mergedTree(git, ...ids));
    },
    firstParents: async (ref, folders) => {
      const git = await command();
      const sha = await resolveCommit(git, ref);
      return git.once('first parents', [sha, ...folders], async () => firstParents(git, sha, folders));
    },
    // By the names that were given, once both are known to be commits: messages name them.
    changedSince: async (base) => {
      const [git, ...ids] = await both(base, 'HEAD');
      return changedSince(git, await commonBase(git, [base, 'HEAD'], ids));
    },
    changedBetween: async (base, head) => {
      const [git, ...ids] = await both(base, head);
      return git.once('changed', ids, async () =>
        changedBetween(git, await commonBase(git, [base, head], ids), head),
      );
    },
    mergeBase: async (one, other) => {
      const [git, ...ids] = await both(one, other);
      return commonBase(git, [one, other], ids);
    },
    compareMerge: async (merge, head) => {
      const [git, ...ids] = await both(merge, head);
      return git.once('merge', ids, async () => compareMerge(git, ...ids));
    },
  };
}

/** By the ids; what there is none of is said by the names. */
async function commonBase(
  git: GitCommand,
  [base, head]: readonly [string, string],
  ids: readonly [string, string],
): Promise<string> {
  return git.once('merge base', ids, async () => mergeBase(git, base, head));
}

function remoteOf(options: GitOptions, git: () => Promise<GitCommand>): () => Promise<PublishRemote> {
  const { environment, token } = options;
  return async () => ({
    folder: (await git()).folder,
    environment,
    ...(token === undefined ? {} : { token }),
  });
}

const nothingMore: Pick<Append, 'derived' | 'seen'> = { seen: null, derived: [] };

/** What adds to a branch: in the clone only, or on origin first. */
function ledgerWriters(
  options: GitOptions,
  git: () => Promise<GitCommand>,
): Pick<Git, 'appendCommit' | 'publishCommit' | 'fetchBranch' | 'fetchBranches' | 'remember'> {
  const remote = remoteOf(options, git);
  const stamp = (): Pick<Append, 'ident' | 'at'> => ({ ident: options.ident, at: options.clock.now() });
  return {
    appendCommit: async (branch, expectedTip, mark, files) =>
      appendCommit(await git(), { branch, expectedTip, ...nothingMore, ...mark, files, ...stamp() }),
    publishCommit: async (branch, expectedTip, mark, files) => {
      const at = await remote();
      const append = { branch, expectedTip, ...nothingMore, ...mark, files, ...stamp() };
      return appendCommit(await git(), append, (commit) =>
        pushCommit(at, { branch, commit, expected: expectedTip, tag: mark.tag }),
      );
    },
    fetchBranches: async () => fetchBranches(await remote()),
    fetchBranch: async (branch, tags) => {
      const command = await git();
      await checkBranchName(command, branch);
      const here = await branchTip(command, branch);
      const below =
        tags === null
          ? []
          : (await listRefs(command)).filter(({ ref }) => ref.startsWith(`refs/tags/${tags}`));
      const marks = new Map(below.map(({ ref, sha }) => [ref, sha]));
      await fetchBranch(await remote(), { branch, tags, here, marks });
    },
    remember: async (reference, commit) => {
      const command = await git();
      checkRevision(reference);
      await command.text([
        'update-ref',
        '-m',
        'sluice: seen',
        reference,
        await resolveCommit(command, commit),
      ]);
    },
  };
}

/** What puts the branch of a change on origin, and how commits stand to each other. */
function pushes(
  options: GitOptions,
  command: () => Promise<GitCommand>,
): Pick<Git, 'commitOn' | 'identity' | 'isAncestor' | 'onOrigin' | 'origin' | 'pushHead'> {
  const remote = remoteOf(options, command);
  return {
    identity: async () => identityOf(await command()),
    origin: async () => originAddress(await remote()),
    onOrigin: async (branch) => onOrigin(await command(), await remote(), branch),
    commitOn: async (branch, message, paths) => commitOn(await command(), { branch, message, paths }),
    pushHead: async (branch, expected) => pushHead(await command(), await remote(), { branch, expected }),
    isAncestor: async (older, newer) => {
      checkRevision(older);
      checkRevision(newer);
      return isAncestor(await command(), older, newer);
    },
  };
}

/** Git of the repository that `options.folder` is in. The repository is looked for at the first question. */
export function createGit(options: GitOptions): Git {
  let found: ReturnType<typeof find> | undefined;
  const repository = async (): ReturnType<typeof find> => {
    found ??= find(options);
    return found;
  };
  const git = async (): Promise<GitCommand> => (await repository()).git;
  return {
    root: async () => (await git()).folder,
    headSha: async () => resolveCommit(await git(), 'HEAD'),
    resolve: async (ref) => resolveCommit(await git(), ref),
    branch: async () => {
      const answer = await (
        await git()
      ).ask(['symbolic-ref', '--quiet', '--short', 'HEAD'], { answers: [1] });
      return answer.status === 0 ? answer.text.trim() : null;
    },
    isShallow: async () => (await repository()).isShallow,
    dirtyPaths: async () => dirtyPaths(await git()),
    fileAt: async (ref, path) => fileAt(await git(), ref, path),
    digestAt: async (ref, path) => {
      const command = await git();
      checkTreePath(path);
      return digestFile(command, await resolveCommit(command, ref), path);
    },
    filesAt: async (...request) => filesAt(await git(), ...request),
    pathsAt: async (ref, folder) => pathsAt(await git(), ref, folder),
    wholeTree: async (ref) => {
      const command = await git();
      return readWholeTree(command, await resolveCommit(command, ref));
    },
    ...gitSingles(git, remoteOf(options, git)),
    ...histories(git),
    ...comparisons(git),
    checkout: async (ref) => checkOut(await git(), ref),
    refs: async () => listRefs(await git()),
    ...ledgerWriters(options, git),
    tip: async (branch) => {
      const command = await git();
      await checkBranchName(command, branch);
      return branchTip(command, branch);
    },
    ...pushes(options, git),
    close: async () => {
      const opened = await found?.catch(() => undefined);
      opened?.git.objects.close();
    },
  };
}
