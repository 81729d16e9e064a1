/**
 * The commits of a pull request, and the pull requests of a commit, which emulate does not list. emulate lists the base commit too and leaves the accounts of authors and committers
 * away; GitHub does neither. Its answer about a single commit has them.
 */
import { ok, passed, repositoryPath, type Call, type Route } from './route.ts';

interface IdentifiedCommit {
  readonly sha: string;
}

export const commitRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: new RegExp(`^${repositoryPath}/pulls/(\\d+)$`),
    answer: async (call) => {
      const answered = await passed(await call.upstream(call.url.pathname));
      // It counts the base commit, too.
      const pull = answered.body as { readonly commits: number };
      return answered.status === 200 ? ok({ ...pull, commits: pull.commits - 1 }) : answered;
    },
  },
  {
    method: 'GET',
    path: new RegExp(`^${repositoryPath}/pulls/(\\d+)/commits$`),
    answer: async (call) => {
      const [repository = '', number = ''] = call.found;
      const pull = await get<{ readonly base: IdentifiedCommit }>(call, `${repository}/pulls/${number}`);
      const commits = await get<readonly IdentifiedCommit[]>(
        call,
        `${repository}/pulls/${number}/commits?per_page=100`,
      );
      const own = commits.filter((commit) => commit.sha !== pull.base.sha);
      return ok(await Promise.all(own.map((commit) => get(call, `${repository}/commits/${commit.sha}`))));
    },
  },
  {
    method: 'GET',
    path: new RegExp(`^${repositoryPath}/commits/([0-9a-f]{40})/pulls$`),
    answer: async (call) => {
      const [repository = '', sha = ''] = call.found;
      const pulls = await get<readonly { readonly head: IdentifiedCommit }[]>(
        call,
        `${repository}/pulls?state=all&per_page=100`,
      );
      return ok(pulls.filter(({ head }) => head.sha === sha));
    },
  },
];

async function get<T>({ upstream }: Call, path: string): Promise<T> {
  return (await (await upstream(path)).json()) as T;
}
