/** Which approved changes another one gives way to. */
import type { Pull } from '../../policies/model/facts.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import type { Git } from '../contract/ports.ts';

/** After the merge those that the default branch had before it: of two that do not go together the later one gives way. */
export async function aheadOf(
  git: Pick<Git, 'pathsAt'>,
  known: readonly LocatedRecord[],
  merge: Pull['merge'],
): Promise<readonly LocatedRecord[]> {
  if (merge === null) {
    return known;
  }
  const before = new Set(await git.pathsAt(`${merge.sha}^1`, 'changes'));
  return known.filter(({ file }) => before.has(file));
}
