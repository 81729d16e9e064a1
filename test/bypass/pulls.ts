/**
 * Pull requests as GitHub has them and emulate does not: the head follows what is pushed to the branch, the base is the
 * one of that moment, the commits are those between the two, and a merge is a real merge that git made.
 */
import type { Behaviour } from './front.ts';

interface Merged {
  readonly sha: string;
  readonly at: string;
}

/** What happened in the repository, noted by whoever makes it happen. */
export interface Happened {
  /** Branch to its commit, and to the commit of main at that moment. */
  readonly heads: Map<string, { readonly sha: string; readonly base: string }>;
  /** Pull request number to its merge. */
  readonly merged: Map<number, Merged>;
}

interface ApiPull {
  readonly number: number;
  readonly head: { readonly ref: string; readonly sha: string };
  readonly base: { readonly sha: string };
}

type Git = (...args: readonly string[]) => string;

/** `upstream` is the address of the repository on the local GitHub. */
export function followingPulls(happened: Happened, upstream: string, git: Git): Behaviour {
  const get = async <T>(path: string): Promise<T> =>
    (await fetch(`${upstream}/${path}`)).json() as Promise<T>;
  const now = (pull: ApiPull): { readonly sha: string; readonly base: string } =>
    happened.heads.get(pull.head.ref) ?? { sha: pull.head.sha, base: pull.base.sha };
  return {
    changes: [
      {
        path: /\/pulls\/\d+$/,
        edit: (answer) => {
          const pull = answer as ApiPull;
          const { sha, base } = now(pull);
          const merge = happened.merged.get(pull.number);
          const state =
            merge === undefined
              ? {}
              : { state: 'closed', merged: true, merged_at: merge.at, merge_commit_sha: merge.sha };
          return { ...pull, ...state, head: { ...pull.head, sha }, base: { ...pull.base, sha: base } };
        },
      },
      {
        path: /\/pulls\/\d+\/commits$/,
        edit: async (_, path) => {
          const number = /(\d+)\/commits$/.exec(path)?.[1] ?? '';
          const { sha, base } = now(await get<ApiPull>(`pulls/${number}`));
          const commits = git('rev-list', '--reverse', sha, `^${base}`)
            .split('\n')
            .filter((line) => line !== '');
          return Promise.all(commits.map((commit) => get(`commits/${commit}`)));
        },
      },
    ],
  };
}
