/** Expressions that say what they mean and could say it plainer. Rewrites here keep the meaning for every request. */
import { ungroup } from '../../language/ast.ts';
import type { ComparisonNode, Expression, LiteralNode } from '../../language/ast.ts';
import { printValue } from '../../language/print.ts';
import type { LintedExpression } from '../expression.ts';
import { rulesFrom } from '../rule.ts';
import type { LintEdit, Hit, LintRule } from '../rule.ts';

const define = rulesFrom('Cloudflare Rules language reference, operators');

function textOf({ text }: LintedExpression, { span }: { readonly span: ComparisonNode['span'] }): string {
  return text.slice(span.start, span.end);
}

/** Comparisons with eq in an `or` that could be one set, by the value that they are about. */
function chains(expression: LintedExpression, least: number): readonly (readonly Chained[])[] {
  return expression.nodes.flatMap((node) => {
    if (node.kind !== 'logical' || node.operator !== 'or') {
      return [];
    }
    const byValue = new Map<string, Chained[]>();
    for (const operand of node.operands) {
      const inner = ungroup(operand);
      if (isChained(inner)) {
        const key = printValue(inner.left);
        byValue.set(key, [...(byValue.get(key) ?? []), { node, operand, comparison: inner }]);
      }
    }
    return [...byValue.values()].filter((chain) => chain.length >= least);
  });
}

interface Chained {
  readonly node: Extract<Expression, { readonly kind: 'logical' }>;
  readonly operand: Expression;
  readonly comparison: ComparisonNode & { readonly right: LiteralNode };
}

function isChained(node: Expression): node is Chained['comparison'] {
  return (
    node.kind === 'comparison' &&
    node.operator === 'eq' &&
    !node.left.spread &&
    (node.right.kind === 'string' || node.right.kind === 'int' || node.right.kind === 'ip')
  );
}

function setText(expression: LintedExpression, chain: readonly Chained[]): string {
  const [first] = chain;
  const values = chain.map(({ comparison }) => textOf(expression, comparison.right)).join(' ');
  return first === undefined ? '' : `${textOf(expression, first.comparison.left)} in {${values}}`;
}

/** The `or` with its first comparison as a set and the others of the chain gone. */
function joined(expression: LintedExpression, chain: readonly Chained[]): readonly LintEdit[] {
  const [first, ...others] = chain;
  if (first === undefined) {
    return [];
  }
  const gone = new Set(others.map(({ operand }) => operand));
  const operands = first.node.operands
    .filter((operand) => !gone.has(operand))
    .map((operand) => (operand === first.operand ? setText(expression, chain) : textOf(expression, operand)));
  return [{ span: first.node.span, text: operands.join(' or ') }];
}

const fewest = 3;

interface WrittenOperator {
  readonly span: ComparisonNode['span'];
  readonly word: string;
  readonly isSymbol: boolean;
}

/** Operators that can be written as a word and as a symbol. */
function operatorsOf(expression: LintedExpression): readonly WrittenOperator[] {
  const compared = expression.comparisons.map(({ operator, operatorSpan }) => ({
    word: operator as string,
    span: operatorSpan,
  }));
  const logical = expression.nodes.flatMap((node) => {
    if (node.kind === 'not') {
      const isSymbol = expression.text[node.span.start] === '!';
      const end = node.span.start + (isSymbol ? 1 : 'not'.length);
      return [{ word: 'not', span: { start: node.span.start, end } }];
    }
    return node.kind === 'logical' ? between(expression, node) : [];
  });
  return [...compared, ...logical].map(({ word, span }) => ({
    word,
    span,
    isSymbol: !/[a-z]/u.test(expression.text.slice(span.start, span.end)),
  }));
}

function between(
  { text }: LintedExpression,
  node: Extract<Expression, { readonly kind: 'logical' }>,
): readonly { readonly word: string; readonly span: ComparisonNode['span'] }[] {
  return node.operands.slice(1).flatMap((operand, index) => {
    const from = node.operands[index]?.span.end ?? 0;
    const gap = text.slice(from, operand.span.start);
    const start = from + (gap.length - gap.trimStart().length);
    return gap.trim() === ''
      ? []
      : [{ word: node.operator, span: { start, end: start + gap.trim().length } }];
  });
}

const withTwoSpellings: ReadonlySet<string> = new Set([
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'matches',
  'and',
  'or',
  'xor',
  'not',
]);

function notationHits(expression: LintedExpression): readonly Hit[] {
  const operators = operatorsOf(expression).filter(({ word }) => withTwoSpellings.has(word));
  const symbol = operators.find(({ isSymbol }) => isSymbol);
  const hasWord = operators.some(({ isSymbol }) => !isSymbol);
  return symbol !== undefined && hasWord
    ? [
        {
          message: `${textOf(expression, symbol)} beside operators written as words`,
          span: symbol.span,
          suggestion: symbol.word,
        },
      ]
    : [];
}

