/**
 * The GraphQL queries that the gate asks, answered by the name of the operation, and the edits, deletions and reopened
 * issues that they are about: emulate has none of them. Everything else under /graphql is an error, as a field that does not exist is.
 */
import { actorOf, ok, passed, repositoryPath, type Answered, type Call, type Route } from './route.ts';

interface Account {
  readonly databaseId: number;
  readonly login: string;
}

interface RecordedEdit {
  readonly at: string;
  readonly editor: Account;
  /** The new text of a review. */
  readonly body?: string;
}

interface Deletion {
  readonly databaseId: number;
  readonly createdAt: string;
  readonly actor: Account;
  readonly deletedCommentAuthor: Account;
}

/** What is remembered of edits, by the path of what was edited, and of deletions, by repository and pull request. */
interface Memory {
  readonly edits: Map<string, RecordedEdit>;
  readonly deletions: Map<string, Deletion[]>;
  readonly reopened: Map<string, { readonly createdAt: string; readonly actor: Account }>;
  readonly now: () => string;
}

interface GraphqlQuestion {
  readonly query: string;
  readonly variables: {
    readonly owner: string;
    readonly repo: string;
    readonly number: number;
    readonly after: string | null;
    readonly since?: string;
  };
}

/** How many nodes a page has: fewer than GitHub's 100, so that reading only the first page does not go unnoticed. */
const pageSize = 2;

/** Routes of the queries and of what they remember. `ids`: account ids by login, for the e-mails of co-authors. */
export function graphqlRoutes(now: () => string, ids: () => ReadonlyMap<string, number>): readonly Route[] {
  const memory: Memory = { edits: new Map(), deletions: new Map(), reopened: new Map(), now };
  const comment = new RegExp(`^${repositoryPath}/issues/comments/(\\d+)$`);
  return [
    { method: 'PATCH', path: comment, answer: (call) => edit(call, memory) },
    {
      method: 'PUT',
      path: new RegExp(`^${repositoryPath}/pulls/\\d+/reviews/(\\d+)$`),
      answer: (call) => editReview(call, memory),
    },
    {
      method: 'GET',
      path: new RegExp(`^${repositoryPath}/pulls/\\d+/reviews$`),
      answer: (call) => reviewsAsEdited(call, memory),
    },
    {
      method: 'PATCH',
      path: new RegExp(`^${repositoryPath}/issues/\\d+$`),
      answer: (call) => editIssue(call, memory),
    },
    { method: 'DELETE', path: comment, answer: (call) => remove(call, memory) },
    { method: 'POST', path: /^\/graphql$/, answer: (call) => answer(call, memory, ids()) },
  ];
}

/** emulate takes no edit of a review that was submitted; on GitHub whoever may maintain the repository can make one. */
async function editReview(call: Call, memory: Memory): Promise<Answered> {
  const { pathname } = call.url;
  const answered = await passed(await call.upstream(pathname));
  if (answered.status !== 200) {
    return answered;
  }
  const { body } = JSON.parse(call.text) as { readonly body: string };
  memory.edits.set(pathname, { at: memory.now(), editor: await accountOf(call), body });
  return ok({ ...(answered.body as object), body });
}

async function reviewsAsEdited(call: Call, memory: Memory): Promise<Answered> {
  const { pathname, search } = call.url;
  const answered = await passed(await call.upstream(`${pathname}${search}`));
  if (answered.status !== 200) {
    return answered;
  }
  const reviews = answered.body as readonly { readonly id: number; readonly body: string }[];
  return {
    ...answered,
    body: reviews.map((review) => ({
      ...review,
      body: memory.edits.get(`${pathname}/${String(review.id)}`)?.body ?? review.body,
    })),
  };
}

async function edit(call: Call, memory: Memory): Promise<Answered> {
  const { pathname } = call.url;
  const answered = await passed(await call.upstream(pathname, { method: 'PATCH', body: call.text }));
  if (answered.status === 200) {
    memory.edits.set(pathname, { at: memory.now(), editor: await accountOf(call) });
  }
  return answered;
}

