import { isDeepStrictEqual } from 'node:util';
import { assert, constantFrom, jsonValue, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointerTokens } from '../../../scripts/read/document.ts';
import { limits } from '../../../scripts/json/limits.ts';
import { readJson } from '../../../scripts/read/json/json.ts';
import type { Diagnostic } from '../../../scripts/plan/types.ts';

function problems(text: string): readonly Diagnostic[] {
  const read = readJson(text, 'file.json');
  return read.ok ? [] : read.diagnostics;
}

function brief(text: string): readonly string[] {
  return problems(text).map(
    ({ location, message }) => `${location?.line ?? 0}:${location?.column ?? 0} ${message}`,
  );
}

/** The value that a JSON pointer leads to. */
function valueAt(value: unknown, pointer: string): unknown {
  return pointerTokens(pointer).reduce<unknown>((at, token) => (at as Record<string, unknown>)[token], value);
}

it('reads every JSON value as JSON.parse does, and says where each part stands', () => {
  assert(
    property(jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value, null, 2);
      const parsed: unknown = JSON.parse(text);
      const read = readJson(text, 'f');
      if (!read.ok) {
        // Only what the reader promises to refuse may be refused.
        return /"__proto__"|"constructor"|[0-9]{16}|e\+/.test(text);
      }
      const lines = text.split('\n');
      const places = Object.entries(read.value.locations).every(([pointer, { line, column }]) => {
        const shown = JSON.stringify(valueAt(parsed, pointer));
        const located = read.value.locate(pointer);
        const isThere = lines[line - 1]?.[column - 1] === shown[0];
        return isThere && located.line === line && located.column === column;
      });
      return places && isDeepStrictEqual(read.value.value, parsed);
    }),
    { numRuns: 300 },
  );
});

describe('places', () => {
  const text = '{\n  "a": [1, {"b/c": "x, ] } \\" :"}],\n  "d~e": {"": true}\n}\n';
  const read = readJson(text, 'file.json');
  const document = read.ok ? read.value : null;

  it.each([
    ['', 1, 1],
    ['/a', 2, 8],
    ['/a/0', 2, 9],
    ['/a/1', 2, 12],
    ['/a/1/b~1c', 2, 20],
    ['/d~0e', 3, 10],
    ['/d~0e/', 3, 15],
    ['/a/9/z', 2, 8],
  ])('finds %j', (pointer, line, column) => {
    expect(document?.locate(pointer)).toEqual({ file: 'file.json', line, column });
  });

  it('finds keys', () => {
    expect(document?.locateKey('/a/1/b~1c')).toEqual({ file: 'file.json', line: 2, column: 13 });
  });

  it('lists every node when asked for all of them', () => {
    expect(Object.keys(document?.locations ?? {}).toSorted()).toEqual(
      ['', '/a', '/a/0', '/a/1', '/a/1/b~1c', '/d~0e', '/d~0e/'].toSorted(),
    );
  });
});

