/**
 * Where Cloudflare lists the objects of a type, and what such a list does not tell of them. A type without a row has no list,
 * or one of which it is not known that it carries what is configured: its objects are read one by one.
 */
import table from './listings.json' with { type: 'json' };

export interface ListingRow {
  /** Path below the API's base. Names in braces are attributes; `{scope}` is `zones/<zone_id>` or `accounts/<account_id>`. */
  readonly list: string;
  /** Where one of them is read whole; `{id}` is its id. Absent where there is no such request. */
  readonly object?: string;
  /** Configurable attributes that the list leaves out; those inside others are written `a.b`, `a[].b`. */
  readonly notTold?: readonly string[];
}

const rows: Readonly<Record<string, ListingRow>> = table.resources;

/** Null for a type whose objects are not compared by a list. */
export function listingOf(type: string): ListingRow | null {
  return Object.hasOwn(rows, type) ? (rows[type] ?? null) : null;
}

/** All types that are listed, with their rows. */
export function listingRows(): readonly (readonly [type: string, row: ListingRow])[] {
  return Object.entries(rows);
}
