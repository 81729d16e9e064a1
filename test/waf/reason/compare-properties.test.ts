/**
 * No request that is evaluated contradicts what a comparison says. Pairs are an expression and a change of it, or two of
 * a small vocabulary, so that proofs succeed often; requests are made of their literals and near misses. The full run is
 * set with SLUICE_PROPERTY_RUNS.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReadExpression } from '../../../scripts/waf/reason/read-expression.ts';
import type { Example } from '../../../scripts/waf/reason/compare/example.ts';
import { compileFilter } from '../../../scripts/waf/evaluate/compile.ts';
import { parseFilter } from '../../../scripts/waf/language/parser.ts';
import { requestFields } from '../../../scripts/waf/evaluate/request.ts';
import type { FieldInput, RecordedRequest } from '../../../scripts/waf/evaluate/request.ts';
import type { ListContent, Truth } from '../../../scripts/waf/evaluate/runtime.ts';
import { atomText, expressionText } from '../language/expression-arbitrary.ts';
import { plainRequest } from '../evaluate/request-builder.ts';
import { compareExpressions } from '../by-text.ts';

const runs = Number(process.env['SLUICE_PROPERTY_RUNS'] ?? 300);
const requestsPerPair = 80;
const longRun = 60_000 + runs * 50;

const texts = ['/a', '/ab', '/A', 'a', 'A', 'ab', 'b', '', '/a/b', 'shop.example', 'x.php'] as const;
const anyText = fc.constantFrom(...texts);
const quoted = anyText.map((value) => `"${value}"`);
const textValue = fc.constantFrom(
  'http.request.uri.path',
  'http.host',
  'http.user_agent',
  'http.request.headers["x"][0]',
  'http.request.uri.args["q"][0]',
  'lower(http.request.uri.path)',
  'upper(http.host)',
  'lower(http.request.headers["x"][0])',
  'substring(http.request.uri.path, 0, 2)',
  'coalesce(http.request.headers["x"][0], "a")',
);
const elements = fc.constantFrom(
  'http.request.headers["x"][*]',
  'http.request.uri.args["q"][*]',
  'lower(http.request.headers["x"][*])[*]',
  'http.request.headers.names[*]',
);

function textTest(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    fc
      .tuple(value, fc.constantFrom('eq', 'ne', 'contains', 'lt', 'ge'), quoted)
      .map((parts) => parts.join(' ')),
    fc.tuple(value, fc.array(quoted, { maxLength: 3 })).map(([left, set]) => `${left} in {${set.join(' ')}}`),
    fc
      .tuple(
        value,
        fc.constantFrom('wildcard', 'strict wildcard'),
        fc.constantFrom('"/a*"', '"*b"', '"*A*"', '"a"', '"/a*b"'),
      )
      .map((parts) => parts.join(' ')),
    fc
      .tuple(
        value,
        fc.constantFrom(
          '"^/a"',
          '"b$"',
          '"^(a|b)$"',
          '"(?i)^/A"',
          '"^/[a-z]+$"',
          String.raw`"\.php$"`,
          '"a|/b"',
        ),
      )
      .map(([left, pattern]) => `${left} matches ${pattern}`),
  );
}

const smallAtom: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: textTest(textValue) },
  fc
    .tuple(fc.constantFrom('starts_with', 'ends_with'), textValue, quoted)
    .map(([name, value, literal]) => `${name}(${value}, ${literal})`),
  fc
    .tuple(
      fc.constantFrom('len(http.request.uri.path)', 'len(http.request.headers["x"][0])', 'ip.src.asnum'),
      fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge'),
      fc.integer({ min: -1, max: 4 }),
    )
    .map((parts) => parts.join(' ')),
  fc.constantFrom(
    'ip.src.asnum in {1..3}',
    'ip.src.asnum in {2 4}',
    'ip.src in {10.0.0.0/8}',
    'ip.src in {10.1.0.0/16 ::1}',
    'ip.src eq 10.1.2.3',
    'ip.src ne ::1',
    'ip.src in $office',
    'ssl',
    'http.host eq http.user_agent',
    'http.request.method in {"GET" "POST"}',
    'http.request.method eq "GET"',
  ),
  fc
    .tuple(fc.constantFrom('any', 'all'), fc.constantFrom('', 'not '), textTest(elements))
    .map(([name, not, test]) => `${name}(${not}${test})`),
);

interface Tree {
  readonly operator: string;
  readonly parts: readonly (Tree | string)[];
}

/** Tests of one thing only, so that each has to do with every other. */
function testsOf(value: string, array: string | null): fc.Arbitrary<string> {
  const forms = fc.constantFrom(value, value, value, `lower(${value})`, `upper(${value})`);
  const lengths = fc
    .tuple(fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge'), fc.integer({ min: -1, max: 3 }))
    .map((parts) => `len(${value}) ${parts.join(' ')}`);
  const affixes = fc
    .tuple(fc.constantFrom('starts_with', 'ends_with'), forms, quoted)
    .map(([name, form, literal]) => `${name}(${form}, ${literal})`);
  const plain = [{ weight: 5, arbitrary: textTest(forms) }, lengths, affixes];
  if (array === null) {
    return fc.oneof(...plain);
  }
  const each = textTest(fc.constantFrom(`${array}[*]`, `lower(${array}[*])[*]`));
  const quantified = fc
    .tuple(fc.constantFrom('any', 'all'), fc.constantFrom('', 'not '), each)
    .map(([name, not, test]) => `${name}(${not}${test})`);
  return fc.oneof(...plain, { weight: 5, arbitrary: quantified });
}

const numberTests = fc.oneof(
  fc
    .tuple(fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge'), fc.integer({ min: 0, max: 5 }))
    .map((parts) => `ip.src.asnum ${parts.join(' ')}`),
  fc
    .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 5 }))
    .map(
      ([from, more, other]) => `ip.src.asnum in {${String(from)}..${String(from + more)} ${String(other)}}`,
    ),
);
const addressTests = fc.oneof(
  fc
    .tuple(fc.constantFrom('eq', 'ne'), fc.constantFrom('10.1.2.3', '10.2.0.1', '::1', '192.0.2.5'))
    .map((parts) => `ip.src ${parts.join(' ')}`),
  fc
    .array(
      fc.constantFrom(
        '10.0.0.0/8',
        '10.1.0.0/16',
        '10.1.2.3',
        '::/0',
        '::1',
        '0.0.0.0/0',
        '10.2.0.0..10.9.0.0',
      ),
      {
        maxLength: 3,
      },
    )
    .map((elementsOf) => `ip.src in {${elementsOf.join(' ')}}`),
);

