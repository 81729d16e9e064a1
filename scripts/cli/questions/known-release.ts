import { UsageError } from '../../contract/errors.ts';
import type { LedgerFolder } from '../../release/types.ts';

/** The release of an id; throws UsageError, with the last one there is, when the ledger does not have it. */
export function releaseCalled(id: string, folders: readonly LedgerFolder[]): LedgerFolder {
  const found = folders.find(({ intent }) => intent.id === id);
  if (found === undefined) {
    const last = folders
      .map(({ intent }) => intent.id)
      .toSorted()
      .at(-1);
    throw new UsageError({
      what: `The ledger has no release ${id}.`,
      why: last === undefined ? 'Nothing was ever released.' : `The last one is ${last}.`,
      fix: 'Check the number.',
      next: 'sluice ledger show',
    });
  }
  return found;
}
