import { describe, expect, it } from 'vitest';
import { readJson } from '../../../scripts/read/json/json.ts';
import { checkSchema } from '../../../scripts/read/schema/schema.ts';
import { nearestWord } from '../../../scripts/plan/nearest-word.ts';
import type { Diagnostic } from '../../../scripts/plan/types.ts';

function check(schema: object, value: unknown): readonly Diagnostic[] {
  const read = readJson(JSON.stringify(value), 'f.json');
  if (!read.ok) {
    throw new Error('the test document is not JSON');
  }
  const checked = checkSchema(schema, read.value);
  return checked.ok ? [] : checked.diagnostics;
}

function withId(schema: object): object {
  return { $id: `https://test.example/${Math.abs(hash(JSON.stringify(schema)))}.json`, ...schema };
}

function hash(text: string): number {
  return Array.from(text).reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) | 0, 7);
}

it('returns the value when the schema accepts it', () => {
  const read = readJson('{"a":1}', 'f');
  expect(read.ok && checkSchema<{ a: number }>({ type: 'object' }, read.value)).toEqual({
    ok: true,
    value: { a: 1 },
  });
});

it('says what was expected, what was found, and how to fix it, in the words of the schema', () => {
  const schema = {
    type: 'object',
    properties: {
      port: { type: 'integer', minimum: 1, maximum: 65535, 'x-fix': 'use the port of the origin' },
      name: { type: 'string', pattern: '^[a-z]+$', description: 'Name of the pool.' },
    },
  };
  expect(check(schema, { port: 70000, name: 'UP' })).toEqual([
    {
      location: { file: 'f.json', line: 1, column: 9 },
      message: 'port is out of range',
      expected: 'a number of at most 65535',
      found: '70000',
      fix: 'use the port of the origin',
    },
    {
      location: { file: 'f.json', line: 1, column: 22 },
      message: 'name does not have the right form',
      expected: 'a text matching ^[a-z]+$',
      found: '"UP"',
      fix: 'this field holds: Name of the pool.',
    },
  ]);
});

it.each([
  [{ enum: ['create', 'update'] }, 'craete', 'did you mean "create"?'],
  [{ enum: ['create', 'update'] }, 'zzz', 'use one of the listed values'],
  [{ const: 'v1' }, 'v2', 'did you mean "v1"?'],
])('suggests the nearest of the allowed words: %j and %j', (schema, value, fix) => {
  expect(check(schema, value)[0]?.fix).toBe(fix);
});

it('suggests the nearest field name, and points at the key', () => {
  const schema = { type: 'object', additionalProperties: false, properties: { rollback: {}, schedule: {} } };
  expect(check(schema, { rolback: 1 })).toEqual([
    {
      location: { file: 'f.json', line: 1, column: 2 },
      message: 'unknown field "rolback" in the document',
      expected: '"rollback"',
      found: '"rolback"',
      fix: 'did you mean "rollback"?',
    },
  ]);
});

it('follows references and reports each problem once', () => {
  const schema = {
    type: 'object',
    required: ['a', 'b'],
    properties: { a: { $ref: '#/$defs/size' }, b: { $ref: '#/$defs/size' } },
    allOf: [{ properties: { a: { $ref: '#/$defs/size' } } }],
    $defs: { size: { type: 'integer', 'x-fix': 'write a whole number' } },
  };
  expect(check(schema, { a: 'x', b: 1 }).map(({ message, fix }) => [message, fix])).toEqual([
    ['a has the wrong type', 'write a whole number'],
  ]);
});

