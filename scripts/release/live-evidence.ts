/** What was found at Cloudflare before and after a run, as the ledger keeps it beside the bundle. */
import type { LiveAnswers, LiveBefore } from '../live/types.ts';
import { canonicalJson } from '../json/json.ts';
import { limits } from '../json/limits.ts';
import { parseJson } from '../json/parse.ts';
import type { Ledger, LedgerFolder } from './types.ts';

/** What was there before the run, and what was found after one that did not go well. */
export const beforeFile = 'live-before.json';
export const afterFile = 'live-after.json';

export function liveText(answers: LiveAnswers): string {
  return `${canonicalJson(answers)}\n`;
}

/** What was found before a release; null for one that did not ask. The ledger was verified. */
export function beforeOf(ledger: Ledger, { folder }: Pick<LedgerFolder, 'folder'>): LiveBefore | null {
  const text = ledger.files.get(`${folder}/${beforeFile}`);
  return text === undefined ? null : (parseJson(text, limits.document) as LiveBefore);
}
