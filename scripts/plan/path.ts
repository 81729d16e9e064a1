/** Paths into values: how they are written for people, and how a value is found by one. */
import { canonicalJson, isList, isObject, own, sha256Hex } from '../json/json.ts';
import type { Json, JsonObject, Path, PathSegment } from './types.ts';

/**
 * A path as people read it: `rules[ref=block-admin].action_parameters.id`, `origins[0].address`. Names that are not plain
 * words are quoted as JSON strings, so that two different paths never read the same.
 */
export function formatPath(path: Path): string {
  let text = '';
  for (const segment of path) {
    text += formatSegment(segment, text === '');
  }
  return text;
}

function formatSegment(segment: PathSegment, first: boolean): string {
  if (typeof segment === 'number') {
    return `[${segment}]`;
  }
  if (typeof segment === 'string') {
    if (!/^[A-Za-z_][\w-]*$/.test(segment)) {
      return `[${JSON.stringify(segment)}]`;
    }
    return first ? segment : `.${segment}`;
  }
  const is = /^[\w.:/@*-]+$/.test(segment.is) ? segment.is : JSON.stringify(segment.is);
  return `[${segment.by}=${is}]`;
}

/** The value at a path, or `undefined` where there is none. List elements with identity are looked up by it. */
export function valueAt(json: Json | undefined, path: Path): Json | undefined {
  let value = json;
  for (const segment of path) {
    if (value === undefined) {
      return undefined;
    }
    value = step(value, segment);
  }
  return value;
}

function step(value: Json, segment: PathSegment): Json | undefined {
  if (typeof segment === 'string') {
    return isObject(value) ? own(value, segment) : undefined;
  }
  if (!isList(value)) {
    return undefined;
  }
  if (typeof segment === 'number') {
    return value[segment];
  }
  return value.find((item) => identityOf(item, segment.by) === segment.is);
}

/** The path with positions in place of identities, as it is in this value; null where it leads nowhere. */
export function concretePath(json: Json, path: Path): readonly (string | number)[] | null {
  const steps: (string | number)[] = [];
  let value = json;
  for (const segment of path) {
    const found: string | number = typeof segment === 'object' ? positionOf(value, segment) : segment;
    const next = step(value, found);
    if (next === undefined) {
      return null;
    }
    value = next;
    steps.push(found);
  }
  return steps;
}

function positionOf(
  value: Json | undefined,
  { by, is }: { readonly by: string; readonly is: string },
): number {
  return isList(value) ? value.findIndex((item) => identityOf(item, by) === is) : -1;
}

/** The name of a set element that has no key: the first 12 hexadecimal digits of the sha256 of its content. */
export function contentIdentity(item: Json): string {
  return sha256Hex(canonicalJson(item)).slice(0, 12);
}

/**
 * `by: 'value'` stands for a list of plain values, `by: 'content'` for an element without a key; every other `by` is a
 * dotted key inside the element.
 */
export function identityOf(item: Json, by: string): string | undefined {
  if (by === 'content') {
    return contentIdentity(item);
  }
  let value: Json | undefined = item;
  if (by !== 'value' || isObject(item)) {
    for (const key of by.split('.')) {
      value = isObject(value) ? own(value, key) : undefined;
    }
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** True when `prefix` is the beginning of `path` (or the whole of it). */
export function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((segment, index) => sameSegment(segment, path[index]));
}

function sameSegment(a: PathSegment, b: PathSegment | undefined): boolean {
  if (typeof a === 'object' && typeof b === 'object') {
    return a.by === b.by && a.is === b.is;
  }
  return a === b;
}

/** Judges a text by itself, the nearest key above it, and the object that key stands in. */
export type TextTest = (text: string, key: string, parent: JsonObject | null) => boolean;

interface TextSearch {
  readonly test: TextTest;
  readonly path: PathSegment[];
  readonly found: Path[];
}

/** Paths of all texts inside a value that pass a test. `key` is the name of the value itself. */
export function textPaths(value: Json, test: TextTest, key = ''): readonly Path[] {
  const search: TextSearch = { test, path: [], found: [] };
  visitTexts(search, value, key, null);
  return search.found;
}

function visitTexts(search: TextSearch, value: Json, key: string, parent: JsonObject | null): void {
  if (typeof value === 'string') {
    if (search.test(value, key, parent)) {
      search.found.push([...search.path]);
    }
  } else if (isList(value)) {
    for (let index = 0; index < value.length; index += 1) {
      search.path.push(index);
      visitTexts(search, value[index] ?? null, key, null);
      search.path.pop();
    }
  } else if (isObject(value)) {
    for (const inner of Object.keys(value)) {
      search.path.push(inner);
      visitTexts(search, value[inner] ?? null, inner, value);
      search.path.pop();
    }
  }
}
