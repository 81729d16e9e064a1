/** Who sent a request of a Cloudflare log: a visitor, a Worker, or a system of Cloudflare. */
import type { ApartKind } from './apart.ts';
import { isFlagged, textAt } from './row.ts';
import type { TrafficRow } from './row.ts';

/** `ClientRequestSource` of Workers. Cloudflare documentation, ClientRequestSource field, as of 2026-11. */
const workerSources: ReadonlySet<string> = new Set([
  'edgeworkerfetch',
  'edgeworkercacheapi',
  'edgeworkerkv',
  '5',
  '6',
  '7',
]);

/** Of visitors, by name and by number; the same page. Every other source is a system of Cloudflare, or another zone. */
const visitorSources: ReadonlySet<string> = new Set(['', 'eyeball', '1']);

/** Null for a visitor; a log without the columns that tell is one of visitors. */
export function senderApart(row: TrafficRow): ApartKind | null {
  const given = row['ClientRequestSource'];
  const source = typeof given === 'number' ? String(given) : (textAt(row, 'ClientRequestSource') ?? '');
  const name = source.toLowerCase();
  if (isFlagged(row, 'WorkerSubrequest') || workerSources.has(name) || hasParent(row)) {
    return 'worker';
  }
  return visitorSources.has(name) ? null : 'cloudflare';
}

/** `ParentRayID` is the request of which a Worker made this one; zeros when there is none. */
function hasParent(row: TrafficRow): boolean {
  const parent = textAt(row, 'ParentRayID') ?? '';
  return !/^0*$/u.test(parent);
}
