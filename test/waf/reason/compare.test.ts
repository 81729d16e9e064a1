import { describe, expect, it } from 'vitest';
import { implies } from '../../../scripts/waf/reason/compare/proof.ts';
import { ReadExpression } from '../../../scripts/waf/reason/read-expression.ts';
import { showComparison } from '../../../scripts/waf/reason/compare/show.ts';
import { parseFilter } from '../../../scripts/waf/language/parser.ts';
import { missing, numbers, structure, texts, untold, uris } from './compare-cases.ts';
import type { Case } from './compare-cases.ts';
import { compareExpressions, findShadows } from '../by-text.ts';

const tables: readonly (readonly [string, readonly Case[]])[] = [
  ['texts', texts],
  ['paths, queries and URIs', uris],
  ['numbers and addresses', numbers],
  ['missing values and arrays', missing],
  ['and, or, not, xor', structure],
  ['what cannot be told', untold],
];

const opposite = {
  equivalent: 'equivalent',
  narrower: 'wider',
  wider: 'narrower',
  different: 'different',
  unknown: 'unknown',
} as const;

describe.each(tables)('%s', (_, cases) => {
  const pairs = cases.map(([relation, before, after]) => ({ relation, before, after }));

  it.each(pairs)('$relation: $before -> $after', ({ relation, before, after }) => {
    expect(compareExpressions(before, after).relation).toBe(relation);
  });

  it.each(pairs)('$relation, seen from the other side: $before -> $after', ({ relation, before, after }) => {
    expect(compareExpressions(after, before).relation).toBe(opposite[relation]);
  });
});

function shown(before: string, after: string): ReturnType<typeof showComparison> {
  return showComparison(compareExpressions(before, after));
}

describe('what is shown', () => {
  it('says in one line what changes, with an example', () => {
    const { line } = shown(
      'http.host eq "shop.example" and http.request.method eq "POST" and http.request.uri.path eq "/basket"',
      'http.host eq "shop.example" and http.request.method eq "POST" and starts_with(http.request.uri.path, "/b")',
    );
    expect(line).toBe(
      'wider: also matches POST shop.example/b (example); tests: + http.request.uri.path starts with "/b", - http.request.uri.path is "/basket"',
    );
  });

  it('gives a command that sends the example, quoted for a shell', () => {
    const [example] = shown(
      'false',
      `http.request.uri.path eq "/it's" and http.user_agent eq "a'b"`,
    ).examples;
    expect(example?.curl).toBe(
      String.raw`curl --path-as-is --globoff -H 'accept:' -H 'user-agent: a'\''b' 'https://www.example.com/it'\''s'`,
    );
  });

  it('gives no command for what curl cannot send', () => {
    const [example] = shown('false', 'http.request.uri.path eq "no slash"').examples;
    expect(example).toMatchObject({ target: 'no slash', curl: null });
  });

  it('tells address, country, lists and the reading of missing values that an example needs', () => {
    const [example] = shown(
      'false',
      'ip.src eq 192.0.2.9 and ip.src.country eq "FR" and http.host in $shops and not ip.src in $office',
    ).examples;
    expect(example).toMatchObject({
      address: '192.0.2.9',
      country: 'FR',
      assumed: ['in the list $shops', 'not in the list $office'],
    });
    const [other] = shown(
      'false',
      'http.request.headers["x"][0] ne "" and not http.request.headers["x"][0] contains ""',
    ).examples;
    expect(other?.assumed).toStrictEqual(['a missing value counts as not equal']);
  });

  it('counts elements of sets one by one', () => {
    const { added, removed } = shown('http.host in {"a" "b"}', 'http.host in {"b" "c"}');
    expect({ added, removed }).toStrictEqual({
      added: ['http.host is one of "c"'],
      removed: ['http.host is one of "a"'],
    });
  });

  it('says which direction could not be told', () => {
    const { gains, loses, line } = shown(
      'ssl',
      'ssl and is_timed_hmac_valid_v0("a", http.request.uri, 60, http.request.timestamp.sec)',
    );
    expect([gains, loses]).toStrictEqual(['no', 'unknown']);
    expect(line).toMatch(/^unknown: whether it matches less than before could not be told; tests: /u);
  });
});

describe('proofs', () => {
  const tree = (text: string) => parseFilter(text).expression;
  const constantOf = (text: string) => new ReadExpression(text).constant;

  it('find constants that only several parts together make', () => {
    const contradiction = '(http.host eq "a" or http.host eq "b") and starts_with(http.host, "c")';
    expect(constantOf(contradiction)).toBe(false);
    expect(constantOf(`not (${contradiction})`)).toBe(true);
    expect(constantOf('http.host eq "a" or http.host ne "a"')).toBe(true);
    expect(
      constantOf('http.request.headers["x"][0] eq "a" or http.request.headers["x"][0] ne "a"'),
    ).toBeNull();
    expect(constantOf('http.host eq "a"')).toBeNull();
  });

  it('stop when their work is spent, and then say nothing', () => {
    const crowd = (pigeons: number, holes: number): string => {
      const at = (pigeon: number, hole: number): string =>
        `http.request.headers["${pigeon}-${hole}"][0] eq "1"`;
      const range = (size: number): readonly number[] => Array.from({ length: size }, (_, index) => index);
      const somewhere = range(pigeons).map(
        (p) =>
          `(${range(holes)
            .map((h) => at(p, h))
            .join(' or ')})`,
      );
      const apart = range(holes).flatMap((h) =>
        range(pigeons).flatMap((p) => range(p).map((q) => `not (${at(p, h)} and ${at(q, h)})`)),
      );
      return [...somewhere, ...apart].join(' and ');
    };
    expect(constantOf(crowd(3, 2))).toBe(false);
    expect(constantOf(crowd(8, 7))).toBeNull();
  });

  it('hold for one direction at a time', () => {
    expect(implies(tree('http.host eq "a"'), tree('http.host in {"a" "b"}'))).toBe(true);
    expect(implies(tree('http.host in {"a" "b"}'), tree('http.host eq "a"'))).toBe(false);
  });

  it('find the first rule that takes all requests of a later one', () => {
    const rule = (ref: string, expression: string, ends = true) => ({ ref, expression, ends });
    const shadows = findShadows([
      rule('log', 'ssl', false),
      rule('broken', 'ssl eq'),
      rule('contains', 'http.request.uri.path contains "/a"'),
      rule('prefix', 'starts_with(http.request.uri.path, "/a")'),
      rule('same', 'http.request.uri.path strict wildcard "*/a*"'),
      rule('other', 'http.request.uri.path contains "/b"'),
      rule('never', 'false'),
    ]);
    expect(shadows.map(({ rule: { ref }, by, isSame }) => [ref, by.ref, isSame])).toStrictEqual([
      ['prefix', 'contains', false],
      ['same', 'contains', true],
    ]);
  });

  it('find a shadow at the end of a long list', () => {
    const others = Array.from({ length: 120 }, (_, at) => ({
      ref: `r${String(at)}`,
      expression: `http.host eq "h${String(at)}" and http.request.uri.path contains "/a"`,
      ends: true,
    }));
    const last = {
      ref: 'last',
      expression: 'http.host eq "h100" and http.request.uri.path eq "/ab"',
      ends: true,
    };
    expect(findShadows([...others, last]).map(({ rule, by }) => [rule.ref, by.ref])).toStrictEqual([
      ['last', 'r100'],
    ]);
  });
});
