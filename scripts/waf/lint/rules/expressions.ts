/** What the checks of the language say about an expression, as lint rules: one rule for each kind of mistake. */
import type { LanguageDiagnostic } from '../../language/diagnostics.ts';
import { hitsOf } from '../diagnostic-hits.ts';
import { leftTo, rulesFrom } from '../rule.ts';
import type { LintFinder, LintRule } from '../rule.ts';

const define = rulesFrom('Cloudflare Rules language reference');

/** What makes an expression invalid: at the gate another rule says so of every expression. */
function defineInvalid(id: string, texts: Parameters<typeof define>[2], finder: LintFinder): LintRule {
  return leftTo('waf-expression-valid', define(id, 'error', texts, finder), 'expression');
}

/** Codes of `check.ts` and the parser that have a rule of their own; the others are said by their category. */
const own = new Set([
  'argument-field',
  'argument-flags',
  'argument-kind',
  'argument-range',
  'constant-in-test',
  'date',
  'deprecated-field',
  'doubled-backslash',
  'host-bits',
  'nesting-limit',
  'not-in-expressions',
  'octal-number',
  'range-backwards',
  'regex-not-evaluated',
  'regex-refused',
  'single-quotes',
  'tab',
  'too-long',
  'undocumented-operator',
  'unknown-field',
  'unknown-function',
  'wildcard-pattern',
]);

function code(...codes: readonly string[]): LintFinder {
  return { on: 'expression', find: (expression) => hitsOf(expression, (one) => codes.includes(one.code)) };
}

function category(
  wanted: LanguageDiagnostic['category'],
  severity: LanguageDiagnostic['severity'],
): LintFinder {
  return {
    on: 'expression',
    find: (expression) =>
      hitsOf(expression, (one) => one.category === wanted && one.severity === severity && !own.has(one.code)),
  };
}

