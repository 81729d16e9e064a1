/**
 * Issues through GraphQL, which tells apart who opened, edited and reopened one; pull requests are no issues there. GitHub's
 * schema: `Issue` implements `Comment` (`lastEditedAt`, `editor`), `ReopenedEvent.actor` among its timeline items.
 */
import type { Issue, Tracker } from '../../contract/ports.ts';
import { callGitHub, connect, type Connection, type GitHubSettings } from './connection.ts';
import { actor, readPages, type Actor, type GraphqlPage } from './graphql-pages.ts';

/** Throws nothing by itself: connections are made per call. */
export function createTracker(settings: GitHubSettings): Tracker {
  const at = connect(settings);
  return {
    issues: () =>
      callGitHub('read the incidents', 'sluice status', async () => (await readIssues(at)).map(asIssue)),
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

async function readIssues(at: Connection): Promise<readonly IssueNode[]> {
  const reopened = `timelineItems(last: 1, itemTypes: [REOPENED_EVENT]) { nodes { ... on ReopenedEvent { createdAt actor { ${actor} } } } }`;
  const nodes = `number title body state createdAt author { ${actor} } lastEditedAt editor { ${actor} } ${reopened}`;
  const query = `query Issues($owner: String!, $repo: String!, $after: String) {
    repository(owner: $owner, name: $repo) {
      list: issues(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { ${nodes} } }
    }
  }`;
  return readPages('Issues', async (after) => {
    const answer: { readonly repository: { readonly list: GraphqlPage<IssueNode> } } =
      await at.octokit.graphql(query, {
        owner: at.owner,
        repo: at.repo,
        after,
      });
    return answer.repository.list;
  });
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
