/**
 * Where a replacement may be half done. The old object is gone and the new one not made: Terraform then plans a creation,
 * which looks like an object that somebody deleted by hand. Or the new one is made and the old one is left, deposed: then it
 * plans a deletion. The ledger tells: an attempt that broke off planned to replace just this address, and began with it. For
 * a release only the attempts with its own approval count.
 */
import type { DigestTuple } from '../../../policies/model/facts.ts';
import { isMadeWith } from '../approval-use.ts';
import { beforeOf } from '../live-evidence.ts';
import { stackState, type Finished } from '../state.ts';
import type { Ledger, ReleaseAction } from '../types.ts';

interface Continuing {
  readonly action: ReleaseAction;
  readonly stack: string;
  /** What a release was approved for; it goes on with its own attempts only. A rollback goes on with whatever broke off. */
  readonly tuple: DigestTuple | null;
}

/** Addresses, instance by instance. */
export interface HalfReplaced {
  /** No attempt has made the new object. */
  readonly toMake: ReadonlySet<string>;
  /** The old object may be left, deposed. */
  readonly toDelete: ReadonlySet<string>;
}

export const nothingHalf: HalfReplaced = { toMake: new Set(), toDelete: new Set() };

/** Pure; the ledger was verified. */
export function halfReplaced(ledger: Ledger, continuing: Continuing): HalfReplaced {
  const [toMake, toDelete] = [new Set<string>(), new Set<string>()];
  for (const attempt of stackState(ledger, continuing.stack).attempts) {
    const planned = beforeOf(ledger, attempt)?.planned ?? [];
    for (const { address, actions } of planned) {
      const isReplaced = actions.includes('create') && actions.includes('delete');
      const isHalf = isReplaced && isContinued(continuing, attempt) && hasBegun(attempt, address);
      if (isHalf) {
        toDelete.add(address);
      }
      if (hasMade(attempt, address)) {
        toMake.delete(address);
      } else if (isHalf) {
        toMake.add(address);
      }
    }
  }
  return { toMake, toDelete };
}

function isContinued({ action, tuple }: Continuing, { intent }: Finished): boolean {
  switch (action) {
    case 'baseline':
      return false;
    case 'release':
      return tuple !== null && isMadeWith(intent, tuple);
    case 'rollback':
      return true;
  }
}

function hasMade({ entry }: Finished, address: string): boolean {
  return entry.completed.some(
    (done) => done.address === address && done.action.split(',').includes('create'),
  );
}

/**
 * The run reported that it deleted the old object, or an operation on the address of which it does not know the end. A run of
 * which no report came down, as one of another machine that was given up, may have begun with anything.
 */
function hasBegun({ entry: { result, completed, errors } }: Finished, address: string): boolean {
  const hasNoReport = result === 'aborted' && errors.length === 0;
  return hasNoReport || completed.some(isAt(address)) || errors.some(isAt(address));
}

function isAt(address: string): (item: { readonly address: string | null }) => boolean {
  return (item) => item.address === address;
}
