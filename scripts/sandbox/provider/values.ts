/**
 * Terraform values between three forms: msgpack as in the protocol, the values the sandbox reckons with, and plain
 * JSON as in the store. Unknown values are msgpack extensions (0, or 12 with refinements) and are passed on byte for
 * byte. Numbers that are not exact in binary travel as text; here they are JavaScript numbers.
 */
import { decode, encode, ExtData } from '@msgpack/msgpack';
import type { Json } from '../../plan/types.ts';
import type { Attributes, SchemaShape, WireType } from './schema.ts';

export type ProviderValue =
  | null
  | string
  | number
  | boolean
  | ExtData
  | Dynamic
  | readonly ProviderValue[]
  | ValueObject;

export interface ValueObject {
  readonly [name: string]: ProviderValue;
}

/** A value whose type is decided by the configuration: the type travels with it. */
export class Dynamic {
  readonly type: Json;
  readonly value: ProviderValue;

  constructor(type: Json, value: ProviderValue) {
    this.type = type;
    this.value = value;
  }
}

export const unknown: ExtData = new ExtData(0, new Uint8Array(1));

export function isUnknown(value: ProviderValue | undefined): value is ExtData {
  return value instanceof ExtData;
}

export function isObject(value: ProviderValue | undefined): value is ValueObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof ExtData) &&
    !(value instanceof Dynamic)
  );
}

export function isList(value: ProviderValue | undefined): value is readonly ProviderValue[] {
  return Array.isArray(value);
}

/** The object in a protocol value; null when it is null (a resource that does not exist). */
export function decodeObject(bytes: Uint8Array, attributes: Attributes): ValueObject | null {
  if (bytes.length === 0) {
    return null;
  }
  return objectFrom(decode(bytes), attributes, 'wire');
}

export function encodeObject(value: ValueObject | null, attributes: Attributes): Buffer {
  const wire = value === null ? null : objectTo(value, attributes);
  return Buffer.from(encode(wire));
}

/**
 * Where a raw value comes from. Dynamic values are `[type, value]` on the wire and `{ type, value }` in a state file;
 * plain JSON carries no types, so they are taken from it as they are, and typed when they are sent.
 */
type ValueSource = 'wire' | 'state' | 'json';

function objectFrom(raw: unknown, attributes: Attributes, source: ValueSource): ValueObject | null {
  if (typeof raw !== 'object' || raw === null) {
    return null;
  }
  const fields = raw as Readonly<Record<string, unknown>>;
  return mapAttributes(attributes, (name, shape) => valueFrom(fields[name], shape, source));
}

function mapAttributes(
  attributes: Attributes,
  get: (name: string, shape: SchemaShape) => ProviderValue,
): ValueObject {
  const result: Record<string, ProviderValue> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    result[name] = get(name, attribute.shape);
  }
  return result;
}

function valueFrom(raw: unknown, shape: SchemaShape, source: ValueSource): ProviderValue {
  if (raw === null || raw === undefined) {
    return null;
  }
  if (raw instanceof ExtData) {
    return raw;
  }
  if (shape.kind === 'plain') {
    return shape.type === 'dynamic' ? dynamicFrom(raw, source) : plainFrom(raw, shape.type);
  }
  if (shape.nesting === 'single') {
    return objectFrom(raw, shape.attributes, source);
  }
  return mapElements(raw as ProviderValue, (element) =>
    isUnknown(element) ? element : objectFrom(element, shape.attributes, source),
  );
}

function plainFrom(raw: unknown, type: WireType): ProviderValue {
  if (raw === null || raw === undefined || raw instanceof ExtData) {
    return raw ?? null;
  }
  if (type === 'number') {
    return typeof raw === 'string' ? Number(raw) : (raw as number);
  }
  return typeof type === 'string'
    ? (raw as ProviderValue)
    : mapElements(raw as ProviderValue, (element) => plainFrom(element, type[1]));
}

function dynamicFrom(raw: unknown, source: ValueSource): ProviderValue {
  if (source === 'json') {
    return raw as ProviderValue;
  }
  if (source === 'state') {
    const { type, value } = raw as { readonly type: Json; readonly value: unknown };
    return new Dynamic(type, dynamicNumbers(value, type));
  }
  const [typeBytes, value] = raw as readonly [Uint8Array | string, unknown];
  const text = typeof typeBytes === 'string' ? typeBytes : Buffer.from(typeBytes).toString('utf8');
  const type = JSON.parse(text) as Json;
  return new Dynamic(type, dynamicNumbers(value, type));
}

/** Inside a dynamic value numbers may travel as text too; the type says where. */
function dynamicNumbers(raw: unknown, type: Json): ProviderValue {
  if (raw === null || raw === undefined || raw instanceof ExtData) {
    return raw ?? null;
  }
  if (type === 'number') {
    return Number(raw);
  }
  if (!Array.isArray(type)) {
    return raw as ProviderValue;
  }
  const inner = (type as readonly Json[])[1] ?? null;
  if (type[0] === 'tuple') {
    return (raw as readonly unknown[]).map((element, index) =>
      dynamicNumbers(element, (inner as readonly Json[])[index] ?? null),
    );
  }
  if (type[0] === 'object') {
    const types = inner as Readonly<Record<string, Json>>;
    const entries = Object.entries(raw as Readonly<Record<string, unknown>>);
    return Object.fromEntries(
      entries.map(([name, value]) => [name, dynamicNumbers(value, types[name] ?? null)]),
    );
  }
  return mapElements(raw as ProviderValue, (element) => dynamicNumbers(element, inner));
}

function objectTo(value: ValueObject, attributes: Attributes): unknown {
  const result: Record<string, unknown> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    result[name] = valueTo(value[name] ?? null, attribute.shape);
  }
  return result;
}

