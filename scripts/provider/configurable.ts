/**
 * Which part of an object's values somebody can configure: the rest (ids, times, versions) is Cloudflare's, and another value of
 * it says nothing. From `schema.json`; values that are sent and never read back are left out, too.
 */
import { isList, isObject } from '../json/json.ts';
import type { Json, JsonObject } from '../plan/types.ts';
import { behaviourOf } from './behaviour.ts';
import { cloudflareSource } from './facts.ts';
import table from './schema.json' with { type: 'json' };

type WrittenShape = string | { readonly is: string; readonly attributes?: WrittenShapes };

interface WrittenShapes {
  readonly [name: string]: WrittenShape;
}

const shapes = table.resources as unknown as Readonly<Record<string, WrittenShapes>>;

/** Names of the attributes of a type that can be configured and are read back; null for a type that is not known. */
export function configurableNames(type: string): readonly string[] | null {
  const own = Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  const sentOnly = new Set(behaviourOf(type, cloudflareSource)?.notRefreshed ?? []);
  return own === undefined
    ? null
    : Object.entries(own).flatMap(([name, shape]) =>
        isConfigurable(shape) && !sentOnly.has(name) ? [name] : [],
      );
}

/** The value of an attribute without what only Cloudflare sets inside of it. */
export function configurablePart(type: string, name: string, value: Json): Json {
  const shape = shapes[type]?.[name];
  return shape === undefined ? value : partOf(shape, value);
}

function isConfigurable(shape: WrittenShape): boolean {
  return !(typeof shape === 'string' ? shape : shape.is).startsWith('computed ');
}

function partOf(shape: WrittenShape, value: Json): Json {
  if (typeof shape === 'string' || shape.attributes === undefined) {
    return value;
  }
  const { is, attributes } = shape;
  if (is.endsWith(' single')) {
    return membersOf(attributes, value);
  }
  return isList(value)
    ? value.map((item) => membersOf(attributes, item))
    : isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, membersOf(attributes, item)]))
      : value;
}

/** Members that the schema does not know are not the provider's: it would not read them either. */
function membersOf(attributes: WrittenShapes, value: Json): Json {
  if (!isObject(value)) {
    return value;
  }
  const members = Object.entries(attributes).flatMap(
    ([name, shape]): readonly (readonly [string, Json])[] => {
      const member: Json | undefined = value[name];
      return member === undefined || !isConfigurable(shape) ? [] : [[name, partOf(shape, member)]];
    },
  );
  return Object.fromEntries(members) satisfies JsonObject;
}