function asWords(expression: LintedExpression): readonly LintEdit[] {
  const { text } = expression;
  return operatorsOf(expression)
    .filter(({ isSymbol }) => isSymbol)
    .map(({ span, word }) => {
      const before = span.start === 0 || /[\s(]/u.test(text[span.start - 1] ?? '') ? '' : ' ';
      const after = /\s/u.test(text[span.end] ?? '') ? '' : ' ';
      return { span, text: `${before}${word}${after}` };
    });
}

function doubleNots(
  expression: LintedExpression,
): readonly { readonly node: Expression; readonly inner: Expression }[] {
  return expression.nodes.flatMap((node) => {
    const operand = node.kind === 'not' ? ungroup(node.operand) : null;
    return operand?.kind === 'not' ? [{ node, inner: operand.operand }] : [];
  });
}

function mixedHits(expression: LintedExpression): readonly Hit[] {
  return expression.nodes.flatMap((node) =>
    node.kind === 'logical' &&
    node.operands.some((operand) => operand.kind === 'logical' && operand.operator !== node.operator)
      ? [{ message: `and binds before xor and or: what belongs together is not marked`, span: node.span }]
      : [],
  );
}

const longSet = 50;

function isRaw(name: string): boolean {
  return name.startsWith('raw.');
}

function blankEdits({ text }: LintedExpression): readonly LintEdit[] {
  const start = text.length - text.trimStart().length;
  const end = text.trimEnd().length;
  return [
    { span: { start: 0, end: start }, text: '' },
    { span: { start: Math.max(start, end), end: text.length }, text: '' },
  ].filter(({ span }) => span.end > span.start);
}

export const styleRules: readonly LintRule[] = [
  define(
    'blank-ends',
    'info',
    [
      'No blanks at the ends',
      'They count for nothing and make texts differ that mean the same.',
      'Remove them.',
    ],
    {
      on: 'expression',
      find: (expression) =>
        expression.text.trim() === expression.text || expression.text.trim() === ''
          ? []
          : [
              {
                message: 'blanks at an end of the expression',
                span: { start: 0, end: expression.text.length },
              },
            ],
      rewrite: (expression) => (expression.text.trim() === '' ? [] : blankEdits(expression)),
    },
  ),
  define(
    'or-to-set',
    'info',
    [
      'Many values are a set',
      'A set is shorter, and a reviewer sees at once what was added.',
      'Write in {…}.',
    ],
    {
      on: 'expression',
      find: (expression) =>
        chains(expression, fewest).map((chain) => ({
          message: `${chain.length} comparisons of one value with eq`,
          span: chain[0]?.comparison.span ?? { start: 0, end: 0 },
          suggestion: setText(expression, chain),
        })),
      rewrite: (expression) => {
        const [chain] = chains(expression, fewest);
        return chain === undefined ? [] : joined(expression, chain);
      },
    },
  ),
  define(
    'double-not',
    'info',
    ['No double negation', 'Two nots are none, and hard to read.', 'Remove both.'],
    {
      on: 'expression',
      find: (expression) =>
        doubleNots(expression).map(({ node, inner }) => ({
          message: 'not not',
          span: node.span,
          suggestion: textOf(expression, inner).slice(0, 120),
        })),
      rewrite: (expression) => {
        const [first] = doubleNots(expression);
        return first === undefined ? [] : [{ span: first.node.span, text: textOf(expression, first.inner) }];
      },
    },
  ),
  define(
    'mixed-notation',
    'info',
    [
      'One notation in an expression',
      'and beside && makes one look for a difference that is not there.',
      'Use the words.',
    ],
    {
      on: 'expression',
      find: notationHits,
      rewrite: (expression) => (notationHits(expression).length > 0 ? asWords(expression) : []),
    },
  ),
  define(
    'and-or-brackets',
    'info',
    [
      'Brackets show what belongs together',
      'and binds before xor and or; many readers do not know.',
      'Put the and parts into brackets.',
    ],
    { on: 'expression', find: mixedHits },
  ),
  define(
    'raw-field',
    'info',
    [
      'Raw fields are used on purpose',
      'raw.* is the URI before normalization and rewrites: encoded and doubled slashes pass the test.',
      'Use the field without raw, unless the original is meant.',
    ],
    {
      on: 'expression',
      find: ({ fields }) =>
        fields
          .filter(({ name }) => isRaw(name))
          .map(({ name, span }) => ({ message: `${name} is not normalized`, span })),
    },
  ),
  define(
    'long-set',
    'info',
    [
      'Long sets are lists',
      'A list is changed without touching the rule, and does not count for the 4096 characters.',
      'Move the values into a list.',
    ],
    {
      on: 'expression',
      find: ({ comparisons }) =>
        comparisons.flatMap(({ right }) =>
          right.kind === 'set' && right.elements.length > longSet
            ? [{ message: `${right.elements.length} values in one set`, span: right.span }]
            : [],
        ),
    },
  ),
];
