/** What was found as issues: opened once, rewritten when it changes, closed when it is gone. */
import type { Issue, Tracker } from '../../contract/ports.ts';
import type { FoundIssue } from '../../render/live/issue.ts';

interface PublishedIssue {
  readonly number: number;
  readonly title: string;
  readonly act: 'opened' | 'rewritten' | 'left as it is' | 'closed';
}

interface Found {
  readonly issues: readonly FoundIssue[];
  readonly label: string;
  /** Why one is closed. Markdown. */
  readonly gone: string;
}

/**
 * An issue is known by its title, among `known`. One of which nothing is found any more is closed only where everything was looked at:
 * silence is no all-clear. One that a person closed stays closed while it would say the same.
 */
export async function publishIssues(
  tracker: Tracker,
  known: readonly Issue[],
  { issues, label, gone }: Found,
): Promise<readonly PublishedIssue[]> {
  const published: PublishedIssue[] = [];
  for (const { title, body, isUncertain } of issues) {
    const named = known.filter((issue) => issue.title === title);
    const open = named.find(({ isOpen }) => isOpen);
    if (body === null) {
      if (open !== undefined && !isUncertain) {
        await tracker.close(open.number, gone);
        published.push({ number: open.number, title, act: 'closed' });
      }
      continue;
    }
    const same = named.find((issue) => withoutReturns(issue.body) === withoutReturns(body));
    if (same !== undefined && (same.isOpen || open === undefined)) {
      published.push({ number: same.number, title, act: 'left as it is' });
    } else if (open === undefined) {
      const number = await tracker.open({ title, body, labels: [label] });
      published.push({ number, title, act: 'opened' });
    } else {
      await tracker.rewrite(open.number, body);
      published.push({ number: open.number, title, act: 'rewritten' });
    }
  }
  return published;
}

/** GitHub may give back a text with other line ends, and without those at its end. */
function withoutReturns(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}
