/**
 * The connection to GitHub that all adapters share: one octokit, bounded retries, and one way in which a failure becomes
 * an error that names what was asked, what GitHub answered and what to do.
 *
 * A request is tried again when GitHub failed (5xx) or asked for a pause (a secondary limit, or a primary one that is
 * over soon). What creates something is tried again only when it was certainly refused: a 502 may have created it.
 */
import { retry } from '@octokit/plugin-retry';
import { Octokit } from '@octokit/rest';
import { ExternalError } from '../../contract/errors.ts';
import { limitedFetch, requirePage } from '../network/limited-fetch.ts';
import type { KnownValues } from '../../secrets/known-values.ts';

export interface GitHubSettings {
  /** A function: asked before each request, because a token of an App ends within the hour. */
  readonly token: string | (() => Promise<string>);
  /** `owner/name`. */
  readonly repository: string;
  readonly baseUrl: string;
  /** What must stand in no text that is sent, the token itself included. */
  readonly secrets: KnownValues;
  /** Numeric id of the App that publishes verdicts, whoever reads them; null: the workflow token does (see github-shown.ts). */
  readonly appId: number | null;
  /** Unit of the pauses between tries, in milliseconds: 1, 4 and 9 of them, or as many as GitHub asks for. */
  readonly retryUnitMs: number;
  /** The page of the run that asks, for the link "Details" of a check; null outside of a run: the pull request's own. */
  readonly runPage?: string | null;
}

export interface Connection {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
  readonly appId: number | null;
  /** The page with the details of what is published on a pull request. */
  readonly detailsUrl: (number: number) => string;
}

/** A page of 100 files with their patches has 3 MB at most. What is downloaded has a limit of its own. */
const answers = { server: 'GitHub', bytes: 16 * 1024 * 1024, seconds: 60 } as const;
/** Tries after the first one. */
const retries = 3;
/** Longer pauses are not waited for: the next run of the gate comes sooner. Seconds. */
const longestPause = 120;
/** What GitHub's documentation asks for when a secondary limit names no time: at least one minute. */
const unnamedPause = 60;

/** Opens no connection yet: every call makes its own. */
export function connect(settings: GitHubSettings): Connection {
  const [owner = '', repo = ''] = settings.repository.split('/');
  const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const octokit = new (Octokit.plugin(waitForLimits, retry))({
    ...authOf(settings.token),
    baseUrl: settings.baseUrl,
    log: quiet,
    request: { fetch: limitedFetch(answers) },
    retry: {
      retries,
      retryAfterBaseValue: settings.retryUnitMs,
      // 429 is a limit, which `waitForLimits` has judged; 413 an answer that was not read.
      doNotRetry: [400, 401, 403, 404, 409, 410, 413, 422, 429, 451],
    },
  });
  octokit.hook.before('request', (options) => {
    // A copy for each request: octokit shares the object of its defaults, and the retry plugin counts in it.
    options.request = { ...options.request, ...(isCreation(options) ? { retries: 0 } : {}) };
    for (const name of sentTexts.filter((each) => options[each] !== undefined)) {
      options[name] = withoutSecrets(options[name], settings.secrets);
    }
  });
  const pages = new Map<string, number>();
  octokit.hook.after('request', (response, options) => {
    countPage(pages, options.url, response.headers.link);
    if (typeof response.data === 'string' && isJson(response.headers['content-type'])) {
      throw new Error('an answer that is not the JSON it says it is');
    }
  });
  const { appId, baseUrl, repository, runPage = null } = settings;
  // A server of one's own has its API below /api/v3 (docs.github.com, GHES, "Getting started with the REST API").
  const site = baseUrl.replace('://api.', '://').replace(/\/api\/v3\/?$/, '');
  return {
    octokit,
    owner,
    repo,
    appId,
    detailsUrl: (number) => runPage ?? `${site}/${repository}/pull/${String(number)}`,
  };
}

/** Octokit's options: a token as it is, or a strategy that asks for one (github.com/octokit/authentication-strategies.js). */
function authOf(token: GitHubSettings['token']): object {
  if (typeof token === 'string') {
    return { auth: token };
  }
  type Request = Octokit['request'];
  const hook = async (request: Request, ...given: Parameters<Request['endpoint']['merge']>) => {
    const endpoint = request.endpoint.merge(...given);
    endpoint.headers.authorization = `token ${await token()}`;
    return request(endpoint as unknown as Parameters<Request>[0]);
  };
  return { authStrategy: () => ({ hook }) };
}

/** Knows the number of each next page that was announced; a list that goes on for ever is refused. */
function countPage(pages: Map<string, number>, url: string, link: string | undefined): void {
  const page = pages.get(url) ?? 1;
  pages.delete(url);
  const next = /<([^<>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  if (next !== undefined) {
    requirePage('GitHub', new URL(next).pathname, page + 1);
    pages.set(next, page + 1);
  }
}

/** Parameters that carry what is published: a comment, a check run with its annotations, a pull request. */
const sentTexts = ['body', 'title', 'output', 'message', 'commit_message'] as const;

/** The value with every secret taken out of its texts. */
function withoutSecrets(value: unknown, secrets: KnownValues): unknown {
  if (typeof value === 'string') {
    return secrets.without(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => withoutSecrets(item, secrets));
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutSecrets(inner, secrets)]))
    : value;
}

