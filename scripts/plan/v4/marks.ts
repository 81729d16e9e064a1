/** Paths through a change of names and shapes: each place is marked, the whole is changed, and the marks are looked up. */
import { textPaths, valueAt } from '../path.ts';
import { isList, isObject, own, setOwn } from '../../json/json.ts';
import type { Json, JsonObject, Path } from '../types.ts';

const mark = '\u0000at ';

/** Where the places of the body are after the change. A place of which nothing is left has no path. */
export function pathsThrough(
  body: JsonObject,
  paths: readonly Path[],
  change: (body: JsonObject) => JsonObject,
): readonly Path[] {
  const whole = paths.filter((path) => path.length === 0);
  const inner = paths.filter((path) => path.length > 0);
  const marked = inner.reduce<Json>((object, path, index) => withMark(object, path, `${mark}${index}`), body);
  const changed = change(marked as JsonObject);
  const found = textPaths(changed, (text) => text.startsWith(mark));
  const byMark = new Map(found.map((path) => [valueAt(changed, path), path]));
  const known = inner.map((_, index) => byMark.get(`${mark}${index}`)).filter((path) => path !== undefined);
  return [...whole, ...known];
}

function withMark(value: Json, [first, ...rest]: Path, text: string): Json {
  if (first === undefined) {
    return text;
  }
  if (typeof first === 'number' && isList(value)) {
    return value.map((item, index) => (index === first ? withMark(item, rest, text) : item));
  }
  if (typeof first !== 'string' || !isObject(value)) {
    return value;
  }
  const copy: Record<string, Json> = { ...value };
  const inner = own(value, first) ?? (typeof rest[0] === 'number' ? [] : {});
  setOwn(copy, first, withMark(inner, rest, text));
  return copy;
}
