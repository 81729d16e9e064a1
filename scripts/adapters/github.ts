/**
 * GitHub through octokit. Reads what the gate needs about a pull request and publishes its verdict. Lists are read to
 * the end; where GitHub itself cuts one short, `complete` says so and the gate denies. What cannot be told (an unknown
 * pusher, a review whose tuple is not known) is passed on as unknown, never guessed.
 */
import { Octokit } from '@octokit/rest';
import { ExternalError } from '../errors.ts';
import type { GitHub, PullFacts, Verdict } from '../ports.ts';
import type { Commit, DigestTuple, Pull } from '../../policies/model/facts.ts';
import { fitComment, marker } from './github-comment.ts';
import { checkName } from '../check-name.ts';
import { asReview, dismissalsOf } from './github-review.ts';
import { laterOf, readRuns, writeShown, type RunsRead } from './github-shown.ts';

export interface GitHubSettings {
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly baseUrl: string;
  /** Numeric id of the App that publishes verdicts, whoever reads them; null: the workflow token does (see github-shown.ts). */
  readonly appId: number | null;
}

/** GitHub lists at most this many commits of a pull request (REST documentation of "List commits on a pull request"). */
const commitLimit = 250;

interface Connection {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
  readonly appId: number | null;
}

/** Throws nothing by itself: connections are made per call. */
export function createGitHub(settings: GitHubSettings): GitHub {
  const [owner = '', repo = ''] = settings.repository.split('/');
  const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const octokit = new Octokit({
    auth: settings.token,
    baseUrl: settings.baseUrl,
    log: quiet,
    request: { timeout: 30_000 },
  });
  const at: Connection = { octokit, owner, repo, appId: settings.appId };
  return {
    pullFacts: (number) => asked(`read pull request ${String(number)}`, () => pullFacts(at, number)),
    publish: (number, verdict) =>
      asked(`publish the verdict on pull request ${String(number)}`, () => publish(at, number, verdict)),
    openPull: (pull) => asked(`open a pull request from ${pull.head}`, () => openPull(at, pull)),
  };
}

function ignore(): void {
  // Octokit warns on the console about failed requests; they arrive as errors anyway.
}

/** Every failure of the API becomes one error that names what was asked and what GitHub said. */
async function asked<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const status = statusOf(cause);
    throw new ExternalError({
      what: `GitHub did not let Sluice ${what}.`,
      why: status === null ? 'It could not be reached.' : `It answered ${String(status)}.`,
      fix: advice.get(status) ?? 'Try again; nothing was decided and nothing was changed.',
      next: 'sluice gate --pr <number>',
      cause,
    });
  }
}

function statusOf(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  return typeof status === 'number' && status > 0 ? status : null;
}

const aboutPermissions =
  'Check the token and its permissions (pull requests and checks), and the rate limit.';

const advice: ReadonlyMap<number | null, string> = new Map([
  [401, aboutPermissions],
  [403, aboutPermissions],
  [404, 'Check GITHUB_REPOSITORY and the number.'],
  [422, 'GitHub refuses the content of the request: check that the branch was pushed.'],
]);

