/**
 * The only way rules read an attribute. A value is known, absent or unknown, and the three are never mixed up: a
 * reference in a configuration (`${cloudflare_zone.shop.id}`) and a value known only after apply are unknown.
 */
import { isOpenText } from '../../scripts/plan/expression/parse.ts';
import type { Json, JsonObject, Path, PathSegment, ResourceChange } from '../../scripts/plan/types.ts';
import { isObject } from '../../scripts/json/json.ts';

export type Side = 'before' | 'after';

export type Value =
  | { readonly kind: 'known'; readonly value: Json }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' };

export const absent: Value = { kind: 'absent' };
export const unknown: Value = { kind: 'unknown' };

/**
 * The value at `path` on one side of a change. Null counts as absent, as it does for Terraform. Unknown wins over
 * absent: a Terraform plan leaves unknown values out of `after` and lists their paths.
 */
export function readValue(change: ResourceChange, side: Side, path: readonly (string | number)[]): Value {
  const root = change[side];
  if (root === null) {
    return absent;
  }
  if (side === 'after' && isListedUnknown(change, path)) {
    return unknown;
  }
  return valueWithin(root, path);
}

/** The value at `path` inside a document; references are unknown, and so is what an expression may be the name of. */
export function valueWithin(root: Json, path: readonly (string | number)[]): Value {
  let here: Json | undefined = root;
  for (const segment of path) {
    if (isReference(here)) {
      return unknown;
    }
    const parent: Json = here;
    here = step(parent, segment);
    if (here === undefined || here === null) {
      return hasOpenName(parent) ? unknown : absent;
    }
  }
  return isReference(here) ? unknown : { kind: 'known', value: here };
}

/** The known text at a path; `null` when it is absent, unknown or no text. For names in messages, never for verdicts. */
export function knownText(
  change: ResourceChange,
  side: Side,
  path: readonly (string | number)[],
): string | null {
  const found = readValue(change, side, path);
  return found.kind === 'known' && typeof found.value === 'string' ? found.value : null;
}

/** The element list at a path, or an empty one when it is absent; null when it is unknown. A lone object counts as one. */
export function readList(
  change: ResourceChange,
  side: Side,
  path: readonly (string | number)[],
): readonly Json[] | null {
  const found = readValue(change, side, path);
  if (found.kind !== 'known') {
    return found.kind === 'absent' ? [] : null;
  }
  return Array.isArray(found.value) ? (found.value as readonly Json[]) : [found.value];
}

/** True when a text has to be evaluated by Terraform first; `$${` is the escape for a literal `${`. */
export function isReference(value: Json | undefined): boolean {
  return typeof value === 'string' && isOpenText(value);
}

/** What stands where a value comes only at apply: a reference, as a configuration would have it. */
export const later = '${terraform_data.later.output}';

/**
 * The values after a change with a reference at each unknown path. A Terraform plan leaves those values out, and what is
 * left out must not be taken for what is missing.
 */
export function withUnknowns(after: JsonObject, paths: readonly Path[]): JsonObject {
  return paths.reduce<JsonObject>((root, path) => {
    const placed = withUnknown(root, path);
    return isObject(placed) ? placed : root;
  }, after);
}

function withUnknown(here: Json | undefined, [segment, ...rest]: Path): Json {
  if (segment === undefined) {
    return here !== undefined && isReference(here) ? here : later;
  }
  if (typeof segment === 'string') {
    const object = isObject(here) ? here : {};
    return { ...object, [segment]: withUnknown(step(object, segment), rest) };
  }
  const list = Array.isArray(here) ? (here as readonly Json[]) : [];
  const position = typeof segment === 'number' ? segment : list.findIndex((item) => isNamed(item, segment));
  if (position < 0 || position > list.length) {
    return list;
  }
  const placed = withUnknown(list[position], rest);
  return [...list.slice(0, position), placed, ...list.slice(position + 1)];
}

/** True for an object of which nobody can tell what its members are called. */
function hasOpenName(here: Json): boolean {
  return isObject(here) && Object.keys(here).some(isOpenText);
}

function step(here: Json, segment: string | number): Json | undefined {
  if (typeof segment === 'number') {
    return Array.isArray(here) ? (here as readonly Json[])[segment] : undefined;
  }
  return isObject(here) && Object.hasOwn(here, segment) ? here[segment] : undefined;
}

function isListedUnknown(change: ResourceChange, path: readonly (string | number)[]): boolean {
  return change.unknown.some((listed) => isPrefix(listed, path, change.after));
}

/** True when `listed` is `path` or one of its ancestors. A segment with identity is looked up in the list it names. */
function isPrefix(listed: Path, path: readonly (string | number)[], root: Json): boolean {
  if (listed.length > path.length) {
    return false;
  }
  let here: Json | undefined = root;
  return listed.every((segment, at) => {
    const wanted = path[at];
    const same = wanted !== undefined && isSameStep(segment, wanted, here);
    here = here === undefined || wanted === undefined ? undefined : step(here, wanted);
    return same;
  });
}

function isSameStep(segment: PathSegment, wanted: string | number, list: Json | undefined): boolean {
  if (typeof segment !== 'object') {
    return String(segment) === String(wanted);
  }
  if (!Array.isArray(list) || typeof wanted !== 'number') {
    return false;
  }
  return isNamed((list as readonly Json[])[wanted], segment);
}

function isNamed(element: Json | undefined, { by, is }: Exclude<PathSegment, string | number>): boolean {
  return isObject(element) && element[by] === is;
}
