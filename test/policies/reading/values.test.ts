/** A value is known, absent or unknown, at every depth and by every way in which a plan says so. */
import { describe, expect, it } from 'vitest';
import {
  absent,
  isReference,
  knownText,
  readList,
  readValue,
  unknown,
  valueWithin,
} from '../../../policies/reading/values.ts';
import type { Value } from '../../../policies/reading/values.ts';
import type { Json, JsonObject, Path } from '../../../scripts/plan/types.ts';
import { aChange } from '../../builders/plan.ts';
import { isObject } from '../../../scripts/json/json.ts';

const known = (value: Json): Value => ({ kind: 'known', value });
const after = (values: JsonObject, ...listed: readonly Path[]) =>
  aChange('cloudflare_x.it', ['update'], { before: values, after: values, unknown: listed });

describe('a value', () => {
  it.each<[string, Json, readonly (string | number)[], Value]>([
    ['of a document is itself', { a: 1 }, [], known({ a: 1 })],
    ['of an attribute', { a: { b: false } }, ['a', 'b'], known(false)],
    ['of a list', { a: ['x', 'y'] }, ['a', 1], known('y')],
    ['beyond a list', { a: ['x'] }, ['a', 1], absent],
    ['that is null', { a: null }, ['a'], absent],
    ['below null', { a: null }, ['a', 'b'], absent],
    ['that every object has', { a: {} }, ['a', 'toString'], absent],
    ['at a position of a text', { a: 'xyz' }, ['a', 0], absent],
    ['at a position of an object', { a: { 0: 'x' } }, ['a', 0], absent],
    ['under a name of a list', { a: ['x'] }, ['a', 'length'], absent],
    ['that is a reference', { a: '${var.x}' }, ['a'], unknown],
    ['below a reference', { a: '${var.x}' }, ['a', 'b', 0], unknown],
    ['of a document that is a reference', '${var.x}', ['a'], unknown],
    ['that is an escaped text', { a: '$${var.x}' }, ['a'], known('$${var.x}')],
  ])('%s', (_, document, path, expected) => {
    expect(valueWithin(document, path)).toEqual(expected);
  });

  const rules = { rules: [{ ref: 'a', on: true }, { ref: 'b', on: true }, 'c'], name: 'x' };
  const byRef = (is: string): Path => ['rules', { by: 'ref', is }, 'on'];

  it.each<[string, Path, readonly (string | number)[], boolean]>([
    ['itself', ['name'], ['name'], true],
    ['another', ['name'], ['rules'], false],
    ['what it stands in', ['rules'], ['rules', 1, 'on'], true],
    ['all of the resource', [], ['name'], true],
    ['something inside it', ['rules', 0, 'on'], ['rules'], false],
    ['the same of another element', ['rules', 0, 'on'], ['rules', 1, 'on'], false],
    ['its element by position', ['rules', 1], ['rules', 1, 'on'], true],
    ['its element by identity', byRef('b'), ['rules', 1, 'on'], true],
    ['another element by identity', byRef('b'), ['rules', 0, 'on'], false],
    ['an element that is gone', byRef('z'), ['rules', 0, 'on'], false],
    ['an identity where no object is', byRef('c'), ['rules', 2, 'on'], false],
    ['an identity beyond the list', byRef('b'), ['rules', 7, 'on'], false],
    ['an identity where no list is', ['name', { by: 'ref', is: 'b' }], ['name', 0], false],
    [
      'an identity where an attribute is asked for',
      ['rules', { by: 'ref', is: 'b' }],
      ['rules', 'length'],
      false,
    ],
    ['something deep below what is not there', ['other', 'a', 'b'], ['other', 'a', 'c'], false],
  ])('is unknown when the plan lists %s', (_, listed, path, isUnknown) => {
    const change = after(rules, listed);
    const plain = valueWithin(rules, path);
    expect(readValue(change, 'after', path)).toEqual(isUnknown ? unknown : plain);
    expect(readValue(change, 'before', path)).toEqual(plain);
  });

  it('is absent on a side that is not there, whatever is listed', () => {
    const gone = aChange('cloudflare_x.it', ['delete'], { after: null, unknown: [['name']] });
    expect(readValue(gone, 'after', ['name'])).toEqual(absent);
  });
});

it.each<[JsonObject, readonly Json[] | null]>([
  [{ a: ['x'] }, ['x']],
  [{ a: [] }, []],
  [{ a: { b: 1 } }, [{ b: 1 }]],
  [{ a: null }, []],
  [{}, []],
  [{ a: '${var.x}' }, null],
])('the list of %j is %j', (values, expected) => {
  expect(readList(after(values), 'after', ['a'])).toEqual(expected);
});

it.each<[Json, string | null]>([
  ['x', 'x'],
  ['', ''],
  [7, null],
  [null, null],
  ['${var.x}', null],
])('the text of %j is %j', (value, expected) => {
  expect(knownText(after({ a: value }), 'after', ['a'])).toBe(expected);
});

it.each<[Json | undefined, boolean, boolean]>([
  [{}, true, false],
  [[], false, false],
  [null, false, false],
  [undefined, false, false],
  ['x', false, false],
  ['x${var.y}', false, true],
])('%j is an object: %s, a reference: %s', (value, object, reference) => {
  expect(isObject(value)).toBe(object);
  expect(isReference(value)).toBe(reference);
});