/** Kinds of focused pairs, and the weight of each. */
const focuses: readonly fc.Arbitrary<string>[] = [
  testsOf('http.request.uri.path', null),
  testsOf('http.user_agent', null),
  testsOf('http.request.headers["x"][0]', 'http.request.headers["x"]'),
  testsOf('http.request.uri.args["q"][0]', 'http.request.uri.args["q"]'),
  numberTests,
  addressTests,
];

function smallTree(atom: fc.Arbitrary<string>): fc.Arbitrary<Tree | string> {
  return fc.oneof(
    { weight: 3, arbitrary: atom },
    fc.record({
      operator: fc.constantFrom('and', 'or', 'xor', 'not'),
      parts: fc.array(atom, { minLength: 1, maxLength: 3 }),
    }),
  );
}

const { tree } = fc.letrec<{ tree: Tree | string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    { weight: 2, arbitrary: fc.oneof({ weight: 4, arbitrary: smallAtom }, atomText) },
    fc.record({
      operator: fc.constantFrom('and', 'or', 'and', 'or', 'xor', 'not'),
      parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

function print(node: Tree | string): string {
  if (typeof node === 'string') {
    return node;
  }
  const parts = node.parts.map((part) => `(${print(part)})`);
  return node.operator === 'not' ? `not (${parts.join(' and ')})` : parts.join(` ${node.operator} `);
}

interface Choice {
  readonly at: number;
  readonly how: number;
  readonly atom: string;
}

/** Changes one place of the tree. */
function changed(node: Tree | string, { at, how, atom }: Choice): Tree | string {
  if (typeof node !== 'string' && at % 3 !== 0) {
    const index = at % node.parts.length;
    const parts = node.parts.map((part, place) =>
      place === index ? changed(part, { at: Math.floor(at / 3), how, atom }) : part,
    );
    return { ...node, parts };
  }
  switch (how % 7) {
    case 0:
      return { operator: 'or', parts: [node, atom] };
    case 1:
      return { operator: 'and', parts: [node, atom] };
    case 2:
      return atom;
    case 3:
      return { operator: 'not', parts: [{ operator: 'not', parts: [node] }] };
    case 4:
      return typeof node === 'string'
        ? node.replace(' ne ', ' eq ')
        : { ...node, parts: node.parts.toReversed() };
    case 5:
      return typeof node === 'string'
        ? node.replace('"/a"', '"/ab"')
        : { ...node, parts: node.parts.slice(0, 1) };
    default:
      return {
        operator: 'or',
        parts: [
          { operator: 'and', parts: [node, atom] },
          { operator: 'and', parts: [node, { operator: 'not', parts: [atom] }] },
        ],
      };
  }
}

const choice = fc.record({ at: fc.nat(80), how: fc.nat(6), atom: smallAtom });
const focused: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  ...focuses.map((atom) => {
    const small = smallTree(atom);
    return fc.oneof(
      fc.tuple(small, small).map(([a, b]) => [print(a), print(b)] as const),
      fc
        .tuple(small, fc.record({ at: fc.nat(80), how: fc.nat(6), atom }))
        .map(([node, how]) => [print(node), print(changed(node, how))] as const),
    );
  }),
);
const pair: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  { weight: 10, arbitrary: focused },
  {
    weight: 4,
    arbitrary: fc.tuple(tree, choice).map(([node, how]) => [print(node), print(changed(node, how))] as const),
  },
  { weight: 1, arbitrary: fc.tuple(tree, tree).map(([a, b]) => [print(a), print(b)] as const) },
  { weight: 1, arbitrary: fc.tuple(expressionText, expressionText) },
);

const literalPattern = /"((?:[^"\\]|\\.)*)"/gu;

