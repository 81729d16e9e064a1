/**
 * What only GraphQL tells about a pull request: which reviews and comments were edited and by whom, which comments were
 * deleted, and the accounts of co-authors. Every list is read to its end; an answer with errors is an error.
 */
import type { Octokit } from '@octokit/rest';
import type { Comment, DeletedComment } from '../../contract/ports.ts';
import { isSince, type VisibleVerdict } from './visible.ts';
import { whole, type Connection } from './connection.ts';
import { actor, readPages, type Actor, type GraphqlPage } from './graphql-pages.ts';

const page = 'pageInfo { hasNextPage endCursor }';

/** Reads a connection of the pull request page by page. The operation's name is for logs and for fakes. */
async function readAll<Node>(
  at: Connection,
  number: number,
  list: { readonly name: string; readonly field: string; readonly nodes: string },
): Promise<readonly Node[]> {
  const query = `query ${list.name}($owner: String!, $repo: String!, $number: Int!, $after: String) {
    repository(owner: $owner, name: $repo) {
      pullRequest(number: $number) { list: ${list.field} { ${page} nodes { ${list.nodes} } } }
    }
  }`;
  return readPages(list.name, async (after) => {
    const answer: { readonly repository: { readonly pullRequest: { readonly list: GraphqlPage<Node> } } } =
      await at.octokit.graphql(query, { owner: at.owner, repo: at.repo, number, after });
    return answer.repository.pullRequest.list;
  });
}

export interface ReviewEdit {
  readonly at: string;
  readonly by: NonNullable<Comment['edited']>;
}

/** When each review was last edited and by whom, by its number; null when never. A review that is not among them is not known. */
export async function readReviewEdits(
  at: Connection,
  number: number,
): Promise<ReadonlyMap<number, ReviewEdit | null>> {
  const nodes = await readAll<CommentEdit & { readonly fullDatabaseId: string }>(at, number, {
    name: 'ReviewEdits',
    field: 'reviews(first: 100, after: $after)',
    nodes: `fullDatabaseId lastEditedAt editor { ${actor} }`,
  });
  return new Map(
    nodes.map((node) => {
      const by = editorOf(node);
      return [
        Number(node.fullDatabaseId),
        by === null || node.lastEditedAt === null ? null : { at: node.lastEditedAt, by },
      ];
    }),
  );
}

/** Accounts of the authors of each commit, its git author first and then its co-authors; null where there is none. */
export async function readCommitAuthors(
  at: Connection,
  number: number,
): Promise<ReadonlyMap<string, readonly (number | null)[]>> {
  const nodes = await readAll<{
    readonly commit: {
      readonly oid: string;
      readonly authors: { readonly nodes: readonly { readonly user: Actor | null }[] };
    };
  }>(at, number, {
    name: 'CommitAuthors',
    field: 'commits(first: 100, after: $after)',
    nodes: 'commit { oid authors(first: 100) { nodes { user { databaseId } } } }',
  });
  return new Map(
    nodes.map(({ commit }) => [commit.oid, commit.authors.nodes.map(({ user }) => user?.databaseId ?? null)]),
  );
}

interface CommentEdit {
  readonly lastEditedAt: string | null;
  readonly editor: Actor | null;
}

/** All comments of the pull request, as the REST API has them. */
export async function listComments(at: Connection, number: number) {
  const { octokit, owner, repo } = at;
  const comments = await octokit.paginate(octokit.rest.issues.listComments, {
    owner,
    repo,
    issue_number: number,
    per_page: 100,
  });
  return whole(comments, 'id');
}

/**
 * The comments with who edited them. One whose edits are not known (it was posted between the two requests) is left out:
 * the next decision sees it.
 */
export async function readComments(
  at: Connection,
  number: number,
  known: { readonly visible: VisibleVerdict | null; readonly me: number | null },
): Promise<readonly Comment[]> {
  const comments = await listComments(at, number);
  const edits = await readCommentEdits(at, number);
  return comments.flatMap((comment): readonly Comment[] => {
    const edit = edits.get(comment.id);
    return edit === undefined
      ? []
      : [
          {
            source: 'comment',
            id: comment.id,
            accountId: comment.user?.id ?? null,
            login: comment.user?.login ?? 'ghost',
            isBot: comment.user?.type === 'Bot',
            isOwn: isOwnComment(comment, at.appId, known.me),
            at: comment.created_at,
            text: comment.body ?? '',
            edited: editorOf(edit),
            tuple:
              known.visible !== null && isSince(comment.created_at, known.visible.since)
                ? known.visible.tuple
                : null,
          },
        ];
  });
}

async function readCommentEdits(at: Connection, number: number): Promise<ReadonlyMap<number, CommentEdit>> {
  const nodes = await readAll<CommentEdit & { readonly fullDatabaseId: string }>(at, number, {
    name: 'CommentEdits',
    field: 'comments(first: 100, after: $after)',
    nodes: `fullDatabaseId lastEditedAt editor { ${actor} }`,
  });
  return new Map(nodes.map((node) => [Number(node.fullDatabaseId), node]));
}

function editorOf({ lastEditedAt, editor }: CommentEdit): Comment['edited'] {
  return lastEditedAt === null
    ? null
    : { accountId: editor?.databaseId ?? null, login: editor?.login ?? 'ghost' };
}

type ApiComment = Awaited<ReturnType<Octokit['rest']['issues']['listComments']>>['data'][number];

/** By the App if it has one, else by the account, else (workflow tokens may not ask who they are) by any bot. */
export function isOwnComment(
  comment: Pick<ApiComment, 'user' | 'performed_via_github_app'>,
  appId: number | null,
  me: number | null,
): boolean {
  if (appId !== null) {
    return comment.performed_via_github_app?.id === appId;
  }
  return me === null ? comment.user?.type === 'Bot' : comment.user?.id === me;
}

/** Comments that were deleted, from the timeline. */
export async function readDeletedComments(
  at: Connection,
  number: number,
): Promise<readonly DeletedComment[]> {
  const nodes = await readAll<{
    readonly databaseId: number;
    readonly createdAt: string;
    readonly actor: Actor | null;
    readonly deletedCommentAuthor: Actor | null;
  }>(at, number, {
    name: 'DeletedComments',
    field: 'timelineItems(itemTypes: [COMMENT_DELETED_EVENT], first: 100, after: $after)',
    nodes: `... on CommentDeletedEvent { databaseId createdAt actor { ${actor} } deletedCommentAuthor { ${actor} } }`,
  });
  return nodes.map((node) => ({
    id: node.databaseId,
    at: node.createdAt,
    ofAccountId: node.deletedCommentAuthor?.databaseId ?? null,
    ofLogin: node.deletedCommentAuthor?.login ?? 'ghost',
    byAccountId: node.actor?.databaseId ?? null,
    byLogin: node.actor?.login ?? 'ghost',
  }));
}
