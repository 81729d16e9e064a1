import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../scripts/plan/types.ts';
import { readYaml } from '../../../scripts/read/yaml/yaml.ts';

function problems(text: string): readonly Diagnostic[] {
  const read = readYaml(text, 'file.yaml');
  return read.ok ? [] : read.diagnostics;
}

/** `line:column message` of every diagnostic. */
function brief(text: string): readonly string[] {
  return problems(text).map(
    ({ location, message }) => `${location?.line ?? 0}:${location?.column ?? 0} ${message}`,
  );
}

/** Maps inside of maps, by indentation. */
function maps(depth: number): string {
  return Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:`).join('\n');
}

/** One anchor and so many aliases of it. */
function uses(count: number): string {
  return `a: &a 1\nb: [${Array(count).fill('*a').join(',')}]`;
}

function value(text: string): unknown {
  const read = readYaml(text, 'file.yaml');
  return read.ok ? read.value.value : read.diagnostics;
}

describe('values', () => {
  it('reads YAML 1.2: country codes, versions and dates stay text', () => {
    expect(value('a: NO\nb: no\nc: on\nd: 2026-01-01\ne: 1.0.0\nf: 12:30\n')).toEqual({
      a: 'NO',
      b: 'no',
      c: 'on',
      d: '2026-01-01',
      e: '1.0.0',
      f: '12:30',
    });
  });

  it('reads numbers, booleans, nulls, lists, maps and block texts', () => {
    expect(value('a: 1\nb: -2.5\nc: true\nd:\ne: ~\nf: [1, {g: x}]\nh: |\n  one\n  two\n')).toEqual({
      a: 1,
      b: -2.5,
      c: true,
      d: null,
      e: null,
      f: [1, { g: 'x' }],
      h: 'one\ntwo\n',
    });
  });

  it('reads a byte order mark and CRLF line ends, and counts lines the same', () => {
    const read = readYaml('\uFEFFa: 1\r\nb:\r\n  - x\r\n  - y\r\n', 'file.yaml');
    expect(read.ok && read.value.value).toEqual({ a: 1, b: ['x', 'y'] });
    expect(read.ok && read.value.locate('/b/1')).toEqual({ file: 'file.yaml', line: 4, column: 5 });
    expect(read.ok && read.value.locate('/a')).toEqual({ file: 'file.yaml', line: 1, column: 4 });
  });

  it('does not take text that only looks like a tag, directive or alias for one', () => {
    expect(value('a: "!x"\nb: \'%y\'\nc: x !y *z &w\nd: |\n  !tag\n  %YAML 1.1\n')).toEqual({
      a: '!x',
      b: '%y',
      c: 'x !y *z &w',
      d: '!tag\n%YAML 1.1\n',
    });
    expect(value('--- |\n!tag\n*alias\n')).toEqual('!tag\n*alias\n');
  });

  it('resolves a few aliases to values', () => {
    expect(value('a: &x [1, 2]\nb: *x\nc: {d: *x}\n')).toEqual({ a: [1, 2], b: [1, 2], c: { d: [1, 2] } });
  });
});

describe('places', () => {
  const read = readYaml('top:\n  list:\n    - one\n    - name: two\n  "a/b": 3\n', 'file.yaml');
  const document = read.ok ? read.value : null;

  it.each([
    ['/top', 1, 1],
    ['/top/list', 2, 3],
    ['/top/list/0', 3, 7],
    ['/top/list/1/name', 4, 13],
    ['/top/a~1b', 5, 10],
    ['/top/list/7/gone', 2, 3],
  ])('knows where %s stands', (pointer, line, column) => {
    expect(document?.locate(pointer)).toEqual({ file: 'file.yaml', line, column });
  });

  it('knows where keys stand', () => {
    expect(document?.locateKey('/top/list/1/name')).toEqual({ file: 'file.yaml', line: 4, column: 7 });
  });

  it('has a place for every node', () => {
    expect(Object.keys(document?.locations ?? {}).toSorted()).toEqual(
      ['', '/top', '/top/a~1b', '/top/list', '/top/list/0', '/top/list/1', '/top/list/1/name'].toSorted(),
    );
  });
});

describe('refusals', () => {
  it.each([
    ['', '1:1 the file is empty'],
    ['# only a comment\n', '1:1 the file is empty'],
    ['---\n', '1:1 the file is empty'],
    ['a: 1\n---\nb: 2\n', '2:1 the file holds more than one YAML document'],
    ['a: !!str 1\n', '1:4 YAML tags are not used here'],
    ['a: !ruby/object:X {}\n', '1:4 YAML tags are not used here'],
    ['!!map {a: 1}\n', '1:1 YAML tags are not used here'],
    [
      '%YAML 1.1\n---\na: yes\n',
      '1:1 YAML directives are not used here: they change how the rest of the file is read',
    ],
    [
      '%TAG ! x\n---\na: 1\n',
      '1:1 YAML directives are not used here: they change how the rest of the file is read',
    ],
    ['a: &x {b: 1}\nc:\n  <<: *x\n', '3:3 merge keys are not used here'],
    ['a:\n  __proto__: {x: 1}\n', '2:3 this key is reserved'],
    ['constructor: {}\n', '1:1 this key is reserved'],
    ['"prototype": 1\n', '1:1 this key is reserved'],
    ['a:\n\tb: 1\n', '2:1 a tab is used as indentation'],
    ['1: x\n', '1:1 a key that is not text'],
    ['true: x\n', '1:1 a key that is not text'],
    ['~: x\n', '1:1 a key that is not text'],
    ['? [1, 2]\n: x\n', '1:3 a key that is not text'],
    ['? {a: 1}\n: x\n', '1:3 a key that is not text'],
    ['a: .nan\n', '1:4 a number that cannot be kept exactly'],
    ['a: -.inf\n', '1:4 a number that cannot be kept exactly'],
    ['a: 1e400\n', '1:4 a number that cannot be kept exactly'],
    ['a: 9007199254740993\n', '1:4 a number that cannot be kept exactly'],
    ['a: *x\n', '1:4 an alias names an anchor that is not defined before it'],
    ['a: &x [*x]\n', '1:8 an alias contains itself'],
    ['a: "unclosed\n', '2:1 something is left open or a separator is missing'],
    ['a: b: c\n', '1:4 a second ": " follows on the same line'],
    ['a: @x\n', '1:4 a text may not begin with this character unless it is in quotes'],
    ['a: "\\q"\n', '1:5 unknown escape sequence in a text in double quotes'],
    ['a: x\u0000y\n', '1:5 the text contains a character that a reader cannot see'],
    ['a: x # \u202Egnp\n', '1:8 the text contains a character that a reader cannot see'],
    ['a: "x\\u202Ey"\n', '1:4 the value contains a character that a reader cannot see'],
    ['a: caf\uFFFD\n', '1:7 the file is not valid UTF-8 text'],
  ])('refuses %j', (text, expected) => {
    expect(brief(text)).toContain(expected);
  });

  it('reports several problems at once, in order', () => {
    expect(brief('a: 1\na: 2\nb: .nan\nc: *x\n2: y\n')).toEqual([
      '2:1 the key "a" is given twice',
      '3:4 a number that cannot be kept exactly',
      '4:4 an alias names an anchor that is not defined before it',
      '5:1 a key that is not text',
    ]);
  });

  it('says where a repeated key stood first, and how to fix it', () => {
    expect(problems('a: 1\nb:\n  x: 1\n  y: 2\n  x: 3\n')).toEqual([
      {
        location: { file: 'file.yaml', line: 5, column: 3 },
        message: 'the key "x" is given twice',
        expected: 'each key once',
        found: 'first given at line 3',
        fix: 'delete one of the two, or join their contents',
      },
    ]);
  });

  it('refuses a repeated key that is written differently', () => {
    expect(brief('a: 1\n"a": 2\n')).toEqual(['2:1 the key "a" is given twice']);
  });
});

describe('hostile sizes', () => {
  it('refuses 50 MB by its size, before parsing', () => {
    expect(problems('['.repeat(50_000_000))).toEqual([
      {
        location: { file: 'file.yaml', line: 1, column: 1 },
        message: 'the document is too large to be read',
        expected: 'at most 1 MB',
        found: 'at least 50 MB',
        fix: 'check that this is the intended file, and split it if it is',
      },
    ]);
  });

  it('counts bytes, not characters', () => {
    expect(readYaml(`a: ${'é'.repeat(600_000)}`, 'f').ok).toBe(false);
    expect(readYaml(`a: ${'e'.repeat(600_000)}`, 'f').ok).toBe(true);
  });

  it('takes the limits of the caller', () => {
    expect(readYaml('a: [[1]]', 'f', { depth: 2 }).ok).toBe(false);
    expect(readYaml('a: [[1]]', 'f', { depth: 3 }).ok).toBe(true);
    expect(readYaml('a: 1', 'f', { bytes: 3 }).ok).toBe(false);
  });

  it.each([
    ['lists', '['.repeat(100_000)],
    ['closed lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['maps', '{a: '.repeat(100_000)],
    ['compact lists', '- '.repeat(100_000)],
    ['explicit keys', '? '.repeat(100_000)],
    ['indented maps', Array.from({ length: 1_300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['mixed', Array.from({ length: 60 }, (_, row) => `${' '.repeat(row * 60)}${'- '.repeat(30)}`).join('\n')],
  ])('refuses deep nesting of %s', (_name, text) => {
    expect(problems(text)[0]?.message).toBe('the document is nested too deeply');
  });

  it('accepts exactly 64 levels and refuses 65', () => {
    expect(readYaml('['.repeat(64) + ']'.repeat(64), 'f').ok).toBe(true);
    expect(readYaml('['.repeat(65) + ']'.repeat(65), 'f').ok).toBe(false);
    expect(readYaml(maps(64), 'f').ok).toBe(true);
    expect(readYaml(maps(65), 'f').ok).toBe(false);
  });

  it('accepts twenty aliases and refuses the next', () => {
    expect(brief(uses(20))).toEqual([]);
    expect(brief(uses(21))).toEqual(['2:65 too many aliases']);
  });

  it('refuses an expansion bomb by the number of aliases', () => {
    const names = 'abcdefghi'.split('');
    const bomb = names.map((name, index) =>
      index === 0
        ? 'a: &a [lol,lol,lol,lol,lol,lol,lol,lol,lol]'
        : `${name}: &${name} [${Array(9)
            .fill(`*${names[index - 1]}`)
            .join(',')}]`,
    );
    expect(problems(bomb.join('\n')).map(({ message }) => message)).toEqual(['too many aliases']);
  });

  it('refuses few aliases that expand to many values', () => {
    const text = `a: &a [${'1,'.repeat(9_000)}1]\n${Array.from({ length: 15 }, (_, n) => `b${n}: *a`).join('\n')}`;
    expect(problems(text)[0]?.message).toBe(
      'the document has too many values, counting each use of an alias',
    );
  });

  it('lists at most fifty problems and counts the rest', () => {
    const list = problems(Array.from({ length: 300 }, () => 'a: 1').join('\n'));
    expect(list).toHaveLength(51);
    expect(list.at(-1)?.message).toMatch(/^and \d+ more problems in this document$/);
  });

  it('finds a repeated key among many keys in linear time', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => `k${n}: 1`).join('\n');
    expect(brief(`${many}\nk5: 2`)).toEqual(['10001:1 the key "k5" is given twice']);
  });
});

it('never pollutes the prototype of objects', () => {
  readYaml('__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}', 'f');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

it('refuses binary garbage without throwing', () => {
  const bytes = Array.from({ length: 5_000 }, (_, index) => (index * 7919 + 13) % 256);
  expect(readYaml(new TextDecoder().decode(new Uint8Array(bytes)), 'f').ok).toBe(false);
});
