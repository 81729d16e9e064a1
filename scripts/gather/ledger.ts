/** Reads the ledger branch and refuses to go on with a broken one. */
import { InputError, UsageError } from '../errors.ts';
import type { Git } from '../ports.ts';
import { ledgerBranch, readLedger, type LedgerReading } from '../release/ledger.ts';
import type { Ledger } from '../release/types.ts';

/**
 * Null when the branch does not exist: nothing was ever released. Throws UsageError where this clone cannot tell: the
 * branch was not fetched, or its history, which the check needs, was cut off.
 */
export async function readLedgerBranch(
  git: Git,
): Promise<{ readonly tip: string; readonly reading: LedgerReading } | null> {
  const tip = await git.tip(ledgerBranch);
  if (tip === null) {
    await refuseUnfetched(git);
    return null;
  }
  if (await git.isShallow()) {
    throw new UsageError({
      what: 'This clone is shallow: the history of the ledger is cut off.',
      why: 'Only the whole history shows that nothing recorded was ever changed.',
      fix: 'Fetch the rest; in CI, check out with fetch-depth: 0.',
      next: 'git fetch --unshallow',
    });
  }
  const [files, history] = await Promise.all([git.filesAt(tip, 'releases'), git.history(tip)]);
  return { tip, reading: readLedger(files, history) };
}

async function refuseUnfetched(git: Git): Promise<void> {
  const remote = `refs/remotes/origin/${ledgerBranch}`;
  if ((await git.refs()).some(({ ref }) => ref === remote)) {
    throw new UsageError({
      what: `The ledger is on origin, but this clone has no branch ${ledgerBranch}.`,
      why: 'Without it everything would look as if it had never been released.',
      fix: 'Fetch the branch.',
      next: `git fetch origin ${ledgerBranch}:${ledgerBranch}`,
    });
  }
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
