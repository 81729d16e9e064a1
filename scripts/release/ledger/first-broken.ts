/** Faults in the order of the ledger: the first is the first broken link, and what follows may follow from it. */
import type { LedgerFault } from '../types.ts';
import type { LedgerStep } from './commits.ts';
import { folderOf } from './format.ts';

/** What belongs to no step, such as a missing tag or a page of the index, comes after what does. */
export function inOrder(
  faults: readonly LedgerFault[],
  steps: readonly LedgerStep[],
): readonly LedgerFault[] {
  const places = new Map<string, number>();
  for (const [at, { folder, sha }] of steps.entries()) {
    places.set(folder, places.get(folder) ?? at);
    places.set(`commit ${sha.slice(0, 12)}`, at);
  }
  const placeOf = ({ place }: LedgerFault): number => {
    return places.get(folderOf(place)) ?? places.get(place) ?? steps.length;
  };
  return faults.toSorted((a, b) => placeOf(a) - placeOf(b));
}
