/** What the record of a change says that was released, as it was at the commit of its newest release. */
import type { Services } from '../../contract/context.ts';
import { fromWorkingTree, loadPolicy } from '../../facts/policy.ts';
import { parsedRecord } from '../../facts/records.ts';
import type { ChangeRecord, Probe } from '../../../policies/model/record.ts';
import { computedBefore } from '../../release/computed.ts';
import type { Ledger, LedgerFolder } from '../../release/types.ts';

export interface ReleasedRecord {
  readonly probes: readonly Probe[];
  /** How long a wave is watched before the next. */
  readonly observeMin: number;
  /** Null where the record says none. */
  readonly strategy: ChangeRecord['rollback']['strategy'] | null;
}

const nothing: ReleasedRecord = { probes: [], observeMin: 0, strategy: null };

/** Of a change without a release, or whose record is not in this clone: no probes. */
export async function releasedRecord(
  { git }: Pick<Services, 'git'>,
  ledger: Ledger,
  changeId: string,
): Promise<ReleasedRecord> {
  const folders = ledger.folders.filter(({ intent }) => intent.changeId === changeId);
  const newest = folders.findLast(({ intent }) => intent.action === 'release')?.intent;
  if (newest === undefined) {
    return nothing;
  }
  // The record of a change of several clients is that of the client it was written for.
  const places = await git.pathsAt(newest.commit, 'changes');
  const path = places.find((each) => each.endsWith(`/${changeId}.yaml`));
  const text = path === undefined ? null : await git.fileAt(newest.commit, path);
  if (path === undefined || text === null) {
    return nothing;
  }
  const { test, rollout, rollback } = parsedRecord(text, path).record;
  return {
    probes: test?.probes ?? computedProbes(ledger, folders),
    observeMin: rollout?.observeMin ?? 0,
    strategy: rollback?.strategy ?? null,
  };
}

function computedProbes(ledger: Ledger, folders: readonly LedgerFolder[]): readonly Probe[] {
  const computed = computedBefore(ledger, folders).find(({ field }) => field === 'test.probes');
  return (computed?.value as readonly Probe[] | undefined) ?? [];
}

/** Thresholds that do not read must not hold up a rollback: no private network is probed then. */
export async function probeNetworks({
  files,
  git,
}: Pick<Services, 'files' | 'git'>): Promise<readonly string[]> {
  const policy = await loadPolicy(fromWorkingTree(files, await git.root())).catch(() => null);
  return policy?.thresholds.probeNetworks ?? [];
}
