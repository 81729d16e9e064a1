/**
 * Notes at lines of files, added to a check run.
 *
 * GitHub takes fifty a request and appends: what a run has can neither be changed nor removed, so the notes of a run that is
 * rewritten every quarter of an hour would pile up. Only those are sent that are not there yet. A note of an older decision
 * about the same commit therefore stays; a new commit has a new run.
 */
import type { Annotation, PublishedVerdict } from '../../contract/ports.ts';
import { fitComment } from './comment.ts';
import { whole, type Connection } from './connection.ts';

const batch = 50;

/** Throws when GitHub refuses any of them; the verdict is published before. */
export async function addAnnotations(
  at: Connection,
  runId: number,
  verdict: PublishedVerdict,
): Promise<void> {
  const { octokit, owner, repo } = at;
  if (verdict.annotations.length === 0) {
    return;
  }
  const present = await octokit.paginate(octokit.rest.checks.listAnnotations, {
    owner,
    repo,
    check_run_id: runId,
    per_page: 100,
  });
  const known = new Set(
    whole(present, 'path').map((one) => keyOf(one.path, one.start_line, one.annotation_level, one.message)),
  );
  const missing = verdict.annotations.filter(
    ({ path, startLine, level, message }) => !known.has(keyOf(path, startLine, level, message)),
  );
  for (let start = 0; start < missing.length; start += batch) {
    await octokit.rest.checks.update({
      owner,
      repo,
      check_run_id: runId,
      output: {
        title: verdict.title,
        summary: fitComment(verdict.summary),
        annotations: missing.slice(start, start + batch).map(asGitHub),
      },
    });
  }
}

function keyOf(path: string, line: number, level: string | null, message: string | null): string {
  return JSON.stringify([path, line, level, message]);
}

function asGitHub({ path, startLine, endLine, level, title, message }: Annotation) {
  return { path, start_line: startLine, end_line: endLine, annotation_level: level, title, message };
}