/** Only another text is an edit; a state that becomes `open` again is an event of its own. */
async function editIssue(call: Call, memory: Memory): Promise<Answered> {
  const { pathname } = call.url;
  const before = (await (await call.upstream(pathname)).json()) as IssueAnswer;
  const answered = await passed(await call.upstream(pathname, { method: 'PATCH', body: call.text }));
  if (answered.status !== 200) {
    return answered;
  }
  const after = answered.body as IssueAnswer;
  if (after.body !== before.body) {
    memory.edits.set(pathname, { at: memory.now(), editor: await accountOf(call) });
  }
  if (before.state === 'closed' && after.state === 'open') {
    memory.reopened.set(pathname, { createdAt: memory.now(), actor: await accountOf(call) });
  }
  return answered;
}

interface IssueAnswer {
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: 'closed' | 'open';
  readonly created_at: string;
  readonly updated_at: string;
  readonly user: { readonly id: number; readonly login: string };
  readonly pull_request?: object;
}

interface LocalIssue {
  readonly number: number;
  readonly state: string;
  readonly updatedAt: string;
}

/** GitHub's GraphQL counts no pull request among the issues, as its REST API does. */
async function issueNodes(call: Call, repository: string, memory: Memory): Promise<readonly LocalIssue[]> {
  const issues = await listAll<IssueAnswer>(call, `${repository}/issues`, '&state=all&direction=asc');
  return issues
    .filter((issue) => issue.pull_request === undefined)
    .map(({ number, title, body, state, created_at: createdAt, updated_at: updatedAt, user }) => {
      const path = `${repository}/issues/${String(number)}`;
      const edited = memory.edits.get(path);
      const reopened = memory.reopened.get(path);
      return {
        number,
        title,
        body: body ?? '',
        state: state.toUpperCase(),
        createdAt,
        updatedAt,
        author: { databaseId: user.id, login: user.login },
        lastEditedAt: edited?.at ?? null,
        editor: edited?.editor ?? null,
        timelineItems: { nodes: reopened === undefined ? [] : [reopened] },
      };
    });
}

async function remove(call: Call, memory: Memory): Promise<Answered> {
  const [repository = ''] = call.found;
  const before = (await (await call.upstream(call.url.pathname)).json()) as {
    readonly issue_url: string;
    readonly user: { readonly id: number; readonly login: string };
  };
  const answered = await passed(await call.upstream(call.url.pathname, { method: 'DELETE', body: '' }));
  if (answered.status === 204) {
    const key = `${repository}#${/\d+$/.exec(before.issue_url)?.[0] ?? ''}`;
    const list = memory.deletions.get(key) ?? [];
    list.push({
      databaseId: list.length + 1,
      createdAt: memory.now(),
      actor: await accountOf(call),
      deletedCommentAuthor: { databaseId: before.user.id, login: before.user.login },
    });
    memory.deletions.set(key, list);
  }
  return answered;
}

async function accountOf(call: Call): Promise<Account> {
  const { id, login } = await actorOf(call);
  return { databaseId: id, login };
}

type Nodes = (
  call: Call,
  at: { readonly repository: string; readonly number: number },
  memory: Memory,
  ids: ReadonlyMap<string, number>,
) => Promise<readonly unknown[]>;

const operations: ReadonlyMap<string, Nodes> = new Map<string, Nodes>([
  [
    'ReviewEdits',
    async (call, { repository, number }, memory) => {
      const path = `${repository}/pulls/${String(number)}/reviews`;
      const reviews = await listAll<{ readonly id: number }>(call, path);
      return reviews.map(({ id }) => {
        const edited = memory.edits.get(`${path}/${String(id)}`);
        return {
          fullDatabaseId: String(id),
          lastEditedAt: edited?.at ?? null,
          editor: edited?.editor ?? null,
        };
      });
    },
  ],
  [
    'CommentEdits',
    async (call, { repository, number }, memory) => {
      const comments = await listAll<{ readonly id: number }>(
        call,
        `${repository}/issues/${String(number)}/comments`,
      );
      return comments.map(({ id }) => {
        const edited = memory.edits.get(`${repository}/issues/comments/${String(id)}`);
        return {
          fullDatabaseId: String(id),
          lastEditedAt: edited?.at ?? null,
          editor: edited?.editor ?? null,
        };
      });
    },
  ],
  [
    'DeletedComments',
    (_, { repository, number }, memory) =>
      Promise.resolve(memory.deletions.get(`${repository}#${String(number)}`) ?? []),
  ],
  [
    'CommitAuthors',
    async (call, { repository, number }, _, ids) => {
      const commits = await listAll<{
        readonly sha: string;
        readonly commit: { readonly message: string; readonly author: { readonly email: string } };
      }>(call, `${repository}/pulls/${String(number)}/commits`);
      return commits.map(({ sha, commit }) => {
        const trailers = [...commit.message.matchAll(/^co-authored-by:.*<([^>]*)>/gim)].map(
          ([, email = '']) => email,
        );
        return {
          commit: {
            oid: sha,
            authors: {
              nodes: [commit.author.email, ...trailers].map((email) => ({ user: userOf(email, ids) })),
            },
          },
        };
      });
    },
  ],
]);

