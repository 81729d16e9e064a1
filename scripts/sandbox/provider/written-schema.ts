/** Reads `scripts/provider/schema.json`, which `npm run provider:schema` writes. */
import type { Attribute, Attributes, Nesting, Presence, SchemaShape, WireType } from './schema.ts';

/** Presence and type as a text: `optional set(string)`; with attributes below it, how they are nested: `optional list`. */
export type WrittenAttribute =
  | string
  | { readonly is: string; readonly oneOf: readonly string[] }
  | { readonly is: string; readonly attributes: WrittenAttributes };

export interface WrittenAttributes {
  readonly [name: string]: WrittenAttribute;
}

export function attributesOf(written: WrittenAttributes): Attributes {
  return Object.fromEntries(Object.entries(written).map(([name, one]) => [name, attributeOf(one)]));
}

function attributeOf(written: WrittenAttribute): Attribute {
  const text = typeof written === 'string' ? written : written.is;
  const space = text.indexOf(' ');
  const presence = text.slice(0, space) as Presence;
  const kind = text.slice(space + 1);
  const shape: SchemaShape =
    typeof written === 'object' && 'attributes' in written
      ? { kind: 'nested', nesting: kind as Nesting, attributes: attributesOf(written.attributes) }
      : { kind: 'plain', type: typeOf(kind) };
  return typeof written === 'object' && 'oneOf' in written
    ? { presence, shape, oneOf: written.oneOf }
    : { presence, shape };
}

function typeOf(text: string): WireType {
  const inside = /^(list|set|map)\((.*)\)$/.exec(text);
  return inside === null
    ? (text as WireType)
    : [inside[1] as 'list' | 'set' | 'map', typeOf(inside[2] ?? '')];
}
