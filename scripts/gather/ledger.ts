/** Reads the ledger branch and refuses to go on with a broken one. */
import { InputError } from '../errors.ts';
import type { Git } from '../ports.ts';
import { ledgerBranch, readLedger, type LedgerReading } from '../release/ledger.ts';
import type { Ledger } from '../release/types.ts';

/** Null when the branch does not exist: nothing was ever released. */
export async function readLedgerBranch(
  git: Git,
): Promise<{ readonly tip: string; readonly reading: LedgerReading } | null> {
  const tip = await git.tip(ledgerBranch);
  if (tip === null) {
    return null;
  }
  const [files, history] = await Promise.all([git.filesAt(tip, 'releases'), git.history(tip)]);
  return { tip, reading: readLedger(files, history) };
}

export interface LoadedLedger {
  /** Commit of the branch; null when it does not exist yet. */
  readonly tip: string | null;
  readonly ledger: Ledger;
}

/** The verified ledger. A broken one is an error that names every fault: no decision is taken on edited evidence. */
export async function loadLedger(git: Git): Promise<LoadedLedger> {
  const found = await readLedgerBranch(git);
  if (found === null) {
    return { tip: null, ledger: { folders: [], head: null, files: new Map() } };
  }
  if (!found.reading.ok) {
    throw new InputError({
      what: `The ledger (branch ${ledgerBranch}) does not verify: ${String(found.reading.faults.length)} fault(s).`,
      diagnostics: found.reading.faults.map((fault) => ({ message: `${fault.place} ${fault.what}` })),
      why: 'Evidence was edited or is incomplete. Nothing is planned, decided or released on top of it.',
      fix: 'Treat it as a security incident: restore the branch from a clone that verifies, never by editing.',
      next: 'sluice ledger verify',
    });
  }
  return { tip: found.tip, ledger: found.reading.ledger };
}
