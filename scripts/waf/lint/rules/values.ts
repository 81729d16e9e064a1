/** Literals that a field can never be, or that hardly mean what they say. */
import { sourceOf } from '../expression.ts';
import type { LintedExpression } from '../expression.ts';
import type { ComparisonNode, ValueNode } from '../../language/ast.ts';
import { rulesFrom } from '../rule.ts';
import type { LintFinder, Hit, LintRule } from '../rule.ts';
import { comparedTexts } from './texts.ts';
import type { ComparedText } from './texts.ts';
import {
  countries,
  countryFields,
  extensionFields,
  normalizedUriFields,
  pathFields,
  valuesOf,
} from './value-domains.ts';

const define = rulesFrom('Cloudflare Rules language reference, fields');

const whole: ReadonlySet<ComparisonNode['operator']> = new Set(['eq', 'ne', 'in']);

function onTexts(
  isMeant: (text: ComparedText) => boolean,
  say: (written: string, text: ComparedText) => string,
  suggest?: (text: ComparedText) => string,
): LintFinder {
  return {
    on: 'expression',
    find: (expression) =>
      comparedTexts(expression)
        .filter(isMeant)
        .map((text): Hit => {
          const suggestion = suggest?.(text);
          return {
            message: say(sourceOf(expression, text.literal), text),
            span: text.literal.span,
            ...(suggestion === undefined ? {} : { suggestion }),
          };
        }),
  };
}

const isWhole = ({ how }: ComparedText): boolean => whole.has(how as ComparisonNode['operator']);

function isHeaderKeyed(value: ValueNode): boolean {
  return value.kind === 'field' && /^(?:raw\.)?http\.(?:request|response)\.headers$/u.test(value.name);
}

function headerKeyHits({ fields }: LintedExpression): readonly Hit[] {
  return fields.filter(isHeaderKeyed).flatMap(({ accessors: [first] }) =>
    first?.kind === 'key' && /[A-Z]/u.test(first.key)
      ? [
          {
            message: `the key ${JSON.stringify(first.key)} never exists`,
            span: first.span,
            suggestion: JSON.stringify(first.key.toLowerCase()),
          },
        ]
      : [],
  );
}

function headerNameHits(expression: LintedExpression): readonly Hit[] {
  return expression.comparisons
    .filter(({ left }) => left.kind === 'field' && left.name.endsWith('.headers.names'))
    .map(({ left }) => ({
      message: 'names keep the spelling of the client on HTTP/1.1 and are lower-case on HTTP/2 and 3',
      span: left.span,
      suggestion: `lower(${left.kind === 'field' ? left.name : ''}[*])[*]`,
    }));
}

/** Percent codes of a normalized URI: unreserved characters are decoded, other codes have capital digits. */
function percentProblem(bytes: string): string | null {
  for (const [code] of bytes.matchAll(/%[0-9A-Fa-f]{2}/gu)) {
    const character = String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    if (/[A-Za-z0-9._~-]/u.test(character)) {
      return `${code} is decoded to ${character} by URL normalization`;
    }
    if (/[a-f]/u.test(code)) {
      return `${code} has capital digits after URL normalization`;
    }
  }
  return null;
}

const hostFields: ReadonlySet<string> = new Set(['http.host', 'raw.http.host']);
const isUriField = (field: string | null): boolean =>
  field !== null && /(?:^|\.)http\.(?:request\.(?:uri|full_uri)|referer|user_agent)/u.test(field);

