/** The translator of regular expressions on random patterns. `SLUICE_FUZZ_RUNS` sets how many are tried. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toByteString } from '../../../scripts/waf/language/literals.ts';
import { compileRegex, translateRegex } from '../../../scripts/waf/evaluate/regex.ts';
import { fuzzRuns } from '../language/fuzz-runs.ts';

const raw = String.raw;

const pieces = [
  'a',
  'b',
  '.',
  '*',
  '+',
  '?',
  '{2}',
  '{',
  '}',
  '(',
  ')',
  '(?i)',
  '(?u)',
  '(?:',
  '[',
  ']',
  '[^',
  '-',
  '|',
  '^',
  '$',
  '\\',
  raw`\d`,
  raw`\x41`,
  raw`\p{L}`,
  'ü',
  '&&',
  '[:alpha:]',
  '(?P<n>',
  '(?s)',
  raw`\b`,
  '{3,1}',
  raw`\u{fc}`,
  raw`\Q`,
  '(?=',
  '(?<',
  '{1000}',
  '{1001}',
  '\u{1f600}',
  '\ud800',
  '\n',
  '"',
  ' ',
  '#',
];

/** Patterns that JavaScript reads as Rust does, on texts of ASCII without line ends. */
const shared: fc.Arbitrary<string> = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '[a-c]', raw`\d`, raw`\w`, raw`\.`, '-', '/', '1'),
    tie('pattern').map((inner) => `(?:${inner})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '*?', '+?'))
      .map(([inner, times]) => `(?:${inner})${times}`),
    fc.tuple(tie('pattern'), tie('pattern')).map((both) => both.join('')),
    fc.tuple(tie('pattern'), tie('pattern')).map((both) => `(?:${both.join('|')})`),
    tie('pattern').map((inner) => `^${inner}`),
    tie('pattern').map((inner) => `${inner}$`),
  ),
})).pattern;

describe('any pattern at all', () => {
  it('is translated or refused without a crash, and a translated one compiles', () => {
    const anyPattern = fc.oneof(
      fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => toByteString(parts.join(''))),
      // Any bytes, also such as are not UTF-8.
      fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    );
    fc.assert(
      fc.property(anyPattern, (pattern) => {
        const compiled = compileRegex(pattern);
        expect(translateRegex(pattern).ok).toBe(typeof compiled !== 'string');
      }),
      { numRuns: fuzzRuns(3000), seed: 20261123 },
    );
  });

  it('matches as JavaScript does where the two read a pattern the same', () => {
    const value = fc.array(fc.constantFrom('a', 'b', 'c', '1', '-', '.', '/'), { maxLength: 8 });
    fc.assert(
      fc.property(shared, value, (pattern, parts) => {
        const compiled = compileRegex(pattern);
        const text = parts.join('');
        expect(typeof compiled === 'string' ? compiled : compiled.test(text)).toBe(
          new RegExp(pattern).test(text),
        );
      }),
      { numRuns: fuzzRuns(2000), seed: 20261126 },
    );
  });
});
