/**
 * What became of an approval. It is given for one effect on a known state, and it is used once on each stack: by the
 * release that puts the change in force. After that it allows nothing more there, whatever comes: a rollback, an approved
 * revert, or another change on top. A release that ended before anything was in force used nothing up.
 */
import type { ApprovalUse } from '../../policies/model/approval-use.ts';
import {
  knownStacks,
  releasesInForce,
  stackState,
  type Finished,
  type Recorded,
  type StackState,
} from './state.ts';
import type { Intent, Ledger } from './types.ts';

/** Which change an approval is for: its record's id, and the head of the pull request that was approved. */
export interface ApprovedChange {
  readonly changeId: string | null;
  readonly headSha: string;
}

/** A release made with this very approval; the same change approved again is another one. */
export function isMadeWith({ action, tuple }: Intent, { headSha }: Pick<ApprovedChange, 'headSha'>): boolean {
  return action === 'release' && tuple?.headSha === headSha;
}

/** A release of the change, with this approval or another: the id of a record stands for one change for ever. */
function isOfChange(intent: Intent, approved: ApprovedChange): boolean {
  const { changeId } = approved;
  return (
    intent.action === 'release' &&
    ((changeId !== null && intent.changeId === changeId) || isMadeWith(intent, approved))
  );
}

/** Every release of the change that was in force or was taken back, stack by stack, oldest first. */
export function approvalUses(ledger: Ledger, approved: ApprovedChange): readonly ApprovalUse[] {
  return knownStacks(ledger).flatMap((stack) => {
    const state = stackState(ledger, stack);
    return state.finished
      .filter(({ intent }) => isOfChange(intent, approved))
      .flatMap((folder) => useOf(state, folder, approved));
  });
}

function useOf(state: StackState, { entry }: Finished, approved: ApprovedChange): readonly ApprovalUse[] {
  const use = { stack: state.stack, release: entry.id };
  const { unsettled } = state;
  const leaving = unsettled?.entry.action === 'rollback' && unsettled.entry.undoes.includes(entry.id);
  const by = state.undone.get(entry.id) ?? (leaving ? unsettled.entry.id : null);
  if (by !== null) {
    return [{ ...use, became: 'rolled-back', by }];
  }
  if (!state.inForce.has(entry.id)) {
    return [];
  }
  const newest = releasesInForce(state).at(-1);
  return newest === undefined || isOfChange(newest.intent, approved)
    ? [{ ...use, became: 'in-force', by: null }]
    : [{ ...use, became: 'superseded', by: newest.entry.id }];
}

/**
 * The recorded state that an approval is judged on, by stack. A change of several stacks is released stack by stack: what
 * its own release put in force is not the state that its plan starts from, or the plan, and with it the digest that was
 * approved, would shrink under it. Everywhere else it is what is live now, whoever put it there.
 */
export function startingStates(
  ledger: Ledger,
  approved: Pick<ApprovedChange, 'headSha'> | null,
): ReadonlyMap<string, Finished> {
  return new Map(
    knownStacks(ledger).flatMap((stack) => {
      const found = startOf(stackState(ledger, stack), approved);
      return found === null ? [] : [[stack, found] as const];
    }),
  );
}

function startOf(state: StackState, approved: Pick<ApprovedChange, 'headSha'> | null): Finished | null {
  const newest = releasesInForce(state).at(-1);
  if (approved === null || newest === undefined || !isMadeWith(newest.intent, approved)) {
    return state.live;
  }
  const isOwn = ({ folder }: Recorded): boolean =>
    state.inForce.has(folder.entry.id) && isMadeWith(folder.intent, approved);
  const first = state.recorded.findIndex(isOwn);
  return state.recorded[first - 1]?.folder ?? null;
}
