/**
 * Where the API tells what is live of one object, by type, and which of its members a rollback can write back. Asked of the
 * types whose deletion changes nothing and of those of which the provider reads back less than it sends; see
 * `behaviour` of their entries, from which the list of types follows.
 *
 * A type of these without a row is asked by nobody: it has no request that reads it, it tells its values in another form
 * than the provider's, or it is bought (a subscription). What was there before it was set cannot be known.
 */
import { factsOf } from './facts.ts';
import type { JsonObject } from '../plan/types.ts';
import type { LiveValue } from './entry.ts';
import { providerType, providerTypes } from './types.ts';

/**
 * Null for another provider, for a type that is not asked, and for an object with these values where the path alone does not
 * say which one is meant: buckets of another jurisdiction have the same path as those of the default one.
 */
export function liveValueOf(type: string, provider: string, values: JsonObject): LiveValue | null {
  const { jurisdiction = null } = values;
  const isTold = jurisdiction === null || jurisdiction === 'default';
  return isTold && factsOf(type, provider) !== null ? (providerType(type)?.live ?? null) : null;
}

/** The types that can be asked, with their rows. */
export function liveValueRows(): readonly (readonly [type: string, row: LiveValue])[] {
  return providerTypes().flatMap(([type, { live }]) => (live === undefined ? [] : [[type, live] as const]));
}
