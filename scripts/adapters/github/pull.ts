/**
 * What GitHub knows about a pull request. Lists are read to the end; where GitHub itself cuts one short, `complete` says so
 * and the gate denies. What cannot be told (an unknown pusher, a review whose tuple is not known) is passed on as
 * unknown, never guessed.
 */
import type { Octokit } from '@octokit/rest';
import type { Commit, Pull } from '../../../policies/model/facts.ts';
import { checkName } from '../../contract/check-name.ts';
import type { PullFacts } from '../../contract/ports.ts';
import type { JsonObject } from '../../plan/types.ts';
import { ownAccount, whole, type Connection } from './connection.ts';
import { readComments, readCommitAuthors, readDeletedComments, readReviewEdits } from './conversation.ts';
import { pushesTo, type Push } from './pushes.ts';
import { asReview, dismissalsOf, textOfReview } from './review.ts';
import { runsOn } from './runs.ts';
import { laterOf } from './visible.ts';

/** Everything that the gate reads about the pull request, in the order of what the later parts need. */
export async function pullFacts(at: Connection, number: number): Promise<PullFacts> {
  const { octokit, owner, repo } = at;
  const target = { owner, repo, pull_number: number };
  const { data: pull, headers } = await octokit.rest.pulls.get(target);
  const serverTime = new Date(headers.date ?? '').toISOString();
  const { defaultBranch, baseTip } = await branchesOf(at, pull.base.ref);
  const commits = await commitsOf(at, number);
  const reviews = whole(
    await octokit.paginate(octokit.rest.pulls.listReviews, { ...target, per_page: 100 }),
    'id',
  );
  const pushes = await pushesTo(at, {
    branch: pull.head.ref,
    openedAt: pull.created_at,
    mergedAt: pull.merged_at,
    commits: commits.map(({ sha }) => sha),
  });
  const headAt = pushes.findLast((push) => push.after === pull.head.sha)?.at ?? new Date().toISOString();
  const runs = await runsOn(at, pull.head.sha, checkName(pull.base.ref));
  // Nothing was on show before the head was the head, whatever the run says about itself.
  const visible =
    runs.visible === null ? null : { ...runs.visible, since: laterOf(runs.visible.since, headAt) };
  const events = await eventsOf(at, number);
  const around = {
    visible,
    base: pull.base.ref,
    baseSince: latestChangeOfBase(events),
    dismissals: dismissalsOf(events),
    edits: await readReviewEdits(at, number),
  };
  return {
    serverTime,
    baseTip,
    pull: {
      ...shapeOf(pull, number),
      commissionerIds: isBot(pull) ? everAssigned(pull, events) : [],
      sharesHeadWith: await othersWithHead(at, pull.head.sha, number),
      defaultBranch,
      headAt,
      pusherIds: pushersOf(pushes),
      commits,
      // GitHub lists 250 commits at most (REST documentation of "List commits on a pull request"); its count has all.
      // Whose verdict the reviewers read cannot be told while runs of one name contradict each other.
      complete: { commits: commits.length === pull.commits, files: true, reviews: !runs.contested },
    },
    reviews: reviews.map((review) => asReview(review, around)),
    rawReviews: reviews.map((review): JsonObject => ({ ...review })),
    comments: await readComments(at, number, { visible, me: await ownAccount(at) }),
    deletedComments: await readDeletedComments(at, number),
    reviewTexts: reviews.flatMap((review) => textOfReview(review, around.edits)),
  };
}

function latestChangeOfBase(events: Parameters<typeof baseChangesOf>[0]): string | null {
  return (
    baseChangesOf(events)
      .toSorted((a, b) => Date.parse(a) - Date.parse(b))
      .at(-1) ?? null
  );
}

/** When the pull request got another base branch, by a person or because the old one was deleted. */
export function baseChangesOf(
  events: readonly { readonly event: string; readonly created_at: string }[],
): readonly string[] {
  const kinds = new Set(['base_ref_changed', 'automatic_base_change_succeeded']);
  return events.filter(({ event }) => kinds.has(event)).map((event) => event.created_at);
}

type ApiPull = Awaited<ReturnType<Octokit['rest']['pulls']['get']>>['data'];

/** What GitHub says about the pull request itself. The files come from git, which lists all of them. */
function shapeOf(
  pull: ApiPull,
  number: number,
): Omit<
  Pull,
  'commissionerIds' | 'sharesHeadWith' | 'defaultBranch' | 'headAt' | 'pusherIds' | 'commits' | 'complete'
> {
  return {
    number,
    authorId: pull.user.id,
    authorIsBot: isBot(pull),
    headSha: pull.head.sha,
    baseBranch: pull.base.ref,
    baseSha: pull.base.sha,
    draft: pull.draft ?? false,
    fork: isFork(pull.head, pull.base),
    state: pull.merged ? 'merged' : pull.state === 'open' ? 'open' : 'closed',
    merge: mergeOf(pull),
    changedFiles: [],
  };
}

function isBot({ user }: ApiPull): boolean {
  return user.type === 'Bot';
}

