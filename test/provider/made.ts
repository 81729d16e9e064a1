/** Configurations that are made up for a case: valid ones of a type, with a value at a path. */
import { createHash } from 'node:crypto';
import { isList, isObject } from '../../scripts/json/json.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';
import { loadCatalogue } from '../../scripts/sandbox/provider/catalogue.ts';
import type { Attribute, Attributes } from '../../scripts/sandbox/provider/schema.ts';
import { configure, configureOne } from '../sandbox/provider/filling.ts';
import type { Filling } from '../sandbox/provider/filling.ts';
import { fitted } from '../sandbox/provider/fitting.ts';

export const catalogue = loadCatalogue();

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The values made valid; null when no way was found. */
export function fit(type: string, values: JsonObject): JsonObject | null {
  try {
    return fitted(type, values, (path) => valueAt(type, path, 'inside'));
  } catch {
    return null;
  }
}

function tokensOf(path: string): readonly string[] {
  return path.replaceAll('[]', '.[]').split('.');
}

/** What a case belongs to: a zone and an account that no other case has. */
function fillingOf(name: string): Filling {
  const id = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return { everything: false, edit: false, scopes: { zone_id: id, account_id: id } };
}

/** A valid configuration with only what is required. */
export function plainOf(type: string, name: string): JsonObject {
  const filling = fillingOf(name);
  const values = configure(catalogue.resources[type]?.attributes ?? {}, filling, true);
  const owned = isObject(values['account'])
    ? { ...values, account: { id: filling.scopes?.['account_id'] ?? null } }
    : values;
  return fitted(type, owned, (path) => valueAt(type, path, name));
}

/** The attribute at a path; undefined when the type has none that can be written. */
export function attributeAt(type: string, path: string): Attribute | undefined {
  let attributes: Attributes = catalogue.resources[type]?.attributes ?? {};
  let found: Attribute | undefined;
  for (const token of tokensOf(path).filter((each) => each !== '[]')) {
    found = attributes[token];
    attributes = found?.shape.kind === 'nested' ? found.shape.attributes : {};
  }
  return found?.presence === 'computed' ? undefined : found;
}

/** A value for the attribute at a path. */
export function valueAt(type: string, path: string, name: string): Json {
  const attribute = attributeAt(type, path);
  const last = tokensOf(path).findLast((token) => token !== '[]') ?? '';
  return attribute === undefined ? null : configureOne(last, attribute, fillingOf(name));
}

/** The values with one at a path, in the first element of each list; what it would be in is made. Null takes it away. */
export function withAt(type: string, values: JsonObject, path: string, value: Json): JsonObject {
  return placed(values, tokensOf(path), {
    value,
    attributes: catalogue.resources[type]?.attributes ?? {},
  }) as JsonObject;
}

interface Placing {
  readonly value: Json;
  readonly attributes: Attributes;
}

function placed(into: Json, [token, ...rest]: readonly string[], placing: Placing): Json {
  if (token === undefined) {
    return placing.value;
  }
  if (token === '[]') {
    return inFirst(into, rest, placing);
  }
  const object = isObject(into) ? into : {};
  if (rest.length === 0) {
    const others = Object.fromEntries(Object.entries(object).filter(([name]) => name !== token));
    return placing.value === null ? others : { ...others, [token]: placing.value };
  }
  const attribute = placing.attributes[token];
  const inner = attribute?.shape.kind === 'nested' ? attribute.shape.attributes : {};
  const there =
    object[token] ?? (attribute === undefined ? null : configureOne(token, attribute, fillingOf('inside')));
  return { ...object, [token]: placed(there, rest, { ...placing, attributes: inner }) };
}

function inFirst(into: Json, rest: readonly string[], placing: Placing): Json {
  if (isObject(into)) {
    const [key = 'key'] = Object.keys(into);
    return { ...into, [key]: placed(into[key] ?? {}, rest, placing) };
  }
  const [first = {}, ...others] = isList(into) ? into : [];
  return [placed(first, rest, placing), ...others];
}

/** The value at a path, in the first element of each list. */
export function readAt(values: Json, path: string): Json {
  return tokensOf(path).reduce<Json>((value, token) => {
    if (token === '[]') {
      const elements: readonly Json[] = isList(value) ? value : isObject(value) ? Object.values(value) : [];
      return elements[0] ?? null;
    }
    return isObject(value) ? (value[token] ?? null) : null;
  }, values);
}
