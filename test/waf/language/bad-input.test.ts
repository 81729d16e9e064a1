/** Input that is made to hurt gets a clear refusal or a plain answer, in a number of steps that its length bounds. */
import { describe, expect, it } from 'vitest';
import { checkFilter } from '../../../scripts/waf/reason/check.ts';
import { toByteString } from '../../../scripts/waf/language/literals.ts';
import { parseFilter, parseValueExpression } from '../../../scripts/waf/language/parser.ts';
import { compileRegex, translateRegex } from '../../../scripts/waf/evaluate/regex.ts';
import { evaluate } from '../evaluate/request-builder.ts';
import { analyseExpression } from '../by-text.ts';

const tenMegabytes = 10 * 1024 * 1024;

function filled(head: string, piece: string, tail = ''): string {
  return head + piece.repeat(Math.ceil(tenMegabytes / piece.length)) + tail;
}

describe('an expression of 10 MB', () => {
  it.each([
    ['brackets', filled('', '(')],
    ['a chain', filled('ssl', ' or ssl')],
    ['one string', filled('http.host eq "', 'a', '"')],
    ['an open string', filled('http.host eq "', '\\"')],
    ['a set', filled('ip.src in {', '10.0.0.1 ', '}')],
    ['a raw string', filled('http.host eq r', '#')],
    ['blanks inside', filled('ssl', ' ', 'and ssl')],
    ['blanks around', filled('', ' ', 'ssl')],
    ['a name', filled('', 'a')],
    ['no text at all', filled('', '\u0000')],
  ])('of %s is refused by its length, and not read', (_, text) => {
    const parsed = parseFilter(text);
    expect(parsed.steps).toBeLessThan(100);
    const [problem, ...more] = checkFilter(parsed);
    expect([problem?.code, more]).toEqual(['too-long', []]);
    expect(problem?.message).toMatch(/^\d+ characters; Cloudflare takes at most 4096/);
    expect(analyseExpression(text).parsed).toBe(false);
    expect(parseValueExpression(text).value).toBeNull();
  });
});

describe('a pattern that is slow elsewhere', () => {
  const value = `${'a'.repeat(50_000)}!`;

  it.each([
    ['(a+)+$', false],
    ['(a|aa)+$', false],
    ['(a|a)*b', false],
    ['(.*)*b', false],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', false],
    ['(?:a?){50}a{50}', true],
    ['a*a*a*a*a*a*a*b', false],
    [String.raw`(\w+\s?)*$`, true],
  ])('%s is answered: %s', (pattern, expected) => {
    const compiled = compileRegex(pattern);
    expect(typeof compiled === 'string' ? compiled : compiled.test(value)).toBe(expected);
  });

  it.each(['((a{1000}){1000}){1000}', '(a{1000}){1000}', `${'('.repeat(2000)}a${')'.repeat(2000)}`])(
    '%s is named as one that is not evaluated, or answered',
    (pattern) => {
      const compiled = compileRegex(pattern);
      expect(typeof compiled === 'string' ? compiled.length : compiled.test('b')).not.toBe(0);
    },
  );
});

describe('bytes that are not UTF-8', () => {
  it('is refused as a pattern, and compared byte by byte as a value', () => {
    expect(translateRegex('\u00ff\u00fe')).toMatchObject({
      ok: false,
      kind: 'refused',
      message: 'the pattern is not valid UTF-8',
    });
    const broken = { body: '\u00ff\u00fea' };
    expect(evaluate(String.raw`http.request.body.raw contains "\xfe\x61"`, broken)).toBe(true);
    expect(evaluate('len(http.request.body.raw) eq 3', broken)).toBe(true);
    expect(evaluate('http.request.body.raw matches "(?u)^.a$"', broken)).toEqual([
      'regular expression with (?u) on bytes that are not UTF-8',
    ]);
  });

  it('in an expression are what a lone half of a character becomes', () => {
    expect(evaluate('http.host eq "\ud800"', { host: '\ufffd' })).toBe(true);
    expect(toByteString('\ud800')).toBe('\u00ef\u00bf\u00bd');
  });
});
