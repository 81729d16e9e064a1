/**
 * JSON as data: one canonical text, structural equality, and a depth limit.
 *
 * Everything that is hashed or stored goes through `canonicalJson`, so that key order, locale and machine never change
 * a byte. Keys such as `__proto__` are ordinary data here: objects are read by own keys only.
 */
import { createHash } from 'node:crypto';

import type { Json, JsonObject } from '../plan/types.ts';

/** Deeper documents are refused by the readers: no configuration of a person nests so far, and recursion must end. */
export const maxDepth = 200;

/** True for a JSON object, false for arrays and null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or an empty one in place of anything else. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The text, or an empty one in place of anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** True for a JSON array. `Array.isArray` alone loses the element type for readonly arrays. */
export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** Order by UTF-16 code unit: the same on every machine, unlike `localeCompare`. */
export function compareText(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

/** An own property, never an inherited one: `constructor` and `__proto__` are absent unless written in the document. */
export function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets an own data property even for `__proto__`, where plain assignment would change the prototype. */
export function setOwn(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    // oxlint-disable-next-line no-param-reassign -- filling in the object handed over is the purpose
    target[key] = value;
  }
}

/**
 * The canonical text of a JSON value: keys sorted by code unit, no blanks, properties that are `undefined` left out.
 * Two values give the same text exactly if they are the same data. Accepts any plain data object (`object`), because
 * typed documents have no index signature.
 */
export function canonicalJson(value: Json | object): string {
  // What is in order already is left to the engine, which is several times faster.
  return isInOrder(value) ? JSON.stringify(value) : sortedText(value);
}

/** True when every object inside enumerates its keys in the canonical order. */
function isInOrder(value: Json | object | undefined): boolean {
  if (value === null || typeof value !== 'object') {
    return true;
  }
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) {
      if (typeof item === 'object' && !isInOrder(item)) {
        return false;
      }
    }
    return true;
  }
  // Plain data has no inherited keys, and no list of them is built: this runs over everything that is digested.
  const object = value as Readonly<Record<string, Json | undefined>>;
  let last = '';
  for (const key in object) {
    const item = object[key];
    if (key < last || (typeof item === 'object' && !isInOrder(item))) {
      return false;
    }
    last = key;
  }
  return true;
}

function sortedText(value: Json | object): string {
  if (value === null || typeof value !== 'object') {
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${(value as readonly Json[]).map(sortedText).join(',')}]`;
  }
  const object = value as Readonly<Record<string, Json | undefined>>;
  const members: string[] = [];
  for (const key of sortedKeys(object)) {
    const item = object[key];
    if (item !== undefined) {
      members.push(`${JSON.stringify(key)}:${sortedText(item)}`);
    }
  }
  return `{${members.join(',')}}`;
}

/** Own enumerable keys in code unit order. Sorting is skipped when they already are in order, as in every bundle. */
export function sortedKeys(object: object): readonly string[] {
  const keys = Object.keys(object);
  for (let index = 1; index < keys.length; index += 1) {
    if ((keys[index - 1] ?? '') > (keys[index] ?? '')) {
      return keys.toSorted(compareText);
    }
  }
  return keys;
}

/** Lower-case hexadecimal sha256 of the UTF-8 bytes of a text. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Structural equality. Key order does not matter; list order does. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false;
  }
  if (isList(a)) {
    return isList(b) && sameLists(a, b);
  }
  return isObject(a) && isObject(b) && sameObjects(a, b);
}

function sameLists(a: readonly Json[], b: readonly Json[]): boolean {
  if (a.length !== b.length) {
    return false;
  }
  for (let index = 0; index < a.length; index += 1) {
    if (!sameJson(a[index], b[index])) {
      return false;
    }
  }
  return true;
}

function sameObjects(a: JsonObject, b: JsonObject): boolean {
  const keysOfA = Object.keys(a);
  const keysOfB = Object.keys(b);
  if (keysOfA.length !== keysOfB.length) {
    return false;
  }
  for (let index = 0; index < keysOfA.length; index += 1) {
    const key = keysOfA[index] ?? '';
    // Canonical bundles have their keys in the same order, so the search for the own key is hardly ever needed.
    if (key !== keysOfB[index] && !Object.hasOwn(b, key)) {
      return false;
    }
    if (!sameJson(a[key], b[key])) {
      return false;
    }
  }
  return true;
}

/** True when containers nest deeper than `limit`. Iterative, so that a hostile document cannot exhaust the stack. */
export function exceedsDepth(value: unknown, limit: number = maxDepth): boolean {
  let level: readonly object[] = containers([value]);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= limit) {
      return true;
    }
    level = level.flatMap((item) => containers(Object.values(item)));
  }
  return false;
}

function containers(values: readonly unknown[]): readonly object[] {
  return values.filter((value): value is object => typeof value === 'object' && value !== null);
}
