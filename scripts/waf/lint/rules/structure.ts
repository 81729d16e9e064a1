/** Rulesets and rules as such: what must be there, names, phases. */
import { listAt, textAt } from '../../rulesets/attributes.ts';
import { isObject } from '../../../json/json.ts';
import type { Json } from '../../../plan/types.ts';
import { actionEffect } from '../../rulesets/phases.ts';
import { attribute, isReference } from '../model.ts';
import type { LintedRule, LintedRuleset } from '../model.ts';
import { hitWhen, leftTo, none, rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';

const define = rulesFrom('Cloudflare documentation, Ruleset Engine; provider 5 schema of cloudflare_ruleset');

/** Provider 5.14 schema of cloudflare_ruleset, and phases documented since. */
const phases: ReadonlySet<string> = new Set([
  'ddos_l4',
  'ddos_l7',
  'http_config_settings',
  'http_custom_errors',
  'http_log_custom_fields',
  'http_ratelimit',
  'http_request_api_gateway_early',
  'http_request_api_gateway_late',
  'http_request_cache_settings',
  'http_request_cloud_connector',
  'http_request_dynamic_redirect',
  'http_request_firewall_custom',
  'http_request_firewall_managed',
  'http_request_late_transform',
  'http_request_origin',
  'http_request_redirect',
  'http_request_sanitize',
  'http_request_sbfm',
  'http_request_snippets',
  'http_request_transform',
  'http_response_cache_settings',
  'http_response_compression',
  'http_response_firewall_managed',
  'http_response_headers_transform',
  'magic_transit',
  'magic_transit_ids_managed',
  'magic_transit_managed',
  'magic_transit_ratelimit',
]);

export function isPhase(name: string): boolean {
  return phases.has(name);
}

/** In the order of the alphabet. */
export function phaseNames(): readonly string[] {
  return [...phases].toSorted();
}

const ruleAttributes: ReadonlySet<string> = new Set([
  'id',
  'action',
  'action_parameters',
  'categories',
  'description',
  'enabled',
  'exposed_credential_check',
  'expression',
  'last_updated',
  'logging',
  'ratelimit',
  'ref',
  'version',
]);

function missingKeys({ attributes }: LintedRuleset): readonly Hit[] {
  const missing = ['name', 'kind', 'phase'].filter((key) => attribute(attributes, key) === undefined);
  const owners = ['zone_id', 'account_id'].filter((key) => attribute(attributes, key) !== undefined);
  return [
    ...missing.map((key) => ({ message: `no ${key}`, path: key })),
    ...hitWhen(owners.length !== 1, `${owners.length === 0 ? 'neither' : 'both'} zone_id and account_id`),
  ];
}

function shapeHits({ attributes }: LintedRuleset): readonly Hit[] {
  const rules = attribute(attributes, 'rules');
  if (rules === undefined || isReference(rules)) {
    return none;
  }
  if (!Array.isArray(rules)) {
    return [{ message: 'rules is not a list', path: 'rules' }];
  }
  return (rules as readonly Json[]).flatMap((rule, position) =>
    isObject(rule) ? [] : [{ message: 'this is not a rule', path: `rules[${position}]` }],
  );
}

function refHits({ attributes }: LintedRule): readonly Hit[] {
  const ref = attribute(attributes, 'ref');
  if (ref === undefined) {
    return none;
  }
  return hitWhen(
    typeof ref !== 'string' || ref.trim() === '' || ref !== ref.trim(),
    'ref is not text without blanks at its ends',
    'ref',
  );
}

function repeatedRefs({ rules }: LintedRuleset): readonly Hit[] {
  const seen = new Set<string>();
  return rules.flatMap(({ attributes, position }) => {
    const ref = textAt(attributes, 'ref');
    const isRepeated = ref !== '' && seen.has(ref);
    seen.add(ref);
    return isRepeated
      ? [{ message: `ref ${ref} stands in the ruleset already`, path: `rules[${position}].ref` }]
      : [];
  });
}

/** Rulesets of the same zone or account. */
function siblings(ruleset: LintedRuleset): readonly LintedRuleset[] {
  return ruleset.estate.rulesets.filter((one) => one !== ruleset && ownerOf(one) === ownerOf(ruleset));
}

function ownerOf({ attributes }: LintedRuleset): Json | undefined {
  return attribute(attributes, 'zone_id') ?? attribute(attributes, 'account_id');
}

function refElsewhere(rule: LintedRule): readonly Hit[] {
  const ref = textAt(rule.attributes, 'ref');
  const other = siblings(rule.ruleset).find(({ rules }) =>
    rules.some(({ attributes }) => ref !== '' && attributes['ref'] === ref),
  );
  return other === undefined
    ? none
    : [{ message: `${textAt(other.attributes, 'name') || other.id} has a rule ${ref} as well`, path: 'ref' }];
}

const maxDescription = 500;

function expressionMissing({ attributes }: LintedRule): readonly Hit[] {
  const expression = attribute(attributes, 'expression');
  return hitWhen(
    typeof expression !== 'string' || expression.trim() === '',
    expression === undefined ? 'no expression' : 'the expression is empty or no text',
    'expression',
  );
}

/** Zone rules whose phase ends the evaluation behind a rule for every request are judged in `between-rules.ts`. */
function allDisabled({ rules }: LintedRuleset): readonly Hit[] {
  return hitWhen(rules.length > 0 && rules.every(({ enabled }) => !enabled), 'every rule is disabled');
}

export const structureRules: readonly LintRule[] = [
  {
    ...define(
      'ruleset-incomplete',
      'error',
      [
        'A ruleset has name, kind, phase and one owner',
        'The provider refuses the ruleset.',
        'Name what is missing; a ruleset is of a zone or of an account.',
      ],
      { on: 'ruleset', find: missingKeys },
    ),
    leftTo: 'whole-configuration',
  },
  define(
    'ruleset-phase',
    'error',
    [
      'Phases exist',
      'The provider refuses unknown and former phase names.',
      'Use a phase of the Ruleset Engine.',
    ],
    {
      on: 'ruleset',
      find: ({ phase }) =>
        hitWhen(
          phase !== '' && !isReference(phase) && !phases.has(phase),
          `no phase is named ${phase}`,
          'phase',
        ),
    },
  ),
  define(
    'ruleset-shape',
    'error',
    [
      'Rules are a list of objects',
      'The provider refuses anything else.',
      'Write each rule as an object in a list.',
    ],
    { on: 'ruleset', find: shapeHits },
  ),
  define(
    'ruleset-empty',
    'info',
    [
      'A ruleset has rules',
      'An empty one does nothing and still owns its phase.',
      'Remove it, or add its rules.',
    ],
    {
      on: 'ruleset',
      find: ({ attributes }) =>
        hitWhen(
          listAt(attributes, 'rules').length === 0 && !isReference(attribute(attributes, 'rules')),
          'no rules',
        ),
    },
  ),
  define(
    'ruleset-disabled',
    'warning',
    [
      'Some rule of a ruleset is enabled',
      'A ruleset in which everything is disabled looks like protection and is none.',
      'Enable the rules, or remove them.',
    ],
    { on: 'ruleset', find: allDisabled },
  ),
  leftTo(
    'waf-ref',
    define(
      'ref-missing',
      'error',
      [
        'Every rule has a ref',
        'Without one the rule gets a new id whenever its place changes: logs, waivers and skips lose it.',
        'Give it a ref that stays.',
      ],
      {
        on: 'rule',
        find: ({ attributes }) => hitWhen(attribute(attributes, 'ref') === undefined, 'no ref', 'ref'),
      },
    ),
  ),
  define(
    'ref-malformed',
    'error',
    ['A ref is a text', 'Cloudflare refuses an empty ref.', 'Write a short name in kebab-case.'],
    { on: 'rule', find: refHits },
  ),
  define(
    'ref-repeated',
    'error',
    ['A ref stands once in a ruleset', 'Cloudflare refuses two rules with one ref.', 'Rename one of them.'],
    { on: 'ruleset', find: repeatedRefs },
  ),
  define(
    'ref-elsewhere',
    'warning',
    [
      'A ref is unique in its zone or account',
      'Logs and reports name rules by ref: two with one name cannot be told apart.',
      'Rename one of them.',
    ],
    { on: 'rule', find: refElsewhere },
  ),
  leftTo(
    'waf-expression-valid',
    define(
      'expression-missing',
      'error',
      [
        'Every rule has an expression',
        'Cloudflare refuses a rule without one.',
        'Write true for every request.',
      ],
      { on: 'rule', find: expressionMissing },
    ),
  ),
  define(
    'enabled-boolean',
    'error',
    ['enabled is true or false', 'The provider refuses other values.', 'Write true or false without quotes.'],
    {
      on: 'rule',
      find: ({ attributes }) => {
        const enabled = attribute(attributes, 'enabled');
        return hitWhen(
          enabled !== undefined && typeof enabled !== 'boolean' && !isReference(enabled),
          `enabled is ${JSON.stringify(enabled)}`,
          'enabled',
        );
      },
    },
  ),
  define(
    'rule-disabled',
    'info',
    ['Rules are enabled', 'A disabled rule is easily taken for protection.', 'Enable it, or remove it.'],
    {
      on: 'rule',
      find: ({ enabled, action }) => hitWhen(!enabled, `this ${action} rule is disabled`, 'enabled'),
    },
  ),
  define(
    'rule-attribute',
    'warning',
    ['Attributes of rules exist', 'The provider refuses unknown ones.', 'Check the spelling.'],
    {
      on: 'rule',
      find: ({ attributes }) =>
        Object.keys(attributes)
          .filter((key) => !ruleAttributes.has(key))
          .map((key) => ({ message: `a rule has no ${key}`, path: key })),
    },
  ),
  leftTo(
    'waf-description',
    define(
      'description-long',
      'warning',
      ['A description has at most 500 characters', 'Cloudflare refuses longer ones.', 'Say it shorter.'],
      {
        on: 'rule',
        find: ({ attributes }) => {
          const { length } = textAt(attributes, 'description');
          return hitWhen(length > maxDescription, `${length} characters`, 'description');
        },
      },
    ),
  ),
  define(
    'action-unknown',
    'error',
    ['Actions exist', 'The provider refuses unknown actions.', 'Use an action of the phase.'],
    {
      on: 'rule',
      find: ({ action, attributes }) =>
        hitWhen(
          action !== '' &&
            !isReference(action) &&
            actionEffect(action) === 'unknown' &&
            !rareActions.has(action),
          `no action is named ${JSON.stringify(attributes['action'])}`,
          'action',
        ),
    },
  ),
];

/** Of managed rulesets only; what they do to a request is not documented. */
const rareActions: ReadonlySet<string> = new Set(['ddos_dynamic', 'force_connection_close']);
