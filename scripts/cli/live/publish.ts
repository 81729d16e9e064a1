/** Drift as issues: one for each stack, opened once, rewritten when it changes, closed when it is gone. */
import type { Tracker } from '../../contract/ports.ts';
import type { DriftReport } from '../../live/drift/types.ts';
import { driftIssues } from '../../render/live/drift-issue.ts';

export interface PublishedIssue {
  readonly number: number;
  readonly title: string;
  readonly act: 'opened' | 'rewritten' | 'left as it is' | 'closed';
}

/**
 * An issue is known by its title. One of which nothing is found any more is closed only where everything was compared: silence
 * is no all-clear.
 */
export async function publishDrift(
  tracker: Tracker,
  report: DriftReport,
): Promise<readonly PublishedIssue[]> {
  const open = await tracker.openIssues();
  const published: PublishedIssue[] = [];
  for (const { title, body, isUncertain } of driftIssues(report)) {
    const known = open.find((issue) => issue.title === title);
    if (body === null) {
      if (known !== undefined && !isUncertain) {
        await tracker.close(known.number, `Nothing differs any more (looked at ${report.at}).`);
        published.push({ number: known.number, title, act: 'closed' });
      }
    } else if (known === undefined) {
      const number = await tracker.open({ title, body, labels: ['drift'] });
      published.push({ number, title, act: 'opened' });
    } else {
      const isSame = withoutReturns(known.body) === withoutReturns(body);
      if (!isSame) {
        await tracker.rewrite(known.number, body);
      }
      published.push({ number: known.number, title, act: isSame ? 'left as it is' : 'rewritten' });
    }
  }
  return published;
}

/** GitHub may give back a text with other line ends, and without those at its end. */
function withoutReturns(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}
