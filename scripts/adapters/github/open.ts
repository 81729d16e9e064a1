/** Which pull requests there are and where they stand: little, and so cheap to ask again. */
import { checkName } from '../../contract/check-name.ts';
import type { OpenPull, PullHead } from '../../contract/ports.ts';
import { whole, type Connection } from './connection.ts';
import { runsOn } from './runs.ts';

/** Where one stands right now. */
export async function pullHead({ octokit, owner, repo }: Connection, number: number): Promise<PullHead> {
  const { data } = await octokit.rest.pulls.get({ owner, repo, pull_number: number });
  return headOf(data);
}

/** All open ones into the default branch, to the last page, by number. */
export async function openPulls({ octokit, owner, repo }: Connection): Promise<readonly OpenPull[]> {
  const base = (await octokit.rest.repos.get({ owner, repo })).data.default_branch;
  const pulls = await octokit.paginate(octokit.rest.pulls.list, {
    owner,
    repo,
    base,
    state: 'open',
    sort: 'created',
    direction: 'asc',
    per_page: 100,
  });
  const heads = whole(pulls, 'head').map((pull) => ({
    ...headOf(pull),
    draft: pull.draft === true,
    requestedIds: (pull.requested_reviewers ?? []).map(({ id }) => id),
  }));
  return [...new Map(heads.map((head) => [head.number, head])).values()].toSorted(
    (a, b) => a.number - b.number,
  );
}

/** Title of the gate's own check run; null when there is none, or not exactly what is ours is there. */
export async function verdictOn(at: Connection, head: PullHead): Promise<string | null> {
  const { own, contested } = await runsOn(at, head.headSha, checkName(head.baseBranch));
  return contested ? null : (own[0]?.output?.title ?? null);
}

function headOf(pull: {
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly head: { readonly sha: string };
  readonly base: { readonly ref: string; readonly sha: string };
}): PullHead {
  if (!/^[0-9a-f]{40}$/.test(pull.head.sha)) {
    throw new Error('a pull request without a head');
  }
  return {
    number: pull.number,
    title: pull.title,
    headSha: pull.head.sha,
    baseBranch: pull.base.ref,
    baseSha: pull.base.sha,
    isOpen: pull.state === 'open',
  };
}
