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

export interface Followed {
  readonly happened: Happened;
  /** Address of the repository on the local GitHub. */
  readonly upstream: string;
  readonly git: Git;
  /** Account ids by login, which is the local part of an e-mail here. */
  readonly ids: ReadonlyMap<string, number>;
}

export function followingPulls(followed: Followed): Behaviour {
  const { upstream } = followed;
  const get = async <T>(path: string): Promise<T> =>
    (await fetch(`${upstream}/${path}`)).json() as Promise<T>;
  return {
    changes: [
      {
        path: /\/pulls\/\d+$/,
        edit: (answer) => {
          const pull = answer as ApiPull;
          return { ...asItIs(followed, pull), commits: commitsOf(followed, pull).length };
        },
      },
      {
        path: /\/commits\/[0-9a-f]{40}\/pulls$/,
        edit: (answer) => (answer as readonly ApiPull[]).map((pull) => asItIs(followed, pull)),
      },
      {
        path: /\/pulls\/\d+\/commits$/,
        edit: async (_, { path }) => {
          const number = /(\d+)\/commits$/.exec(path)?.[1] ?? '';
          const commits = commitsOf(followed, await get<ApiPull>(`pulls/${number}`));
          return Promise.all(commits.map((commit) => get(`commits/${commit}`)));
        },
      },
      {
        method: 'POST',
        path: /^\/graphql$/,
        edit: async (answer, { body }) => {
          const { query, variables } = JSON.parse(body) as Question;
          if (!query.startsWith('query CommitAuthors')) {
            return answer;
          }
          const commits = commitsOf(followed, await get<ApiPull>(`pulls/${String(variables.number)}`));
          const nodes = commits.map((commit) => ({
            commit: { oid: commit, authors: authorsOf(followed, commit) },
          }));
          const list = { pageInfo: { hasNextPage: false, endCursor: null }, nodes };
          return { data: { repository: { pullRequest: { list } } } };
        },
      },
    ],
  };
}

interface Question {
  readonly query: string;
  readonly variables: { readonly number: number };
}

function asItIs(followed: Followed, pull: ApiPull): ApiPull {
  const { sha, base } = headOf(followed, pull);
  const merge = followed.happened.merged.get(pull.number);
  const state =
    merge === undefined
      ? {}
      : { state: 'closed', merged: true, merged_at: merge.at, merge_commit_sha: merge.sha };
  return { ...pull, ...state, head: { ...pull.head, sha }, base: { ...pull.base, sha: base } };
}

function headOf({ happened }: Followed, pull: ApiPull): { readonly sha: string; readonly base: string } {
  return happened.heads.get(pull.head.ref) ?? { sha: pull.head.sha, base: pull.base.sha };
}

function commitsOf(followed: Followed, pull: ApiPull): readonly string[] {
  const { sha, base } = headOf(followed, pull);
  return followed
    .git('rev-list', '--reverse', sha, `^${base}`)
    .split('\n')
    .filter((line) => line !== '');
}

/** The author and everybody whom a trailer names, with their accounts. */
function authorsOf({ git, ids }: Followed, commit: string): object {
  const [author = '', ...body] = git('log', '-1', '--format=%ae%n%B', commit).split('\n');
  const trailers = [...body.join('\n').matchAll(/^co-authored-by:.*<([^>]*)>/gim)].map(
    ([, email = '']) => email,
  );
  return {
    nodes: [author, ...trailers].map((email) => {
      const id = ids.get(email.split('@')[0] ?? '');
      return { user: id === undefined ? null : { databaseId: id } };
    }),
  };
}
