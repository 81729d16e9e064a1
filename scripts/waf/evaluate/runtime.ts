/**
 * Values while an expression is evaluated. A request may not tell everything: a field that was not recorded gives
 * `Unknown`, which names what is lacking and is carried through to the verdict. It is never taken for false.
 */
import type { IpAddress } from '../language/ast.ts';

/** A field, list or function that could not be told; `causes` are their names, sorted, each once. */
export class Unknown {
  readonly causes: readonly string[];

  constructor(causes: readonly string[]) {
    this.causes = causes;
  }
}

/** A map of which only some values were recorded. */
export class PartialMap {
  /** Value by key; null for a key that is known to be missing. */
  readonly known: ReadonlyMap<string, RuntimeValue | null>;
  /** The keys whose values are unknown, when all keys are known: any other one is missing. Null: any may be there. */
  readonly unknown: ReadonlySet<string> | null;

  constructor(known: ReadonlyMap<string, RuntimeValue | null>, unknown: ReadonlySet<string> | null = null) {
    this.known = known;
    this.unknown = unknown;
  }

  /** The value; undefined when the key is missing, null when that or the value cannot be told. */
  get(key: string): RuntimeValue | undefined | null {
    const found = this.known.get(key);
    if (found !== undefined) {
      return found ?? undefined;
    }
    return this.unknown === null || this.unknown.has(key) ? null : undefined;
  }
}

/** Byte strings have one character per byte. Numbers are whole. */
export type RuntimeValue =
  | boolean
  | string
  | number
  | IpAddress
  | readonly RuntimeValue[]
  | ReadonlyMap<string, RuntimeValue>
  | PartialMap;

/** `undefined` is the missing value: an absent map key or an index out of range. */
export type Evaluated = RuntimeValue | Unknown | undefined;

export type Truth = boolean | Unknown;

/** The content of a list: addresses by containment, names and numbers by equality. */
export interface ListContent {
  readonly contains: (value: RuntimeValue) => boolean;
}

/** What a compiled expression is asked about. A field that is not in the map was not recorded. */
export interface RequestFields {
  readonly fields: ReadonlyMap<string, RuntimeValue>;
}

/** The same unknown for the same name, so that the usual case allocates nothing. */
const interned = new Map<string, Unknown>();
const maxInterned = 4096;

export function unknownBecause(name: string): Unknown {
  let unknown = interned.get(name);
  if (unknown === undefined) {
    unknown = new Unknown([name]);
    if (interned.size < maxInterned) {
      interned.set(name, unknown);
    }
  }
  return unknown;
}

const merged = new WeakMap<Unknown, WeakMap<Unknown, Unknown>>();

/** Both sets of causes. The same two give the same object, so that a replay does not build it for every request. */
export function mergeUnknown(a: Unknown, b: Unknown): Unknown {
  if (a === b) {
    return a;
  }
  let withA = merged.get(a);
  if (withA === undefined) {
    withA = new WeakMap();
    merged.set(a, withA);
  }
  let result = withA.get(b);
  if (result === undefined) {
    result = new Unknown([...new Set([...a.causes, ...b.causes])].toSorted());
    withA.set(b, result);
  }
  return result;
}

export function negate(truth: Truth): Truth {
  return truth instanceof Unknown ? truth : !truth;
}

/** Exclusive or; unknown as soon as one side is. */
export function xor(a: Truth, b: Truth): Truth {
  if (a instanceof Unknown) {
    return b instanceof Unknown ? mergeUnknown(a, b) : a;
  }
  return b instanceof Unknown ? b : a !== b;
}

export function isIp(value: RuntimeValue): value is IpAddress {
  return typeof value === 'object' && 'family' in value;
}

export function isArray(value: RuntimeValue): value is readonly RuntimeValue[] {
  return Array.isArray(value);
}