function userOf(email: string, ids: ReadonlyMap<string, number>): Pick<Account, 'databaseId'> | null {
  const id = ids.get(email.split('@')[0] ?? '');
  return id === undefined ? null : { databaseId: id };
}

async function listAll<T>({ upstream }: Call, path: string, filter = ''): Promise<readonly T[]> {
  const all: T[] = [];
  for (let page = 1; ; page += 1) {
    const some = (await (
      await upstream(`${path}?per_page=100&page=${String(page)}${filter}`)
    ).json()) as readonly T[];
    all.push(...some);
    if (some.length < 100) {
      return all;
    }
  }
}

async function answer(call: Call, memory: Memory, ids: ReadonlyMap<string, number>): Promise<Answered> {
  const { query, variables } = JSON.parse(call.text) as GraphqlQuestion;
  const name = /^query (\w+)/.exec(query)?.[1] ?? '';
  const operation = operations.get(name);
  const repository = `/repos/${variables.owner}/${variables.repo}`;
  if (issueLists.has(name)) {
    const issues = await issueNodes(call, repository, memory);
    const list = pageOf(issues.filter(isMeant(query, variables)), variables.after);
    return ok({ data: { repository: { list } } });
  }
  if (name === 'IssuesNumbered') {
    return ok(numberedIssues(query, await issueNodes(call, repository, memory)));
  }
  const pull = await call.upstream(`${repository}/pulls/${String(variables.number)}`);
  if (operation === undefined || !pull.ok) {
    const message =
      operation === undefined ? 'This operation is not known here.' : 'Could not resolve to a PullRequest.';
    return ok({ data: null, errors: [{ type: 'NOT_FOUND', message }] });
  }
  const nodes = await operation(call, { repository, number: variables.number }, memory, ids);
  return ok({ data: { repository: { pullRequest: { list: pageOf(nodes, variables.after) } } } });
}

const issueLists: ReadonlySet<string> = new Set(['IssuesSince', 'OpenIssues']);

/** `states: OPEN` of the list, and `since` of its `filterBy`: updated at or after the given date. */
function isMeant(query: string, { since }: GraphqlQuestion['variables']): (issue: LocalIssue) => boolean {
  const isOpenOnly = query.includes('states: OPEN');
  const from = query.includes('filterBy: { since: $since }')
    ? Date.parse(since ?? '')
    : Number.NEGATIVE_INFINITY;
  return ({ state, updatedAt }) => (!isOpenOnly || state === 'OPEN') && Date.parse(updatedAt) >= from;
}

/** A number that no issue has is null, and an error beside the answer. */
function numberedIssues(query: string, issues: readonly LocalIssue[]): object {
  const found = [...query.matchAll(/(\w+): issue\(number: (\d+)\)/g)].map(
    ([, alias = '', number]) =>
      [alias, issues.find((issue) => String(issue.number) === number) ?? null] as const,
  );
  const missing = found.filter(([, issue]) => issue === null);
  return {
    data: { repository: Object.fromEntries(found) },
    ...(missing.length > 0 && {
      errors: missing.map(([alias]) => ({
        type: 'NOT_FOUND',
        path: ['repository', alias],
        message: `Could not resolve to an Issue with the number of ${alias.slice(1)}.`,
      })),
    }),
  };
}

function pageOf(nodes: readonly unknown[], after: string | null): object {
  const start = Number(after ?? '0');
  const end = start + pageSize;
  return {
    pageInfo: { hasNextPage: end < nodes.length, endCursor: String(end) },
    nodes: nodes.slice(start, end),
  };
}
