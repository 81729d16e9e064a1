/** Publishes the gate's verdict: one check run and one comment, both found again and rewritten in place. */
import type { DigestTuple } from '../../policies/model/facts.ts';
import type { Verdict } from '../ports.ts';
import { addAnnotations } from './github-annotations.ts';
import { fitComment, marker } from './github-comment.ts';
import { ownAccount, whole, type Connection } from './github-connection.ts';
import { isOwnComment } from './github-conversation.ts';
import { runsOn } from './github-runs.ts';
import { writeShown } from './github-shown.ts';

/** The check run first: it is what merging depends on. */
export async function publish(at: Connection, number: number, verdict: Verdict): Promise<void> {
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
  const runs = own.map(({ id }) => id);
  if (runs.length === 0) {
    runs.push((await octokit.rest.checks.create({ ...body, head_sha: verdict.headSha })).data.id);
  }
  // All of them: one that was left would still show something else, and could be the one that branch protection reads.
  for (const run of own) {
    await octokit.rest.checks.update({ ...body, check_run_id: run.id });
  }
  await writeComment(at, number, `${marker}\n${fitComment(verdict.summary)}`);
  // Last: they only repeat what the comment says, at its place. One run is enough.
  for (const id of runs.slice(0, 1)) {
    await addAnnotations(at, id, verdict);
  }
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
  const own = whole(comments, 'id').find(
    (comment) => comment.body?.startsWith(marker) === true && isOwnComment(comment, at.appId, me),
  );
  if (own === undefined) {
    await octokit.rest.issues.createComment({ owner, repo, issue_number: number, body });
  } else {
    await octokit.rest.issues.updateComment({ owner, repo, comment_id: own.id, body });
  }
}
