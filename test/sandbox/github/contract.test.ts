/**
 * The contract between the adapter and a GitHub: every field that the adapter reads, by endpoint. The local GitHub
 * (emulate and the routes in front of it) keeps it here. So that it can be compared with the real one, the same suite runs
 * against any server when these are set: SLUICE_CONTRACT_API, SLUICE_CONTRACT_TOKEN, SLUICE_CONTRACT_REPOSITORY and
 * SLUICE_CONTRACT_PULL (the number of a pull request with a commit, a review, a comment and a check run, in a repository with an issue). It only reads.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGitHub } from '../../../scripts/adapters/github/github.ts';
import { approve, dismissReview, openIssue } from '../../../scripts/sandbox/github/acts.ts';
import { pullOnLocalGitHub, type PullOnGitHub } from '../../adapters/github/pull-on-local-github.ts';
import { knownValues } from '../../../scripts/secrets/known-values.ts';

interface Server {
  readonly api: string;
  readonly token: string;
  readonly repository: string;
  readonly pull: number;
}

let local: PullOnGitHub | null = null;
let server: Server;
let headSha: string;

const { env } = process;
const other =
  env['SLUICE_CONTRACT_API'] === undefined
    ? null
    : {
        api: env['SLUICE_CONTRACT_API'],
        token: env['SLUICE_CONTRACT_TOKEN'] ?? '',
        repository: env['SLUICE_CONTRACT_REPOSITORY'] ?? '',
        pull: Number(env['SLUICE_CONTRACT_PULL']),
      };

/** A pull request that has one of everything. */
async function prepare(pull: PullOnGitHub): Promise<Server> {
  const { number, at, github } = pull;
  const token = github.tokens.get('sluice-bot') ?? '';
  const { repository } = at;
  const digest = `sha256:${'1'.repeat(64)}`;
  const tuple = { headSha: pull.headSha, effectDigest: digest, recordDigest: digest, policyDigest: digest };
  const adapter = createGitHub({
    token,
    repository,
    baseUrl: github.url,
    appId: null,
    secrets: knownValues([]),
    retryUnitMs: 1,
  });
  await adapter.publish(number, {
    checkName: 'change-control / main',
    headSha: pull.headSha,
    conclusion: 'failure',
    lookedAt: '2026-11-24T20:30:00Z',
    title: 'deny',
    summary: 'not yet',
    annotations: [],
    tuple,
  });
  await approve(at, { login: 'm-lind', number, body: 'fine' });
  await approve(at, { login: 's-haddad', number, body: 'fine' });
  const reviewId = (await adapter.pullFacts(number)).reviews[0]?.id ?? 0;
  await dismissReview(at, { login: 'r-okafor', number, reviewId, message: 'why' });
  await openIssue(at, { login: 'm-lind', title: 'Incident', body: 'The shop is down.' });
  return { api: github.url, token, repository, pull: number };
}

beforeAll(async () => {
  if (other === null) {
    local = await pullOnLocalGitHub('change\n\nCo-authored-by: Mats <m-lind@sluice.example>');
    server = await prepare(local);
  } else {
    server = other;
  }
  headSha = await ask<{ readonly head: { readonly sha: string } }>(`pulls/${String(server.pull)}`).then(
    ({ head }) => head.sha,
  );
});
afterAll(() => local?.close());

async function ask<T>(
  path: string,
  init: { readonly method?: string; readonly body?: string; readonly status?: number } = {},
): Promise<T> {
  const url = path.startsWith('/')
    ? `${server.api}${path}`
    : `${server.api}/repos/${server.repository}${path === '' ? '' : '/'}${path}`;
  const response = await fetch(url, {
    ...init,
    headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
  });
  expect(response.status).toBe(init.status ?? 200);
  expect(Number.isNaN(Date.parse(response.headers.get('date') ?? ''))).toBe(false);
  return (await response.json()) as T;
}

type Kind = 'number' | 'string' | 'boolean' | 'time' | 'sha' | 'array';
/** Fields by their dotted path; a kind with `?` may be null. */
type Shape = Readonly<Record<string, Kind | `${Kind}?`>>;

const tests: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  number: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  time: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  sha: (value) => typeof value === 'string' && /^[0-9a-f]{40}$/.test(value),
  array: Array.isArray,
};

function fieldAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Readonly<Record<string, unknown>> | null)?.[key], value);
}

function offences(value: unknown, shape: Shape): readonly string[] {
  return Object.entries(shape).flatMap(([path, wanted]) => {
    const found = fieldAt(value, path);
    const kind = wanted.replace('?', '') as Kind;
    const isRight = (wanted.endsWith('?') && (found === null || found === undefined)) || tests[kind](found);
    return isRight
      ? []
      : [`${path} is ${found === undefined ? 'absent' : JSON.stringify(found)}, not ${wanted}`];
  });
}

const number = (): string => String(server.pull);

