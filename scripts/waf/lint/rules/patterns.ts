/** Regular expressions that match something else, or more, than they look like. */
import type { ComparisonNode, StringLiteral } from '../../language/ast.ts';
import type { LintedExpression } from '../expression.ts';
import { rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';

const define = rulesFrom('Rust regex syntax; Cloudflare Rules language reference, operators');

interface Pattern {
  readonly comparison: ComparisonNode | null;
  readonly literal: StringLiteral;
}

function patternsOf(expression: LintedExpression): readonly Pattern[] {
  const compared = expression.comparisons.flatMap((comparison) =>
    comparison.operator === 'matches' && comparison.right.kind === 'string'
      ? [{ comparison, literal: comparison.right }]
      : [],
  );
  const replaced = expression.calls.flatMap(({ name, args: [, pattern] }) =>
    name === 'regex_replace' && pattern?.kind === 'string' ? [{ comparison: null, literal: pattern }] : [],
  );
  return [...compared, ...replaced];
}

/** Offsets of dots that match anything and stand for one character, outside classes. */
function plainDots(pattern: string): readonly number[] {
  const dots: number[] = [];
  let inClass = false;
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index];
    if (character === '\\') {
      index += 1;
    } else if (character === '[' || character === ']') {
      inClass = character === '[';
    } else if (character === '.' && !inClass && !/^[*+?{]/u.test(pattern.slice(index + 1))) {
      dots.push(index);
    }
  }
  return dots;
}

/** A dot before letters, as in `.png` or `shop.example`, was meant as a dot. */
function unescapedDot({ literal: { bytes } }: Pattern): string | null {
  const found = plainDots(bytes).find((dot) => /^\.(?:[a-z0-9]{2}|\([a-z?])/iu.test(bytes.slice(dot)));
  return found === undefined ? null : bytes.slice(Math.max(0, found - 12), found + 12);
}

function dotHits(expression: LintedExpression): readonly Hit[] {
  return patternsOf(expression).flatMap((pattern) => {
    const near = unescapedDot(pattern);
    return near === null
      ? []
      : [
          {
            message: `the dot in ${near} matches any character`,
            span: pattern.literal.span,
            suggestion: String.raw`\.`,
          },
        ];
  });
}

/** Found anywhere in every value: nothing, one anchor, or `.*` with and without anchors and brackets. */
const everything = /^(?:\(\?[a-z]+\))?(?:\^?|\$|\^?(?:\.\*\??|\(\.\*\??\))+\$?)$/u;

/** Bytes that stand for themselves in a pattern. */
const plain = /^[A-Za-z0-9 _/@%&=:;,!#'"~<>-]*$/u;

function literalForm(bytes: string): { readonly operator: string; readonly text: string } | null {
  const start = bytes.startsWith('^');
  const end = bytes.endsWith('$') && !bytes.endsWith(String.raw`\$`);
  const body = bytes.slice(start ? 1 : 0, end ? -1 : undefined).replaceAll(/\\([./])/gu, '$1');
  const isPlain = plain.test(body.replaceAll(/[.]/gu, '')) && !/(?<!\\)\./u.test(bytes);
  if (body === '' || !isPlain) {
    return null;
  }
  const operator = start ? (end ? 'eq' : 'starts_with') : end ? 'ends_with' : 'contains';
  return { operator, text: body };
}

function literalHits(expression: LintedExpression): readonly Hit[] {
  return patternsOf(expression).flatMap(({ comparison, literal }) => {
    const form = comparison === null ? null : literalForm(literal.bytes);
    if (comparison === null || form === null) {
      return [];
    }
    const value = expression.text.slice(comparison.left.span.start, comparison.left.span.end);
    const text = JSON.stringify(form.text);
    const suggestion =
      form.operator === 'eq' || form.operator === 'contains'
        ? `${value} ${form.operator} ${text}`
        : `${form.operator}(${value}, ${text})`;
    return [{ message: 'the pattern is a plain text', span: literal.span, suggestion }];
  });
}

/** Engine limit of one rule; octorules and the rule linter agree on it, the documentation does not name it. */
const maxPatterns = 64;

function countHits(expression: LintedExpression): readonly Hit[] {
  const count = patternsOf(expression).length;
  const last = patternsOf(expression)[maxPatterns];
  return last === undefined
    ? []
    : [
        {
          message: `${count} regular expressions in one rule, at most ${maxPatterns}`,
          span: last.literal.span,
        },
      ];
}

function escapeHits(expression: LintedExpression): readonly Hit[] {
  return patternsOf(expression).flatMap(({ literal }) => {
    const written = expression.text.slice(literal.span.start, literal.span.end);
    return literal.form !== 'raw' && (written.match(/\\/gu)?.length ?? 0) > 2
      ? [{ message: 'a raw string needs no thought about escapes', span: literal.span, suggestion: 'r"…"' }]
      : [];
  });
}

export const patternRules: readonly LintRule[] = [
  define(
    'regex-unescaped-dot',
    'warning',
    [
      'Dots in patterns are escaped where a dot is meant',
      'An unescaped dot matches any character: ".png" also matches "xpng" in the middle of a path.',
      'Write \\. and anchor the pattern, or use ends_with() or a set of extensions.',
    ],
    { on: 'expression', find: dotHits },
  ),
  define(
    'regex-everything',
    'warning',
    [
      'Patterns do not match everything',
      'The test holds for every value there is.',
      'Leave the test out, or say what is meant.',
    ],
    {
      on: 'expression',
      find: (expression) =>
        patternsOf(expression)
          .filter(({ comparison, literal }) => comparison !== null && everything.test(literal.bytes))
          .map(({ literal }) => ({ message: 'the pattern matches every value', span: literal.span })),
    },
  ),
  define(
    'regex-plain-text',
    'info',
    [
      'Plain texts need no regular expression',
      'contains, starts_with(), ends_with() and eq work on every plan and cannot be misread.',
      'Use the operator suggested.',
    ],
    { on: 'expression', find: literalHits },
  ),
  define(
    'regex-count',
    'warning',
    [
      'At most 64 regular expressions in a rule',
      'The engine refuses rules with more.',
      'Join patterns, use sets or wildcard, or split the rule.',
    ],
    { on: 'expression', find: countHits },
  ),
  define(
    'regex-raw-string',
    'info',
    [
      'Patterns with many escapes are raw strings',
      'Raw strings mean the same everywhere; in quotes a backslash means something else after matches than in a function.',
      'Write r"…".',
    ],
    { on: 'expression', find: escapeHits },
  ),
];
