/**
 * Reads and checks the ledger: every file, hash and signature, the order of the entries, what allowed each of them, and
 * that the branch only ever grew. It never repairs and never skips: one fault makes the whole ledger broken, because
 * evidence that is only partly true is none.
 */
import { foldersIn, type LedgerBranch, type LedgerTrust, type ReadDocument } from './ledger/branch.ts';
import { followSteps, targetFaults } from './ledger/chain.ts';
import { memoryFaults, orderFaults, originFaults, stepsIn } from './ledger/commits.ts';
import { evidenceFaults } from './ledger/evidence.ts';
import { readFolders, recordedFaults } from './ledger/folders.ts';
import type { Ledger, LedgerFault } from './types.ts';
import type { Result } from '../json/result.ts';

export type LedgerReading = Result<Ledger, { readonly faults: readonly LedgerFault[] }>;

/** Checks everything that can be checked from the branch, the keys and the commits of the default branch. */
export function readLedger(branch: LedgerBranch, trust: LedgerTrust, read: ReadDocument): LedgerReading {
  const faults: LedgerFault[] = [];
  const steps = stepsIn(branch.history, faults);
  const texts = foldersIn(branch.tree, faults);
  const parts = readFolders(texts, read, faults);
  const followed = followSteps(steps, parts, trust);
  const all = [
    ...faults,
    ...orderFaults(steps),
    ...memoryFaults(branch, steps),
    ...recordedFaults(texts, branch.history),
    ...parts.flatMap((part) => evidenceFaults(part, trust)),
    ...targetFaults(parts),
    // What is played in a sandbox stays in its clone.
    ...(parts[0]?.intent.target === 'cloudflare' ? originFaults(branch) : []),
    ...followed.faults,
  ];
  if (all.length > 0) {
    return { ok: false, faults: all };
  }
  const { folders } = followed;
  return {
    ok: true,
    value: {
      folders,
      head: folders.findLast(({ digest }) => digest !== null)?.digest ?? null,
      files: new Map(branch.tree.map(({ path, text }) => [path, text ?? ''])),
    },
  };
}
