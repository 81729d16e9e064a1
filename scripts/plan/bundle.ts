/**
 * The canonical bundle: what a stack synthesizes to, without what says nothing about the estate.
 *
 * Comments (`//`, where cdktf keeps its metadata) go, keys are sorted, empty top-level blocks go. What is left is the
 * same whatever version of the framework wrote it, wherever and whenever it ran. `//` is removed only where Terraform
 * reads it as a comment, which is in block bodies: inside an argument it is data, and dropping it there would hide it.
 */
import { dangersOf } from './dangers/dangers.ts';
import { canonicalJson, isList, isObject, maxDepth, setOwn, sha256Hex, sortedKeys } from '../json/json.ts';
import { rememberMembers } from './members.ts';
import type { Bundle, Json, JsonObject } from './types.ts';

/** How many labels stand between a top-level block type and its body: `resource.TYPE.NAME` has two. */
const labels: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  ephemeral: 2,
  module: 1,
  provider: 1,
  variable: 1,
  output: 1,
  check: 1,
  terraform: 0,
  locals: 0,
  moved: 0,
  removed: 0,
  import: 0,
};

/** Blocks inside bodies, where a comment is a comment too. */
const nestedBlocks: ReadonlySet<string> = new Set(['lifecycle', 'backend', 'required_providers', 'cloud']);

/**
 * The canonical bundle of one stack from its synthesized (or hand-written) configuration. Idempotent. Throws a RangeError
 * when the document nests deeper than 200 levels; `readConfiguration` reports the same as a diagnostic.
 */
export function canonicalBundle(stack: string, synthesized: JsonObject): Bundle {
  const configuration: Record<string, Json> = {};
  const state: KeyState = { hasNumericKey: false };
  for (const key of sortedKeys(synthesized)) {
    const value = synthesized[key];
    if (key === '//' || value === undefined) {
      continue;
    }
    const body = canonicalBlock(state, value, Object.hasOwn(labels, key) ? (labels[key] ?? 0) : 0, 1);
    if (!isEmpty(body)) {
      noteKey(state, key);
      setOwn(configuration, key, body);
    }
  }
  if (!state.hasNumericKey) {
    inTextOrder.add(configuration);
  }
  const bundle: Bundle = { kind: 'sluice.bundle', version: 1, stack, configuration };
  // Whoever makes a bundle wants both, and they are remembered with it.
  bundleDigest(bundle);
  dangersOf(configuration);
  return bundle;
}

/**
 * Configurations made here whose own key order is the canonical one, so that `JSON.stringify` gives the canonical text.
 * JavaScript puts keys that look like numbers first, which is another order than by code unit; those take the slow way.
 */
const inTextOrder = new WeakSet<JsonObject>();

interface KeyState {
  hasNumericKey: boolean;
}

function noteKey(state: KeyState, key: string): void {
  const first = key.charCodeAt(0);
  // oxlint-disable-next-line no-param-reassign -- one flag for the whole walk
  state.hasNumericKey ||= first >= 48 && first <= 57;
}

function canonicalBlock(state: KeyState, value: Json, labelsLeft: number, depth: number): Json {
  checkDepth(depth);
  if (isList(value)) {
    return canonicalList(value, (item) => canonicalBlock(state, item, labelsLeft, depth + 1));
  }
  if (!isObject(value)) {
    return value;
  }
  const left = Math.max(0, labelsLeft - 1);
  const sorted = canonicalObject(state, value, (key, item) => {
    if (key === '//') {
      return undefined;
    }
    return labelsLeft > 0 || nestedBlocks.has(key)
      ? canonicalBlock(state, item, left, depth + 1)
      : canonicalValue(state, item, depth + 1);
  });
  if (labelsLeft === 1) {
    rememberMembers(sorted, { names: Object.keys(sorted), values: Object.values(sorted) });
  }
  return sorted;
}

function canonicalValue(state: KeyState, value: Json, depth: number): Json {
  if (value === null || typeof value !== 'object') {
    return value;
  }
  checkDepth(depth);
  if (isList(value)) {
    return canonicalList(value, (item) => canonicalValue(state, item, depth + 1));
  }
  return canonicalObject(state, value, (_, item) => canonicalValue(state, item, depth + 1));
}

/** The list itself when nothing inside it changed: most of a synthesized configuration is canonical already. */
function canonicalList(list: readonly Json[], canonical: (item: Json) => Json): readonly Json[] {
  let changed: Json[] | null = null;
  for (const [index, item] of list.entries()) {
    const made = canonical(item);
    if (made !== item && changed === null) {
      changed = list.slice(0, index);
    }
    changed?.push(made);
  }
  return changed ?? list;
}

/** The object itself when its keys are in order and nothing inside it changed. `undefined` leaves a key out. */
function canonicalObject(
  state: KeyState,
  object: JsonObject,
  canonical: (key: string, item: Json) => Json | undefined,
): JsonObject {
  const keys = sortedKeys(object);
  let isSame = isEnumerated(object, keys);
  const made: (Json | undefined)[] = [];
  for (const key of keys) {
    const item = object[key];
    const value = item === undefined ? undefined : canonical(key, item);
    isSame &&= value !== undefined && value === item;
    made.push(value);
    noteKey(state, key);
  }
  if (isSame) {
    return object;
  }
  const sorted: Record<string, Json> = {};
  for (const [index, key] of keys.entries()) {
    const value = made[index];
    if (value !== undefined) {
      setOwn(sorted, key, value);
    }
  }
  return sorted;
}

/** Whether the object's own order is the given one; `sortedKeys` hands back that very order when nothing was sorted. */
function isEnumerated(object: JsonObject, keys: readonly string[]): boolean {
  let index = 0;
  for (const key in object) {
    if (key !== keys[index]) {
      return false;
    }
    index += 1;
  }
  return index === keys.length;
}

function checkDepth(depth: number): void {
  if (depth > maxDepth) {
    throw new RangeError(`the configuration nests deeper than ${maxDepth} levels`);
  }
}

function isEmpty(value: Json): boolean {
  if (isList(value)) {
    return value.length === 0;
  }
  return isObject(value) && Object.keys(value).length === 0;
}

/**
 * The bundle's configuration as Terraform reads it and the ledger stores it: indented, keys in the canonical order, one
 * newline at the end. `canonicalBundle(stack, JSON.parse(text))` gives the bundle back.
 */
export function bundleText(bundle: Bundle): string {
  return `${JSON.stringify(bundle.configuration, null, 2)}\n`;
}

const digests = new WeakMap<JsonObject, { readonly stack: string; readonly digest: string }>();

/**
 * `sha256:` and 64 hexadecimal digits over the canonical JSON of the bundle, not over its indented text. Remembered for as
 * long as the bundle lives: bundles are immutable, and several steps of a run ask for the same one.
 */
export function bundleDigest(bundle: Bundle): string {
  const known = digests.get(bundle.configuration);
  if (known !== undefined && known.stack === bundle.stack) {
    return known.digest;
  }
  const { configuration, kind, stack, version } = bundle;
  const text = inTextOrder.has(configuration)
    ? JSON.stringify({ configuration, kind, stack, version })
    : canonicalJson({ configuration, kind, stack, version });
  const digest = `sha256:${sha256Hex(text)}`;
  digests.set(configuration, { stack, digest });
  return digest;
}
