/**
 * Nested blocks of version 4 in the shapes of version 5: a block that stands once is a list of one there and an object here,
 * named blocks are members of a map, and a list of ids or names has objects for elements.
 */
import { isList, isObject, own, setOwn } from '../../json/json.ts';
import table from './types.json' with { type: 'json' };
import type { Json, JsonObject } from '../types.ts';

export interface BlockShape {
  isObject: boolean;
  isMap: boolean;
  /** A list of blocks. */
  isBlocks: boolean;
  /** Member that the text of an element becomes. */
  element: string | null;
  readonly members: Map<string, BlockShape>;
  items: BlockShape | null;
}

interface ShapeEntry {
  readonly objects?: readonly string[];
  readonly lists?: readonly string[];
  readonly maps?: readonly string[];
  readonly elements?: Readonly<Record<string, string>>;
}

const entries = table.shapes as Readonly<Record<string, ShapeEntry>>;

const shapes: ReadonlyMap<string, BlockShape> = new Map(
  Object.entries(entries).map(([type, entry]) => [type, compiled(entry)] as const),
);

/** Shapes of a type of version 5; null where no block of it has another one. */
export function shapeFor(type: string): BlockShape | null {
  return shapes.get(type) ?? null;
}

function compiled(entry: ShapeEntry): BlockShape {
  const root = emptyShape();
  for (const path of entry.objects ?? []) {
    shapeAt(root, path).isObject = true;
  }
  for (const path of entry.lists ?? []) {
    shapeAt(root, path).isBlocks = true;
  }
  for (const path of entry.maps ?? []) {
    shapeAt(root, path).isMap = true;
  }
  for (const [path, member] of Object.entries(entry.elements ?? {})) {
    shapeAt(root, path).element = member;
  }
  return root;
}

function emptyShape(): BlockShape {
  return { isObject: false, isMap: false, isBlocks: false, element: null, members: new Map(), items: null };
}

function shapeAt(root: BlockShape, path: string): BlockShape {
  let shape = root;
  for (const part of path.replaceAll('[]', '.[]').split('.')) {
    if (part === '[]') {
      shape.items ??= emptyShape();
      shape = shape.items;
    } else {
      const member = shape.members.get(part) ?? emptyShape();
      shape.members.set(part, member);
      shape = member;
    }
  }
  return shape;
}

/** The value in the shape; the same value where it has that already. */
export function shaped(value: Json, shape: BlockShape | null): Json {
  if (shape === null) {
    return value;
  }
  const whole = wholeOf(value, shape);
  if (isList(whole)) {
    const items = whole.map((item) => shaped(elementOf(item, shape.items), shape.items));
    return items.some((item, index) => item !== whole[index]) ? items : whole;
  }
  return isObject(whole) ? changedMembers(whole, shape, shaped) : whole;
}

/**
 * The value with a list around each block that is written without one: JSON may leave it out where a block stands once. In
 * version 5 these are not blocks, and Terraform asks for the list.
 */
export function withLists(value: Json, shape: BlockShape | null): Json {
  if (shape === null) {
    return value;
  }
  const whole = shape.isBlocks && isObject(value) ? [value] : value;
  if (isList(whole)) {
    // A block that version 5 has as an object is a list of one.
    const inner = shape.isBlocks || shape.isMap ? shape.items : shape;
    const items = whole.map((item) => withLists(item, inner));
    return whole !== value || items.some((item, index) => item !== whole[index]) ? items : whole;
  }
  return isObject(whole) ? changedMembers(whole, shape, withLists) : whole;
}

function wholeOf(value: Json, shape: BlockShape): Json {
  if (!isList(value)) {
    return value;
  }
  if (shape.isObject && value.length < 2) {
    return value[0] ?? null;
  }
  const names = value.map((item) => (isObject(item) ? own(item, 'name') : undefined));
  return shape.isMap && names.every((name) => typeof name === 'string')
    ? Object.fromEntries(value.map((item, index) => [String(names[index]), withoutName(item)]))
    : value;
}

function withoutName(item: Json): Json {
  const { name: _name, ...rest } = isObject(item) ? item : {};
  return rest;
}

function elementOf(item: Json, shape: BlockShape | null): Json {
  return typeof item === 'string' && shape !== null && shape.element !== null
    ? Object.fromEntries([[shape.element, item]])
    : item;
}

/** Maps have items too: their members are shaped as those of a list are. */
function changedMembers(
  object: JsonObject,
  shape: BlockShape,
  change: (value: Json, shape: BlockShape) => Json,
): JsonObject {
  let copy: Record<string, Json> | null = null;
  for (const [name, inner] of membersOf(object, shape)) {
    const item = own(object, name) ?? null;
    const now = change(item, inner);
    if (now !== item) {
      copy ??= { ...object };
      setOwn(copy, name, now);
      if (now === null) {
        delete copy[name];
      }
    }
  }
  return copy ?? object;
}

function membersOf(
  object: JsonObject,
  { members, isMap, items }: BlockShape,
): Iterable<readonly [string, BlockShape]> {
  return isMap && items !== null
    ? Object.keys(object).map((name) => [name, items] as const)
    : [...members].filter(([name]) => own(object, name) !== undefined);
}
