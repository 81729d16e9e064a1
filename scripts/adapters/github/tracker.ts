/**
 * Issues through GraphQL, which tells apart who opened, edited and reopened one; pull requests are no issues there. GitHub's
 * schema: `Issue` implements `Comment` (`lastEditedAt`, `editor`), `ReopenedEvent.actor` among its timeline items.
 */
import type { Issue, Tracker } from '../../contract/ports.ts';
import { callGitHub, connect, type Connection, type GitHubSettings } from './connection.ts';
import { actor, readPages, type Actor, type GraphqlPage } from './graphql-pages.ts';

async function read(work: () => Promise<readonly IssueNode[]>): Promise<readonly Issue[]> {
  return callGitHub('read the incidents', 'sluice status', async () => (await work()).map(asIssue));
}

/** Throws nothing by itself: connections are made per call. */
export function createTracker(settings: GitHubSettings): Tracker {
  const at = connect(settings);
  return {
    openIssues: () => read(() => listed(at, 'OpenIssues', 'states: OPEN')),
    issuesSince: (since) => read(() => listed(at, 'IssuesSince', 'filterBy: { since: $since }', since)),
    issuesNumbered: (numbers) => read(() => numbered(at, numbers)),
    open: ({ title, body, labels }) =>
      callGitHub('open an incident', 'gh issue create', async () => {
        const { owner, repo } = at;
        const { data } = await at.octokit.rest.issues.create({
          owner,
          repo,
          title,
          body,
          labels: [...labels],
        });
        return data.number;
      }),
    rewrite: (number, body) =>
      callGitHub('rewrite an issue', 'sluice status', async () => {
        const { owner, repo } = at;
        await at.octokit.rest.issues.update({ owner, repo, issue_number: number, body });
      }),
    close: (number, why) =>
      callGitHub('close an issue', 'sluice status', async () => {
        const issue = { owner: at.owner, repo: at.repo, issue_number: number };
        await at.octokit.rest.issues.createComment({ ...issue, body: why });
        await at.octokit.rest.issues.update({ ...issue, state: 'closed', state_reason: 'completed' });
      }),
  };
}

interface IssueNode {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'CLOSED' | 'OPEN';
  readonly createdAt: string;
  readonly author: Actor | null;
  readonly lastEditedAt: string | null;
  readonly editor: Actor | null;
  readonly timelineItems: {
    readonly nodes: readonly { readonly createdAt: string; readonly actor: Actor | null }[];
  };
}

const lastReopened = `timelineItems(last: 1, itemTypes: [REOPENED_EVENT]) { nodes { ... on ReopenedEvent { createdAt actor { ${actor} } } } }`;
const fields = `number title body state createdAt author { ${actor} } lastEditedAt editor { ${actor} } ${lastReopened}`;

/** `filter`: an argument of `Repository.issues`. GitHub's `IssueFilters.since`: "updated at or after the given date". */
async function listed(
  { octokit, owner, repo }: Connection,
  name: string,
  filter: string,
  since?: string,
): Promise<readonly IssueNode[]> {
  const declared = since === undefined ? '' : ', $since: DateTime!';
  const query = `query ${name}($owner: String!, $repo: String!, $after: String${declared}) {
    repository(owner: $owner, name: $repo) {
      list: issues(first: 100, after: $after, ${filter}) { pageInfo { hasNextPage endCursor } nodes { ${fields} } }
    }
  }`;
  return readPages(name, async (after) => {
    const answer: { readonly repository: { readonly list: GraphqlPage<IssueNode> } } = await octokit.graphql(
      query,
      { owner, repo, after, ...(since !== undefined && { since }) },
    );
    return answer.repository.list;
  });
}

/** Issues of one question: GitHub counts the nodes that a query could give, and refuses more than 500,000. */
const atOnce = 50;
/** `Int` of GraphQL. */
const greatest = 2 ** 31 - 1;

async function numbered(at: Connection, numbers: readonly number[]): Promise<readonly IssueNode[]> {
  const wanted = [...new Set(numbers)].filter((each) => each <= greatest);
  const found: IssueNode[] = [];
  for (let from = 0; from < wanted.length; from += atOnce) {
    found.push(...(await numberedAtOnce(at, wanted.slice(from, from + atOnce))));
  }
  return found;
}

type Numbered = Readonly<Record<string, IssueNode | null>>;

async function numberedAtOnce(
  { octokit, owner, repo }: Connection,
  numbers: readonly number[],
): Promise<readonly IssueNode[]> {
  const each = numbers.map((number) => `n${String(number)}: issue(number: ${String(number)}) { ${fields} }`);
  const query = `query IssuesNumbered($owner: String!, $repo: String!) {
    repository(owner: $owner, name: $repo) { ${each.join('\n')} }
  }`;
  const ask = octokit.graphql<{ readonly repository: Numbered }>(query, { owner, repo });
  const { repository } = await ask.catch((error: unknown) => besideMissing(error));
  return Object.values(repository).filter((node) => node !== null);
}

/**
 * A number that no issue has is an error beside the answer, and null in it: `NOT_FOUND`. An answer with any other error is
 * none. Throws the error.
 */
function besideMissing(error: unknown): { readonly repository: Numbered } {
  const { data, errors = [] } = error as Partial<PartialAnswer>;
  if (data?.repository && errors.length > 0 && errors.every(({ type }) => type === 'NOT_FOUND')) {
    return { repository: data.repository };
  }
  throw error;
}

/** What octokit throws for an answer with errors. */
interface PartialAnswer {
  readonly data: { readonly repository: Numbered | null } | null;
  readonly errors: readonly { readonly type?: string }[];
}

function asIssue(node: IssueNode): Issue {
  const [reopened] = node.timelineItems.nodes;
  return {
    number: node.number,
    isOpen: node.state === 'OPEN',
    title: node.title,
    body: node.body,
    opened: { ...accountOf(node.author), at: node.createdAt },
    edited: node.lastEditedAt === null ? null : { ...accountOf(node.editor), at: node.lastEditedAt },
    reopened: reopened === undefined ? null : { ...accountOf(reopened.actor), at: reopened.createdAt },
  };
}

function accountOf(account: Actor | null): { readonly accountId: number | null; readonly login: string } {
  return { accountId: account?.databaseId ?? null, login: account?.login ?? 'ghost' };
}
