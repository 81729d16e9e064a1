/**
 * What "released" means: one state machine per stack, folded over the finished entries of a verified ledger in the order
 * in which they ended. Whoever wants to know what is live, what is in force, what was undone, what is open or half
 * applied, or whether an approval is used up, asks here.
 *
 * | entry that ended                            | live bundle | in force            | undone           | attempts     |
 * |---------------------------------------------|-------------|---------------------|------------------|--------------|
 * | baseline or release, successful             | its own     | and this one        | as before        | none         |
 * | rollback, successful                        | its own     | without what it     | and what it      | none         |
 * |                                             |             | undoes              | undoes, by it    |              |
 * | any, failed or failed its verification or   | as before   | as before           | as before        | and this one |
 * | aborted                                     |             |                     |                  |              |
 * | rollback, successful, that undoes a rollback| its own     | and what that one   | without what     | none         |
 * | (written by versions that allowed it)       |             | had undone          | that one undid   |              |
 *
 * A stack is unsettled by the last attempt that may have changed something: an aborted one always (what it did is not
 * known), another one that recorded a change. An attempt that changed nothing hides no earlier one that did. What an
 * unsettled rollback undoes is on its way out: it is not restored by anything else any more.
 */
import type { Ledger, LedgerFolder, ReleaseEntry } from './types.ts';

export type Finished = LedgerFolder & { readonly entry: ReleaseEntry };

/** A state that a stack was in for certain: the entry that ended successfully, and what was in force then. */
export interface Recorded {
  readonly folder: Finished;
  readonly inForce: ReadonlySet<string>;
}

export interface StackState {
  readonly stack: string;
  /** Everything that ended, oldest first. */
  readonly finished: readonly Finished[];
  /** Every state that was reached, oldest first; the last is live. */
  readonly recorded: readonly Recorded[];
  /** The entry whose bundle is live: a rollback's is what it restored. Null before the first one that succeeded. */
  readonly live: Finished | null;
  /** Ids of the baseline and the releases whose effect is in the live bundle. */
  readonly inForce: ReadonlySet<string>;
  /** Id of what a rollback took back, to the id of that rollback. */
  readonly undone: ReadonlyMap<string, string>;
  /** What ended without success since `live`, oldest first. */
  readonly attempts: readonly Finished[];
  /** The last attempt that may have changed something: live is somewhere between `live` and its bundle. */
  readonly unsettled: Finished | null;
  /** Begun and not recorded as ended: a crash, or one that runs right now. */
  readonly open: readonly LedgerFolder[];
}

/** Names of all stacks of which the ledger knows anything, in the order in which they came. */
export function knownStacks(ledger: Ledger): readonly string[] {
  return ledger.rest?.stacks ?? [...new Set(ledger.folders.map(({ intent }) => intent.stack))];
}

/** The state of one stack; of one that was never released, the empty one. Pure. */
export function stackState(ledger: Ledger, stack: string): StackState {
  const folders = ledger.folders.filter(({ intent }) => intent.stack === stack);
  const finished = folders.filter(isFinished);
  let fold = nothing;
  for (const folder of finished) {
    fold = step(fold, folder);
  }
  return {
    stack,
    finished,
    recorded: fold.recorded,
    live: fold.recorded.at(-1)?.folder ?? null,
    inForce: fold.inForce,
    undone: fold.undone,
    attempts: fold.attempts,
    unsettled: fold.attempts.findLast(({ entry }) => mayHaveChanged(entry)) ?? null,
    open: folders.filter(({ entry }) => entry === null),
  };
}

/**
 * How many beginnings and ends the ledger has of a stack. It only grows, so two ledgers with the same number say the same
 * about the stack.
 */
export function positionOf(ledger: Ledger, stack: string): number {
  const { finished, open } = stackState(ledger, stack);
  return 2 * ((ledger.rest?.earlier.get(stack) ?? 0) + finished.length) + open.length;
}

function isFinished(folder: LedgerFolder): folder is Finished {
  return folder.entry !== null;
}

/** Whether what did not succeed may have changed something all the same. */
export function mayHaveChanged({ result, completed }: ReleaseEntry): boolean {
  return result === 'aborted' || completed.length > 0;
}

type Fold = Pick<StackState, 'recorded' | 'inForce' | 'undone' | 'attempts'>;

const nothing: Fold = { recorded: [], inForce: new Set(), undone: new Map(), attempts: [] };

function step(before: Fold, folder: Finished): Fold {
  const { entry } = folder;
  if (entry.result !== 'successful') {
    return { ...before, attempts: [...before.attempts, folder] };
  }
  const inForce = new Set(before.inForce);
  const undone = new Map(before.undone);
  switch (entry.action) {
    case 'baseline':
    case 'release':
      inForce.add(entry.id);
      break;
    case 'rollback':
      takeBack(entry, { inForce, undone, earlier: before.recorded.map((one) => one.folder) });
      break;
  }
  return { recorded: [...before.recorded, { folder, inForce }], inForce, undone, attempts: [] };
}

interface Taking {
  readonly inForce: Set<string>;
  readonly undone: Map<string, string>;
  /** What succeeded before: an id that is not among them changes nothing of what is in force. */
  readonly earlier: readonly Finished[];
}

/** Newest first, as it is done: what an older rollback among them had undone is not left behind as there again. */
function takeBack({ id, undoes }: ReleaseEntry, { inForce, undone, earlier }: Taking): void {
  for (const each of undoes.toReversed()) {
    undone.set(each, id);
    inForce.delete(each);
    const rollback = earlier.find(({ entry }) => entry.id === each && entry.action === 'rollback');
    for (const restored of rollback?.entry.undoes ?? []) {
      bringBack(restored, { inForce, undone, earlier });
    }
  }
}

/** What a rollback had undone is there again once that rollback is undone itself. Ids refer to what is older, so this ends. */
function bringBack(id: string, taking: Taking): void {
  const position = taking.earlier.findIndex(({ entry }) => entry.id === id);
  const folder = taking.earlier[position];
  taking.undone.delete(id);
  if (folder === undefined) {
    return;
  }
  if (folder.entry.action === 'rollback') {
    takeBack(folder.entry, { ...taking, earlier: taking.earlier.slice(0, position) });
  } else {
    taking.inForce.add(id);
  }
}

/** Begun and not recorded as ended, on one stack or on all. */
export function openIntents(ledger: Ledger, stack?: string): readonly LedgerFolder[] {
  return ledger.folders.filter(
    ({ entry, intent }) => entry === null && (stack === undefined || intent.stack === stack),
  );
}

/** Releases that are in force, oldest first, without the baseline. */
export function releasesInForce({ finished, inForce }: StackState): readonly Finished[] {
  return finished.filter(({ entry }) => entry.action === 'release' && inForce.has(entry.id));
}

/** In force, and not on its way out by a rollback that broke off. */
export function remainingInForce({ inForce, unsettled }: StackState): ReadonlySet<string> {
  const leaving = new Set(unsettled?.entry.action === 'rollback' ? unsettled.entry.undoes : []);
  return new Set([...inForce].filter((id) => !leaving.has(id)));
}
