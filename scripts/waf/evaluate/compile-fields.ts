/**
 * Tests of a field as it is, which most conditions of most rules are: written out, because each call of a closure costs more
 * than the comparison itself. A plain field can be unknown, but never missing.
 */
import type { Comparison, Value } from '../language/ast.ts';
import type { Predicate } from './predicates.ts';
import { unknownBecause } from './runtime.ts';
import type { RequestFields, Truth } from './runtime.ts';

type Test = (request: RequestFields) => Truth;

/** Null when the left side is not a field as it is. */
export function fieldComparison({ left, operator, right }: Comparison, predicate: Predicate): Test | null {
  if (left.kind !== 'field' || left.accessors.length > 0) {
    return null;
  }
  const { name } = left;
  const unknown = unknownBecause(name);
  if (right.kind === 'string' && operator === 'eq') {
    const { bytes } = right;
    return ({ fields }) => {
      const value = fields.get(name);
      return value === undefined ? unknown : value === bytes;
    };
  }
  if (right.kind === 'string' && operator === 'contains') {
    const { bytes } = right;
    return ({ fields }) => {
      const value = fields.get(name);
      return typeof value === 'string' ? value.includes(bytes) : value === undefined ? unknown : false;
    };
  }
  return ({ fields }) => {
    const value = fields.get(name);
    return value === undefined ? unknown : predicate(value);
  };
}

/** starts_with or ends_with of a field as it is and a literal; null for anything else. */
export function fieldAffix(value: Value): Test | null {
  if (value.kind !== 'call' || (value.name !== 'starts_with' && value.name !== 'ends_with')) {
    return null;
  }
  const [source, affix] = value.args;
  if (source?.kind !== 'field' || source.accessors.length > 0 || affix?.kind !== 'string') {
    return null;
  }
  const { name } = source;
  const { bytes } = affix;
  const unknown = unknownBecause(name);
  return value.name === 'starts_with'
    ? ({ fields }) => {
        const text = fields.get(name);
        return typeof text === 'string' ? text.startsWith(bytes) : text === undefined ? unknown : false;
      }
    : ({ fields }) => {
        const text = fields.get(name);
        return typeof text === 'string' ? text.endsWith(bytes) : text === undefined ? unknown : false;
      };
}
