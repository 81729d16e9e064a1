/** Actions: whether the phase has them, and their parameters. */
import { listAt, objectAt, textAt } from '../../rulesets/attributes.ts';
import { isObject } from '../../../json/json.ts';
import type { JsonObject } from '../../../plan/types.ts';
import { attribute, isReference } from '../model.ts';
import type { LintedRule } from '../model.ts';
import { actionsOf, challenges, inCustomRulesets, parametersOf } from './action-tables.ts';
import { hitWhen, none, rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';

const define = rulesFrom('Cloudflare documentation, Ruleset Engine, rule actions');

function given(parameters: JsonObject): readonly string[] {
  return Object.keys(parameters).filter((key) => attribute(parameters, key) !== undefined);
}

function phaseHits({ action, ruleset }: LintedRule): readonly Hit[] {
  const allowed = actionsOf[ruleset.phase];
  if (allowed === undefined || action === '' || isReference(action) || ruleset.kind === 'managed') {
    return none;
  }
  const isExecuted = action === 'execute' && ruleset.isAccount;
  const isCustom = ruleset.kind === 'custom' && inCustomRulesets.has(action);
  return hitWhen(
    !allowed.includes(action) && !isExecuted && !isCustom,
    `${ruleset.phase} has no ${action}: ${allowed.join(', ')}`,
    'action',
  );
}

const withoutParameters: ReadonlySet<string> = new Set(['block', 'log', ...challenges]);

function missingHits({ action, parameters, attributes }: LintedRule): readonly Hit[] {
  const known = parametersOf[action];
  const isOther =
    !isObject(attribute(attributes, 'action_parameters')) &&
    attribute(attributes, 'action_parameters') !== undefined;
  return hitWhen(
    known !== undefined && !withoutParameters.has(action) && !isOther && given(parameters).length === 0,
    `${action} needs ${(known ?? []).slice(0, 6).join(', ')}`,
    'action_parameters',
  );
}

function unknownHits({ action, parameters }: LintedRule): readonly Hit[] {
  const known = parametersOf[action];
  return known === undefined || known.length === 0
    ? none
    : given(parameters)
        .filter((key) => !known.includes(key))
        .map((key) => ({ message: `${action} has no ${key}`, path: `action_parameters.${key}` }));
}

function unusedHits({ action, parameters }: LintedRule): readonly Hit[] {
  const isUnused = parametersOf[action]?.length === 0 && given(parameters).length > 0;
  return hitWhen(isUnused, `${action} takes no parameters`, 'action_parameters');
}

const maxBlockBody = 30 * 1024;
const maxErrorBody = 10 * 1024;
const bodyTypes = ['application/json', 'text/html', 'text/plain', 'text/xml'];

function isOutside(value: unknown, from: number, to: number): boolean {
  return typeof value === 'number' && !(Number.isInteger(value) && value >= from && value <= to);
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

function blockHits({ action, parameters }: LintedRule): readonly Hit[] {
  const response = attribute(parameters, 'response');
  if (action !== 'block' || !isObject(response)) {
    return none;
  }
  const at = 'action_parameters.response';
  const { content, content_type: type, status_code: status } = response;
  return [
    ...hitWhen(
      isOutside(status, 400, 499),
      `status ${JSON.stringify(status)} is not between 400 and 499`,
      `${at}.status_code`,
    ),
    ...hitWhen(
      typeof content === 'string' && bytes(content) > maxBlockBody,
      'the body is longer than 30 KB',
      `${at}.content`,
    ),
    ...hitWhen(
      typeof type === 'string' && !isReference(type) && !bodyTypes.includes(type),
      `no body is sent as ${JSON.stringify(type)}`,
      `${at}.content_type`,
    ),
    ...['content', 'content_type', 'status_code']
      .filter((key) => attribute(response, key) === undefined)
      .map((key) => ({ message: `no ${key}`, path: at })),
  ];
}

function errorStatusHits({ action, parameters }: LintedRule): readonly Hit[] {
  const status = attribute(parameters, 'status_code');
  return hitWhen(
    action === 'serve_error' && isOutside(status, 400, 999),
    `status ${JSON.stringify(status)} is not between 400 and 999`,
    'action_parameters.status_code',
  );
}

function compressionNames({ action, parameters }: LintedRule): readonly string[] {
  return action === 'compress_response'
    ? listAt(parameters, 'algorithms')
        .filter(isObject)
        .map((algorithm) => textAt(algorithm, 'name'))
    : [];
}

const algorithms: ReadonlySet<string> = new Set(['none', 'auto', 'default', 'gzip', 'brotli', 'zstd']);
const finalAlgorithms: ReadonlySet<string> = new Set(['none', 'auto', 'default']);
const at = 'action_parameters.algorithms';

export const actionRules: readonly LintRule[] = [
  define(
    'action-phase',
    'error',
    [
      'The phase has the action',
      'Cloudflare refuses an action outside its phases.',
      'Use an action of the phase, or move the rule.',
    ],
    { on: 'rule', find: phaseHits },
  ),
  define(
    'action-missing',
    'error',
    ['Every rule has an action', 'The provider refuses a rule without one.', 'Name the action.'],
    { on: 'rule', find: ({ action }) => hitWhen(action === '', 'no action', 'action') },
  ),
  define(
    'parameters-missing',
    'error',
    [
      'Actions have the parameters that they need',
      'Cloudflare refuses the rule, or it does nothing.',
      'Add what the message names.',
    ],
    { on: 'rule', find: missingHits },
  ),
  define(
    'parameters-shape',
    'error',
    ['Parameters are an object', 'The provider refuses anything else.', 'Write them as an object.'],
    {
      on: 'rule',
      find: ({ attributes }) => {
        const written = attribute(attributes, 'action_parameters');
        return hitWhen(
          written !== undefined && !isObject(written) && !isReference(written),
          'action_parameters is not an object',
          'action_parameters',
        );
      },
    },
  ),
  define(
    'parameters-unknown',
    'warning',
    [
      'The action has the parameter',
      'A parameter of another action is refused or ignored.',
      'Remove it, or use the action that has it.',
    ],
    { on: 'rule', find: unknownHits },
  ),
  define(
    'parameters-unused',
    'warning',
    ['Only actions with parameters have some', 'They are refused or ignored.', 'Remove them.'],
    { on: 'rule', find: unusedHits },
  ),
  define(
    'block-response',
    'error',
    [
      'Responses of block are within the limits',
      'Cloudflare takes statuses 400 to 499, bodies up to 30 KB, and four content types; all three are needed.',
      'Correct what the message names.',
    ],
    { on: 'rule', find: blockHits },
  ),
  define(
    'serve-error-status',
    'error',
    ['Served errors have an error status', 'Cloudflare takes 400 to 999.', 'Use a status of that range.'],
    { on: 'rule', find: errorStatusHits },
  ),
  define(
    'serve-error-size',
    'error',
    [
      'Served errors have at most 10 KB',
      'Cloudflare refuses more.',
      'Shorten the page, or use a custom error asset.',
    ],
    {
      on: 'rule',
      find: ({ action, parameters }) =>
        hitWhen(
          action === 'serve_error' && bytes(textAt(parameters, 'content')) > maxErrorBody,
          `${bytes(textAt(parameters, 'content'))} bytes`,
          'action_parameters.content',
        ),
    },
  ),
  define(
    'serve-error-type',
    'error',
    [
      'Served errors have a known content type',
      'Cloudflare takes four of them.',
      `Use ${bodyTypes.join(', ')}.`,
    ],
    {
      on: 'rule',
      find: ({ action, parameters }) => {
        const type = textAt(parameters, 'content_type');
        return hitWhen(
          action === 'serve_error' && type !== '' && !isReference(type) && !bodyTypes.includes(type),
          `no body is sent as ${type}`,
          'action_parameters.content_type',
        );
      },
    },
  ),
  define(
    'compression-algorithm',
    'error',
    ['Compression algorithms exist', 'Cloudflare refuses others.', `Use ${[...algorithms].join(', ')}.`],
    {
      on: 'rule',
      find: (rule) =>
        compressionNames(rule)
          .filter((name) => !algorithms.has(name))
          .map((name) => ({ message: `no algorithm is named ${JSON.stringify(name)}`, path: at })),
    },
  ),
  define(
    'compression-order',
    'warning',
    [
      'none, auto and default come last',
      'They always apply: what stands behind them is never used.',
      'Move it to the end.',
    ],
    {
      on: 'rule',
      find: (rule) =>
        compressionNames(rule)
          .slice(0, -1)
          .filter((name) => finalAlgorithms.has(name))
          .map((name) => ({ message: `${name} is not the last algorithm`, path: at })),
    },
  ),
  define(
    'logging-not-skip',
    'error',
    ['Only skip rules set logging', 'The API refuses it elsewhere (error 20018).', 'Remove logging.'],
    {
      on: 'rule',
      find: ({ action, attributes }) =>
        hitWhen(
          action !== 'skip' &&
            action !== '' &&
            attribute(objectAt(attributes, 'logging'), 'enabled') !== undefined,
          `${action} has no logging`,
          'logging',
        ),
    },
  ),
];
