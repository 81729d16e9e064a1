/**
 * Adds a commit to a branch nobody has checked out, without a working tree or an index: blobs and trees, a commit,
 * and last of all the reference, moved only if it still points where the caller thought. Until that last step a crash
 * leaves nothing but unreferenced objects, which git collects.
 */
import { InputError, StaleError } from '../../contract/errors.ts';
import type { GitFile } from '../../contract/ports.ts';
import { checkRevision, checkTreePath } from './command.ts';
import type { GitCommand } from './command.ts';
import { continueHistory } from './history.ts';
import { commitObject, formatOf, madeObject, packOf, treeMode, treeObject } from './pack.ts';
import type { MadeObject, ObjectFormat, TreeLine } from './pack.ts';
import { entriesOf, firstThere } from './tree.ts';

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
  /** A reference of this clone's own that moves with the branch. Null: none. */
  readonly seen: string | null;
  readonly files: readonly GitFile[];
  /** Files of the commit that may be there already. */
  readonly derived: readonly GitFile[];
  readonly ident: Ident;
  /** RFC 3339; author and committer date. */
  readonly at: string;
}

/** Commit of a local branch, or null. */
export async function branchTip(git: GitCommand, branch: string): Promise<string | null> {
  return (await git.objects.info(`refs/heads/${branch}^{commit}`))?.id ?? null;
}

/** Of these, every name is one that git takes (git-check-ref-format(1)); about any other it is asked. */
const plainName = /^[A-Za-z0-9_][A-Za-z0-9_-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_-]*)*$/;

/** Throws InputError for a name git would not take for a branch. */
export async function checkBranchName(git: GitCommand, branch: string): Promise<void> {
  if (plainName.test(branch)) {
    return;
  }
  const answer = await git.ask(['check-ref-format', `refs/heads/${branch}`], { answers: [1] });
  if (answer.status !== 0 || branch.startsWith('-')) {
    throw new InputError({
      what: `${JSON.stringify(branch)} is not a branch name`,
      fix: 'use letters, digits, "-", "_" and "/"',
    });
  }
}

async function refuseCheckedOut(git: GitCommand, branch: string): Promise<void> {
  const worktrees = await git.worktrees();
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
  const recorded = await firstThere(git, append.expectedTip, paths);
  if (recorded !== undefined) {
    throw new InputError({
      what: `${recorded} is recorded on the branch ${append.branch} already`,
      why: 'the branch only ever grows; writing a path again would rewrite evidence',
      fix: 'read the branch again: somebody else ended this meanwhile',
      next: `git log -3 ${append.branch} -- ${recorded}`,
    });
  }
}

/** Files by their path below a tree. */
type NewFiles = ReadonlyMap<string, MadeObject>;

/** Writes the files, every tree on the way to them, and the commit. Returns its id. */
async function writeCommit(git: GitCommand, append: Append): Promise<string> {
  const format = await formatOfNew(git, append.expectedTip);
  const files = new Map(
    [...append.files, ...append.derived].map(({ path, text }) => [
      path,
      madeObject(format, 'blob', Buffer.from(text, 'utf8')),
    ]),
  );
  const trees: MadeObject[] = [];
  const base = append.expectedTip === null ? [] : await entriesOf(git, append.expectedTip);
  const derived = new Set(append.derived.map(({ path }) => path));
  const top = await grown({ git, branch: append.branch, format, trees, derived }, base, { files, at: '' });
  const parents = append.expectedTip === null ? [] : [append.expectedTip];
  const commit = commitObject(format, { ...append, tree: top, parents });
  await git.text(['unpack-objects', '-q', '--strict'], {
    input: packOf(format, [...files.values(), ...trees, commit]),
  });
  return commit.id;
}

async function formatOfNew(git: GitCommand, tip: string | null): Promise<ObjectFormat> {
  if (tip !== null) {
    return formatOf(tip);
  }
  const answer = await git.text(['rev-parse', '--show-object-format']);
  return answer.trim() === 'sha256' ? 'sha256' : 'sha1';
}

