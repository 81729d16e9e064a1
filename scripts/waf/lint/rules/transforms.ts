/** Rewrites of headers and of the URI. */
import { objectAt, textAt } from '../../rulesets/attributes.ts';
import { isObject } from '../../../json/json.ts';
import type { JsonObject } from '../../../plan/types.ts';
import { attribute, isReference } from '../model.ts';
import type { LintedRule } from '../model.ts';
import { hitWhen, none, rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';

const define = rulesFrom('Cloudflare documentation, transform rules');

interface LintedHeader {
  readonly name: string;
  readonly operation: string;
  readonly change: JsonObject;
  readonly path: string;
  readonly isRequest: boolean;
}

function headersOf({ action, parameters, ruleset: { phase } }: LintedRule): readonly LintedHeader[] {
  if (action !== 'rewrite') {
    return [];
  }
  return Object.entries(objectAt(parameters, 'headers')).map(([name, change]) => {
    const written = isObject(change) ? change : {};
    return {
      name,
      change: written,
      operation: textAt(written, 'operation'),
      path: `action_parameters.headers[${JSON.stringify(name)}]`,
      isRequest: !phase.startsWith('http_response'),
    };
  });
}

function onHeaders(
  isMeant: (header: LintedHeader) => boolean,
  say: (header: LintedHeader) => string,
): LintRule['finder'] {
  return {
    on: 'rule',
    find: (rule) =>
      headersOf(rule)
        .filter(isMeant)
        .map((header) => ({ message: say(header), path: header.path })),
  };
}

const operations = ['set', 'add', 'remove'];

function hasValue({ change }: LintedHeader): boolean {
  return attribute(change, 'value') !== undefined || attribute(change, 'expression') !== undefined;
}

/** Headers that Cloudflare sets itself. `cf-connecting-ip` may be removed. */
function isReserved({ name, operation, isRequest }: LintedHeader): boolean {
  const lower = name.toLowerCase();
  return (
    (/^(?:x-)?cf-/u.test(lower) && !(lower === 'cf-connecting-ip' && operation === 'remove')) ||
    (isRequest && (lower === 'host' || lower === 'connection' || lower === 'content-length'))
  );
}

/** RFC 9110, section 5.6.2: token. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;

/** Static value and expression for the same thing, wherever an action takes either. */
function bothHits({ parameters, action }: LintedRule): readonly Hit[] {
  const uri = objectAt(parameters, 'uri');
  const headers = Object.entries(objectAt(parameters, 'headers')).map(
    ([name, value]) => [`action_parameters.headers[${JSON.stringify(name)}]`, value] as const,
  );
  const places = [
    ['action_parameters.from_value.target_url', objectAt(objectAt(parameters, 'from_value'), 'target_url')],
    ['action_parameters.uri.path', objectAt(uri, 'path')],
    ['action_parameters.uri.query', objectAt(uri, 'query')],
    ...headers,
  ] as const;
  return action === 'rewrite' || action === 'redirect'
    ? places.flatMap(([path, value]) =>
        isObject(value) &&
        attribute(value, 'value') !== undefined &&
        attribute(value, 'expression') !== undefined
          ? [{ message: 'value and expression', path }]
          : [],
      )
    : none;
}

export const transformRules: readonly LintRule[] = [
  define(
    'value-and-expression',
    'error',
    ['A value is static or computed', 'Cloudflare refuses both together.', 'Keep value or expression.'],
    { on: 'rule', find: bothHits },
  ),
  define(
    'header-name-empty',
    'error',
    ['Headers have a name', 'Cloudflare refuses an empty one.', 'Name the header.'],
    onHeaders(
      ({ name }) => name.trim() === '',
      () => 'no name',
    ),
  ),
  define(
    'header-name',
    'error',
    ['Header names are tokens', 'Other characters are refused.', 'Use letters, digits and hyphens.'],
    onHeaders(
      ({ name }) => name.trim() !== '' && !token.test(name) && !isReference(name),
      ({ name }) => `${JSON.stringify(name)} is not a header name`,
    ),
  ),
  define(
    'header-operation-missing',
    'error',
    ['Header changes say what to do', 'Cloudflare refuses them otherwise.', `Use ${operations.join(', ')}.`],
    onHeaders(
      ({ operation }) => operation === '',
      () => 'no operation',
    ),
  ),
  define(
    'header-operation',
    'error',
    ['Operations on headers exist', 'Cloudflare refuses others.', `Use ${operations.join(', ')}.`],
    onHeaders(
      ({ operation }) => operation !== '' && !isReference(operation) && !operations.includes(operation),
      ({ operation }) => `no operation is named ${operation}`,
    ),
  ),
  define(
    'header-value-missing',
    'error',
    [
      'set and add have a value',
      'Cloudflare refuses them without one.',
      'Give a value or an expression, or remove the header.',
    ],
    onHeaders(
      (header) => (header.operation === 'set' || header.operation === 'add') && !hasValue(header),
      ({ operation }) => `${operation} without a value`,
    ),
  ),
  define(
    'header-add-request',
    'error',
    ['Request headers are set, not added', 'add works on response headers only.', 'Use set.'],
    onHeaders(
      ({ operation, isRequest }) => operation === 'add' && isRequest,
      () => 'add on a request header',
    ),
  ),
  define(
    'header-remove-value',
    'warning',
    ['remove has no value', 'The header goes whatever its value is.', 'Leave the value out.'],
    onHeaders(
      (header) => header.operation === 'remove' && hasValue(header),
      () => 'remove with a value',
    ),
  ),
  define(
    'header-reserved',
    'error',
    [
      'Headers of Cloudflare stay',
      'Headers that start with cf- or x-cf-, and Host of a request, cannot be changed here.',
      'Use another name; Host is changed by an origin rule.',
    ],
    onHeaders(isReserved, ({ name }) => `${name} cannot be changed`),
  ),
  define(
    'rewrite-path-slash',
    'error',
    ['Rewritten paths start with a slash', 'Cloudflare refuses a path without one.', 'Write the slash.'],
    {
      on: 'rule',
      find: ({ action, parameters }) => {
        const value = textAt(objectAt(objectAt(parameters, 'uri'), 'path'), 'value');
        return hitWhen(
          action === 'rewrite' && value !== '' && !isReference(value) && !value.startsWith('/'),
          `${JSON.stringify(value.slice(0, 80))} is not a path`,
          'action_parameters.uri.path.value',
        );
      },
    },
  ),
];