/** Literals of the pair, and what is nearly one. */
function wordsOf(pairOfTexts: readonly string[]): readonly string[] {
  const inside = pairOfTexts.flatMap((given) =>
    [...given.matchAll(literalPattern)].flatMap(([, found = '']) => found.split(/[*^$|()?+[\]]+/u)),
  );
  const found = [...new Set(inside)].slice(0, 8);
  const near = found.flatMap((word) => [
    word,
    `${word}b`,
    `x${word}`,
    word.slice(0, -1),
    word.toUpperCase(),
    word.toLowerCase(),
    ...found.map((other) => word + other),
  ]);
  return [...new Set(near)];
}

function requestOf(words: readonly string[], pick: (size: number) => number): RecordedRequest {
  const word = (): string => {
    const own = words[pick(words.length + 2)];
    return own ?? texts[pick(texts.length)] ?? '';
  };
  const some = <T>(value: T): readonly T[] => (pick(3) === 0 ? [] : [value]);
  const fields: [string, FieldInput][] = [
    ...some(['ip.src.asnum', pick(6)] as [string, FieldInput]),
    ...some(['cf.client.bot', pick(2) === 0] as [string, FieldInput]),
    ...some(['cf.edge.server_port', pick(3) * 443] as [string, FieldInput]),
  ];
  const headers = [
    ...some(['x', word()] as const),
    ...some(['x', word()] as const),
    ...some(['x-a', word()] as const),
    ...some(['user-agent', word()] as const),
    ...some(['referer', word()] as const),
  ];
  const query = [...some(`q=${word()}`), ...some(`q=${word()}`)].join('&');
  return {
    ...plainRequest,
    method: ['GET', 'POST', 'PUT'][pick(3)] ?? 'GET',
    scheme: pick(2) === 0 ? 'https' : 'http',
    host: word(),
    target: `${word()}${query === '' ? '' : `?${query}`}`,
    httpVersion: pick(2) === 0 ? 'HTTP/1.1' : 'HTTP/2',
    headers,
    hasAllHeaders: pick(4) !== 0,
    clientAddress: ['10.1.2.3', '10.2.0.1', '::1', '192.0.2.5', null][pick(5)] ?? null,
    fields: Object.fromEntries(fields),
  };
}

