/**
 * Where the API tells what is live of one object, by type, and which of its members a rollback can write back. Asked of the
 * types whose deletion changes nothing and of those of which the provider reads back less than it sends; see
 * `provider-behaviour.json`, from which the list of types follows.
 *
 * A type of these without a row is asked by nobody: it has no request that reads it, it tells its values in another form
 * than the provider's, or it is bought (a subscription). What was there before it was set cannot be known.
 */
import { factsOf } from './facts.ts';
import type { JsonObject } from '../plan/types.ts';
import table from './live-values.json' with { type: 'json' };

export interface LiveValue {
  /** Path below the API's base. Names in braces are attributes; `{scope}` is `zones/<zone_id>` or `accounts/<account_id>`. */
  readonly read: string;
  /**
   * Of a type that keeps its value: configurable attributes that are not its identity and no secret, under the names that
   * they have in the answer as well.
   */
  readonly values?: readonly string[];
}

const rows: Readonly<Record<string, LiveValue>> = table.resources;

/**
 * Null for another provider, for a type that is not asked, and for an object with these values where the path alone does not
 * say which one is meant: buckets of another jurisdiction have the same path as those of the default one.
 */
export function liveValueOf(type: string, provider: string, values: JsonObject): LiveValue | null {
  const { jurisdiction = null } = values;
  const isTold = jurisdiction === null || jurisdiction === 'default';
  return isTold && factsOf(type, provider) !== null && Object.hasOwn(rows, type)
    ? (rows[type] ?? null)
    : null;
}

/** The types that can be asked, with their rows. */
export function liveValueRows(): readonly (readonly [type: string, row: LiveValue])[] {
  return Object.entries(rows);
}