/** Who has the pull request now, and who ever had it: GitHub's events keep what a later assignment hides. */
function everAssigned(
  { assignee, assignees }: ApiPull,
  events: Awaited<ReturnType<typeof eventsOf>>,
): readonly (number | null)[] {
  const now = [assignee, ...(assignees ?? [])].flatMap((account) => account?.id ?? []);
  const then = events.flatMap((event) =>
    event.event === 'assigned' || event.event === 'unassigned'
      ? [accountId('assignee' in event ? event.assignee : null)]
      : [],
  );
  return [...new Set([...now, ...then])];
}

/** The branch that releases are made from, and where the base branch is now. */
async function branchesOf(
  { octokit, owner, repo }: Connection,
  base: string,
): Promise<{ readonly defaultBranch: string; readonly baseTip: string }> {
  const { data: repository } = await octokit.rest.repos.get({ owner, repo });
  const { data: branch } = await octokit.rest.repos.getBranch({ owner, repo, branch: base });
  if (typeof repository.default_branch !== 'string' || typeof branch.commit.sha !== 'string') {
    throw new Error('a repository without a default branch, or a base branch without a commit');
  }
  return { defaultBranch: repository.default_branch, baseTip: branch.commit.sha };
}

async function commitsOf(at: Connection, number: number): Promise<readonly Commit[]> {
  const { octokit, owner, repo } = at;
  const target = { owner, repo, pull_number: number, per_page: 100 };
  const commits = whole(await octokit.paginate(octokit.rest.pulls.listCommits, target), 'sha');
  const authors = await readCommitAuthors(at, number);
  return commits.map((commit) => asCommit(commit, authors.get(commit.sha) ?? []));
}

/** GitHub sends no repository for a fork that was deleted, which its types do not say. */
function isFork(
  head: { readonly repo: { readonly full_name: string } | null },
  base: { readonly repo: { readonly full_name: string } },
): boolean {
  return head.repo?.full_name !== base.repo.full_name;
}

function mergeOf(pull: {
  readonly merged: boolean;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
}): Pull['merge'] {
  return pull.merged && pull.merged_at !== null
    ? { at: pull.merged_at, sha: pull.merge_commit_sha ?? '', tree: 'unknown' }
    : null;
}

/** None at all when one of them cannot be told: a list that is not complete would look like one. */
function pushersOf(pushes: readonly Push[]): readonly number[] {
  return pushes.some((push) => push.actor === null)
    ? []
    : [...new Set(pushes.flatMap((push) => push.actor ?? []))];
}

/** What happened to the pull request, as the server recorded it. */
export async function eventsOf(at: Connection, number: number) {
  const { octokit, owner, repo } = at;
  const events = await octokit.paginate(octokit.rest.issues.listEvents, {
    owner,
    repo,
    issue_number: number,
    per_page: 100,
  });
  return whole(events, 'event');
}

type ApiCommit = Awaited<ReturnType<Octokit['rest']['pulls']['listCommits']>>['data'][number];

/** `authors`: the accounts of its git author and co-authors. A trailer without one is somebody who is not known. */
function asCommit(commit: ApiCommit, authors: readonly (number | null)[]): Commit {
  const named = [...commit.commit.message.matchAll(/^co-authored-by:/gim)].length;
  const known = authors.slice(1);
  return {
    sha: commit.sha,
    authorId: accountId(commit.author),
    committerId: accountId(commit.committer),
    coAuthorIds: [...known, ...Array.from({ length: Math.max(0, named - known.length) }, () => null)],
  };
}

function accountId(account: object | null): number | null {
  return account !== null && 'id' in account && typeof account.id === 'number' ? account.id : null;
}

/**
 * Numbers of the pull requests with this head that were merged into the default branch: what was merged into another one
 * was never released. A branch can be merged again after a revert, so there may be several.
 */
export async function mergedPulls(at: Connection, headSha: string): Promise<readonly number[]> {
  const { data: repository } = await at.octokit.rest.repos.get({ owner: at.owner, repo: at.repo });
  return (await pullsWithHead(at, headSha))
    .filter(({ merged_at: merged, base }) => merged !== null && base.ref === repository.default_branch)
    .map(({ number }) => number)
    .toSorted((a, b) => a - b);
}

async function othersWithHead(at: Connection, headSha: string, number: number): Promise<readonly number[]> {
  return (await pullsWithHead(at, headSha))
    .filter((pull) => pull.state === 'open' && pull.number !== number)
    .map((pull) => pull.number);
}

/** GitHub lists pull requests that contain the commit anywhere; only those that end with it have it as their head. */
async function pullsWithHead(at: Connection, headSha: string) {
  const { octokit, owner, repo } = at;
  const pulls = await octokit.paginate(octokit.rest.repos.listPullRequestsAssociatedWithCommit, {
    owner,
    repo,
    commit_sha: headSha,
    per_page: 100,
  });
  return whole(pulls, 'number').filter((pull) => pull.head.sha === headSha);
}
