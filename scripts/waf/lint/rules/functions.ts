/** Functions whose arguments are accepted and do not do what they look like. */
import type { CallValue, ComparisonNode, IntLiteral, ValueNode } from '../../language/ast.ts';
import { printValue } from '../../language/print.ts';
import { walkExpression, walkValue } from '../../language/walk.ts';
import { affixes, comparedStrings, sourceOf } from '../expression.ts';
import type { LintedExpression } from '../expression.ts';
import { rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';

const define = rulesFrom('Cloudflare Rules language reference, functions');

function callsOf(expression: LintedExpression, ...names: readonly string[]): readonly CallValue[] {
  return expression.calls.filter(({ name }) => names.includes(name));
}

function isInt(argument: CallValue['args'][number] | undefined): argument is IntLiteral {
  return argument?.kind === 'int';
}

function substringHits(expression: LintedExpression): readonly Hit[] {
  return callsOf(expression, 'substring').flatMap(({ args: [, start, end], span }) => {
    const isEmpty =
      isInt(start) && isInt(end) && start.value >= 0n === end.value >= 0n && end.value <= start.value;
    return isEmpty ? [{ message: `from ${start.value} to ${end.value} is always empty`, span }] : [];
  });
}

function pointerHits(expression: LintedExpression): readonly Hit[] {
  return callsOf(expression, 'lookup_json_string', 'lookup_json_integer').flatMap(({ args }) =>
    args.slice(1).flatMap((key) =>
      key.kind === 'string' && key.bytes.startsWith('/')
        ? [
            {
              message: `${JSON.stringify(key.bytes)} is the name of a key, not a path`,
              span: key.span,
              suggestion: key.bytes
                .slice(1)
                .split('/')
                .map((part) => (/^[0-9]+$/u.test(part) ? part : JSON.stringify(part)))
                .join(', '),
            },
          ]
        : [],
    ),
  );
}

/** Replaces and concat of a value expression: more than one of a kind, or one inside another. */
function repeated(expression: LintedExpression, names: readonly string[]): readonly Hit[] {
  const calls = expression.kind === 'value' ? callsOf(expression, ...names) : [];
  return names.flatMap((name) =>
    calls
      .filter((call) => call.name === name)
      .slice(1)
      .map(({ span }) => ({ message: `${name}() stands here for the second time`, span })),
  );
}

function nested(expression: LintedExpression): readonly Hit[] {
  const names = ['regex_replace', 'wildcard_replace'];
  return callsOf(expression, ...names).flatMap((call) =>
    callsOf(expression, ...names)
      .filter(
        ({ name, span }) => name !== call.name && span.start > call.span.start && span.end < call.span.end,
      )
      .map(({ name, span }) => ({ message: `${name}() inside ${call.name}()`, span })),
  );
}

/** `lower` or `upper` when that is what a value comes from last. */
function caseOf(value: ValueNode): 'lower' | 'upper' | null {
  return value.kind === 'call' && (value.name === 'lower' || value.name === 'upper') ? value.name : null;
}

const otherCase = { lower: /[A-Z]/u, upper: /[a-z]/u } as const;
const caseSensitive: ReadonlySet<ComparisonNode['operator']> = new Set([
  'eq',
  'ne',
  'contains',
  'in',
  'strict wildcard',
]);

function caseHits(expression: LintedExpression): readonly Hit[] {
  const compared = expression.comparisons
    .filter(({ operator }) => caseSensitive.has(operator))
    .flatMap((comparison) =>
      comparedStrings(comparison).map((literal) => ({ value: comparison.left, literal })),
    );
  return [...compared, ...affixes(expression)].flatMap(({ value, literal }) => {
    const given = caseOf(value);
    return given !== null && otherCase[given].test(literal.bytes)
      ? [
          {
            message: `${given}() never gives ${sourceOf(expression, literal)}`,
            span: literal.span,
            suggestion: given === 'lower' ? literal.bytes.toLowerCase() : literal.bytes.toUpperCase(),
          },
        ]
      : [];
  });
}

/** Arrays over which one comparison goes with `[*]`. */
function spreadArrays(comparison: ComparisonNode): ReadonlySet<string> {
  const arrays = new Set<string>();
  const note = (value: ValueNode): void => {
    if (value.kind === 'field' && value.accessors.some(({ kind }) => kind === 'each')) {
      arrays.add(printValue({ ...value, accessors: value.accessors.filter(({ kind }) => kind !== 'each') }));
    }
  };
  const { left, right } = comparison;
  walkValue(left, { value: note });
  if (right.kind === 'field' || right.kind === 'call') {
    walkValue(right, { value: note });
  }
  return arrays;
}

function arrayHits(expression: LintedExpression): readonly Hit[] {
  const outer = new Set<ComparisonNode>();
  if (expression.tree !== null) {
    walkExpression(expression.tree, { comparison: (comparison) => void outer.add(comparison) });
  }
  return [...outer].flatMap((comparison) => {
    const arrays = spreadArrays(comparison);
    return arrays.size > 1
      ? [{ message: `[*] on ${[...arrays].join(' and ')} in one comparison`, span: comparison.span }]
      : [];
  });
}

export const functionRules: readonly LintRule[] = [
  define(
    'substring-indexes',
    'warning',
    [
      'substring() ends behind its start',
      'With the end at or before the start the result is empty whatever the value is.',
      'Give start and end as byte positions, the end exclusive.',
    ],
    { on: 'expression', find: substringHits },
  ),
  define(
    'json-pointer',
    'warning',
    [
      'Keys of lookup_json_* are plain names',
      'The functions take one key or position per argument; a JSON pointer is read as one odd name and finds nothing.',
      'Give each part as an argument of its own.',
    ],
    { on: 'expression', find: pointerHits },
  ),
  define(
    'replace-once',
    'error',
    [
      'One replace function of a kind in a value expression',
      'Cloudflare takes regex_replace() and wildcard_replace() once each, and not inside each other.',
      'Use two rules, or one pattern with more groups.',
    ],
    {
      on: 'expression',
      find: (expression) => [
        ...repeated(expression, ['regex_replace', 'wildcard_replace']),
        ...nested(expression),
      ],
    },
  ),
  define(
    'concat-once',
    'warning',
    [
      'concat() stands once in a value expression',
      'The documentation allows it once; it takes up to 32 values.',
      'Put all parts into one concat().',
    ],
    { on: 'expression', find: (expression) => repeated(expression, ['concat']) },
  ),
  define(
    'case-never-matches',
    'error',
    [
      'Lower-cased values are compared with lower-case texts',
      'lower(x) never has a capital and upper(x) no small letter: the comparison never holds.',
      'Write the literal in the same case.',
    ],
    { on: 'expression', find: caseHits },
  ),
  define(
    'each-of-two-arrays',
    'warning',
    [
      'One comparison goes over one array',
      'Several [*] in one comparison must be about the same array; two any() side by side are fine.',
      'Use an any() for each array.',
    ],
    { on: 'expression', find: arrayHits },
  ),
];
