/** The pull request of a change, as `sluice raise` opens and keeps it. Everything is read first: writing twice changes nothing. */
import type { Octokit } from '@octokit/rest';
import type { PullRequests, RaisedPull } from '../../contract/ports.ts';
import {
  callGitHub,
  connect,
  ownAccount,
  statusOf,
  whole,
  type Connection,
  type GitHubSettings,
} from './connection.ts';

const again = 'sluice raise';

/** Throws nothing by itself: connections are made per call. */
export function createPullRequests(settings: GitHubSettings): PullRequests {
  const at = connect(settings);
  const { octokit, owner, repo } = at;
  return {
    repository: settings.repository,
    defaultBranch: () =>
      callGitHub('read the repository', again, async () => {
        const { default_branch: branch } = (await octokit.rest.repos.get({ owner, repo })).data;
        if (typeof branch !== 'string' || branch === '') {
          throw new Error('a repository without a default branch');
        }
        return branch;
      }),
    me: () => callGitHub('read whose token it is', again, () => ownAccount(at)),
    from: (branch) => callGitHub(`list the pull requests from ${branch}`, again, () => pullsFrom(at, branch)),
    open: (pull) =>
      callGitHub(`open a pull request from ${pull.head}`, again, async () =>
        asRaised((await octokit.rest.pulls.create({ owner, repo, ...pull })).data),
      ),
    update: (number, parts) =>
      callGitHub(`update pull request ${String(number)}`, again, async () => {
        await octokit.rest.pulls.update({ owner, repo, pull_number: number, ...parts });
      }),
    ask: (number, accountId) =>
      callGitHub(`request a review on pull request ${String(number)}`, again, () =>
        requestReview(at, number, accountId),
      ),
  };
}

type PullInList = Awaited<ReturnType<Octokit['rest']['pulls']['list']>>['data'][number];

async function pullsFrom(
  { octokit, owner, repo }: Connection,
  branch: string,
): Promise<readonly RaisedPull[]> {
  const pulls = await octokit.paginate(octokit.rest.pulls.list, {
    owner,
    repo,
    head: `${owner}:${branch}`,
    state: 'all',
    per_page: 100,
  });
  return whole(pulls, 'number')
    .filter((pull) => pull.head.ref === branch)
    .map(asRaised)
    .toSorted((a, b) => b.number - a.number);
}

type AnyPull = Pick<
  PullInList,
  'number' | 'html_url' | 'title' | 'body' | 'state' | 'merged_at' | 'draft' | 'requested_reviewers'
> & {
  readonly base: { readonly ref: string; readonly repo: { readonly full_name: string } };
  /** No repository: a fork that was deleted. */
  readonly head: { readonly repo: { readonly full_name: string } | null };
};

function asRaised(pull: AnyPull): RaisedPull {
  if (!Array.isArray(pull.requested_reviewers)) {
    throw new TypeError('a pull request that does not say whose review was requested');
  }
  return {
    number: pull.number,
    url: pull.html_url,
    title: pull.title,
    body: pull.body ?? '',
    state: pull.merged_at !== null ? 'merged' : pull.state === 'open' ? 'open' : 'closed',
    draft: pull.draft ?? false,
    baseBranch: pull.base.ref,
    fork: pull.head.repo?.full_name !== pull.base.repo.full_name,
    requestedIds: pull.requested_reviewers.map(({ id }) => id),
  };
}

/** An account that is gone, or that GitHub will not take as a reviewer, is an answer about that person. */
async function requestReview(
  { octokit, owner, repo }: Connection,
  number: number,
  accountId: number,
): ReturnType<PullRequests['ask']> {
  const login = await loginOf(octokit, accountId);
  if (login === null) {
    return { login: `account ${String(accountId)}`, refused: 'there is no such account any more' };
  }
  try {
    await octokit.rest.pulls.requestReviewers({ owner, repo, pull_number: number, reviewers: [login] });
    return { login, refused: null };
  } catch (error) {
    if (statusOf(error) !== 422) {
      throw error;
    }
    return { login, refused: 'GitHub refuses it: the author, or somebody without access to the repository' };
  }
}

async function loginOf(octokit: Octokit, accountId: number): Promise<string | null> {
  try {
    const { login } = (await octokit.rest.users.getById({ account_id: accountId })).data;
    if (typeof login !== 'string' || login === '') {
      throw new Error('an account without a name');
    }
    return login;
  } catch (error) {
    if (statusOf(error) === 404) {
      return null;
    }
    throw error;
  }
}
