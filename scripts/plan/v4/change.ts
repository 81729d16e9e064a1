/** The `change` of a resource in a plan of Terraform's, by the names and shapes of the provider's version 5. */
import { isList, isObject, own } from '../../json/json.ts';
import { markedPaths, marksFromPaths } from '../terraform/trees.ts';
import type { Json, JsonObject, Path } from '../types.ts';
import { v5Body, v5Paths } from './types.ts';

/** Trees of marks, each with the side that it marks. */
const marks = [
  ['after_unknown', 'after'],
  ['before_sensitive', 'before'],
  ['after_sensitive', 'after'],
] as const;

/** The same object for what is of version 5. */
export function v5Change(type: string, change: JsonObject): JsonObject {
  const sides = ['before', 'after'].flatMap((side) => {
    const body = own(change, side);
    const known = isObject(body) ? v5Body(type, body) : body;
    return known === undefined || known === body ? [] : [[side, known] as const];
  });
  const trees = marks.flatMap(([name, side]) => {
    const tree = own(change, name);
    const paths = markedPaths(tree);
    const known = pathsOn(type, own(change, side), paths);
    return known === paths ? [] : [[name, marksFromPaths(known) ?? {}] as const];
  });
  const replaced = own(change, 'replace_paths');
  const paths = isList(replaced) ? (replaced.filter(isList) as readonly Path[]) : [];
  const known = pathsOn(type, own(change, 'after') ?? own(change, 'before'), paths);
  const entries = [...sides, ...trees, ...(known === paths ? [] : [['replace_paths', known] as const])];
  return entries.length === 0 ? change : { ...change, ...Object.fromEntries<Json>(entries) };
}

function pathsOn(type: string, body: Json | undefined, paths: readonly Path[]): readonly Path[] {
  return paths.length > 0 && isObject(body) ? v5Paths(type, body, paths) : paths;
}
