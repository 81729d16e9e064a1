/** One issue for each month and account with changes that no release made. The same log gives the same text. */
import type { AuditReport } from '../../live/audit/types.ts';
import { burstLines } from './audit-words.ts';
import { code, counted, fenced, type FoundIssue } from './issue.ts';

const mostNamed = 100;

/** The month alone decides: what of it comes later is rewritten into its issue. */
export function auditIssues({
  months,
  unauthorised,
  beyond,
  tokens,
  at,
}: AuditReport): readonly FoundIssue[] {
  return months.map(({ month, account, unauthorised: count, isCovered }) => {
    const bursts = unauthorised.filter(
      ({ first, entry }) => first.startsWith(month) && entry.account.id === account,
    );
    return {
      title: `Audit ${month}: ${account}`,
      body:
        count === 0
          ? null
          : [
              `The audit log of the account ${code(account)} has ${isCovered ? '' : 'at least '}${counted(count, 'change')} of ${code(month)} that no release made.`,
              fenced(bursts.slice(0, mostNamed).flatMap((burst) => burstLines(burst))),
              `Ask who did it why. What is still live otherwise than released tells ${code('sluice drift')}; what is to stay is written into the code and raised (${code('sluice new')}). Close this when each of them is explained: it stays closed while nothing else comes up.`,
              '',
            ].join('\n\n'),
      isUncertain: !isCovered || beyond > 0 || tokens === 0 || at.startsWith(month),
    };
  });
}
