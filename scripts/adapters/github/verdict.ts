/** Publishes the gate's verdict: one check run and one comment, both found again and rewritten in place. */
import type { DigestTuple } from '../../../policies/model/facts.ts';
import type { OnShow, PublishedVerdict } from '../../contract/ports.ts';
import { addAnnotations } from './annotations.ts';
import { lookedAtLine } from '../../contract/looked-at.ts';
import { commentOf, fitComment, marker } from './comment.ts';
import { ownAccount, type Connection } from './connection.ts';
import { isOwnComment, listComments } from './conversation.ts';
import { runsOn } from './runs.ts';
import { writeVisible, type CheckRun, type VisibleVerdict } from './visible.ts';

/** The check run first: it is what merging depends on. */
export async function publish(at: Connection, number: number, verdict: PublishedVerdict): Promise<void> {
  const { octokit, owner, repo } = at;
  const { own, visible } = await runsOn(at, verdict.headSha, verdict.checkName);
  const tuple = tupleToShow(verdict, visible);
  const since =
    visible !== null && sameTuple(visible.tuple, tuple) ? visible.since : new Date().toISOString();
  const body = {
    owner,
    repo,
    name: verdict.checkName,
    external_id: writeVisible(tuple),
    details_url: at.detailsUrl(number),
    started_at: since,
    status: 'completed' as const,
    conclusion: verdict.conclusion,
    output: { title: verdict.title, summary: summaryOf(verdict) },
  };
  const runs = own.map(({ id }) => id);
  if (runs.length === 0) {
    runs.push((await octokit.rest.checks.create({ ...body, head_sha: verdict.headSha })).data.id);
  }
  // All of them: one that was left would still show something else, and could be the one that branch protection reads.
  for (const run of own) {
    await octokit.rest.checks.update({ ...body, check_run_id: run.id });
  }
  await writeComment(at, number, verdict);
  // Last: they only repeat what the comment says, at its place. One run is enough.
  for (const id of runs.slice(0, 1)) {
    await addAnnotations(at, id, verdict);
  }
}

/**
 * Without a decision, reviewers still see the plan that they saw before, in the comment: what was on show stays, so that an
 * outage takes nobody's approval away. Where nothing was on show, nothing is: no review given now counts for anything.
 */
function tupleToShow({ tuple, headSha }: PublishedVerdict, visible: VisibleVerdict | null): DigestTuple {
  const nothing = `sha256:${'0'.repeat(64)}`;
  const none = { headSha, effectDigest: nothing, recordDigest: nothing, policyDigest: nothing };
  return tuple ?? visible?.tuple ?? none;
}

function sameTuple(a: DigestTuple, b: DigestTuple): boolean {
  return writeVisible(a) === writeVisible(b) && a.headSha === b.headSha;
}

/** What is to be seen of the verdict now and after `publish`. Null unless all of it is there, once and by us. */
export async function onShow(
  at: Connection,
  number: number,
  verdict: PublishedVerdict,
): Promise<{ readonly now: OnShow | null; readonly wanted: OnShow }> {
  const { own, visible } = await runsOn(at, verdict.headSha, verdict.checkName);
  const comment = await ownComment(at, number);
  const [run, ...others] = own;
  const { conclusion, title } = verdict;
  const tuple = tupleToShow(verdict, visible);
  const summary = summaryOf(verdict);
  const isThere = run !== undefined && others.length === 0 && visible !== null && comment !== undefined;
  return {
    wanted: { conclusion, title, summary, comment: commentOf(verdict, comment?.body ?? null), tuple },
    now: isThere
      ? {
          ...seenIn(run),
          comment: comment.body ?? '',
          tuple: visible.tuple,
        }
      : null,
  };
}

function summaryOf({ summary, lookedAt }: PublishedVerdict): string {
  return `${fitComment(summary)}${lookedAtLine(lookedAt)}`;
}

function seenIn(run: CheckRun): Pick<OnShow, 'conclusion' | 'title' | 'summary'> {
  return {
    conclusion: run.status === 'completed' ? (run.conclusion ?? '') : '',
    title: run.output?.title ?? '',
    summary: run.output?.summary ?? '',
  };
}

async function writeComment(at: Connection, number: number, verdict: PublishedVerdict): Promise<void> {
  const { octokit, owner, repo } = at;
  const own = await ownComment(at, number);
  const body = commentOf(verdict, own?.body ?? null);
  if (own === undefined) {
    await octokit.rest.issues.createComment({ owner, repo, issue_number: number, body });
  } else {
    await octokit.rest.issues.updateComment({ owner, repo, comment_id: own.id, body });
  }
}

/** The one comment, found by its hidden marker and by being our own. */
async function ownComment(at: Connection, number: number) {
  const comments = await listComments(at, number);
  const me = await ownAccount(at);
  return comments.find(
    (comment) => comment.body?.startsWith(marker) === true && isOwnComment(comment, at.appId, me),
  );
}
