/** What is said about an expression without evaluating it must agree with what evaluating it says. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter, defaultSettings } from '../../../scripts/waf/evaluate/compile.ts';
import { parseFilter } from '../../../scripts/waf/language/parser.ts';
import { requestFields } from '../../../scripts/waf/evaluate/request.ts';
import type { RecordedRequest } from '../../../scripts/waf/evaluate/request.ts';
import { Unknown } from '../../../scripts/waf/evaluate/runtime.ts';
import { expressionText } from '../language/expression-arbitrary.ts';
import { plainRequest } from '../evaluate/request-builder.ts';
import { analyseExpression, canonicalFilter, formatFilter } from '../by-text.ts';

const word = fc.constantFrom('', 'a', 'b', 'A', 'shop.example', '/a', '/login', 'none');

const anyRequest: fc.Arbitrary<RecordedRequest> = fc
  .record({
    host: fc.constantFrom('a', 'b', 'c', 'shop.example'),
    target: fc.constantFrom('/', '/a', '/login?q=a&q=b', '/a/x/b?x', '/api/v1?q='),
    scheme: fc.constantFrom('http' as const, 'https' as const),
    clientAddress: fc.constantFrom('10.1.2.3', '192.0.2.5', '2001:db8::1', '::1'),
    values: fc.array(word, { maxLength: 3 }),
    referer: fc.option(word),
    asn: fc.constantFrom(0, 3, 17, 31, 401),
  })
  .map(({ values, referer, asn, ...rest }) => ({
    ...plainRequest,
    ...rest,
    headers: [
      ...values.map((value) => ['X-A', value] as const),
      ...(referer === null ? [] : [['Referer', referer] as const]),
    ],
    fields: {
      'ip.src.asnum': asn,
      'cf.edge.server_port': 443,
      'http.request.timestamp.sec': 5,
      'cf.client.bot': false,
    },
  }));

const lists = new Map([['office', { contains: () => false }]]);

function truthOf(text: string, request: RecordedRequest, missingNotEqual: boolean): boolean | string {
  const settings = { ...defaultSettings, lists, missingNotEqual };
  const truth = compileFilter(parseFilter(text).expression, settings)(requestFields(request));
  return truth instanceof Unknown ? truth.causes.join() : truth;
}

/** Expressions about few hosts and values, so that contradictions and matches are common. */
const smallAtom = fc.constantFrom(
  'http.host eq "a"',
  'http.host eq "b"',
  'http.host ne "a"',
  'http.host in {"a" "c"}',
  'lower(http.host) eq "b"',
  'not http.host eq "a"',
  'http.request.full_uri wildcard "https://a/*"',
  'starts_with(http.request.full_uri, "http://b/")',
  'http.request.full_uri wildcard "*://a/*"',
  'ssl',
  'not ssl',
  'true',
  'false',
  'ip.src in {10.0.0.0/8}',
  'ip.src eq 10.1.2.3',
  'ip.src in {::/0}',
  'ip.src.asnum lt 10',
  'ip.src.asnum gt 5',
  'ip.src.asnum in {17 400..499}',
  'http.request.headers["x-a"][0] eq "a"',
  'http.request.headers["x-a"][0] ne "a"',
  'http.request.headers["x-a"][0] ne "b"',
  'any(http.request.headers["x-a"][*] eq "a")',
  'all(http.request.headers["x-a"][*] ne "a")',
  'all(not http.request.headers["x-a"][*] in {})',
  'http.request.headers["x-a"][0] in {}',
  'len(http.referer) ge 0',
  'http.referer contains ""',
  'http.host eq http.referer',
);

const smallExpression: fc.Arbitrary<string> = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3 },
    smallAtom,
    tie('expression').map((inner) => `not (${inner})`),
    fc
      .tuple(tie('expression'), fc.constantFrom('and', 'or', 'xor'), tie('expression'))
      .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
  ),
})).expression;

describe('analysis and evaluation agree', () => {
  it('about what is always true or always false', () => {
    let proven = 0;
    fc.assert(
      fc.property(smallExpression, anyRequest, fc.boolean(), (text, request, missingNotEqual) => {
        const { constant } = analyseExpression(text);
        proven += constant === null ? 0 : 1;
        expect(constant === null ? null : truthOf(text, request, missingNotEqual)).toBe(constant);
      }),
      { numRuns: 8000, seed: 20261123 },
    );
    expect(proven).toBeGreaterThan(500);
  });

  it('about the hosts that an expression can be true for', () => {
    let confined = 0;
    fc.assert(
      fc.property(smallExpression, anyRequest, fc.boolean(), (text, request, missingNotEqual) => {
        const { hosts } = analyseExpression(text);
        const isConfined = typeof hosts !== 'string' && truthOf(text, request, missingNotEqual) === true;
        confined += isConfined ? 1 : 0;
        expect(isConfined ? hosts : [request.host]).toContain(request.host);
      }),
      { numRuns: 8000, seed: 20261123 },
    );
    expect(confined).toBeGreaterThan(100);
  });

  it('about what formatting leaves as it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(expressionText, smallExpression),
        anyRequest,
        fc.boolean(),
        (text, request, missingNotEqual) => {
          const formatted = formatFilter(text);
          const before = truthOf(text, request, missingNotEqual);
          expect(formatted.ok && truthOf(formatted.value, request, missingNotEqual)).toBe(before);
          expect(truthOf(canonicalFilter(text) ?? '', request, missingNotEqual)).toBe(before);
        },
      ),
      { numRuns: 3000, seed: 20261123 },
    );
  });

  it('about expressions that say nothing unknown about a fully recorded request', () => {
    fc.assert(
      fc.property(expressionText, anyRequest, (text, request) => {
        expect(typeof truthOf(text, request, false)).toBe('boolean');
      }),
      { numRuns: 3000, seed: 20261123 },
    );
  });
});

describe('formatting', () => {
  it.each([
    ['((ssl))', 'ssl'],
    ['(http.host=="a")&&(not(ssl))', 'http.host eq "a" and not ssl'],
    ['(ssl or ssl) and ssl', '(ssl or ssl) and ssl'],
    ['http.host in { "a""b"\n}', 'http.host in {"a" "b"}'],
    ['ip.src.asnum in {0x10 010}', 'ip.src.asnum in {16 8}'],
    ['ip.src in {2001:0DB8::0/32}', 'ip.src in {2001:db8::/32}'],
    [String.raw`http.host eq "\x41\""`, String.raw`http.host eq "A\""`],
  ])('%s becomes %s', (text, expected) => {
    expect(formatFilter(text)).toStrictEqual({ ok: true, value: expected });
    expect(canonicalFilter(text)).toBe(expected);
  });

  it('puts one test on a line when one line is too long, and is stable', () => {
    const tests = Array.from({ length: 5 }, (_, index) => `http.request.uri.path contains "/path-${index}"`);
    const formatted = formatFilter(`ssl and not (${tests.join(' or ')})`);
    const text = formatted.ok ? formatted.value : '';
    expect(text.split('\n')).toStrictEqual([
      'ssl',
      'and not (',
      `  ${tests[0] ?? ''}`,
      ...tests.slice(1).map((test) => `  or ${test}`),
      ')',
    ]);
    expect(formatFilter(text)).toStrictEqual(formatted);
  });

  it('does not touch text with errors', () => {
    expect(formatFilter('ssl eq true')).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'boolean-comparison' }],
    });
    expect(canonicalFilter('ssl eq true')).toBeNull();
  });
});
