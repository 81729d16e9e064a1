/** What people do on the local GitHub: open, approve, merge. Each with the token of that person. */
import { ExternalError } from '../../contract/errors.ts';
import type { LocalGitHub } from './server.ts';

export interface Repository {
  readonly github: Pick<LocalGitHub, 'tokens' | 'url'>;
  readonly repository: string;
}

/** Opens an issue and returns its number. */
export async function openIssue(
  at: Repository,
  { login, ...issue }: { readonly login: string; readonly title: string; readonly body: string },
): Promise<number> {
  const created = await call<{ readonly number: number }>(at, {
    login,
    method: 'POST',
    path: 'issues',
    body: issue,
  });
  return created.number;
}

/** Closes an issue. */
export async function closeIssue(at: Repository, login: string, number: number): Promise<void> {
  await call(at, { login, method: 'PATCH', path: `issues/${String(number)}`, body: { state: 'closed' } });
}

/** Opens a pull request and returns its number. */
export async function openPull(
  at: Repository,
  pull: {
    readonly login: string;
    readonly head: string;
    readonly title: string;
    readonly body: string;
    /** The default branch where nothing is said. */
    readonly base?: string;
  },
): Promise<number> {
  const { login, ...body } = pull;
  const created = await call<{ readonly number: number }>(at, {
    login,
    method: 'POST',
    path: 'pulls',
    body: { base: 'main', ...body },
  });
  return created.number;
}

/** An approving review. */
export async function approve(
  at: Repository,
  review: { readonly login: string; readonly number: number; readonly body: string },
): Promise<void> {
  await call(at, {
    login: review.login,
    method: 'POST',
    path: `pulls/${String(review.number)}/reviews`,
    body: { event: 'APPROVE', body: review.body },
  });
}

/** A comment on a pull request or an issue. */
export async function comment(
  at: Repository,
  { login, number, body }: { readonly login: string; readonly number: number; readonly body: string },
): Promise<void> {
  await call(at, { login, method: 'POST', path: `issues/${String(number)}/comments`, body: { body } });
}

/** Dismisses a review, with the reason that GitHub asks for. */
export async function dismissReview(
  at: Repository,
  dismissal: {
    readonly login: string;
    readonly number: number;
    readonly reviewId: number;
    readonly message: string;
  },
): Promise<void> {
  const { login, number, reviewId, message } = dismissal;
  await call(at, {
    login,
    method: 'PUT',
    path: `pulls/${String(number)}/reviews/${String(reviewId)}/dismissals`,
    body: { message },
  });
}

/** Merges through the API and returns what is needed to make the same commit in a local repository. */
export async function merge(at: Repository, login: string, number: number): Promise<MergeCommit> {
  const merged = await call<{ readonly sha: string }>(at, {
    login,
    method: 'PUT',
    path: `pulls/${String(number)}/merge`,
    body: { merge_method: 'merge' },
  });
  return call<MergeCommit>(at, { login, method: 'GET', path: `git/commits/${merged.sha}` });
}

/** What the newest check run says about the head of a pull request, by its name for the base; null when there is none. */
export async function conclusionOf(
  at: Repository,
  login: string,
  number: number,
  check: (base: string) => string,
): Promise<string | null> {
  const pull = await call<{
    readonly head: { readonly sha: string };
    readonly base: { readonly ref: string };
  }>(at, {
    login,
    method: 'GET',
    path: `pulls/${String(number)}`,
  });
  const { check_runs: runs } = await call<{
    readonly check_runs: readonly {
      readonly name: string;
      readonly id: number;
      readonly conclusion: string | null;
    }[];
  }>(at, { login, method: 'GET', path: `commits/${pull.head.sha}/check-runs` });
  const [newest] = runs.filter(({ name }) => name === check(pull.base.ref)).toSorted((a, b) => b.id - a.id);
  return newest?.conclusion ?? null;
}

export interface MergeCommit {
  readonly sha: string;
  readonly message: string;
  readonly tree: { readonly sha: string };
  readonly parents: readonly { readonly sha: string }[];
  readonly author: { readonly name: string; readonly email: string; readonly date: string };
  readonly committer: { readonly name: string; readonly email: string; readonly date: string };
}

interface ActRequest {
  readonly login: string;
  readonly method: 'GET' | 'PATCH' | 'POST' | 'PUT';
  /** Below the repository. */
  readonly path: string;
  readonly body?: object;
}

async function call<T>(at: Repository, { login, method, path, body }: ActRequest): Promise<T> {
  const response = await fetch(`${at.github.url}/repos/${at.repository}/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${at.github.tokens.get(login) ?? ''}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    throw new ExternalError({
      what: `The local GitHub refused ${method} ${path}.`,
      why: `It answered ${String(response.status)}: ${(await response.text()).slice(0, 200)}`,
      next: 'npm start',
    });
  }
  return (await response.json()) as T;
}