function isCreation({ method, url }: { readonly method: string; readonly url: string }): boolean {
  return method === 'POST' && !url.endsWith('/graphql');
}

function isJson(contentType: string | undefined): boolean {
  return contentType?.includes('json') === true;
}

/** The list as it is if every entry has `key`; an entry without it is not what was asked for. */
export function whole<T extends object>(list: readonly T[], key: keyof T): readonly T[] {
  if (list.some((entry) => typeof entry !== 'object' || entry[key] === undefined)) {
    throw new Error(`a list with an entry that has no ${String(key)}`);
  }
  return list;
}

function ignore(): void {
  // Octokit warns on the console about failed requests; they arrive as errors anyway.
}

/** An octokit plugin: marks a request that met a limit with the pause that GitHub asks for; the retry plugin waits. */
function waitForLimits(octokit: Pick<Octokit, 'hook'>): object {
  octokit.hook.error('request', (error) => {
    if (error.cause instanceof ExternalError && 'status' in error) {
      error.status = 413;
    }
    const pause = pauseAfter(error);
    if (pause !== null && pause <= longestPause && 'request' in error) {
      const { request } = error;
      request.request = { ...request.request, retries, retryAfter: pause };
    }
    throw error;
  });
  return {};
}

/** Seconds until GitHub takes requests again; null when the error is not about a limit. */
export function pauseAfter(error: unknown): number | null {
  const { status, message, response } = error as {
    readonly status?: number;
    readonly message?: string;
    readonly response?: { readonly headers?: Readonly<Record<string, string | undefined>> };
  };
  if (status !== 403 && status !== 429) {
    return null;
  }
  const headers = response?.headers ?? {};
  const named = Number(headers['retry-after']);
  if (Number.isFinite(named) && headers['retry-after'] !== undefined) {
    return named;
  }
  if (headers['x-ratelimit-remaining'] === '0') {
    return Math.max(0, Number(headers['x-ratelimit-reset'] ?? 0) - Math.floor(Date.now() / 1000)) + 1;
  }
  return status === 429 || /secondary rate/i.test(message ?? '') ? unnamedPause : null;
}

/** Every failure of the API becomes one error that names what was asked and what GitHub said. `next` tries it again. */
export async function callGitHub<T>(what: string, next: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const known = [cause, causeOf(cause)].find((each) => each instanceof ExternalError);
    if (known !== undefined) {
      throw known;
    }
    const status = statusOf(cause);
    const pause = pauseAfter(cause);
    throw new ExternalError({
      what: `GitHub did not let Sluice ${what}.`,
      why: whyOf(cause, messageOf(cause)),
      fix:
        pause === null
          ? (advice.get(status) ?? 'Try again; nothing was decided and nothing was changed.')
          : `A rate limit was reached. It takes requests again in ${String(pause)} s.`,
      next,
      cause,
    });
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function whyOf(cause: unknown, answered: string): string {
  const status = statusOf(cause);
  // A request that got no answer is a 500 without a response, in octokit's words.
  if (status !== null && (cause as { readonly response?: unknown }).response === undefined) {
    return 'It could not be reached.';
  }
  return status === null
    ? `Its answer cannot be read${answered}.`
    : `It answered ${String(status)}${answered}.`;
}

/** The HTTP status of a failed request; null when there was no answer. */
export function statusOf(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  return typeof status === 'number' && status > 0 ? status : null;
}

/** GitHub's own words, bounded: they may repeat what was sent. */
function messageOf(cause: unknown): string {
  const { response, errors } = cause as {
    readonly response?: { readonly data?: unknown };
    /** Of an answer of GraphQL. */
    readonly errors?: readonly unknown[];
  };
  const data = errors?.[0] ?? response?.data;
  const message = typeof data === 'object' && data !== null && 'message' in data ? data.message : null;
  return typeof message === 'string' && message !== '' ? `: ${message.slice(0, 200)}` : '';
}

const aboutPermissions = 'Check that the token is valid and may do this (.github/workflows/README.md).';

const advice: ReadonlyMap<number | null, string> = new Map([
  [401, aboutPermissions],
  [403, aboutPermissions],
  [404, 'Check GITHUB_REPOSITORY and the number. GitHub also answers 404 for what the token may not see.'],
  [422, 'GitHub refuses the content of the request: check that the branch was pushed.'],
]);

/** Null for App and workflow tokens, which may not ask who they are: their comments are by a bot, a person's never is. */
export async function ownAccount({ octokit }: Connection): Promise<number | null> {
  try {
    const { id } = (await octokit.rest.users.getAuthenticated()).data;
    if (typeof id !== 'number') {
      throw new Error('an account without its number');
    }
    return id;
  } catch (error) {
    if (statusOf(error) === 403 && pauseAfter(error) === null) {
      return null;
    }
    throw error;
  }
}
