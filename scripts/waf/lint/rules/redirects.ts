/** Redirects of a zone, and redirects by list. */
import { objectAt, textAt } from '../../rulesets/attributes.ts';
import { attribute, isReference } from '../model.ts';
import type { LintedRule } from '../model.ts';
import { hitWhen, none, rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';
import type { JsonObject } from '../../../plan/types.ts';

const define = rulesFrom('Cloudflare documentation, single redirects and bulk redirects, parameters');

const statuses = [301, 302, 303, 307, 308];
const at = 'action_parameters.from_value';

function redirecting(find: (value: JsonObject, rule: LintedRule) => readonly Hit[]): LintRule['finder'] {
  return {
    on: 'rule',
    find: (rule) =>
      rule.action === 'redirect' && attribute(rule.parameters, 'from_value') !== undefined
        ? find(objectAt(rule.parameters, 'from_value'), rule)
        : none,
  };
}

function isTarget(text: string): boolean {
  return /^https?:\/\/[^\s/]+/iu.test(text) || /^\/(?!\/)/u.test(text);
}

export const redirectRules: readonly LintRule[] = [
  define(
    'redirect-status',
    'error',
    ['Redirects have a redirect status', 'Cloudflare refuses others.', `Use ${statuses.join(', ')}.`],
    redirecting((value) => {
      const status = attribute(value, 'status_code');
      return hitWhen(
        status !== undefined && !isReference(status) && !statuses.some((one) => one === status),
        `status ${JSON.stringify(status)}`,
        `${at}.status_code`,
      );
    }),
  ),
  define(
    'redirect-status-missing',
    'warning',
    [
      'Redirects say their status',
      'Without one it is 301, which browsers keep for good.',
      'Write 302 while it may change, 301 or 308 when it is for good.',
    ],
    redirecting((value) => hitWhen(attribute(value, 'status_code') === undefined, 'no status_code', at)),
  ),
  define(
    'redirect-target-missing',
    'error',
    [
      'Redirects have a target',
      'Cloudflare refuses a redirect to nowhere.',
      'Set target_url to a value or an expression.',
    ],
    {
      on: 'rule',
      find: ({ action, parameters }) => {
        const target = objectAt(objectAt(parameters, 'from_value'), 'target_url');
        const list = objectAt(parameters, 'from_list');
        const hasTarget =
          attribute(target, 'value') !== undefined ||
          attribute(target, 'expression') !== undefined ||
          (textAt(list, 'name') !== '' && textAt(list, 'key') !== '');
        return hitWhen(action === 'redirect' && !hasTarget, 'no target', 'action_parameters');
      },
    },
  ),
  define(
    'redirect-target-url',
    'warning',
    [
      'Targets are addresses',
      'A browser takes anything else for a path relative to the page it is on.',
      'Write https://…, or a path that starts with one slash.',
    ],
    redirecting((value) => {
      const target = textAt(objectAt(value, 'target_url'), 'value');
      return hitWhen(
        target !== '' && !isReference(target) && !isTarget(target),
        `${JSON.stringify(target.slice(0, 80))} is not an address`,
        `${at}.target_url.value`,
      );
    }),
  ),
  define(
    'redirect-by-list',
    'warning',
    [
      'A redirect by list names the list in its expression',
      'Bulk redirects work on http.request.full_uri in the same list; otherwise nothing is redirected.',
      'Write http.request.full_uri in $list, with the list of from_list.',
    ],
    {
      on: 'rule',
      find: ({ action, parameters, attributes }) => {
        const name = textAt(objectAt(parameters, 'from_list'), 'name');
        const expression = textAt(attributes, 'expression');
        const isNamed = expression.includes(`$${name}`);
        return hitWhen(
          action === 'redirect' && name !== '' && !isReference(name) && !isReference(expression) && !isNamed,
          `the expression does not name $${name}`,
          'expression',
        );
      },
    },
  ),
];