interface BranchInProgress {
  readonly branch: string;
  readonly git: GitCommand;
  readonly format: ObjectFormat;
  /** Every tree that is made, those below others first. */
  readonly trees: MadeObject[];
  /** Whole paths that may be there already. */
  readonly derived: ReadonlySet<string>;
}

/** Id of the tree that has these entries and the files. */
async function grown(
  growing: BranchInProgress,
  entries: readonly TreeLine[],
  { files, at }: { readonly files: NewFiles; readonly at: string },
): Promise<string> {
  const { branch, derived } = growing;
  const lines = new Map(entries.map((entry) => [entry.path, entry]));
  for (const [name, below] of byFirstPart(files)) {
    const there = lines.get(name);
    const file = below.get('');
    const isFolder = there === undefined || there.mode === treeMode;
    const isFree = there === undefined || (there.mode !== treeMode && derived.has(`${at}${name}`));
    if (file === undefined ? !isFolder : !isFree || below.size > 1) {
      throw new InputError({
        what: `${name} would be a file and a folder on the branch ${branch}, or a file twice`,
        why: 'the branch only ever grows',
        fix: 'read the branch again: somebody else wrote to it',
      });
    }
    if (file !== undefined) {
      lines.set(name, { mode: '100644', path: name, id: file.id });
      continue;
    }
    const inside = there === undefined ? [] : await entriesOf(growing.git, there.id);
    const id = await grown(growing, inside, { files: below, at: `${at}${name}/` });
    lines.set(name, { mode: treeMode, path: name, id });
  }
  const tree = treeObject(growing.format, [...lines.values()]);
  growing.trees.push(tree);
  return tree.id;
}

/** Files by the first part of their path, with the rest of it: of a file that lies here that is empty. */
function byFirstPart(files: NewFiles): ReadonlyMap<string, Map<string, MadeObject>> {
  const groups = new Map<string, Map<string, MadeObject>>();
  for (const [path, object] of files) {
    const [first = '', ...rest] = path.split('/');
    const group = groups.get(first) ?? new Map<string, MadeObject>();
    groups.set(first, group.set(rest.join('/'), object));
  }
  return groups;
}

async function derivedChanges(
  git: GitCommand,
  { expectedTip, derived }: Append,
): Promise<readonly { readonly status: string; readonly path: string }[]> {
  return Promise.all(
    derived.map(async ({ path }) => {
      const there = expectedTip === null ? undefined : await firstThere(git, expectedTip, [path]);
      return { status: there === undefined ? 'A' : 'M', path };
    }),
  );
}

async function moveBranch(git: GitCommand, append: Append, commit: string): Promise<void> {
  const nothing = '0'.repeat(commit.length);
  const before = append.expectedTip ?? nothing;
  const tag = append.tag === null ? '' : `update refs/tags/${append.tag}\0${commit}\0${nothing}\0`;
  const seen = append.seen === null ? '' : `update ${append.seen}\0${commit}\0\0`;
  const moves = `update refs/heads/${append.branch}\0${commit}\0${before}\0${tag}${seen}`;
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
  for (const file of [...append.files, ...append.derived]) {
    checkTreePath(file.path);
  }
  if (append.seen !== null) {
    checkRevision(append.seen);
  }
  await refuseCheckedOut(git, append.branch);
  const found = await branchTip(git, append.branch);
  if (found !== append.expectedTip) {
    throw moved(append, found);
  }
  await refuseRecorded(git, append);
  const commit = await writeCommit(git, append);
  await publish(commit);
  await moveBranch(git, append, commit);
  continueHistory(git, {
    sha: commit,
    parent: append.expectedTip,
    changes: [
      ...append.files.map(({ path }) => ({ status: 'A', path })),
      // Whether one was there already, git says.
      ...(await derivedChanges(git, append)),
    ],
  });
  return commit;
}
