/** What an action list means as a whole. The only place that reads action lists as kinds. */
import { behaviourOf } from './behaviour.ts';
import type { Action, ChangeKind, ResourceChange } from '../plan/types.ts';

const kinds: ReadonlyMap<string, ChangeKind> = new Map<string, ChangeKind>([
  ['no-op', 'no-op'],
  ['create', 'create'],
  ['read', 'read'],
  ['update', 'update'],
  ['delete', 'delete'],
  ['forget', 'forget'],
  ['delete,create', 'replace'],
  ['create,delete', 'replace'],
  // The old object is left alive and unmanaged, the new one is made: for the reader of a plan, a replacement.
  ['create,forget', 'replace'],
  ['forget,create', 'replace'],
]);

/** The kind of an action list, or null when no known Terraform writes such a list. */
export function actionsKind(actions: readonly Action[]): ChangeKind | null {
  return kinds.get(actions.join(',')) ?? null;
}

/**
 * The kind of a change. Both orders of delete and create are a replacement. A `movedFrom` with nothing else to do is a
 * move, and `importing` without an update an import (offline it is planned as a creation, since what exists is not known);
 * with an update each stays an update (and the member says the rest). What Terraform calls the deletion of something that
 * Cloudflare keeps as it was set is a forget. Throws on an action list that no reader of
 * plans lets through: guessing would hide a destroy.
 */
export function changeKind(change: ResourceChange): ChangeKind {
  const kind = actionsKind(change.actions);
  if (kind === null) {
    throw new Error(`unknown action list [${change.actions.join(', ')}] at ${change.address}`);
  }
  if (kind === 'delete' && keepsValue(change)) {
    return 'forget';
  }
  if (change.importing !== undefined && (kind === 'no-op' || kind === 'create')) {
    return 'import';
  }
  return kind === 'no-op' && change.movedFrom !== undefined ? 'move' : kind;
}

/** True for a type whose deletion changes nothing at Cloudflare: what was set last stays, and nobody manages it any more. */
export function keepsValue({ type, provider }: Pick<ResourceChange, 'type' | 'provider'>): boolean {
  return behaviourOf(type, provider)?.delete === 'keeps-value';
}

/** True when Terraform destroys a resource: a deletion or either form of replacement. */
export function isDestructive(change: ResourceChange): boolean {
  return change.actions.includes('delete');
}

/** True when something that exists at Cloudflare goes, for good or to be made anew. */
export function takesAway(change: ResourceChange): boolean {
  return isDestructive(change) && !keepsValue(change);
}
