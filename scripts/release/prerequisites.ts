/** What became of the changes that have to come first, from the state of each stack that their records name. */
import type { Prerequisite } from '../../policies/model/prerequisite.ts';
import type { AuthoredRecord, LocatedRecord } from '../../policies/model/record.ts';
import { computedBefore } from './computed.ts';
import { remainingInForce, stackState } from './state.ts';
import type { Ledger } from './types.ts';

/** For every change of `dependsOn`; `known` are the records of the default branch. */
export function prerequisitesOf(
  ledger: Ledger,
  record: LocatedRecord | null,
  known: readonly LocatedRecord[],
): readonly Prerequisite[] {
  const byId = new Map(known.map((located) => [located.record.id, located.record]));
  return (record?.record.dependsOn ?? []).map((changeId) => {
    const before = byId.get(changeId);
    return { changeId, stacks: before === undefined ? null : stacksOnLedger(ledger, before) };
  });
}

/** What became of a change on each of its stacks. */
export function stacksOnLedger(
  ledger: Ledger,
  { id, stacks }: Pick<AuthoredRecord, 'id' | 'stacks'>,
): NonNullable<Prerequisite['stacks']> {
  return (stacks ?? stacksIn(ledger, id)).map((stack) => ({ stack, state: stateOn(ledger, stack, id) }));
}

/** Stacks of a change whose record leaves them to the plan: as its last decision has them. Without a release, what stands for them is not released. */
function stacksIn(ledger: Ledger, changeId: string): readonly string[] {
  const releases = ledger.folders.filter(({ intent }) => intent.changeId === changeId);
  const computed = computedBefore(ledger, releases).find(({ field }) => field === 'stacks');
  return (computed?.value as readonly string[] | undefined) ?? ['any stack'];
}

type OnStack = NonNullable<Prerequisite['stacks']>[number]['state'];

function stateOn(ledger: Ledger, stack: string, changeId: string): OnStack {
  const state = stackState(ledger, stack);
  const remaining = remainingInForce(state);
  const own = state.finished.filter(
    ({ entry, intent }) =>
      intent.action === 'release' && intent.changeId === changeId && entry.result === 'successful',
  );
  if (own.some(({ entry }) => remaining.has(entry.id))) {
    return 'in-force';
  }
  return own.length === 0 ? 'not-released' : 'rolled-back';
}