const one: readonly (readonly [string, () => string, Shape])[] = [
  ['the repository', () => '', { default_branch: 'string' }],
  [
    'a pull request',
    () => `pulls/${number()}`,
    {
      number: 'number',
      'user.id': 'number',
      'user.type': 'string',
      'assignee.id': 'number?',
      'head.sha': 'sha',
      'head.ref': 'string',
      'head.repo.full_name': 'string?',
      'base.sha': 'sha',
      'base.ref': 'string',
      'base.repo.full_name': 'string',
      draft: 'boolean?',
      merged: 'boolean',
      merged_at: 'time?',
      merge_commit_sha: 'sha?',
      state: 'string',
      commits: 'number',
    },
  ],
];

const account: Shape = { 'user.id': 'number', 'user.login': 'string', 'user.type': 'string' };

const many: readonly (readonly [string, () => string, Shape])[] = [
  [
    'commits',
    () => `pulls/${number()}/commits`,
    { sha: 'sha', 'commit.message': 'string', 'author.id': 'number?', 'committer.id': 'number?' },
  ],
  [
    'reviews',
    () => `pulls/${number()}/reviews`,
    { ...account, id: 'number', state: 'string', body: 'string', submitted_at: 'time', commit_id: 'sha?' },
  ],
  [
    'comments',
    () => `issues/${number()}/comments`,
    {
      ...account,
      id: 'number',
      body: 'string',
      created_at: 'time',
      'performed_via_github_app.id': 'number?',
    },
  ],
  [
    'events',
    () => `issues/${number()}/events`,
    { event: 'string', created_at: 'time', 'actor.id': 'number?' },
  ],
  [
    'pushes',
    () => 'activity',
    { after: 'sha', before: 'sha', ref: 'string', timestamp: 'time', 'actor.id': 'number?' },
  ],
  [
    'pull requests of a commit',
    () => `commits/${headSha}/pulls`,
    { number: 'number', state: 'string', 'head.sha': 'sha', merged_at: 'time?' },
  ],
];

interface Listed {
  readonly state: string;
}

const longAgo = '2008-01-01T00:00:00Z';
const far = '2999-01-01T00:00:00Z';
const who = '{ login ... on User { databaseId } }';
const issueFields = `number title body state createdAt author ${who} lastEditedAt editor ${who} timelineItems(last: 1, itemTypes: [REOPENED_EVENT]) { nodes { ... on ReopenedEvent { createdAt actor ${who} } } }`;
const issueShape: Shape = {
  number: 'number',
  title: 'string',
  body: 'string',
  state: 'string',
  createdAt: 'time',
  'author.login': 'string?',
  'author.databaseId': 'number?',
  lastEditedAt: 'time?',
  'editor.login': 'string?',
  'timelineItems.nodes': 'array',
};

