/**
 * The types of the Rules language. String and Bytes are one type (byte string), as they are in the engine. `unknown` is
 * the type of a field or function that the tables do not know: everything is allowed with it and nothing is concluded.
 */
import { unreachable } from './exhaustive.ts';

export type ValueType =
  | { readonly kind: 'bool' | 'int' | 'string' | 'ip' | 'unknown' }
  | { readonly kind: 'array' | 'map'; readonly of: ValueType };

export const boolType: ValueType = { kind: 'bool' };
const intType: ValueType = { kind: 'int' };
export const stringType: ValueType = { kind: 'string' };
const ipType: ValueType = { kind: 'ip' };
export const unknownType: ValueType = { kind: 'unknown' };

export function arrayOf(of: ValueType): ValueType {
  return { kind: 'array', of };
}

/** Reads a type as the tables write it, such as `Map<Array<String>>`. `T` and anything else unknown gives `unknown`. */
export function readType(text: string): ValueType {
  const generic = /^(Array|Map)<(.*)>$/u.exec(text);
  if (generic !== null) {
    return { kind: generic[1] === 'Array' ? 'array' : 'map', of: readType(generic[2] ?? '') };
  }
  switch (text) {
    case 'Bool':
      return boolType;
    case 'Int':
      return intType;
    case 'String':
      return stringType;
    case 'IP':
      return ipType;
    default:
      return unknownType;
  }
}

/** The type in words for a person, such as `Array of String`. */
export function typeName(type: ValueType): string {
  switch (type.kind) {
    case 'bool':
      return 'Boolean';
    case 'int':
      return 'Number';
    case 'string':
      return 'String';
    case 'ip':
      return 'IP address';
    case 'unknown':
      return 'unknown type';
    case 'array':
      return `Array of ${typeName(type.of)}`;
    case 'map':
      return `Map of ${typeName(type.of)}`;
    default:
      return unreachable(type);
  }
}

/** True when a value of type `actual` may stand where `wanted` is asked for; `unknown` on either side always may. */
export function typeFits(actual: ValueType, wanted: ValueType): boolean {
  if (actual.kind === 'unknown' || wanted.kind === 'unknown') {
    return true;
  }
  if (actual.kind === 'array' || actual.kind === 'map') {
    return wanted.kind === actual.kind && typeFits(actual.of, wanted.of);
  }
  return actual.kind === wanted.kind;
}
