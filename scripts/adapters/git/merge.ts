/**
 * Whether a merge holds what was approved and nothing else: its tree must be the one that git itself makes when it merges
 * the approved head onto the merge's first parent. True for merge commits, squashes and rebases of one commit alike; an
 * edit made during the merge shows as another tree.
 */
import type { GitCommand } from './command.ts';

/** `unknown` when the head does not merge cleanly by itself: what was done to make it merge was not approved either. */
export async function compareMerge(
  git: GitCommand,
  merge: string,
  head: string,
): Promise<'same' | 'differs' | 'unknown'> {
  const made = await mergedTree(git, `${merge}^1`, head);
  if (made === null) {
    return 'unknown';
  }
  const tree = await git.objects.info(`${merge}^{tree}`);
  return made === tree?.id ? 'same' : 'differs';
}

/** Id of the tree that merging `head` onto `base` gives; null when it does not merge by itself. */
export async function mergedTree(git: GitCommand, base: string, head: string): Promise<string | null> {
  const made = await git.ask(['merge-tree', '--write-tree', '--no-messages', base, head], { answers: [1] });
  return made.status === 0 ? made.text.trim() : null;
}