describe('the contract with a GitHub', () => {
  it.each(one)('%s', async (_, path, shape) => {
    expect(offences(await ask(path()), shape)).toEqual([]);
  });

  it.each(many)('a list of %s', async (_, path, shape) => {
    const list = await ask<readonly unknown[]>(path());
    expect(list.length).toBeGreaterThan(0);
    expect(list.flatMap((entry) => offences(entry, shape))).toEqual([]);
  });

  it('check runs of a name on a commit', async () => {
    const found = await ask<{ readonly check_runs: readonly unknown[] }>(
      `commits/${headSha}/check-runs?check_name=${encodeURIComponent('change-control / main')}&filter=all`,
    );
    const shape: Shape = {
      id: 'number',
      name: 'string',
      external_id: 'string?',
      started_at: 'time?',
      'app.id': 'number?',
      'app.slug': 'string?',
    };
    expect(found.check_runs.length).toBeGreaterThan(0);
    expect(found.check_runs.flatMap((run) => offences(run, shape))).toEqual([]);
  });

  it('an account by its number', async () => {
    const [review] = await ask<readonly { readonly user: { readonly id: number; readonly login: string } }[]>(
      `pulls/${number()}/reviews`,
    );
    expect(await ask(`/user/${String(review?.user.id ?? 0)}`)).toMatchObject({ login: review?.user.login });
  });

  it.each<[string, string, string, Shape]>([
    [
      'ReviewEdits',
      'reviews(first: 100, after: $after)',
      'fullDatabaseId lastEditedAt editor { login ... on User { databaseId } }',
      {
        fullDatabaseId: 'string',
        lastEditedAt: 'time?',
        'editor.login': 'string?',
        'editor.databaseId': 'number?',
      },
    ],
    [
      'CommentEdits',
      'comments(first: 100, after: $after)',
      'fullDatabaseId lastEditedAt editor { login ... on User { databaseId } }',
      {
        fullDatabaseId: 'string',
        lastEditedAt: 'time?',
        'editor.login': 'string?',
        'editor.databaseId': 'number?',
      },
    ],
    [
      'CommitAuthors',
      'commits(first: 100, after: $after)',
      'commit { oid authors(first: 100) { nodes { user { databaseId } } } }',
      { 'commit.oid': 'sha', 'commit.authors.nodes': 'array' },
    ],
  ])('GraphQL %s', async (name, field, nodes, shape) => {
    const [owner, repo] = server.repository.split('/');
    const query = `query ${name}($owner: String!, $repo: String!, $number: Int!, $after: String) { repository(owner: $owner, name: $repo) { pullRequest(number: $number) { list: ${field} { pageInfo { hasNextPage endCursor } nodes { ${nodes} } } } } }`;
    const variables = { owner, repo, number: server.pull, after: null };
    const answer = await ask('/graphql', { method: 'POST', body: JSON.stringify({ query, variables }) });
    const list = fieldAt(answer, 'data.repository.pullRequest.list');
    expect(offences(list, { 'pageInfo.hasNextPage': 'boolean', nodes: 'array' })).toEqual([]);
    const found = fieldAt(list, 'nodes') as readonly unknown[];
    expect(found.length).toBeGreaterThan(0);
    expect(found.flatMap((node) => offences(node, shape))).toEqual([]);
  });

  // GitHub's public schema: `Repository.issues` with `states` and `filterBy`, `IssueFilters.since` ("List issues that have been
  // updated at or after the given date"), `Issue` as a `Comment`, `ReopenedEvent` among `Issue.timelineItems`.
  it.each([
    ['OpenIssues', '', 'states: OPEN', {}],
    ['IssuesSince', ', $since: DateTime!', 'filterBy: { since: $since }', { since: longAgo }],
    ['IssuesSince', ', $since: DateTime!', 'filterBy: { since: $since }', { since: far }],
  ] as const)('GraphQL %s%s', async (name, declared, filter, more) => {
    const [owner, repo] = server.repository.split('/');
    const query = `query ${name}($owner: String!, $repo: String!, $after: String${declared}) { repository(owner: $owner, name: $repo) { list: issues(first: 100, after: $after, ${filter}) { pageInfo { hasNextPage endCursor } nodes { ${issueFields} updatedAt } } } }`;
    const variables = { owner, repo, after: null, ...more };
    const answer = await ask('/graphql', { method: 'POST', body: JSON.stringify({ query, variables }) });
    expect(fieldAt(answer, 'errors')).toBeUndefined();
    const found = fieldAt(answer, 'data.repository.list.nodes') as readonly Listed[];
    expect(name === 'OpenIssues' && found.some(({ state }) => state !== 'OPEN')).toBe(false);
    expect(found.length > 0).toBe(!('since' in more) || more.since === longAgo);
    expect(found.flatMap((node) => offences(node, issueShape))).toEqual([]);
  });

  // GitHub's public schema: `Repository.issue(number:)` may be null; "Could not resolve to an Issue with the number of …" is an
  // error of the type NOT_FOUND beside the data. A pull request's number is not an issue's there.
  it('GraphQL IssuesNumbered', async () => {
    const [owner, repo] = server.repository.split('/');
    const list =
      await ask<readonly { readonly number: number; readonly pull_request?: object }[]>('issues?state=all');
    const issue = list.find((each) => each.pull_request === undefined)?.number ?? 0;
    const query = `query IssuesNumbered($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { n${String(issue)}: issue(number: ${String(issue)}) { ${issueFields} } n${number()}: issue(number: ${number()}) { ${issueFields} } n999999: issue(number: 999999) { ${issueFields} } } }`;
    const answer = await ask('/graphql', {
      method: 'POST',
      body: JSON.stringify({ query, variables: { owner, repo } }),
    });
    expect(offences(fieldAt(answer, `data.repository.n${String(issue)}`), issueShape)).toEqual([]);
    expect(fieldAt(answer, `data.repository.n${number()}`)).toBeNull();
    expect(fieldAt(answer, 'data.repository.n999999')).toBeNull();
    const errors = fieldAt(answer, 'errors') as readonly { readonly type: string }[];
    expect(errors.map(({ type }) => type)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });

  // REST API, "Create an issue": 201 with the issue, whose number is that of the next pull request or issue.
  it('an issue that is opened has a number', async () => {
    const issue = {
      title: 'Incident: the rollback of CHG-2026-0101 failed',
      body: 'text',
      labels: ['incident'],
    };
    const answer = await ask('issues', { method: 'POST', body: JSON.stringify(issue), status: 201 });
    expect(offences(answer, { number: 'number', title: 'string', body: 'string', state: 'string' })).toEqual(
      [],
    );
  });

  it('a dismissal among the events says of what, and why', async () => {
    const events = await ask<readonly { readonly event: string }[]>(`issues/${number()}/events`);
    const shape: Shape = {
      'dismissed_review.state': 'string',
      'dismissed_review.review_id': 'number',
      'dismissed_review.dismissal_message': 'string?',
    };
    const dismissals = events.filter(({ event }) => event === 'review_dismissed');
    expect(dismissals.length).toBeGreaterThan(0);
    expect(dismissals.flatMap((event) => offences(event, shape))).toEqual([]);
  });
});
