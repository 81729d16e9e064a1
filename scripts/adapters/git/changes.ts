/** Which paths differ between commits, or between a commit and the working tree. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../contract/errors.ts';
import type { ProposedEntry } from '../../../policies/model/proposal.ts';
import type { GitCommand } from './command.ts';

function splitNul(text: string): readonly string[] {
  return text.split('\0').filter((part) => part !== '');
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

export async function mergeBase(git: GitCommand, base: string, head: string): Promise<string> {
  const answer = await git.ask(['merge-base', base, head], { answers: [1] });
  if (answer.status === 0) {
    return answer.text.trim();
  }
  const isShallow = (await git.text(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
  throw new InputError({
    what: `${base} and ${head} have no common commit`,
    why: isShallow ? 'the clone is shallow, older commits were not fetched' : 'their histories are unrelated',
    fix: isShallow ? 'fetch the whole history' : 'name the branch this one was made from',
    next: isShallow ? 'git fetch --unshallow' : 'git branch --all',
  });
}

/** Submodules are never left out, whatever `.gitmodules` says about them. */
const diffPaths = [
  'diff',
  '--name-only',
  '-z',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--ignore-submodules=none',
] as const;

/** Files that git neither tracks nor ignores. */
export async function untracked(git: GitCommand): Promise<readonly string[]> {
  return splitNul(await git.text(['ls-files', '--others', '--exclude-standard', '-z']));
}

/** Paths that differ between a commit and the working tree. */
export async function changedSince(git: GitCommand, from: string): Promise<readonly string[]> {
  const [changed, added] = await Promise.all([git.text([...diffPaths, from, '--']), untracked(git)]);
  return [...new Set([...splitNul(changed), ...added])].toSorted(byCodeUnit);
}

/** Paths that differ between two commits. */
export async function changedBetween(
  git: GitCommand,
  from: string,
  head: string,
): Promise<readonly string[]> {
  const changed = await git.text([...diffPaths, from, head, '--']);
  return splitNul(changed).toSorted(byCodeUnit);
}

/** Tracked files, as they are in the working tree, and new ones that are not ignored. What was deleted is left out. */
export async function workingEntries(git: GitCommand): Promise<readonly ProposedEntry[]> {
  const [staged, added, modified] = await Promise.all([
    git.text(['ls-files', '--stage', '-z']),
    untracked(git),
    git.text(['ls-files', '--modified', '--deleted', '-z']),
  ]);
  const entries = new Map(
    splitNul(staged).map((line) => [line.slice(line.indexOf('\t') + 1), line.slice(0, line.indexOf(' '))]),
  );
  for (const path of new Set([...added, ...splitNul(modified)])) {
    const mode = await modeOf(join(git.folder, path));
    if (mode === null) {
      entries.delete(path);
    } else {
      entries.set(path, mode);
    }
  }
  return [...entries].map(([path, mode]) => ({ path, mode })).toSorted((a, b) => byCodeUnit(a.path, b.path));
}

/** The mode that git would commit; a folder here is the root of another repository. Null when nothing is there. */
async function modeOf(path: string): Promise<string | null> {
  const found = await fs.lstat(path).catch(() => null);
  if (found === null) {
    return null;
  }
  return found.isFile()
    ? '100644'
    : found.isSymbolicLink()
      ? '120000'
      : found.isDirectory()
        ? '160000'
        : '000000';
}
