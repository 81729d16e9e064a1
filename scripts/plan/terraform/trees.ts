/** Terraform's trees of marks (`after_unknown`, `after_sensitive`) and paths (`replace_paths`), and its nulls. */
import { isList, isObject, setOwn } from '../../json/json.ts';
import type { Json, Path } from '../types.ts';

/** The paths at which a tree holds `true`. A bare `true` is the empty path: all of it. */
export function markedPaths(tree: Json | undefined, path: Path = []): readonly Path[] {
  if (tree === true) {
    return [path];
  }
  if (isList(tree)) {
    return tree.flatMap((item, index) => markedPaths(item, [...path, index]));
  }
  return isObject(tree) ? Object.keys(tree).flatMap((key) => markedPaths(tree[key], [...path, key])) : [];
}

/** A tree that holds `true` at each of the paths; the reverse of `markedPaths`. */
export function marksFromPaths(paths: readonly Path[]): Json | undefined {
  const byFirst = new Map<string | number, Path[]>();
  for (const path of paths) {
    const [first] = path;
    if (first === undefined) {
      return true;
    }
    if (typeof first !== 'object') {
      byFirst.set(first, [...(byFirst.get(first) ?? []), path.slice(1)]);
    }
  }
  if (byFirst.size === 0) {
    return undefined;
  }
  const list: Json[] = [];
  const object: Record<string, Json> = {};
  for (const [key, rest] of byFirst) {
    const marks = marksFromPaths(rest) ?? true;
    if (typeof key === 'number' && key >= 0 && key < 100_000) {
      list[key] = marks;
    } else {
      setOwn(object, String(key), marks);
    }
  }
  return list.length > 0 ? Array.from(list, (item: Json | undefined) => item ?? false) : object;
}

/** The value without object members that are null. Elements of lists keep their place, null or not. */
export function withoutNulls(value: Json): Json {
  if (isList(value)) {
    return value.map(withoutNulls);
  }
  if (!isObject(value)) {
    return value;
  }
  const result: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    const item = value[key] ?? null;
    if (item !== null) {
      setOwn(result, key, withoutNulls(item));
    }
  }
  return result;
}
