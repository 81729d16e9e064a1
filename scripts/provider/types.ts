/**
 * What is known of each resource type of the pinned Cloudflare provider: one entry in `types.json`, whoever asks. What the
 * provider's schema alone says of attributes stands in `schema.json`, which `npm run provider:schema` writes.
 *
 * The head of the table says what each part of an entry was read from, and when. A type that is not in it is unknown, and
 * nothing may be concluded about it: callers assume the worst and say so.
 */
import type { ProviderType } from './entry.ts';
import table from './types.json' with { type: 'json' };

const types = table.types as unknown as Readonly<Record<string, ProviderType>>;

/** Null for a type that is not in the table. */
export function providerType(type: string): ProviderType | null {
  return Object.hasOwn(types, type) ? (types[type] ?? null) : null;
}

/** All entries, by name. */
export function providerTypes(): readonly (readonly [name: string, entry: ProviderType])[] {
  return Object.entries(types);
}
