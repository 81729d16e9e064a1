/** Single objects and references by their names. */
import type { GitSingles } from '../../contract/git-singles.ts';
import { checkBranchName } from './append.ts';
import { checkRevision, type GitCommand } from './command.ts';
import { parentsOf } from './history.ts';
import { formatOf, madeObject } from './pack.ts';
import { fetchTags, fetchTip, remoteReferences, type PublishRemote } from './publish.ts';
import { blobTexts } from './tree.ts';

export function gitSingles(git: () => Promise<GitCommand>, remote: () => Promise<PublishRemote>): GitSingles {
  const commitOf = async (name: string): Promise<string | null> => {
    checkRevision(name);
    return (await (await git()).objects.info(`${name}^{commit}`))?.id ?? null;
  };
  return {
    blobs: async (ids) => blobTexts(await git(), ids),
    blobId: async (text) => {
      // Every repository has objects of one format only.
      const format = formatOf((await commitOf('HEAD')) ?? '');
      return madeObject(format, 'blob', Buffer.from(text, 'utf8')).id;
    },
    reference: commitOf,
    hasReferences: async (below) =>
      (await (await git()).text(['for-each-ref', '--count=1', '--format=x', below])) !== '',
    parents: async (commit) => {
      checkRevision(commit);
      return parentsOf(await git(), commit);
    },
    fetchTip: async (branch) => {
      await checkBranchName(await git(), branch);
      await fetchTip(await remote(), branch);
    },
    fetchTags: async (tags) => fetchTags(await remote(), tags),
    referencesOnOrigin: async (names) => remoteReferences(await remote(), names),
  };
}
