import type { Services } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';

/** What a command commits is on a branch of its own, from what everybody has. Throws UsageError. */
export async function refuseElsewhere({ git, pullRequests }: Services, why: string): Promise<void> {
  const base = await (await pullRequests()).defaultBranch();
  const dirty = await git.dirtyPaths();
  const branch = await git.branch();
  if (branch === base && dirty.length === 0) {
    return;
  }
  throw new UsageError({
    what:
      branch === base
        ? `The working tree has uncommitted changes: ${dirty.slice(0, 5).join(', ')}.`
        : `The branch here is ${branch ?? 'none'}, not ${base}.`,
    why,
    fix: 'Put your work aside, and take what everybody has.',
    next: `git stash --include-untracked; git switch ${base} && git pull`,
  });
}
