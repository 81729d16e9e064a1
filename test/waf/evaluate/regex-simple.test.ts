/** Simple patterns run in JavaScript's engine: it must say the same as RE2, and nothing costly may get there. */
import { array, assert, constantFrom, property, tuple } from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { translateRegex } from '../../../scripts/waf/evaluate/regex.ts';
import { simpleRegex } from '../../../scripts/waf/evaluate/regex-simple.ts';

const pieces = [
  'a',
  'B',
  '/',
  '0',
  '\\.',
  '[a-c]',
  '[^0-9_]',
  '(',
  '(?:',
  ')',
  '|',
  '^',
  '$',
  '?',
  '-',
  ' ',
  '"',
  '%',
];

describe('patterns for the engine of JavaScript', () => {
  it.each([
    '^/(login|account)/v3(/|$)',
    '(?i)^/wp-(admin|login)',
    '\\.php$',
    '^https?://shop\\.example/',
    '/\\.git/|/\\.svn/',
  ])('%s is simple', (pattern) => {
    expect(simpleRegex(pattern)).not.toBeNull();
  });

  it.each([
    ['unbounded repetition', '(a+)+$'],
    ['a star', '^/api/.*'],
    ['a counted repetition', 'a{3}'],
    ['a dot, which means something else', '^/.ip'],
    ['a class of blanks, which means something else', '\\s'],
    ['too many ways', '(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)'],
    ['too many optional parts', 'a?a?a?a?a?a?a?a'],
    ['a lazy optional part', 'a??'],
    ['flags within', 'a(?i)b'],
    ['an open group', '(a'],
    ['a closed group', 'a)'],
    ['bytes beyond ASCII', 'é'],
    ['a back-reference', '(a)\\1'],
    ['look-around', '(?=a)'],
  ])('%s is left to RE2', (_, pattern) => {
    expect(simpleRegex(pattern)).toBeNull();
  });

  it('says the same as RE2 about every byte string', () => {
    const pattern = tuple(constantFrom('', '(?i)'), array(constantFrom(...pieces), { maxLength: 12 })).map(
      ([flag, parts]) => flag + parts.join(''),
    );
    const values = array(
      array(
        constantFrom('a', 'b', 'A', 'c', '/', '0', '.', '-', ' ', '"', '%', '\n', '\r', '\xa0', '\xe9', '_'),
        { maxLength: 10 },
      ),
      { minLength: 5, maxLength: 5 },
    );
    let compared = 0;
    assert(
      property(pattern, values, (source, texts) => {
        const simple = simpleRegex(source);
        const translated = translateRegex(source);
        if (simple === null || !translated.ok) {
          return;
        }
        const re2 = RE2JS.compile(translated.source);
        for (const text of texts.map((parts) => parts.join(''))) {
          compared += 1;
          expect([source, text, simple.test(text)]).toEqual([source, text, re2.test(text)]);
        }
      }),
      { numRuns: Number(process.env['SLUICE_FUZZ_RUNS'] ?? 3000), seed: 7 },
    );
    expect(compared).toBeGreaterThan(1000);
  });
});
