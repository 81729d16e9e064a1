/**
 * Resources with `for_each` or `count`: approved as one block, planned by Terraform instance by instance. An instance may
 * do what its block was approved for, and may come or go only when the block's keys were approved to change.
 */
import { referencesOfText } from '../plan/expression/parse.ts';
import { isList } from '../json/json.ts';
import { changeKind, isDestructive } from '../provider/kind.ts';
import { changesKeys, repetition } from '../plan/difference/lifecycle.ts';
import type { AttributeChange, Json, JsonObject, Path, ResourceChange } from '../plan/types.ts';
import { valueAt } from '../plan/path.ts';
import { standsForAnything } from './live/includes-value.ts';

/** Arguments of Terraform's own, which no live value has. */
const ownArguments: ReadonlySet<string> = new Set([
  'count',
  'for_each',
  'depends_on',
  'provider',
  'provisioner',
  'connection',
]);

/** The provider's arguments of a block. */
export function argumentsOf(body: JsonObject | null): JsonObject | null {
  return body === null
    ? null
    : Object.fromEntries(Object.entries(body).filter(([name]) => !ownArguments.has(name)));
}

/** `TYPE.NAME` of `TYPE.NAME["key"]`; the address itself when it has no key at its end. */
export function baseAddress({ address, index }: ResourceChange): string {
  const suffix = index === undefined ? '' : `[${JSON.stringify(index)}]`;
  return suffix !== '' && address.endsWith(suffix) ? address.slice(0, -suffix.length) : address;
}

/** The value at a path; where a reference stands above it, that reference, which may resolve to anything. */
export function lookUp(body: JsonObject | null, path: Path): Json {
  for (let length = 0; length < path.length; length += 1) {
    const above = valueAt(body ?? undefined, path.slice(0, length));
    if (above !== undefined && standsForAnything(above)) {
      return above;
    }
  }
  return valueAt(body ?? undefined, path) ?? null;
}

/**
 * A created object with the approved value wherever Terraform cannot know the live one yet: such a value comes from a
 * reference in the bundle, which is the approved one.
 */
export function withUnknown(live: Json, approved: Json, unknown: readonly Path[]): Json {
  return unknown.reduce<Json>((object, path) => {
    const value = valueAt(approved ?? undefined, path);
    return value === undefined ? object : withValue(object, path, value);
  }, live);
}

function withValue(object: Json, [first, ...rest]: Path, value: Json): Json {
  if (first === undefined) {
    return value;
  }
  if (typeof first === 'number') {
    const items = Array.isArray(object) ? [...(object as readonly Json[])] : [];
    items[first] = withValue(items[first] ?? null, rest, value);
    return items;
  }
  if (typeof first === 'object') {
    return object;
  }
  const fields =
    object !== null && typeof object === 'object' && !Array.isArray(object) ? (object as JsonObject) : {};
  return { ...fields, [first]: withValue(fields[first] ?? null, rest, value) };
}

/** What was approved for one instance of a block, in the live change's kind if the block allows it; undefined if not. */
export function instanceOf(block: ResourceChange, live: ResourceChange): ResourceChange | undefined {
  const kind = changeKind(block);
  return kind === 'update' || kind === 'replace'
    ? ofPair(block, live)
    : kind === changeKind(live) && isNamed(block, live)
      ? block
      : undefined;
}

/** Of a block that is there before and after. One that is shown as replaced may have instances that are only updated. */
function ofPair(block: ResourceChange, live: ResourceChange): ResourceChange | undefined {
  const kind = changeKind(live);
  // What Cloudflare keeps goes from the state as any other instance does: its deletion is a forget.
  if (kind === 'create' || kind === 'delete' || kind === 'forget') {
    const isApproved = kind === 'create' ? comes(block, live) : goes(block, live);
    return isApproved ? { ...block, actions: live.actions } : undefined;
  }
  if (kind === 'update') {
    return { ...block, actions: live.actions, attributes: attributesOf(block, live) };
  }
  return kind === 'replace' && changeKind(block) === 'replace' ? block : undefined;
}

/** Not known to be without that key, on the side that has the block; an instance that was approved as one has its own. */
export function isNamed(block: ResourceChange, { index }: ResourceChange): boolean {
  return block.index === undefined
    ? hasKey(block.after ?? block.before, index) !== false
    : block.index === index;
}

/** The block was approved to get other keys, and nothing says that this one is none of the new ones. */
function comes(block: ResourceChange, { index }: ResourceChange): boolean {
  return changesKeys(block) && hasKey(block.after, index) !== false && hasKey(block.before, index) !== true;
}

/** The block was approved to lose keys, which makes it a replacement, and nothing says that this one stays. */
function goes(block: ResourceChange, live: ResourceChange): boolean {
  const { index } = live;
  return (
    isDestructive(block) &&
    isDestructive(live) &&
    changesKeys(block) &&
    hasKey(block.before, index) !== false &&
    hasKey(block.after, index) !== true
  );
}

/**
 * True or false when the block says its keys, null when only Terraform can tell. What stands once is there without a key and
 * as the first of a `count`: Terraform moves the one to the other by itself.
 */
function hasKey(body: JsonObject | null, index: string | number | undefined): boolean | null {
  if (body === null) {
    return false;
  }
  const keys = repetition(body);
  if (keys === null) {
    return index === undefined || index === 0;
  }
  if (typeof keys === 'number') {
    return typeof index === 'number' && index < keys;
  }
  if (typeof keys === 'object') {
    return typeof index === 'string' && (isList(keys) ? keys.includes(index) : Object.hasOwn(keys, index));
  }
  return index === undefined ? false : null;
}

/** With new values behind its keys, an argument that names `each` or `count` changes although its text does not. */
function attributesOf(block: ResourceChange, live: ResourceChange): readonly AttributeChange[] {
  if (!changesKeys(block)) {
    return block.attributes;
  }
  const through = live.attributes.filter(
    ({ path, kind }) => kind !== 'removed' && kind !== 'moved' && namesEach(lookUp(block.after, path)),
  );
  return [
    ...block.attributes,
    ...through.map(({ path, kind }) => ({
      path,
      kind,
      before: lookUp(block.before, path),
      after: lookUp(block.after, path),
      unknown: true,
      sensitive: false,
      forcesReplacement: false,
    })),
  ];
}

function namesEach(value: Json): boolean {
  const targets = typeof value === 'string' ? referencesOfText(value).map(({ target }) => target) : [];
  return targets.some((target) => target === 'each' || target === 'count');
}
