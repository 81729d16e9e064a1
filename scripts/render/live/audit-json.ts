/** The audit as JSON, for other programs. */
import type { AuditReport } from '../../live/audit/types.ts';
import { printedJson } from '../text/printed-json.ts';

/** Times of entries are RFC 3339 as all others. */
export function auditJson({ unauthorised, ...report }: AuditReport): string {
  return printedJson({
    ...report,
    unauthorised: unauthorised.map(({ entry, ...burst }) => ({
      ...burst,
      entry: { ...entry, at: new Date(entry.at).toISOString() },
    })),
  });
}
