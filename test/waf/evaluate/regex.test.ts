import { describe, expect, it } from 'vitest';
import { toByteString } from '../../../scripts/waf/language/literals.ts';
import { compileRegex, translateRegex } from '../../../scripts/waf/evaluate/regex.ts';

/** True or false, or why it cannot be told. */
function test(pattern: string, value: string): boolean | string | null {
  const compiled = compileRegex(toByteString(pattern));
  return typeof compiled === 'string' ? compiled : compiled.test(toByteString(value));
}

function kindOf(pattern: string): string {
  const translated = translateRegex(toByteString(pattern));
  return translated.ok ? 'ok' : translated.kind;
}

describe('what patterns match, as in Rust in byte mode', () => {
  it.each([
    ['sh.p', 'a shop', true],
    ['^shop$', 'a shop', false],
    ['a.b', 'a\nb', false],
    ['(?s)a.b', 'a\nb', true],
    ['a$', 'a\n', false],
    ['(?m)^b$', 'a\nb\nc', true],
    ['(?i)SHOP', 'shop', true],
    ['(?i:A)b', 'ab', true],
    ['(?i:A)b', 'aB', false],
    ['(?i)a(?-i)b', 'AB', false],
    // Case folding is for ASCII only.
    ['(?i)ü', 'Ü', false],
    ['ü', 'ü', true],
    ['^ü+$', 'üü', true],
    // One character beyond ASCII is several bytes.
    ['^.$', 'ü', false],
    ['^..$', 'ü', true],
    ['^[^a]{2}$', 'ü', true],
    [String.raw`\xc3`, 'ü', true],
    [String.raw`[\x80-\xff]`, 'ü', true],
    [String.raw`\u{fc}`, 'ü', true],
    [String.raw`\x41\x{42}\u0043`, 'ABC', true],
    [String.raw`^\d+\w\s\S\D\W$`, '12a xy-', true],
    [String.raw`\s`, '\v', true],
    [String.raw`[\s]`, '\v', true],
    [String.raw`^\S$`, '\v', false],
    [String.raw`^[\D]$`, '5', false],
    [String.raw`^[\W\d]+$`, '5-', true],
    [String.raw`^[^\s]$`, 'x', true],
    [String.raw`\bshop\b`, 'a shop b', true],
    [String.raw`\Bhop`, 'shop', true],
    [String.raw`\.\/\-\"`, './-"', true],
    ['[]a]', ']', true],
    ['[^]a]', 'b', true],
    ['[a-]', '-', true],
    [String.raw`[\]\\]`, '\\', true],
    ['[[:digit:]x]', '5', true],
    ['a{2,3}b', 'aaab', true],
    ['^a{2}$', 'aaa', false],
    ['a|b|', '', true],
    ['(?P<n>a)(?<m>b)', 'ab', true],
    [String.raw`(?u)\p{Greek}`, '\u03b1', true],
    [String.raw`(?u)^.$`, 'ü', true],
    ['(?u)[ä-ü]', 'ö', true],
    ['}', '}', true],
    ['', 'x', true],
  ])('%s on %j is %s', (pattern, value, expected) => {
    expect(test(pattern, value)).toBe(expected);
  });

  it('cannot tell a Unicode pattern on bytes that are not UTF-8', () => {
    const compiled = compileRegex(toByteString('(?u).'));
    expect(typeof compiled === 'string' ? compiled : compiled.test('\u00ff')).toBeNull();
  });
});

describe('what the engine refuses', () => {
  it.each([
    'a{',
    'a{x}',
    'a{3,2}',
    '{2}',
    '*a',
    '+',
    '(a',
    'a)',
    '[a',
    '(?P<n>a)(?<n>b)',
    '[z-a]',
    String.raw`[\w-\.]`,
    String.raw`\1`,
    '(?=a)',
    '(?!a)',
    '(?<=a)',
    '(?<!a)',
    String.raw`\p{Greek}`,
    String.raw`\pL`,
    String.raw`\Qa\E`,
    String.raw`\y`,
    'a\\',
    '[ü]',
    '(?q)',
    '(?)',
    String.raw`\x4`,
    String.raw`\u{110000}`,
  ])('%s', (pattern) => {
    expect(kindOf(pattern)).toBe('refused');
  });
});

describe('what is not evaluated because RE2 reads it differently', () => {
  it.each([
    '[a&&b]',
    '[a--b]',
    '[a~~b]',
    '[[a]b]',
    '(?x)a b',
    '(?R)a',
    'a{1001}',
    'a**',
    'a*+',
    String.raw`\<a`,
    String.raw`\b{start}a`,
    'a(?u)b',
    '(?u:a)',
    String.raw`(?u)\w`,
    String.raw`(?i)[\xe0]`,
  ])('%s', (pattern) => {
    expect(kindOf(pattern)).toBe('untranslated');
  });
});

describe('patterns that are slow elsewhere', () => {
  it.each([
    ['(a+)+$', false],
    ['^(a|aa)*$', false],
    ['(?:a?){30}a{30}', true],
    ['(.*)*b', false],
  ])('%s is run in linear time', (pattern, expected) => {
    expect(test(pattern, `${'a'.repeat(20_000)}c`)).toBe(expected);
  });
});
