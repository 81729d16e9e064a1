/** skip and execute: which protections run for a request, and which do not. */
import { listAt, objectAt, textAt, textsAt } from '../../rulesets/attributes.ts';
import { isObject } from '../../../json/json.ts';
import type { Json } from '../../../plan/types.ts';
import { attribute, isReference } from '../model.ts';
import type { LintedRule, LintedRuleset } from '../model.ts';
import { hitWhen, none, rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';

const define = rulesFrom('Cloudflare documentation, Ruleset Engine, skip and execute actions');

const skippablePhases = ['http_ratelimit', 'http_request_sbfm', 'http_request_firewall_managed'];
const products = ['zoneLockdown', 'uaBlock', 'bic', 'hot', 'securityLevel', 'rateLimit', 'waf'];
const here = 'action_parameters';

function skipping(find: (rule: LintedRule) => readonly Hit[]): LintRule['finder'] {
  return { on: 'rule', find: (rule) => (rule.action === 'skip' ? find(rule) : none) };
}

function executing(find: (rule: LintedRule) => readonly Hit[]): LintRule['finder'] {
  return { on: 'rule', find: (rule) => (rule.action === 'execute' ? find(rule) : none) };
}

function unlisted(rule: LintedRule, key: string, known: readonly string[]): readonly Hit[] {
  return textsAt(rule.parameters, key)
    .filter((name) => !isReference(name) && !known.includes(name))
    .map((name) => ({ message: `${name} cannot be skipped`, path: `${here}.${key}` }));
}

const rulesetId = /^[0-9a-f]{32}$/u;

function isId(value: Json | undefined): boolean {
  return typeof value === 'string' && (rulesetId.test(value) || isReference(value));
}

/** What a skip rule leaves out, in words. */
function skipScope({ parameters }: LintedRule): readonly string[] {
  const rules = Object.entries(objectAt(parameters, 'rules'));
  return [
    ...(parameters['ruleset'] === 'current' ? ['the rest of this ruleset'] : []),
    ...(parameters['phase'] === 'current' ? ['the rest of this phase'] : []),
    ...textsAt(parameters, 'phases').map((phase) => `phase ${phase}`),
    ...textsAt(parameters, 'rulesets').map((id) => `ruleset ${id}`),
    ...rules.map(([id, list]) => `${Array.isArray(list) ? list.length : 0} rules of ruleset ${id}`),
    ...textsAt(parameters, 'products').map((product) => `product ${product}`),
  ];
}

const sensitivities = ['default', 'medium', 'low', 'eoff'];

interface Override {
  readonly value: Json;
  readonly path: string;
}

/** The overrides of an execute rule: of the whole ruleset, of categories, of rules. */
function overridesOf({ parameters }: LintedRule): readonly Override[] {
  const overrides = attribute(parameters, 'overrides');
  if (overrides === undefined) {
    return [];
  }
  const inside = isObject(overrides) ? overrides : {};
  const at = `${here}.overrides`;
  const listed = ['categories', 'rules'].flatMap((key) =>
    listAt(inside, key).map((value, index) => ({ value, path: `${at}.${key}[${index}]` })),
  );
  return [{ value: overrides, path: at }, ...listed];
}

function overrideHits(rule: LintedRule): readonly Hit[] {
  return overridesOf(rule).flatMap(({ value, path }): readonly Hit[] => {
    if (!isObject(value)) {
      return isReference(value) ? none : [{ message: 'an override is an object', path }];
    }
    const enabled = attribute(value, 'enabled');
    const isCategory = path.includes('.categories[');
    const isRule = path.includes('.rules[');
    return [
      ...hitWhen(
        enabled !== undefined && typeof enabled !== 'boolean' && !isReference(enabled),
        'enabled is true or false',
        path,
      ),
      ...hitWhen(isCategory && textAt(value, 'category') === '', 'no category', path),
      ...hitWhen(isRule && !isId(value['id']), 'no rule id of 32 hexadecimal digits', path),
    ];
  });
}

function sensitivityHits(rule: LintedRule): readonly Hit[] {
  return overridesOf(rule).flatMap(({ value, path }) => {
    const level = isObject(value) ? textAt(value, 'sensitivity_level') : '';
    return level === '' || isReference(level) || sensitivities.includes(level)
      ? none
      : [{ message: `no sensitivity is named ${level}`, path: `${path}.sensitivity_level` }];
  });
}

/** At the account level a ruleset may be executed several times, for different zones. */
function executedTwice({ rules, isAccount }: LintedRuleset): readonly Hit[] {
  const seen = new Map<string, string>();
  return rules
    .filter(({ action, enabled }) => action === 'execute' && enabled && !isAccount)
    .flatMap((rule) => {
      const id = textAt(rule.parameters, 'id');
      const before = seen.get(id);
      seen.set(id, before ?? rule.name);
      return hitWhen(
        before !== undefined && id !== '',
        `${before ?? ''} executes ruleset ${id} already`,
        `rules[${rule.position}].action_parameters.id`,
      );
    });
}

export const managedRules: readonly LintRule[] = [
  define(
    'skip-phase',
    'error',
    [
      'Skipped phases can be skipped',
      'Only rate limits, Super Bot Fight Mode and managed rules can; the API refuses others.',
      `Use ${skippablePhases.join(', ')}.`,
    ],
    skipping((rule) => unlisted(rule, 'phases', skippablePhases)),
  ),
  define(
    'skip-product',
    'error',
    [
      'Skipped products exist',
      'Names are case-sensitive; an unknown one is refused.',
      `Use ${products.join(', ')}.`,
    ],
    skipping((rule) => unlisted(rule, 'products', products)),
  ),
  define(
    'skip-ruleset',
    'error',
    [
      'ruleset and phase of a skip are "current"',
      'They name the rest of the ruleset or phase that the rule is in; other rulesets go under rulesets.',
      'Write "current", or use rulesets.',
    ],
    skipping(({ parameters }) =>
      ['ruleset', 'phase'].flatMap((key) => {
        const value = attribute(parameters, key);
        return hitWhen(
          value !== undefined && value !== 'current' && !isReference(value),
          `${key} is ${JSON.stringify(value)}`,
          `${here}.${key}`,
        );
      }),
    ),
  ),
  define(
    'skip-ruleset-id',
    'error',
    [
      'Skipped rulesets are named by id',
      'An empty or malformed id skips nothing, or is refused.',
      'Write the 32 hexadecimal digits of the ruleset.',
    ],
    skipping(({ parameters }) =>
      [...listAt(parameters, 'rulesets'), ...Object.keys(objectAt(parameters, 'rules'))]
        .filter((id) => !isId(id))
        .map((id) => ({ message: `${JSON.stringify(id)} is not a ruleset id`, path: here })),
    ),
  ),
  define(
    'skip-account',
    'error',
    [
      'Account entry points do not skip',
      'The API refuses skip in the account entry point of custom rules (error 20016).',
      'Put the skip into a zone, or into the custom ruleset.',
    ],
    skipping(({ ruleset: { isAccount, kind, phase } }) =>
      hitWhen(
        isAccount && kind === 'root' && phase === 'http_request_firewall_custom',
        'skip in an account entry point',
        'action',
      ),
    ),
  ),
  define(
    'skip-account-phases',
    'warning',
    [
      'It is known which phases an account rule skips',
      'The documentation says in one place that only account rulesets are skipped, in another that those of the zone are too.',
      'Try it on a test zone first, or skip in the zone.',
    ],
    skipping(({ parameters, ruleset: { isAccount } }) =>
      hitWhen(
        isAccount && textsAt(parameters, 'phases').length > 0,
        'phases in an account ruleset',
        `${here}.phases`,
      ),
    ),
  ),
  define(
    'skip-scope',
    'info',
    [
      'It is known what a skip turns off',
      'What a skip leaves out does not see the request at all.',
      'Compare with what the exception is for, and keep it as narrow.',
    ],
    skipping((rule) => {
      const scope = skipScope(rule);
      return hitWhen(rule.enabled && scope.length > 0, `it leaves out ${scope.join(', ')}`, here);
    }),
  ),
  define(
    'execute-id-missing',
    'error',
    ['Executed rulesets are named', 'Cloudflare refuses execute without an id.', 'Name the ruleset.'],
    executing(({ parameters }) =>
      hitWhen(attribute(parameters, 'id') === undefined, 'no ruleset id', `${here}.id`),
    ),
  ),
  define(
    'execute-id',
    'warning',
    [
      'Ids of rulesets have 32 hexadecimal digits',
      'Another id is refused.',
      'Copy the id from the list of rulesets.',
    ],
    executing(({ parameters }) =>
      hitWhen(
        attribute(parameters, 'id') !== undefined && !isId(parameters['id']),
        `${JSON.stringify(parameters['id'])} is not a ruleset id`,
        `${here}.id`,
      ),
    ),
  ),
  define(
    'override-malformed',
    'error',
    [
      'Overrides are complete',
      'Cloudflare refuses an override that does not say what it is about.',
      'Name category or rule id; enabled is a Boolean.',
    ],
    executing(overrideHits),
  ),
  define(
    'override-sensitivity',
    'error',
    ['Sensitivities exist', 'Cloudflare refuses others.', `Use ${sensitivities.join(', ')}.`],
    executing(sensitivityHits),
  ),
  define(
    'execute-twice',
    'error',
    [
      'A zone executes a managed ruleset once in a phase',
      'Cloudflare takes each managed ruleset once for a zone.',
      'Join the two rules, or confine exceptions with skip.',
    ],
    { on: 'ruleset', find: executedTwice },
  ),
];
