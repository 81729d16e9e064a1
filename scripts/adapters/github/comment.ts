/** Fits a text into GitHub's limits. The verdict and the deletions stand first, so what is cut is the folded rest. */

import { lookedAtLine } from '../../contract/looked-at.ts';

/** Finds our comment again among the others. */
export const marker = '<!-- sluice:change-control -->';

/** Comments and check run summaries hold 65,535 characters (GitHub's REST documentation); some room is left. */
const limit = 65_000;

const note =
  "\n\n*Cut to GitHub's limit. The whole plan: in the artifact if one is named above, or `sluice gate --pr <number> --format markdown`.*";

/** Cuts at a line, closes what the cut left open, and says that and where the rest is. */
export function fitComment(markdown: string): string {
  if (markdown.length <= limit) {
    return markdown;
  }
  const steps = Array.from({ length: limit / 1000 - 1 }, (_, index) => limit - note.length - index * 1000);
  for (const room of steps) {
    const cut = markdown.slice(0, room);
    const wholeLines = cut.slice(0, Math.max(cut.lastIndexOf('\n'), 0));
    const fitted = `${wholeLines}${closing(wholeLines)}${note}`;
    if (wholeLines !== '' && fitted.length <= limit) {
      return fitted;
    }
  }
  // One line as long as the limit: none of ours is, and a part of it could be markup that was torn.
  return note.trim();
}

/** What ends the fence and the folds that are open at the end of the text. Inside a fence a tag is only text. */
function closing(markdown: string): string {
  let fence: string | null = null;
  let folds = 0;
  for (const line of markdown.split('\n')) {
    const run = /^(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== null) {
      fence = run?.startsWith(fence) === true && line.trim() === run ? null : fence;
    } else if (run === undefined) {
      folds += (line.match(/<details>/g) ?? []).length - (line.match(/<\/details>/g) ?? []).length;
    } else {
      fence = run;
    }
  }
  return `${fence === null ? '' : `\n${fence}`}${'\n\n</details>'.repeat(Math.max(folds, 0))}`;
}

const undecided = ['<!-- sluice:undecided -->', '<!-- /sluice:undecided -->'] as const;

/**
 * The whole comment. A verdict without a decision stands before what was on show, which reviewers may go on reading; the
 * next decision takes both away.
 */
export function commentOf(
  {
    summary,
    tuple,
    lookedAt,
  }: { readonly summary: string; readonly tuple: object | null; readonly lookedAt: string },
  previous: string | null,
): string {
  if (tuple !== null || previous === null) {
    return `${marker}\n${fitComment(summary)}${lookedAtLine(lookedAt)}`;
  }
  const [begin, end] = undecided;
  const before = previous.slice(marker.length).trimStart();
  const isNoted = before.startsWith(begin) && before.includes(end);
  const rest = isNoted ? before.slice(before.indexOf(end) + end.length).trimStart() : before;
  const noted = `${begin}\n${summary}${lookedAtLine(lookedAt)}\n${end}`;
  return `${marker}\n${fitComment(`${noted}\n\n${rest}`)}`;
}
