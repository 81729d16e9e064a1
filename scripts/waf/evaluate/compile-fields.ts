/**
 * Tests of a field as it is, which most conditions of most rules are: written out, because each call of a closure costs more
 * than the comparison itself. A plain field can be unknown, but never missing.
 */
import type { ComparisonNode } from '../language/ast.ts';
import type { Predicate } from './predicates.ts';
import { unknownBecause } from './runtime.ts';
import type { RequestFields, Truth } from './runtime.ts';

type FieldTest = (request: RequestFields) => Truth;

/** Null when the left side is not a field as it is. */
export function fieldComparison(
  { left, operator, right }: ComparisonNode,
  predicate: Predicate,
): FieldTest | null {
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
