/** Calls people: a comment that mentions them, which GitHub sends on as they have set it. One for each occasion. */
import type { GitHub } from '../../contract/ports.ts';
import { ownAccount, type Connection } from './connection.ts';
import { isOwnComment, listComments } from './conversation.ts';

type RestPage = Parameters<GitHub['page']>[1];

/** The server's time of the call; one that was made before is found again by its marker and by being our own. */
export async function findPage(at: Connection, number: number, occasion: string): Promise<string | null> {
  const comments = await listComments(at, number);
  const me = await ownAccount(at);
  const sent = comments.find(
    (comment) => comment.body?.startsWith(markerOf(occasion)) === true && isOwnComment(comment, at.appId, me),
  );
  return sent?.created_at ?? null;
}

/** Calls them unless they were called before; the server's time of the call. */
export async function sendPage(at: Connection, number: number, page: RestPage): Promise<string> {
  const { octokit, owner, repo } = at;
  const sent = await findPage(at, number, page.occasion);
  if (sent !== null) {
    return sent;
  }
  const logins = await Promise.all(
    page.accountIds.map(async (account_id) => (await octokit.rest.users.getById({ account_id })).data.login),
  );
  const called = logins.map((login) => `@${login}`).join(' ');
  const body = [markerOf(page.occasion), called, '', page.text].join('\n');
  return (await octokit.rest.issues.createComment({ owner, repo, issue_number: number, body })).data
    .created_at;
}

function markerOf(occasion: string): string {
  return `<!-- sluice:page ${occasion} -->`;
}
