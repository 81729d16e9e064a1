/** Numbers that a field can never be. */
import type { ComparisonNode } from '../../language/ast.ts';
import { comparedElements, plainField } from '../expression.ts';
import type { LintedExpression } from '../expression.ts';
import { rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';
import { ranges } from './value-domains.ts';

const define = rulesFrom('Cloudflare Rules language reference, fields');

function rangeHits(expression: LintedExpression, what: 'score' | 'status' | 'port'): readonly Hit[] {
  return expression.comparisons.flatMap((comparison) => {
    const range = ranges[plainField(comparison.left) ?? ''];
    if (range?.what !== what) {
      return [];
    }
    const constant = alwaysOrNever(comparison, range);
    if (constant !== null) {
      const message = `it is between ${range.from} and ${range.to}: this is ${constant} so`;
      return [{ message, span: comparison.span }];
    }
    return comparedElements(comparison.right).flatMap((element) => {
      const bounds =
        element.kind === 'int'
          ? [element.value]
          : element.kind === 'int-range'
            ? [element.from, element.to]
            : [];
      return bounds.some((bound) => bound < range.from || bound > range.to)
        ? [{ message: `it is between ${range.from} and ${range.to}`, span: element.span }]
        : [];
    });
  });
}

/** Of a bound that is in the range, and that nothing or everything of the range is beyond. */
function alwaysOrNever(
  { operator, right }: ComparisonNode,
  { from, to }: (typeof ranges)[string],
): 'always' | 'never' | null {
  if (right.kind !== 'int') {
    return null;
  }
  const isLast = right.value === to;
  const isFirst = right.value === from;
  if ((operator === 'le' && isLast) || (operator === 'ge' && isFirst)) {
    return 'always';
  }
  return (operator === 'gt' && isLast) || (operator === 'lt' && isFirst) ? 'never' : null;
}

/** 2010-01-01: there is no earlier request. Above 10^11 the number counts milliseconds. */
const firstSecond = 1_262_304_000n;
const firstMillisecond = 100_000_000_000n;

function timestampHits(expression: LintedExpression): readonly Hit[] {
  return expression.comparisons
    .filter(({ left }) => plainField(left) === 'http.request.timestamp.sec')
    .flatMap(({ right }) => comparedElements(right))
    .flatMap((element) =>
      element.kind === 'int' && (element.value < firstSecond || element.value >= firstMillisecond)
        ? [
            {
              message: `${element.value} is not a time of a request in seconds since 1970`,
              span: element.span,
            },
          ]
        : [],
    );
}

function threatScoreHits(expression: LintedExpression): readonly Hit[] {
  return expression.comparisons
    .filter(({ left }) => plainField(left) === 'cf.threat_score')
    .map(({ span }) => ({ message: 'cf.threat_score is always 0: this comparison is constant', span }));
}

export const numberRules: readonly LintRule[] = [
  define(
    'score-range',
    'warning',
    [
      'Scores are in their range',
      'Outside the range the comparison is constant.',
      'Use a number of the range: 1 to 99 for bots (0 is not scored), 1 to 100 for attacks.',
    ],
    { on: 'expression', find: (expression) => rangeHits(expression, 'score') },
  ),
  define(
    'status-range',
    'warning',
    ['Status codes are between 100 and 599', 'Other codes do not occur.', 'Correct the code.'],
    { on: 'expression', find: (expression) => rangeHits(expression, 'status') },
  ),
  define(
    'port-range',
    'warning',
    ['Ports are between 1 and 65535', 'Other ports do not exist.', 'Correct the port.'],
    { on: 'expression', find: (expression) => rangeHits(expression, 'port') },
  ),
  define(
    'timestamp',
    'warning',
    [
      'Timestamps are in seconds',
      'The field counts seconds since 1970; milliseconds and dates before 2010 make the comparison constant.',
      'Write the time in seconds.',
    ],
    { on: 'expression', find: timestampHits },
  ),
  define(
    'threat-score',
    'warning',
    [
      'cf.threat_score is not relied on',
      'The field is always 0 since Cloudflare retired it: the comparison is constant.',
      'Leave the test out; use the security level or bot score.',
    ],
    { on: 'expression', find: threatScoreHits },
  ),
];