export const valueRules: readonly LintRule[] = [
  define(
    'method-case',
    'warning',
    [
      'Methods are in capitals',
      'Methods are compared as sent, and clients send capitals: the comparison does not match.',
      'Write GET, POST, …',
    ],
    onTexts(
      ({ field, literal }) => field === 'http.request.method' && /[a-z]/u.test(literal.bytes),
      (written) => `${written} is not a method that browsers send`,
      ({ literal }) => JSON.stringify(literal.bytes.toUpperCase()),
    ),
  ),
  define(
    'path-without-slash',
    'warning',
    [
      'Paths start with a slash',
      'A path always starts with one: without it the comparison never holds.',
      'Write the slash.',
    ],
    onTexts(
      ({ field, literal, how, value }) =>
        pathFields.has(field ?? '') &&
        value.kind === 'field' &&
        [...whole, 'wildcard', 'strict wildcard', 'starts_with'].includes(how) &&
        !/^(?:\/|\*|$)/u.test(literal.bytes),
      (written) => `no path is or starts with ${written}`,
      ({ literal }) => JSON.stringify(`/${literal.bytes}`),
    ),
  ),
  define(
    'anchor-outside-regex',
    'warning',
    [
      'Anchors stand in regular expressions only',
      'Outside matches, ^ and $ are plain characters.',
      'Use starts_with(), ends_with() or eq.',
    ],
    onTexts(
      ({ literal, how }) =>
        (literal.bytes.startsWith('^') && how !== 'ends_with' && literal.bytes.length > 1) ||
        (/[^$\\]\$$/u.test(literal.bytes) && how !== 'starts_with'),
      (written, { how }) => `${how} takes ${written} literally`,
    ),
  ),
  define(
    'country-code',
    'warning',
    [
      'Country codes exist',
      'Countries are ISO 3166-1 codes in capitals, T1 for Tor and XX for unknown.',
      'Correct the code: GB, not UK.',
    ],
    onTexts(
      (text) => countryFields.has(text.field ?? '') && isWhole(text) && !countries.has(text.literal.bytes),
      (written) => `${written} is not a country code`,
    ),
  ),
  define(
    'extension-dot',
    'warning',
    [
      'Extensions have no dot',
      'The field holds the extension without its dot, in lower case.',
      'Leave the dot out.',
    ],
    onTexts(
      (text) =>
        extensionFields.has(text.field ?? '') && isWhole(text) && /^\.|[A-Z]/u.test(text.literal.bytes),
      (written) => `no extension is ${written}`,
      ({ literal }) => JSON.stringify(literal.bytes.replace(/^\./u, '').toLowerCase()),
    ),
  ),
  define(
    'value-domain',
    'warning',
    [
      'Values are among those that the field can have',
      'A value that the field never has makes the comparison constant.',
      'Use one of the documented values.',
    ],
    onTexts(
      (text) =>
        isWhole(text) &&
        text.literal.bytes !== '' &&
        valuesOf(text.field ?? '')?.includes(text.literal.bytes) === false,
      (written, { field }) => `${field ?? ''} is never ${written}`,
      ({ field }) =>
        `one of ${
          valuesOf(field ?? '')
            ?.filter((value) => value !== '')
            .join(', ') ?? ''
        }`,
    ),
  ),
  define(
    'percent-code',
    'warning',
    [
      'Percent codes are as URL normalization leaves them',
      'Normalization decodes unreserved characters and writes the other codes with capitals; %27 and %2F stay.',
      'Write the character, capital digits, or use the raw field.',
    ],
    onTexts(
      ({ field, literal }) => normalizedUriFields.has(field ?? '') && percentProblem(literal.bytes) !== null,
      (_written, { literal }) => percentProblem(literal.bytes) ?? '',
    ),
  ),
  define(
    'star-in-host',
    'error',
    [
      'Hosts are compared without *',
      'In eq and in {} the * is a plain character, and no host has one: the rule never matches.',
      'Use wildcard "*.example", or ends_with().',
    ],
    onTexts(
      (text) => hostFields.has(text.field ?? '') && isWhole(text) && text.literal.bytes.includes('*'),
      (written) => `no host is ${written}`,
    ),
  ),
  define(
    'star-compared',
    'warning',
    [
      'A * stands in wildcard patterns',
      'In eq, in {}, contains, starts_with and ends_with the * is a plain character.',
      'Use wildcard, or leave the * out.',
    ],
    onTexts(
      ({ field, literal, how }) =>
        !how.endsWith('wildcard') &&
        literal.bytes.includes('*') &&
        (isUriField(field) || (hostFields.has(field ?? '') && !whole.has(how as ComparisonNode['operator']))),
      (written, { how }) => `${how} takes the * in ${written} literally`,
    ),
  ),
  define(
    'header-key-case',
    'error',
    [
      'Header keys are lower-case',
      'The engine lower-cases the keys of the header map: a key with capitals never exists.',
      'Write the key in lower case.',
    ],
    { on: 'expression', find: headerKeyHits },
  ),
  define(
    'header-names-case',
    'info',
    [
      'Header names are compared in lower case',
      'What matches on HTTP/2 can miss on HTTP/1.1, where names keep the spelling of the client.',
      'Compare lower(….names[*])[*].',
    ],
    { on: 'expression', find: headerNameHits },
  ),
];
