/**
 * The members of large objects as lists. An object with tens of thousands of keys is slow to enumerate, again each time;
 * whoever built it has the lists at hand.
 */
import type { Json, JsonObject } from './types.ts';

export interface Members {
  readonly names: readonly string[];
  readonly values: readonly Json[];
}

const known = new WeakMap<JsonObject, Members>();

/** Keeps the members of an object that will not change any more. */
export function rememberMembers(object: JsonObject, members: Members): void {
  known.set(object, members);
}

/** Own names and values, in the same order. */
export function membersOf(object: JsonObject): Members {
  return known.get(object) ?? { names: Object.keys(object), values: Object.values(object) };
}
