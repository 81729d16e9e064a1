/** Tests that are understood and compare with what cannot be, or do not hold where their author thinks that they do. */
import type { CallValue, ComparisonNode, StringLiteral, ValueNode } from '../../language/ast.ts';
import { ungroup } from '../../language/ast.ts';
import { closestName } from '../../language/suggest.ts';
import { printValue } from '../../language/print.ts';
import { comparedStrings, sourceOf } from '../expression.ts';
import type { LintedExpression } from '../expression.ts';
import { rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';
import { comparedTexts } from './texts.ts';
import type { ComparedText } from './texts.ts';

const define = rulesFrom('Cloudflare Rules language reference, fields; URL normalization', '2026-11-30');

/** The field with a key that a value is or is made of, through functions that keep what is missing missing. */
function keyedSource(value: ValueNode): ValueNode | null {
  if (value.kind === 'field') {
    return value.accessors.some(({ kind }) => kind === 'key') && isMapOfRequest(value.name) ? value : null;
  }
  const [first] = value.args;
  const isKeeping = ['len', 'lower', 'upper', 'url_decode', 'remove_bytes', 'decode_base64'].includes(
    value.name,
  );
  return isKeeping && (first?.kind === 'field' || first?.kind === 'call') ? keyedSource(first) : null;
}

function isMapOfRequest(name: string): boolean {
  return /\.(?:headers|cookies|args|form|claims)$/u.test(name);
}

/** The value without its index and `[*]`: what a client sends or does not. */
function sent(value: ValueNode): string {
  return printValue({
    ...value,
    accessors: value.accessors.filter(({ kind }) => kind === 'key'),
  }).replace(/\[\*\]$/u, '');
}

/** `len(x) eq 0`, `lt 1`, `le 0` and `in {0}`; `some` for a set that has something else as well. */
function isOfNothing(comparison: ComparisonNode): 'only' | 'some' | null {
  const { left } = comparison;
  return left.kind === 'call' && left.name === 'len'
    ? isOfLengthZero(comparison)
      ? 'only'
      : null
    : ofEmptyText(comparison);
}

function isOfLengthZero({ operator, right }: ComparisonNode): boolean {
  if (right.kind === 'set') {
    return operator === 'in' && right.elements.every(isZeroElement);
  }
  return (
    right.kind === 'int' &&
    (operator === 'lt' ? right.value === 1n : isZeroElement(right) && ['eq', 'le'].includes(operator))
  );
}

function ofEmptyText(comparison: ComparisonNode): 'only' | 'some' | null {
  const texts = comparedStrings(comparison);
  const isEquality = comparison.operator === 'eq' || comparison.operator === 'in';
  const empty = isEquality ? texts.filter(({ bytes }) => bytes === '').length : 0;
  return empty === 0 ? null : empty === texts.length ? 'only' : 'some';
}

function isZeroElement(element: { readonly kind: string; readonly value?: unknown }): boolean {
  return element.kind === 'int' && element.value === 0n;
}

/** True when the expression asks elsewhere whether the thing was sent: then its author has thought of it. */
function asksForPresence({ calls, comparisons }: LintedExpression, source: ValueNode): boolean {
  const wanted = sent(source);
  const key = source.accessors.find((accessor) => accessor.kind === 'key')?.key ?? '';
  const isByKey = calls.some(
    ({ name, args: [map, literal] }) =>
      name === 'has_key' &&
      map?.kind === 'field' &&
      source.kind === 'field' &&
      map.name === source.name &&
      literal?.kind === 'string' &&
      literal.bytes === key,
  );
  return (
    isByKey ||
    comparisons.some(({ left, operator, right }) => {
      const isLength = left.kind === 'call' && left.name === 'len' && ['gt', 'ge', 'ne'].includes(operator);
      const isName =
        printValue(left).includes('.names[*]') &&
        comparedStrings({ right } as ComparisonNode).some(({ bytes }) => bytes === key);
      const of = isLength ? keyedSource(left) : null;
      return isName || (of !== null && sent(of) === wanted);
    })
  );
}

/** A header that was not sent has no length and no first value: such a test never holds for it. */
function missingAsEmpty(expression: LintedExpression): readonly Hit[] {
  return expression.comparisons.flatMap((comparison) => {
    const source = comparison.left.spread ? null : keyedSource(comparison.left);
    const isEmpty = source === null ? null : isOfNothing(comparison);
    if (source === null || isEmpty === null || asksForPresence(expression, source)) {
      return [];
    }
    const what = sent(source);
    return [
      {
        message: `this does not hold when ${what} was not sent: what is missing is neither empty nor of length 0`,
        span: comparison.span,
        ...(isEmpty === 'only' ? { suggestion: `not len(${what}) gt 0` } : {}),
      },
    ];
  });
}

/** `any(x[*] ne "a")` asks for one other value; it is false when there is none at all. */
function anyUnequal(expression: LintedExpression): readonly Hit[] {
  return expression.calls.flatMap((call) => {
    const comparison = call.name === 'any' ? unequalIn(call) : null;
    const source = comparison === null ? null : keyedSource(comparison.left);
    return source !== null && !asksForPresence(expression, source)
      ? [
          {
            message: `this does not hold when ${sent(source)} was not sent, and holds when one of several values is another`,
            span: call.span,
            suggestion: 'not any(… eq …)',
          },
        ]
      : [];
  });
}

/** `x[*] ne "a"` and `not x[*] eq "a"`; that some value is not empty is another question. */
function unequalIn({ args: [argument] }: CallValue): ComparisonNode | null {
  const given = argument?.kind === 'test' ? ungroup(argument.test) : null;
  const test = given?.kind === 'not' ? ungroup(given.operand) : given;
  const isUnequal = test?.kind === 'comparison' && test.operator === (given?.kind === 'not' ? 'eq' : 'ne');
  return isUnequal && comparedStrings(test).every(({ bytes }) => bytes !== '') ? test : null;
}

function textHits(
  expression: LintedExpression,
  isMeant: (text: ComparedText) => boolean,
  say: (written: string) => string,
  suggest?: (literal: StringLiteral) => string,
): readonly Hit[] {
  return comparedTexts(expression)
    .filter(isMeant)
    .map((text) => ({
      message: say(sourceOf(expression, text.literal)),
      span: text.literal.span,
      ...(suggest === undefined ? {} : { suggestion: suggest(text.literal) }),
    }));
}

const pathOnly = /^(?:raw\.)?http\.request\.uri\.path$/u;
const queryOnly = /^(?:raw\.)?http\.request\.uri\.query$/u;
const hostOnly = /^(?:raw\.)?http\.host$/u;

/** Also inside `lower(…)` and the like: they take and give no character that matters here. */
function fieldOf(value: ValueNode): string {
  if (value.kind === 'field') {
    return value.accessors.length === 0 ? value.name : '';
  }
  const [first] = value.args;
  const isSpelling = value.name === 'lower' || value.name === 'upper';
  return isSpelling && (first?.kind === 'field' || first?.kind === 'call') ? fieldOf(first) : '';
}

/** Segments that URL normalization takes out: `/../`, `/./`, doubled slashes and backslashes, at the end also without a slash. */
function isNormalizedAway({ value, literal: { bytes }, how }: ComparedText): boolean {
  const reachesEnd = ['eq', 'ne', 'in', 'ends_with', 'wildcard', 'strict wildcard'].includes(how);
  return (
    fieldOf(value) === 'http.request.uri.path' &&
    (/\/\.{1,2}\/|\/\/|\\(?![*\\])/u.test(bytes) || (reachesEnd && /\/\.{1,2}$/u.test(bytes)))
  );
}

/** IANA HTTP Method Registry, with those that servers and scanners are known to use beside it, as of 2026-11. */
const methods: ReadonlySet<string> = new Set(
  (
    'ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL LINK LOCK MERGE MKACTIVITY MKCALENDAR ' +
    'MKCOL MKREDIRECTREF MKWORKSPACE MOVE OPTIONS ORDERPATCH PATCH POST PRI PROPFIND PROPPATCH PURGE PUT QUERY REBIND ' +
    'REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK UNLOCK UPDATE UPDATEREDIRECTREF VERSION-CONTROL ' +
    'BAN BCOPY BDELETE BMOVE BPROPFIND BPROPPATCH DEBUG INDEX LIST NOTIFY POLL REFRESH SUBSCRIBE TRACK UNSUBSCRIBE VIEW'
  ).split(' '),
);

function unknownMethods(expression: LintedExpression): readonly Hit[] {
  return comparedTexts(expression)
    .filter(
      ({ value, how, literal: { bytes } }) =>
        fieldOf(value) === 'http.request.method' &&
        ['eq', 'ne', 'in'].includes(how) &&
        !methods.has(bytes.toUpperCase()),
    )
    .map(({ literal }) => {
      const meant = closestName(literal.bytes.toUpperCase(), methods.values());
      return {
        message: `${sourceOf(expression, literal)} is not a method of HTTP`,
        span: literal.span,
        ...(meant === null ? {} : { suggestion: JSON.stringify(meant) }),
      };
    });
}

export const trapRules: readonly LintRule[] = [
  define(
    'missing-as-empty',
    'warning',
    [
      'What was not sent is not taken for empty',
      'A missing header, cookie or argument has no value and no length: a test for the empty one does not hold for it.',
      'Ask whether there is one, and deny that.',
    ],
    { on: 'expression', find: missingAsEmpty },
  ),
  define(
    'any-unequal',
    'warning',
    [
      'That no value is the wanted one is asked as such',
      'any(… ne …) is false for a request without the header, so a client gets past by leaving it out.',
      'Deny the test for the value.',
    ],
    { on: 'expression', find: anyUnequal },
  ),
  define(
    'path-with-query',
    'warning',
    [
      'Paths have no query',
      'The field ends before the question mark: a text with one is never in it.',
      'Use http.request.uri, or test http.request.uri.query beside the path.',
    ],
    {
      on: 'expression',
      find: (expression) =>
        textHits(
          expression,
          ({ value, literal }) => pathOnly.test(fieldOf(value)) && literal.bytes.includes('?'),
          (written) => `no path has ${written} in it`,
        ),
    },
  ),
  define(
    'query-with-mark',
    'warning',
    [
      'Queries begin behind the question mark',
      'The field does not have the mark: only a second one could match.',
      'Leave the mark out; that there is a query at all is http.request.uri.query ne "".',
    ],
    {
      on: 'expression',
      find: (expression) =>
        textHits(
          expression,
          ({ value, literal, how }) =>
            queryOnly.test(fieldOf(value)) && how !== 'ends_with' && literal.bytes.startsWith('?'),
          (written) => `${written} begins with the mark that the query begins behind`,
          ({ bytes }) => (bytes === '?' ? 'http.request.uri.query ne ""' : JSON.stringify(bytes.slice(1))),
        ),
    },
  ),
  define(
    'path-normalized',
    'warning',
    [
      'Paths are compared as normalization leaves them',
      'URL normalization takes out dot segments, doubled slashes and backslashes before rules see the path.',
      'Use raw.http.request.uri.path.',
    ],
    {
      on: 'expression',
      find: (expression) =>
        textHits(expression, isNormalizedAway, (written) => `no normalized path has ${written} in it`),
    },
  ),
  define(
    'host-with-path',
    'warning',
    [
      'Hosts have no slash',
      'The field holds the host alone, without scheme and path: the test does not hold.',
      'Compare the host by itself, and the path with http.request.uri.path.',
    ],
    {
      on: 'expression',
      find: (expression) =>
        textHits(
          expression,
          ({ value, literal }) => hostOnly.test(fieldOf(value)) && literal.bytes.includes('/'),
          (written) => `no host has ${written} in it`,
        ),
    },
  ),
  define(
    'method-unknown',
    'warning',
    ['Methods exist', 'No client sends this method: the test does not hold.', 'Correct the method.'],
    { on: 'expression', find: unknownMethods },
  ),
];
