/**
 * The repository under control. Everything is asked of git itself and answered as data; a missing repository, an empty
 * one and an unknown revision are refusals that name the next command.
 */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../contract/errors.ts';
import type { Clock, Git } from '../../contract/ports.ts';
import { appendCommit, branchTip, checkBranchName } from './append.ts';
import type { Append, Ident } from './append.ts';
import { checkRevision, checkTreePath, GitCommand } from './command.ts';
import { firstParents, readHistory } from './history.ts';
import { compareMerge, mergedTree } from './merge.ts';
import { fetchBranch, pushCommit } from './publish.ts';
import type { Remote } from './publish.ts';
import { changedBetween, changedSince, mergeBase, untracked, workingEntries } from './changes.ts';
import { isAncestor, onOrigin, originAddress, pushHead } from './push.ts';
import { makeScratch } from '../files/scratch.ts';
import { digestFile, listTree, readTree, readWholeTree, treeEntries } from './tree.ts';

export type { Ident } from './append.ts';

export interface GitOptions {
  /** Any folder of the repository. */
  readonly folder: string;
  readonly clock: Clock;
  /** Author and committer of the commits made here. */
  readonly ident: Ident;
  /** Where PATH and HOME are taken from; nothing else of it reaches git. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

function splitNul(text: string): readonly string[] {
  return text.split('\0').filter((part) => part !== '');
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

async function findRoot(options: GitOptions): Promise<string> {
  const folderIsThere = await fs.stat(options.folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!folderIsThere) {
    throw new InputError({ what: `the folder ${options.folder} does not exist`, fix: 'check the path' });
  }
  const git = new GitCommand(options.folder, options.environment);
  const answer = await git.ask(['rev-parse', '--show-toplevel'], { answers: [128] });
  if (answer.status !== 0) {
    throw new InputError({
      what: `${options.folder} is not the working tree of a git repository`,
      why: 'git finds none there, or refuses one that belongs to another user',
      fix: 'run the command inside the repository',
      next: `git -C ${options.folder} status`,
    });
  }
  return answer.text.replace(/\n$/, '');
}

async function isShallow(git: GitCommand): Promise<boolean> {
  return (await git.text(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
}

async function tryResolve(git: GitCommand, ref: string): Promise<string | null> {
  const answer = await git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], {
    answers: [1, 128],
  });
  return answer.status === 0 ? answer.text.trim() : null;
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
  throw new InputError({
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

/** `<id> <type> <peeled id> <peeled type> <name>`; references that do not lead to a commit are left out. */
function readRef(line: string): { readonly ref: string; readonly sha: string } | null {
  const [id = '', type = '', peeledId = '', peeledType = '', ref = ''] = line.split('\0');
  if (type === 'commit') {
    return { ref, sha: id };
  }
  return peeledType === 'commit' ? { ref, sha: peeledId } : null;
}

const refFormat = '%(objectname)%00%(objecttype)%00%(*objectname)%00%(*objecttype)%00%(refname)';

async function listRefs(git: GitCommand): Promise<readonly { readonly ref: string; readonly sha: string }[]> {
  const text = await git.text(['for-each-ref', `--format=${refFormat}`]);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(readRef)
    .filter((found) => found !== null);
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

async function filesAt(git: GitCommand, ...asked: Parameters<Git['filesAt']>): ReturnType<Git['filesAt']> {
  const [ref, folder, wanted = () => true] = asked;
  const plain = plainFolder(folder);
  return readTree(
    git,
    await resolveTree(git, ref),
    plain,
    (path) => (plain === '' || path.startsWith(`${plain}/`)) && wanted(path),
  );
}

/** A tree may be named by its id as well: what a merge would give is no commit. */
async function resolveTree(git: GitCommand, ref: string): Promise<string> {
  const isTree =
    /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(ref) &&
    (await git.ask(['cat-file', '-t', ref], { answers: [1, 128] })).text.trim() === 'tree';
  return isTree ? ref : resolveCommit(git, ref);
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
    mergedTree: async (base, head) => mergedTree(...(await both(base, head))),
    firstParents: async (ref, folders) => {
      const git = await command();
      return firstParents(git, await resolveCommit(git, ref), folders);
    },
    // By the names that were given, once both are known to be commits: messages name them.
    changedSince: async (base) => changedSince((await both(base, 'HEAD'))[0], base, 'HEAD'),
    changedBetween: async (base, head) => changedBetween((await both(base, head))[0], base, head),
    compareMerge: async (merge, head) => compareMerge(...(await both(merge, head))),
  };
}

/** What adds to a branch: in the clone only, or on origin first. */
function ledgerWriters(
  options: GitOptions,
  root: () => Promise<string>,
): Pick<Git, 'appendCommit' | 'publishCommit' | 'fetchBranch' | 'remember'> {
  const git = async (): Promise<GitCommand> => new GitCommand(await root(), options.environment);
  const remote = async (): Promise<Remote> => ({ folder: await root(), environment: options.environment });
  const stamp = (): Pick<Append, 'ident' | 'at'> => ({ ident: options.ident, at: options.clock.now() });
  return {
    appendCommit: async (branch, expectedTip, mark, files) =>
      appendCommit(await git(), { branch, expectedTip, ...mark, files, ...stamp() }),
    publishCommit: async (branch, expectedTip, mark, files) => {
      const at = await remote();
      const append = { branch, expectedTip, ...mark, files, ...stamp() };
      return appendCommit(await git(), append, (commit) =>
        pushCommit(at, { branch, commit, expected: expectedTip, tag: mark.tag }),
      );
    },
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
  root: () => Promise<string>,
): Pick<Git, 'origin' | 'onOrigin' | 'pushHead' | 'isAncestor'> {
  const command = async (): Promise<GitCommand> => new GitCommand(await root(), options.environment);
  const remote = async (): Promise<Remote> => ({ folder: await root(), environment: options.environment });
  return {
    origin: async () => originAddress(await remote()),
    onOrigin: async (branch) => onOrigin(await command(), await remote(), branch),
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
  let root: Promise<string> | undefined;
  const findOnce = (): Promise<string> => {
    root ??= findRoot(options);
    return root;
  };
  const git = async (): Promise<GitCommand> => new GitCommand(await findOnce(), options.environment);
  return {
    root: findOnce,
    headSha: async () => resolveCommit(await git(), 'HEAD'),
    resolve: async (ref) => resolveCommit(await git(), ref),
    branch: async () => {
      const answer = await (
        await git()
      ).ask(['symbolic-ref', '--quiet', '--short', 'HEAD'], { answers: [1] });
      return answer.status === 0 ? answer.text.trim() : null;
    },
    isShallow: async () => isShallow(await git()),
    dirtyPaths: async () => dirtyPaths(await git()),
    fileAt: async (ref, path) => fileAt(await git(), ref, path),
    digestAt: async (ref, path) => {
      const command = await git();
      checkTreePath(path);
      return digestFile(command, await resolveCommit(command, ref), path);
    },
    filesAt: async (...asked) => filesAt(await git(), ...asked),
    pathsAt: async (ref, folder) => pathsAt(await git(), ref, folder),
    mergeBase: async (one, other) => mergeBase(await git(), one, other),
    wholeTree: async (ref) => {
      const command = await git();
      return readWholeTree(command, await resolveCommit(command, ref));
    },
    commitsOf: async (ref) => {
      const command = await git();
      const list = await command.text(['rev-list', await resolveCommit(command, ref), '--']);
      return new Set(list.split('\n').filter((sha) => sha !== ''));
    },
    ...comparisons(git),
    checkout: async (ref) => checkOut(await git(), ref),
    refs: async () => listRefs(await git()),
    ...ledgerWriters(options, findOnce),
    tip: async (branch) => {
      const command = await git();
      await checkBranchName(command, branch);
      return branchTip(command, branch);
    },
    ...pushes(options, findOnce),
    history: async (ref) => {
      const command = await git();
      return readHistory(command, await resolveCommit(command, ref));
    },
  };
}