export const expressionRules: readonly LintRule[] = [
  defineInvalid(
    'expression-syntax',
    [
      'The expression is one of the language',
      'Cloudflare refuses the whole ruleset during apply.',
      'Correct it at the place named; `sluice waf explain` reads it back.',
    ],
    category('syntax', 'error'),
  ),
  defineInvalid(
    'single-quotes',
    ['Strings stand in double quotes', 'Cloudflare refuses single quotes.', 'Use double quotes.'],
    code('single-quotes'),
  ),
  defineInvalid(
    'expression-type',
    [
      'Operators, values and arrays fit together',
      'Cloudflare refuses an operator on the wrong type, and an array where one value is needed.',
      'Use an operator for the type; wrap arrays in any() or all() with [*].',
    ],
    category('type', 'error'),
  ),
  define(
    'undocumented',
    'warning',
    [
      'Only documented operators are used',
      'What works in the engine and is not documented may stop working.',
      'Use a documented operator.',
    ],
    {
      on: 'expression',
      find: (expression) =>
        hitsOf(
          expression,
          (one) =>
            one.code === 'undocumented-operator' ||
            (one.code === 'operator-type' && one.severity === 'warning'),
        ),
    },
  ),
  defineInvalid(
    'nesting',
    [
      'Brackets and calls are not nested too deep',
      'The engine gives up on deep nesting.',
      'Split the rule, or use sets instead of brackets.',
    ],
    code('nesting-limit'),
  ),
  defineInvalid(
    'expression-too-long',
    [
      'An expression has at most 4096 characters',
      'The API refuses longer ones (error 20127).',
      'Move values into a list, or split the rule.',
    ],
    code('too-long'),
  ),
  define(
    'tab',
    'warning',
    ['No tabs inside an expression', 'The engine takes only spaces and line ends as blanks.', 'Use spaces.'],
    code('tab'),
  ),
  defineInvalid(
    'unknown-field',
    [
      'Fields are known',
      'Cloudflare refuses a field that it does not know; one that is newer than the tables here is waived by name.',
      'Check the name in the field reference.',
    ],
    code('unknown-field'),
  ),
  defineInvalid(
    'unknown-function',
    [
      'Functions are known',
      'Cloudflare refuses a function that it does not know; one that is newer than the tables here is waived by name.',
      'Check the name in the function reference.',
    ],
    code('unknown-function'),
  ),
  {
    ...define(
      'deprecated-field',
      'warning',
      [
        'No deprecated fields',
        'A deprecated field stops giving values, or has stopped already.',
        'Use the field that replaces it; where there is none, decide by something else.',
      ],
      code('deprecated-field'),
    ),
    leftTo: 'advice',
  },
  defineInvalid(
    'characteristic-as-field',
    [
      'Rate-limit characteristics are not used as fields',
      'Cloudflare refuses them in expressions.',
      'List them under characteristics.',
    ],
    code('not-in-expressions'),
  ),
  define(
    'newer-than-date',
    'error',
    [
      'Only what exists at the date asked for',
      'The expression would be refused before that date.',
      'Wait, or write it without.',
    ],
    code('date'),
  ),
  define(
    'constant-in-test',
    'warning',
    [
      'true and false stand alone',
      'It is not documented whether they combine with other tests.',
      'Leave the constant out.',
    ],
    code('constant-in-test'),
  ),
  define(
    'octal-number',
    'warning',
    [
      'Numbers have no leading zero',
      'A leading zero makes the number octal: 010 is 8.',
      'Write the decimal number.',
    ],
    {
      on: 'expression',
      find: (expression) =>
        hitsOf(expression, (one) => one.code === 'octal-number' && one.severity === 'warning'),
    },
  ),
  defineInvalid(
    'host-bits',
    [
      'A block has no bits behind its prefix',
      'Cloudflare refuses 192.0.2.1/24 in an expression.',
      'Write the first address of the block.',
    ],
    code('host-bits'),
  ),
  defineInvalid(
    'range-backwards',
    ['A range goes from low to high', 'Cloudflare refuses it otherwise.', 'Swap the two ends.'],
    code('range-backwards'),
  ),
  defineInvalid(
    'wildcard-pattern',
    [
      'Wildcard patterns are valid',
      'Two * in a row and unknown escapes are refused.',
      'Use one *, and a backslash only before * or a backslash.',
    ],
    code('wildcard-pattern'),
  ),
  defineInvalid(
    'regex-refused',
    [
      'Regular expressions are valid for Rust',
      'The engine refuses look-around, back-references and broken patterns.',
      'Write it without, or use wildcard, contains or a set.',
    ],
    code('regex-refused'),
  ),
  define(
    'regex-not-evaluated',
    'warning',
    [
      'Regular expressions can be evaluated here',
      'A pattern that cannot be evaluated makes every replay undecidable.',
      'Write it without the construct that the message names.',
    ],
    code('regex-not-evaluated'),
  ),
  define(
    'doubled-backslash',
    'error',
    [
      'One backslash escapes in a quoted pattern',
      'After matches, two backslashes and a dot match a backslash and any character: the rule never matches what it is for.',
      'Write one backslash, or a raw string.',
    ],
    code('doubled-backslash'),
  ),
  defineInvalid(
    'function-needs-field',
    [
      'Functions get fields where they need them',
      'Cloudflare refuses a literal in the place of a field, and a field in the place of a literal.',
      'Swap the arguments, or compare without the function.',
    ],
    code('argument-kind'),
  ),
  defineInvalid(
    'function-flags',
    [
      'Options of functions exist',
      'Cloudflare refuses unknown option letters: encode_base64 takes u and p, url_decode r and u, wildcard_replace s.',
      'Use the letters that the message names.',
    ],
    code('argument-flags'),
  ),
  defineInvalid(
    'function-range',
    [
      'Numbers given to functions are in range',
      'Cloudflare refuses a prefix, limit or bit position outside its range.',
      'Use a number in the range that the message names.',
    ],
    code('argument-range'),
  ),
  defineInvalid(
    'function-source',
    [
      'Functions for one field get that field',
      'remove_query_args takes the query of the URI only, uuidv4 only cf.random_seed.',
      'Pass the field that the message names.',
    ],
    code('argument-field'),
  ),
];