/** A repeatable sequence of numbers from the seed. */
function picker(seed: number): (size: number) => number {
  let state = seed | 1;
  return (size) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    state ^= state >>> 13;
    return (state >>> 0) % size;
  };
}

const officeLists: readonly ReadonlyMap<string, ListContent>[] = [true, false].map(
  (inside) => new Map([['office', { contains: () => inside }]]),
);

/** Both answers for many requests, every reading of missing values and of lists. */
function* answers(pairOfTexts: readonly [string, string], seed: number): Generator<readonly [Truth, Truth]> {
  const [before, after] = pairOfTexts.map((given) => parseFilter(given).expression);
  if (before === undefined || after === undefined) {
    return;
  }
  const words = wordsOf(pairOfTexts);
  const pick = picker(seed);
  const tests = [false, true].flatMap((missingNotEqual) =>
    officeLists.map((known) =>
      [before, after].map((tested) => compileFilter(tested, { lists: known, missingNotEqual })),
    ),
  );
  for (let count = 0; count < requestsPerPair; count += 1) {
    const fields = requestFields(requestOf(words, pick));
    for (const [first, second] of tests) {
      yield [first?.(fields) ?? false, second?.(fields) ?? false];
    }
  }
}

/** What a request shows against a comparison; null when nothing does. */
function contradiction(given: readonly [string, string], seed: number): string | null {
  const { gains, loses } = compareExpressions(...given);
  for (const [before, after] of answers(given, seed)) {
    if (gains === 'no' && after === true && before === false) {
      return `gains nothing, but a request is matched by the second only: ${given.join(' -> ')}`;
    }
    if (loses === 'no' && before === true && after === false) {
      return `loses nothing, but a request is matched by the first only: ${given.join(' -> ')}`;
    }
  }
  return null;
}

/** What the two expressions answer to an example that only the first of them should match. */
function answersTo(example: Example, matched: string, unmatched: string): readonly Truth[] {
  const lists = new Map(example.lists.map(({ name, contains }) => [name, { contains: () => contains }]));
  const settings = { lists, missingNotEqual: example.missingNotEqual };
  return [matched, unmatched].map((text) =>
    compileFilter(parseFilter(text).expression, settings)(requestFields(example.request)),
  );
}

describe('comparing generated expressions', () => {
  it('never denies a difference that a request shows', { timeout: longRun }, () => {
    const counts = new Map<string, number>();
    fc.assert(
      fc.property(pair, fc.integer(), (given, seed) => {
        const { relation } = compareExpressions(...given);
        counts.set(relation, (counts.get(relation) ?? 0) + 1);
        expect(contradiction(given, seed)).toBeNull();
      }),
      { numRuns: runs, seed: 20261126 },
    );
    expect([...counts.keys()].toSorted()).toStrictEqual([
      'different',
      'equivalent',
      'narrower',
      'unknown',
      'wider',
    ]);
    expect((counts.get('unknown') ?? 0) / runs).toBeLessThan(0.3);
  });

  it('shows examples that are what they say', { timeout: longRun }, () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const { gained, lost } = compareExpressions(before, after);
        const shown = [
          ...(gained === null ? [] : [answersTo(gained, after, before)]),
          ...(lost === null ? [] : [answersTo(lost, before, after)]),
        ];
        expect(shown).toStrictEqual(shown.map(() => [true, false]));
      }),
      { numRuns: runs, seed: 20261126 },
    );
  });

  it('never calls constant what a request contradicts', { timeout: longRun }, () => {
    fc.assert(
      fc.property(pair, fc.integer(), ([given], seed) => {
        const constant = new ReadExpression(given).constant;
        const against = constant === null ? [] : [...answers([given, given], seed)];
        expect(against.filter(([truth]) => truth === !constant)).toStrictEqual([]);
      }),
      { numRuns: runs, seed: 20261126 },
    );
  });
});