describe('refusals', () => {
  it.each([
    ['', '1:1 not valid JSON: the document ends too early'],
    ['{"a": [1, 2', '1:12 not valid JSON: an entry is not finished'],
    ['{"a": 1,}', '1:9 not valid JSON: a comma before the closing bracket'],
    ['[1 2]', '1:4 not valid JSON: an entry is not finished'],
    ['{a: 1}', '1:2 not valid JSON: a key is expected here'],
    ['{"a" 1}', '1:6 not valid JSON: a key has no value'],
    ['{"a":\n  tru}', '2:3 not valid JSON: this is not a JSON value'],
    ['[NaN]', '1:2 not valid JSON: this is not a JSON value'],
    ['[-]', '1:2 not valid JSON: a number is malformed'],
    ['[01]', '1:3 not valid JSON: an entry is not finished'],
    ["['a']", '1:2 not valid JSON: this is not a JSON value'],
    ['"abc', '1:1 not valid JSON: a text is not closed'],
    ['"a\nb"', '1:1 not valid JSON: a text contains a raw line break or an unknown escape'],
    ['// note\n{}', '1:1 not valid JSON: this is not a JSON value'],
    ['{} {}', '1:4 not valid JSON: something follows the end of the document'],
    ['\u0000', '1:1 not valid JSON: this is not a JSON value'],
    ['{"a": 1e999}', '1:7 a number that cannot be kept exactly'],
    ['[12345678901234567890]', '1:2 a number that cannot be kept exactly'],
    ['{"__proto__": {"x": 1}}', '1:2 this key is reserved'],
    ['{"\\u005f_proto__": {"x": 1}}', '1:2 this key is reserved'],
    ['{"a": {"constructor": {"prototype": {}}}}', '1:8 this key is reserved'],
  ])('refuses %j', (text, expected) => {
    expect(brief(text)).toEqual([expected]);
  });

  it('refuses what JSON.parse refuses, and nothing slips through with a changed key', () => {
    assert(
      property(
        string({ maxLength: 30, unit: constantFrom(...Array.from('{}[]",:\\ 1tre-.0nulab')) }),
        (text) => {
          let isJson = true;
          try {
            JSON.parse(text);
          } catch {
            isJson = false;
          }
          const read = readJson(text, 'f');
          expect(isJson || !read.ok).toBe(true);
          expect(read.ok || read.diagnostics.every(({ message }) => message !== 'not valid JSON')).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('reports every duplicate key with the place of the first', () => {
    expect(problems('{"a": 1,\n "b": {"x": 1, "x": 2},\n "a": 3}')).toEqual([
      {
        location: { file: 'file.json', line: 2, column: 16 },
        message: 'the key "x" is given twice',
        expected: 'each key once',
        found: 'first given at line 2',
        fix: 'delete one of the two, or join their contents',
      },
      {
        location: { file: 'file.json', line: 3, column: 2 },
        message: 'the key "a" is given twice',
        expected: 'each key once',
        found: 'first given at line 1',
        fix: 'delete one of the two, or join their contents',
      },
    ]);
  });

  it('finds a duplicate key that is escaped differently', () => {
    expect(brief('{"a": 1, "\\u0061": 2}')).toEqual(['1:10 the key "a" is given twice']);
  });

  it('accepts a resource that is called prototype', () => {
    expect(readJson('{"cloudflare_zone": {"prototype": {}}}', 'f').ok).toBe(true);
  });

  it('shows one character of what it found, never more', () => {
    expect(JSON.stringify(problems('{"api_token": Zx81secretvalue}'))).not.toContain('secret');
  });
});

describe('hostile sizes', () => {
  it('refuses 50 MB under a limit of 1 MB before parsing', () => {
    const read = readJson('['.repeat(50_000_000), 'f', { ...limits.json, bytes: 1_000_000 });
    expect(!read.ok && read.diagnostics[0]).toMatchObject({
      message: 'the document is too large to be read',
      expected: 'at most 1 MB',
      found: 'at least 50 MB',
    });
  });

  it('refuses 100,000 levels, and 20 million', () => {
    for (const depth of [100_000, 20_000_000]) {
      expect(problems('['.repeat(depth))[0]?.message).toBe(
        'not valid JSON: the document is nested too deeply',
      );
    }
  });

  it('accepts exactly 64 levels and refuses 65', () => {
    expect(readJson('['.repeat(64) + ']'.repeat(64), 'f').ok).toBe(true);
    expect(readJson('['.repeat(65) + ']'.repeat(65), 'f').ok).toBe(false);
  });

  it('finds a place at the end of a large document without a place for every node', () => {
    const rows = Array.from({ length: 200_000 }, (_, n) => `{"id":"${n}","values":{"a":[1,2,3]}}`);
    const read = readJson(`{"rows":[\n${rows.join(',\n')}\n]}`, 'f');
    expect(read.ok && read.value.locate('/rows/199999/values/a/2')).toEqual({
      file: 'f',
      line: 200_001,
      column: 35,
    });
  });
});
