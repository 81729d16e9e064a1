/**
 * Unknown values that a plan holds although nothing is known to change: the provider marks what it computes anew on every
 * update. Only what the facts of the provider name counts, and of that nothing that somebody may have configured: an
 * unknown value can also come from a reference to what is not made yet.
 */
import { isBlank } from '../../provider/equivalence.ts';
import type { AttributeFacts } from '../../provider/facts.ts';
import { isObject, own } from '../../json/json.ts';
import type { Json, Path } from '../types.ts';

export interface Recomputing {
  /** Whether the configuration sets the argument; null where the plan does not tell. */
  readonly isConfigured: (path: Path) => boolean | null;
}

export interface RecomputedPlace {
  readonly path: Path;
  readonly facts: AttributeFacts | undefined;
  /** It, or what it is a part of, is computed on every update. */
  readonly isComputed: boolean;
  /** The object before the change that it is a member of. */
  readonly owner?: Json | undefined;
}

/** True when an unknown value in place of `before` says nothing. */
export function isRecomputed(
  recomputing: Recomputing | undefined,
  { facts, path, owner, isComputed }: RecomputedPlace,
  before: Json | undefined,
): boolean {
  if (recomputing === undefined || isComputed) {
    return recomputing !== undefined;
  }
  const isConfigured = facts?.recomputed === undefined ? true : recomputing.isConfigured(path);
  if (isConfigured === true) {
    return false;
  }
  // A list or an object that is there may have been configured until now, and would be gone.
  const isPlain = typeof before !== 'object';
  return isBlank(facts, before) || isOwnName(path, owner, before) || (isConfigured === false && isPlain);
}

/** Cloudflare names a rule without a `ref` after its id: such a name was never configured. */
function isOwnName(path: Path, owner: Json | undefined, before: Json | undefined): boolean {
  return path.at(-1) === 'ref' && isObject(owner) && before !== undefined && own(owner, 'id') === before;
}