async function pullFacts(at: Connection, number: number): Promise<PullFacts> {
  const { octokit, owner, repo } = at;
  const target = { owner, repo, pull_number: number };
  const { data: pull } = await octokit.rest.pulls.get(target);
  const { data: repository } = await octokit.rest.repos.get({ owner, repo });
  const commits = await octokit.paginate(octokit.rest.pulls.listCommits, { ...target, per_page: 100 });
  const reviews = await octokit.paginate(octokit.rest.pulls.listReviews, { ...target, per_page: 100 });
  const pushes = await pushesTo(at, pull.head.ref);
  const headAt = pushes.findLast((push) => push.after === pull.head.sha)?.at ?? new Date().toISOString();
  const runs = await runsOn(at, pull.head.sha, checkName(pull.base.ref));
  // Nothing was on show before the head was the head, whatever the run says about itself.
  const shown = runs.shown === null ? null : { ...runs.shown, since: laterOf(runs.shown.since, headAt) };
  const facts: Pull = {
    number,
    authorId: pull.user.id,
    authorIsBot: pull.user.type === 'Bot',
    commissionerId: pull.user.type === 'Bot' ? (pull.assignee?.id ?? null) : null,
    headSha: pull.head.sha,
    headAt,
    baseBranch: pull.base.ref,
    defaultBranch: repository.default_branch,
    baseSha: pull.base.sha,
    draft: pull.draft ?? false,
    fork: isFork(pull.head, pull.base),
    state: pull.merged ? 'merged' : pull.state === 'open' ? 'open' : 'closed',
    merge: mergeOf(pull),
    pusherIds: pushersOf(pushes),
    commits: commits.map(asCommit),
    changedFiles: [],
    // Whose verdict the reviewers read cannot be told while runs of one name contradict each other.
    complete: { commits: commits.length < commitLimit, files: true, reviews: !runs.contested },
  };
  const events = await eventsOf(at, number);
  const retargeted = events.some((event) => event.event === 'base_ref_changed');
  const around = { shown, base: retargeted ? null : pull.base.ref, dismissals: dismissalsOf(events) };
  return {
    pull: facts,
    reviews: reviews.map((review) => asReview(review, around)),
    statements: [],
  };
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

interface Push {
  readonly actor: number | null;
  readonly after: string;
  readonly at: string;
}

/** Oldest first: who pushed what to the branch, from the repository's activity, which names the authenticated pusher. */
async function pushesTo(at: Connection, branch: string): Promise<readonly Push[]> {
  const { octokit, owner, repo } = at;
  const activity = await octokit.paginate(octokit.rest.repos.listActivities, {
    owner,
    repo,
    ref: `refs/heads/${branch}`,
    per_page: 100,
  });
  return activity
    .map((entry) => ({ actor: entry.actor?.id ?? null, after: entry.after, at: entry.timestamp }))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** What happened to the pull request, as the server recorded it. */
async function eventsOf(at: Connection, number: number) {
  const { octokit, owner, repo } = at;
  return octokit.paginate(octokit.rest.issues.listEvents, {
    owner,
    repo,
    issue_number: number,
    per_page: 100,
  });
}

type ApiCommit = Awaited<ReturnType<Octokit['rest']['pulls']['listCommits']>>['data'][number];

function asCommit(commit: ApiCommit): Commit {
  const names = [...commit.commit.message.matchAll(/^co-authored-by:/gim)];
  return {
    sha: commit.sha,
    authorId: accountId(commit.author),
    committerId: accountId(commit.committer),
    // A trailer names an e-mail, not an account: who it is cannot be told here, and unknown is passed on as such.
    coAuthorIds: names.map(() => null),
  };
}

function accountId(account: object | null): number | null {
  return account !== null && 'id' in account && typeof account.id === 'number' ? account.id : null;
}

/** What the gate's runs on the commit show. All of them are read: the newest alone could be anybody's. */
async function runsOn(at: Connection, headSha: string, name: string): Promise<RunsRead> {
  const { octokit, owner, repo, appId } = at;
  const runs = await octokit.paginate(octokit.rest.checks.listForRef, {
    owner,
    repo,
    ref: headSha,
    check_name: name,
    // Without it GitHub leaves out all but the newest of a name, and so the ones that contradict it.
    filter: 'all',
    per_page: 100,
  });
  return readRuns(runs, { name, headSha, appId });
}

async function publish(at: Connection, number: number, verdict: Verdict): Promise<void> {
  const { octokit, owner, repo } = at;
  const { own, shown } = await runsOn(at, verdict.headSha, verdict.checkName);
  const since =
    shown !== null && sameTuple(shown.tuple, verdict.tuple) ? shown.since : new Date().toISOString();
  const body = {
    owner,
    repo,
    name: verdict.checkName,
    external_id: writeShown(verdict.tuple),
    started_at: since,
    status: 'completed' as const,
    conclusion: verdict.conclusion,
    output: { title: verdict.title, summary: fitComment(verdict.summary) },
  };
  if (own.length === 0) {
    await octokit.rest.checks.create({ ...body, head_sha: verdict.headSha });
  }
  // All of them: one that was left would still show something else, and could be the one that branch protection reads.
  for (const run of own) {
    await octokit.rest.checks.update({ ...body, check_run_id: run.id });
  }
  await writeComment(at, number, `${marker}\n${fitComment(verdict.summary)}`);
}

function sameTuple(a: DigestTuple, b: DigestTuple): boolean {
  return writeShown(a) === writeShown(b) && a.headSha === b.headSha;
}

/** One comment, found by its hidden marker and by being our own. */
async function writeComment(at: Connection, number: number, body: string): Promise<void> {
  const { octokit, owner, repo } = at;
  const comments = await octokit.paginate(octokit.rest.issues.listComments, {
    owner,
    repo,
    issue_number: number,
    per_page: 100,
  });
  const me = await ownAccount(at);
  const own = comments.find(
    (comment) =>
      comment.body?.startsWith(marker) === true &&
      (me === null ? comment.user?.type === 'Bot' : comment.user?.id === me),
  );
  if (own === undefined) {
    await octokit.rest.issues.createComment({ owner, repo, issue_number: number, body });
  } else {
    await octokit.rest.issues.updateComment({ owner, repo, comment_id: own.id, body });
  }
}

/** Null for App and workflow tokens, which may not ask who they are: their comments are by a bot, a person's never is. */
async function ownAccount({ octokit }: Connection): Promise<number | null> {
  try {
    return (await octokit.rest.users.getAuthenticated()).data.id;
  } catch (error) {
    if (statusOf(error) === 403) {
      return null;
    }
    throw error;
  }
}

async function openPull(at: Connection, pull: Parameters<GitHub['openPull']>[0]): Promise<number> {
  const { data } = await at.octokit.rest.pulls.create({ owner: at.owner, repo: at.repo, ...pull });
  return data.number;
}