describe('alternatives', () => {
  const schema = withId({
    type: 'object',
    properties: {
      action: {
        oneOf: [
          {
            type: 'object',
            required: ['kind', 'url'],
            additionalProperties: false,
            properties: { kind: { const: 'redirect' }, url: { type: 'string' } },
          },
          { $ref: '#/$defs/block' },
        ],
      },
      size: { anyOf: [{ type: 'integer' }, { type: 'string', description: 'a text such as 10 MB' }] },
    },
    $defs: {
      block: {
        type: 'object',
        required: ['kind', 'status'],
        additionalProperties: false,
        properties: { kind: { const: 'block' }, status: { type: 'integer' } },
      },
    },
  });

  it('reports only the branch that was meant', () => {
    expect(check(schema, { action: { kind: 'block', status: 'x' } }).map(({ message }) => message)).toEqual([
      'action.status has the wrong type',
    ]);
    expect(check(schema, { action: { kind: 'redirect' } }).map(({ message }) => message)).toEqual([
      'action has no "url"',
    ]);
  });

  it('takes the way through alternatives inside of alternatives', () => {
    const nested = withId({
      oneOf: [{ $ref: '#/$defs/list' }, { $ref: '#/$defs/one' }],
      $defs: {
        list: {
          type: 'object',
          required: ['kind', 'items'],
          properties: { kind: { const: 'list' }, items: { type: 'array', items: { $ref: '#/$defs/item' } } },
        },
        one: { type: 'object', required: ['kind'], properties: { kind: { const: 'one' } } },
        item: {
          anyOf: [
            { type: 'object', required: ['ip'], properties: { by: { const: 'ip' }, ip: { type: 'string' } } },
            {
              type: 'object',
              required: ['asn'],
              properties: { by: { const: 'asn' }, asn: { type: 'integer' } },
            },
          ],
        },
      },
    });
    const value = {
      kind: 'list',
      items: [
        { by: 'asn', asn: 'x' },
        { by: 'ip', ip: '192.0.2.1' },
      ],
    };
    expect(check(nested, value).map(({ message, location }) => [message, location?.column])).toEqual([
      ['items[0].asn has the wrong type', 43],
    ]);
  });

  it('lists the alternatives when none is near', () => {
    expect(check(schema, { size: [] }).map(({ message, expected }) => [message, expected])).toEqual([
      ['size fits none of the allowed forms', 'a whole number, or a text such as 10 MB'],
    ]);
  });
});

describe('secrets', () => {
  it.each([
    ['token', 'short'],
    ['apiKey', 'hunter2'],
    ['value', 'Bearer 4f1aKq7zR2b8c9d0e1f2'],
    ['value', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x'],
    ['value', '-----BEGIN PRIVATE KEY-----'],
    ['value', 'v1Zq93kd02mfPq81nvT5sx77Lw0d42'],
  ])('does not print %s: %s', (field, value) => {
    const schema = { type: 'object', properties: { [field]: { type: 'integer' } } };
    const [diagnostic] = check(schema, { [field]: value });
    expect(diagnostic?.found).toBe('a text (not shown: it may be a secret)');
    expect(JSON.stringify(diagnostic)).not.toContain(value);
  });

  it('prints ordinary text, shortened', () => {
    const schema = { type: 'integer' };
    expect(check(schema, 'word '.repeat(40))[0]?.found).toMatch(/^"word .*…"$/);
  });
});

it('lists at most fifty problems and counts the rest', () => {
  const list = check(
    { type: 'array', items: { type: 'integer' } },
    Array.from({ length: 5000 }, () => 'x'),
  );
  expect(list).toHaveLength(51);
  expect(list.at(-1)).toEqual({ message: 'and 4950 more problems in this document' });
});

it('throws for a schema that is wrong itself', () => {
  expect(() => check({ type: 'strin' }, 'x')).toThrow(/type must be/);
  expect(() => check({ type: 'string', maxLenght: 3 }, 'x')).toThrow(/unknown keyword/);
});

it.each([
  ['rolback', ['rollback', 'rollout'], 'rollback'],
  ['ACME', ['acme', 'borough'], 'acme'],
  ['borughо', ['acme', 'borough'], 'borough'],
  ['x', ['acme'], null],
  ['', ['acme'], null],
  ['teh', ['the', 'ten'], 'the'],
])('finds the word nearest to %j', (word, candidates, expected) => {
  expect(nearestWord(word, candidates)).toBe(expected);
});

describe('a choice behind a reference', () => {
  it('is reported by all of its branches instead of failing', () => {
    const schema = {
      $id: 'https://sluice.example/schemas/test-choice.json',
      type: 'object',
      properties: { value: { $ref: '#/$defs/choice' } },
      $defs: { choice: { oneOf: [{ type: 'string' }, { type: 'number' }] } },
    };
    const document = readJson('{ "value": true }', 'choice.json');
    const checked = document.ok ? checkSchema(schema, document.value) : document;
    expect(checked.ok ? [] : checked.diagnostics.map(({ location }) => location?.file)).toContain(
      'choice.json',
    );
  });
});
