/** Stacks that are released at once share one clone, and git locks what it writes: one of them writes at a time. */
import type { Git } from '../../../contract/ports.ts';

export function gitInTurn(git: Git): Git {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn =
    <A extends readonly unknown[], R>(work: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      const own = last.then(async () => work(...given));
      last = own.catch(() => undefined);
      return own;
    };
  return {
    ...git,
    fetchBranch: inTurn(async (...given: Parameters<Git['fetchBranch']>) => git.fetchBranch(...given)),
    fetchTip: inTurn(async (...given: Parameters<Git['fetchTip']>) => git.fetchTip(...given)),
    fetchTags: inTurn(async (...given: Parameters<Git['fetchTags']>) => git.fetchTags(...given)),
    appendCommit: inTurn(async (...given: Parameters<Git['appendCommit']>) => git.appendCommit(...given)),
    publishCommit: inTurn(async (...given: Parameters<Git['publishCommit']>) => git.publishCommit(...given)),
    remember: inTurn(async (...given: Parameters<Git['remember']>) => git.remember(...given)),
  };
}
