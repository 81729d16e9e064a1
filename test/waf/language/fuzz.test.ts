import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFilter } from '../../../scripts/waf/reason/check.ts';
import { maxDiagnostics } from '../../../scripts/waf/language/diagnostics.ts';
import { parseFilter, parseValueExpression } from '../../../scripts/waf/language/parser.ts';
import { printExpression } from '../../../scripts/waf/language/print.ts';
import { expressionText } from './expression-arbitrary.ts';
import { fuzzRuns } from './fuzz-runs.ts';
import { analyseExpression } from '../by-text.ts';

/** Pieces of the language and of its mistakes; random strings of them reach deep into the parser. */
const pieces = [
  'http.host',
  'ip.src',
  'ssl',
  'ip.src.asnum',
  'http.request.headers',
  'http.request.headers.names',
  'nope',
  'true',
  'any(',
  'all(',
  'lower(',
  'len(',
  'concat(',
  'nope(',
  'starts_with',
  '(',
  ')',
  '[*]',
  '["a"]',
  '[0]',
  "['a']",
  '[',
  ']',
  ' eq ',
  ' == ',
  ' in ',
  ' not in ',
  ' contains ',
  ' matches ',
  ' wildcard ',
  ' strict wildcard ',
  '&',
  '=',
  ' like ',
  ' and ',
  ' or ',
  ' xor ',
  '&&',
  '||',
  '^^',
  ' not ',
  '!',
  ' AND ',
  '"a"',
  '"',
  "'",
  String.raw`"\."`,
  String.raw`"\"`,
  'r"',
  'r#"a"#',
  '{',
  '}',
  '{1 2}',
  '{"a","b"}',
  '{10.0.0.0/8}',
  '$list',
  '$',
  '1',
  '010',
  '0x',
  '-',
  '10.0.0.1',
  '10.0.0.0/8',
  '2f:61',
  '::1',
  '1..5',
  '..',
  ',',
  ' ',
  '\t',
  '\n',
  'ü',
  '\u{1f600}',
  '\ud800',
  '\u201c',
];

const broken = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''));
const anyText = fc.oneof(broken, fc.string({ unit: 'binary', maxLength: 200 }), expressionText);

/** Looks at characters per character of text, as measured with room to spare; what matters is that it is a constant. */
const maxStepsPerCharacter = 128;

describe('any text at all', () => {
  it('is read, checked, printed and analysed without a crash, with every message inside the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const parsed = parseFilter(text);
        const found = checkFilter(parsed);
        printExpression(parsed.expression);
        parseValueExpression(text);
        const analysis = analyseExpression(text);
        expect(found.length).toBeLessThanOrEqual(2 * maxDiagnostics);
        for (const { span, line, column } of found) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.start).toBeLessThanOrEqual(text.length);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          const before = text.slice(0, span.start).split('\n');
          expect([line, column]).toStrictEqual([before.length, (before.at(-1)?.length ?? 0) + 1]);
        }
        expect(analysis.parsed || found.some(({ severity }) => severity === 'error')).toBe(true);
      }),
      { numRuns: fuzzRuns(3000), seed: 20261123 },
    );
  });

  it('takes a number of steps in proportion to its length', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, times) => {
        const long = text.repeat(times);
        expect(parseFilter(long).steps).toBeLessThanOrEqual(maxStepsPerCharacter * (long.length + 10));
      }),
      { numRuns: fuzzRuns(2000), seed: 20261123 },
    );
  });

  it.each(pieces)('is linear for %j repeated', (piece) => {
    const long = piece.repeat(Math.ceil(20_000 / piece.length));
    expect(parseFilter(long).steps).toBeLessThanOrEqual(maxStepsPerCharacter * long.length);
  });
});

describe('legal text', () => {
  it('is accepted, and printing it gives text that reads as the same tree', () => {
    fc.assert(
      fc.property(expressionText, (text) => {
        const parsed = parseFilter(text);
        expect(checkFilter(parsed).filter(({ severity }) => severity === 'error')).toStrictEqual([]);
        const printed = printExpression(parsed.expression);
        expect(withoutPlaces(parseFilter(printed).expression)).toStrictEqual(
          withoutPlaces(parsed.expression),
        );
      }),
      { numRuns: fuzzRuns(2000), seed: 20261123 },
    );
  });
});

function withoutPlaces(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value: unknown) =>
      key.toLowerCase().endsWith('span') ? undefined : typeof value === 'bigint' ? `${value}n` : value,
    ),
  );
}