function valueTo(value: ProviderValue, shape: SchemaShape): unknown {
  if (value === null || isUnknown(value)) {
    return value;
  }
  if (shape.kind === 'plain') {
    return plainTo(value, shape.type);
  }
  if (shape.nesting === 'single') {
    return objectTo(value as ValueObject, shape.attributes);
  }
  const one = (element: ProviderValue): unknown =>
    element === null || isUnknown(element) ? element : objectTo(element as ValueObject, shape.attributes);
  return isList(value)
    ? value.map(one)
    : Object.fromEntries(Object.entries(value as ValueObject).map(([key, element]) => [key, one(element)]));
}

function plainTo(value: ProviderValue, type: WireType): unknown {
  if (value === null || isUnknown(value)) {
    return value;
  }
  if (type === 'number') {
    return numberTo(value as number);
  }
  if (type === 'dynamic') {
    const dynamic = value instanceof Dynamic ? value : new Dynamic(inferType(value), value);
    return [Buffer.from(JSON.stringify(dynamic.type)), dynamicTo(dynamic.value)];
  }
  if (typeof type === 'string') {
    return value;
  }
  return isList(value)
    ? value.map((element) => plainTo(element, type[1]))
    : Object.fromEntries(
        Object.entries(value as ValueObject).map(([key, element]) => [key, plainTo(element, type[1])]),
      );
}

function dynamicTo(value: ProviderValue): unknown {
  if (typeof value === 'number') {
    return numberTo(value);
  }
  if (isList(value)) {
    return value.map(dynamicTo);
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, element]) => [key, dynamicTo(element)]))
    : value;
}

function numberTo(value: number): number | string {
  return Number.isSafeInteger(value) ? value : String(value);
}

function inferType(value: ProviderValue): Json {
  if (isList(value)) {
    return ['tuple', value.map(inferType)];
  }
  if (isObject(value)) {
    return [
      'object',
      Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inferType(inner)])),
    ];
  }
  if (typeof value === 'number' || typeof value === 'string') {
    return typeof value;
  }
  return typeof value === 'boolean' ? 'bool' : 'dynamic';
}

/** Applies `change` to the elements of a list, set or map. */
export function mapElements(
  value: ProviderValue,
  change: (element: ProviderValue, key: string | number) => ProviderValue,
): ProviderValue {
  if (isList(value)) {
    return value.map((element, index) => change(element, index));
  }
  if (!isObject(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, change(element, key)]));
}

/** Plain JSON for the store. Unknown values have no place there: they become null. */
export function toJson(value: ProviderValue): Json {
  if (value === null || isUnknown(value)) {
    return null;
  }
  if (value instanceof Dynamic) {
    return toJson(value.value);
  }
  if (isList(value)) {
    return value.map(toJson);
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toJson(inner)]))
    : value;
}

/** An object of the given attributes from plain JSON: unknown names are dropped, absent ones are null. */
export function fromJson(json: Json | undefined, attributes: Attributes): ValueObject {
  return objectFrom(json ?? {}, attributes, 'json') ?? {};
}

/** The object in a state file's JSON; attributes that the type no longer has are dropped. */
export function fromState(json: Json, attributes: Attributes): ValueObject | null {
  return objectFrom(json, attributes, 'state');
}

/** True when nothing in the value is unknown. */
function isWhollyKnown(value: ProviderValue): boolean {
  if (isUnknown(value)) {
    return false;
  }
  if (value instanceof Dynamic) {
    return isWhollyKnown(value.value);
  }
  if (isList(value)) {
    return value.every(isWhollyKnown);
  }
  return isObject(value) ? Object.values(value).every(isWhollyKnown) : true;
}

/** Equal in meaning: sets without order; anything unknown differs from everything. */
export function sameValue(left: ProviderValue, right: ProviderValue, shape: SchemaShape): boolean {
  return isWhollyKnown(left) && isWhollyKnown(right) && canonical(left, shape) === canonical(right, shape);
}

/** One text per meaning of a known value. */
export function canonical(value: ProviderValue, shape: SchemaShape): string {
  if (value === null || isUnknown(value)) {
    return 'null';
  }
  const inner = shape.kind === 'plain' ? elementShape(shape.type) : objectShape(shape.attributes);
  const isSet = shape.kind === 'plain' ? shape.type[0] === 'set' : shape.nesting === 'set';
  if (shape.kind === 'nested' && shape.nesting === 'single') {
    return canonicalObject(value, shape.attributes);
  }
  if (isList(value) && inner !== null) {
    const parts = value.map((element) => canonicalElement(element, inner));
    return `[${(isSet ? parts.toSorted() : parts).join()}]`;
  }
  if (isObject(value) && inner !== null) {
    const keys = Object.keys(value).toSorted();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalElement(value[key] ?? null, inner)}`).join()}}`;
  }
  return sortedText(toJson(value));
}

function elementShape(type: WireType): SchemaShape | null {
  return typeof type === 'string' ? null : { kind: 'plain', type: type[1] };
}

function objectShape(attributes: Attributes): SchemaShape {
  return { kind: 'nested', nesting: 'single', attributes };
}

function canonicalElement(value: ProviderValue, shape: SchemaShape): string {
  return canonical(value, shape);
}

function canonicalObject(value: ProviderValue, attributes: Attributes): string {
  const object = isObject(value) ? value : {};
  const parts = Object.entries(attributes).map(
    ([name, attribute]) => `${JSON.stringify(name)}:${canonical(object[name] ?? null, attribute.shape)}`,
  );
  return `{${parts.join()}}`;
}

function sortedText(json: Json): string {
  return JSON.stringify(json, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
