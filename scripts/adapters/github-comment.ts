/** Fits a text into GitHub's limits. The verdict and the deletions stand first, so what is cut is the folded rest. */

/** Finds our comment again among the others. */
export const marker = '<!-- sluice:change-control -->';

/** Comments and check run summaries hold 65,535 characters (GitHub's REST documentation); some room is left. */
const limit = 65_000;

/** Cuts at a line, closes what the cut left open, and says that and where the rest is. */
export function fitComment(markdown: string): string {
  if (markdown.length <= limit) {
    return markdown;
  }
  const note = "\n\n*Cut to GitHub's limit. The whole plan: `sluice gate --pr <number> --format markdown`.*";
  const cut = markdown.slice(0, limit - note.length - 64);
  const kept = cut.slice(0, cut.lastIndexOf('\n'));
  const opened = (kept.match(/<details>/g) ?? []).length - (kept.match(/<\/details>/g) ?? []).length;
  const fence = openFence(kept);
  return `${kept}${fence === null ? '' : `\n${fence}`}${'\n\n</details>'.repeat(Math.max(opened, 0))}${note}`;
}

/** The fence that is open at the end of the text, if any. */
function openFence(markdown: string): string | null {
  let open: string | null = null;
  for (const line of markdown.split('\n')) {
    const fence = /^(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      open = open === null ? fence : fence.startsWith(open) && line.trim() === fence ? null : open;
    }
  }
  return open;
}
