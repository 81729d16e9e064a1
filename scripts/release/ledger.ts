/**
 * Reads and checks the ledger: every file, hash and signature, the order of the entries, what allowed each of them, and
 * that the branch only ever grew. It never repairs and never skips: one fault makes the whole ledger broken, because
 * evidence that is only partly true is none.
 */
import {
  foldersIn,
  type BranchEntry,
  type LedgerBranch,
  type LedgerTrust,
  type ReadDocument,
} from './ledger/branch.ts';
import { followSteps, targetFaults } from './ledger/chain.ts';
import { memoryFaults, orderFaults, originFaults, stepsIn } from './ledger/commits.ts';
import { checkedFolder, evidenceFaults, type CheckedFolder } from './ledger/evidence.ts';
import { readFolders, recordedFaults } from './ledger/folders.ts';
import { inOrder } from './ledger/first-broken.ts';
import { indexFaults, wantedIndex } from './ledger/index-faults.ts';
import { indexFolder } from './ledger/index-form.ts';
import type { MadeIndex } from './ledger/index-make.ts';
import type { Ledger, LedgerFault } from './types.ts';
import type { Result } from '../json/result.ts';

interface CheckedLedger {
  readonly ledger: Ledger;
  /** What the entries say that the index is; null for a ledger without entries. */
  readonly index: MadeIndex | null;
  /** Whether the branch has one: ledgers of before get theirs with the next entry. */
  readonly hasIndex: boolean;
}

export type LedgerReading = Result<CheckedLedger, { readonly faults: readonly LedgerFault[] }>;

/** Everything of the branch but the texts. */
interface LedgerOutline extends Omit<LedgerBranch, 'tree'> {
  readonly tree: readonly Pick<BranchEntry, 'path' | 'mode' | 'id'>[];
}

/**
 * Reads a ledger in parts, so that one that is larger than memory can be verified: folders come in batches, each whole, and
 * only what the order of the ledger needs stays of them. `keeps`: texts stay as well, for whoever asks the ledger something.
 */
export class LedgerReader {
  private readonly trust: LedgerTrust;
  private readonly read: ReadDocument;
  private readonly keeps: boolean;
  private readonly faults: LedgerFault[] = [];
  private readonly parts: CheckedFolder[] = [];
  private readonly files = new Map<string, string>();
  private readonly index: BranchEntry[] = [];

  constructor(trust: LedgerTrust, read: ReadDocument, keeps: boolean) {
    this.trust = trust;
    this.read = read;
    this.keeps = keeps;
  }

  take(entries: readonly BranchEntry[]): void {
    const recorded = entries.filter((entry) => !entry.path.startsWith(indexFolder));
    this.index.push(...entries.filter((entry) => entry.path.startsWith(indexFolder)));
    for (const part of readFolders(foldersIn(recorded, this.faults), this.read, this.faults)) {
      this.faults.push(...evidenceFaults(part, this.trust));
      this.parts.push(checkedFolder(part, this.trust));
    }
    for (const { path, text } of this.keeps ? recorded : []) {
      this.files.set(path, text ?? '');
    }
  }

  /** Once every folder was taken. */
  end(branch: LedgerOutline): LedgerReading {
    const { trust, read, parts } = this;
    const faults = [...this.faults];
    const steps = stepsIn(branch.history, faults);
    const followed = followSteps(steps, parts, trust);
    const ids = new Map(branch.tree.map(({ path, id }) => [path, id]));
    const given = { steps, parts, trust, ids, parent: branch.history.at(-2)?.sha ?? null };
    const all = [
      ...faults,
      ...orderFaults(steps),
      ...memoryFaults(branch, steps),
      ...recordedFaults(branch.tree, branch.history),
      ...targetFaults(parts),
      // What is played in a sandbox stays in its clone.
      ...(parts[0]?.intent.target === 'cloudflare' ? originFaults(branch) : []),
      ...followed.faults,
      ...indexFaults(given, this.index, read),
    ];
    if (all.length > 0) {
      return { ok: false, faults: inOrder(all, steps) };
    }
    const { folders } = followed;
    const head = folders.findLast(({ digest }) => digest !== null)?.digest ?? null;
    const index = wantedIndex(given);
    const ledger = { folders, head, files: this.files };
    return { ok: true, value: { ledger, index, hasIndex: this.index.length > 0 } };
  }
}

/** Checks everything that can be checked from the branch, the keys and the commits of the default branch. */
export function readLedger(branch: LedgerBranch, trust: LedgerTrust, read: ReadDocument): LedgerReading {
  const reader = new LedgerReader(trust, read, true);
  reader.take(branch.tree);
  return reader.end(branch);
}
