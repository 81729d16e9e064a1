/** What a rollback can do about an object that a change makes. The one home of it: for the plan, the rules, the rehearsal. */
import { behaviourOf } from './behaviour.ts';
import { factsAt, fallbackOf } from './equivalence.ts';
import { factsOf } from './facts.ts';
import { changeKind, keepsValue } from './kind.ts';
import { liveValueOf } from './live-values.ts';
import { formatPath } from '../plan/path.ts';
import { quantity } from '../plan/quantity.ts';
import type { ResourceChange } from '../plan/types.ts';

/**
 * `deletes`: the object goes again. `sets-again`: Cloudflare keeps it, and what it had is read before the release and set
 * again. `leaves`: Cloudflare keeps what is set, or the provider cannot delete it, and what was there before cannot be read.
 */
export type ProviderUndo = 'deletes' | 'sets-again' | 'leaves';

/** Null for a change that makes no object, and for a type that the facts do not have: other rules refuse that one. */
export function undoOf(change: ResourceChange): ProviderUndo | null {
  const kind = changeKind(change);
  const behaviour = behaviourOf(change.type, change.provider);
  if (behaviour === null || (kind !== 'create' && kind !== 'replace')) {
    return null;
  }
  if (behaviour.delete === 'unsupported') {
    return 'leaves';
  }
  return !keepsValue(change)
    ? 'deletes'
    : liveValueOf(change.type, change.provider, change.after ?? {})?.values === undefined
      ? 'leaves'
      : 'sets-again';
}

/**
 * Attributes that an update begins to set and that have no default: a rollback takes them out of the code again, and the provider
 * then leaves them to Cloudflare, which keeps what was set or chooses.
 */
export function leftByRollback(change: ResourceChange): readonly string[] {
  const facts = factsOf(change.type, change.provider);
  if (facts === null || changeKind(change) !== 'update') {
    return [];
  }
  return change.attributes
    .filter(({ kind, path }) => {
      const place = factsAt(facts, path);
      return (
        kind === 'added' && place?.computed === true && fallbackOf(place, change.after ?? {}) === undefined
      );
    })
    .map(({ path }) => formatPath(path));
}

/** What a rollback leaves behind of an update, as one sentence without its end; null where nothing. */
export function leftText(left: readonly string[]): string | null {
  return left.length === 0
    ? null
    : `a rollback takes ${left.slice(0, 10).join(', ')}${left.length > 10 ? ` and ${quantity(left.length - 10, 'other attribute')}` : ''} out of the code again and does NOT set it back: Cloudflare keeps what is set, or chooses`;
}

/** One sentence without its end, for whoever approves; null where a rollback simply deletes. */
export function undoText(undo: ProviderUndo | null): string | null {
  switch (undo) {
    case 'sets-again':
      return 'overwrites what Cloudflare has: that is read before the release, and a rollback sets it again';
    case 'leaves':
      return 'a rollback does NOT undo this: deleting it changes nothing at Cloudflare, and what was there before cannot be read';
    case 'deletes':
    case null:
      return null;
  }
}
