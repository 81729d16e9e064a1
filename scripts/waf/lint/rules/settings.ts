/** Cache rules, configuration rules and origin rules. */
import { listAt, objectAt, textAt } from '../../rulesets/attributes.ts';
import { isObject } from '../../../json/json.ts';
import type { Json, JsonObject } from '../../../plan/types.ts';
import { attribute, isReference } from '../model.ts';
import type { LintedRule } from '../model.ts';
import { hitWhen, none, rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';

const cache = rulesFrom('Cloudflare documentation, cache rules, settings');
const configuration = rulesFrom('Cloudflare documentation, configuration rules, settings');
const origin = rulesFrom('Cloudflare documentation, origin rules');

function doing(
  action: string,
  find: (parameters: JsonObject, rule: LintedRule) => readonly Hit[],
): LintRule['finder'] {
  return { on: 'rule', find: (rule) => (rule.action === action ? find(rule.parameters, rule) : none) };
}

const here = 'action_parameters';
const modes: Readonly<Record<string, readonly string[]>> = {
  edge_ttl: ['respect_origin', 'bypass_by_default', 'override_origin'],
  browser_ttl: ['respect_origin', 'bypass_by_default', 'override_origin', 'bypass'],
};

function ttls(
  parameters: JsonObject,
): readonly { readonly key: string; readonly ttl: JsonObject; readonly mode: string }[] {
  return Object.keys(modes).flatMap((key) => {
    const ttl = attribute(parameters, key);
    return isObject(ttl) ? [{ key, ttl, mode: textAt(ttl, 'mode') }] : [];
  });
}

/** Every time to live of the rule with its place. */
function seconds(parameters: JsonObject): readonly { readonly value: Json; readonly path: string }[] {
  const defaults = ttls(parameters).flatMap(({ key, ttl }) => {
    const value = attribute(ttl, 'default');
    return value === undefined ? [] : [{ value, path: `${here}.${key}.default` }];
  });
  const byStatus = listAt(objectAt(parameters, 'edge_ttl'), 'status_code_ttl')
    .map((value, index) => ({ value, path: `${here}.edge_ttl.status_code_ttl[${index}].value` }))
    .flatMap(({ value, path }) => {
      const ttl = isObject(value) ? attribute(value, 'value') : undefined;
      return ttl === undefined ? [] : [{ value: ttl, path }];
    });
  return [...defaults, ...byStatus];
}

const year = 31_536_000;

/** Settings that need an eligible request. */
const cachingOnly = ['edge_ttl', 'cache_key', 'cache_reserve', 'serve_stale'];

/** A text setting whose value is not among those that there are. */
function unknownSetting(parameters: JsonObject, key: string, known: readonly string[]): readonly Hit[] {
  const value = attribute(parameters, key);
  return hitWhen(
    value !== undefined && !isReference(value) && !known.some((one) => one === value),
    `${key} is ${JSON.stringify(value)}: ${known.join(', ')}`,
    `${here}.${key}`,
  );
}

const securityLevels = ['off', 'essentially_off', 'low', 'medium', 'high', 'under_attack'];
const sslModes = ['off', 'flexible', 'full', 'strict', 'origin_pull'];
const polishModes = ['off', 'lossless', 'lossy', 'webp'];

export const settingRules: readonly LintRule[] = [
  cache(
    'cache-ttl-mode',
    'error',
    [
      'Modes of times to live exist',
      'Cloudflare refuses others.',
      'Use respect_origin, override_origin or bypass_by_default; bypass for browsers.',
    ],
    doing('set_cache_settings', (parameters) =>
      ttls(parameters)
        .filter(({ key, mode }) => !isReference(mode) && modes[key]?.includes(mode) !== true)
        .map(({ key, mode }) => ({
          message: `no mode of ${key} is named ${JSON.stringify(mode)}`,
          path: `${here}.${key}.mode`,
        })),
    ),
  ),
  cache(
    'cache-ttl-missing',
    'error',
    [
      'override_origin has a time',
      'Cloudflare refuses it without default.',
      'Set default to the seconds to keep a response.',
    ],
    doing('set_cache_settings', (parameters) =>
      ttls(parameters)
        .filter(
          ({ ttl, mode }) =>
            mode === 'override_origin' &&
            attribute(ttl, 'default') === undefined &&
            listAt(ttl, 'status_code_ttl').length === 0,
        )
        .map(({ key }) => ({
          message: `${key} overrides the origin without a time`,
          path: `${here}.${key}`,
        })),
    ),
  ),
  cache(
    'cache-ttl-negative',
    'error',
    [
      'Times to live are not negative',
      'Cloudflare refuses them; -1 and 0 for single statuses mean not to store and to revalidate.',
      'Write 0 or more seconds.',
    ],
    doing('set_cache_settings', (parameters) =>
      seconds(parameters)
        .filter(
          ({ value, path }) =>
            typeof value === 'number' && value < (path.includes('status_code_ttl') ? -1 : 0),
        )
        .map(({ value, path }) => ({ message: `${JSON.stringify(value)} s`, path })),
    ),
  ),
  cache(
    'cache-ttl-long',
    'warning',
    [
      'Times to live are at most a year',
      'Longer ones gain nothing, and a mistake stays in browsers for good.',
      'Write 31536000 or less.',
    ],
    doing('set_cache_settings', (parameters) =>
      seconds(parameters)
        .filter(({ value }) => typeof value === 'number' && value > year)
        .map(({ value, path }) => ({ message: `${JSON.stringify(value)} s are more than a year`, path })),
    ),
  ),
  cache(
    'cache-bypass-and-settings',
    'warning',
    [
      'What is not cached has no cache settings',
      'With cache: false the settings do nothing.',
      'Remove the settings, or set cache to true.',
    ],
    doing('set_cache_settings', (parameters) =>
      cachingOnly
        .filter((key) => parameters['cache'] === false && attribute(parameters, key) !== undefined)
        .map((key) => ({ message: `${key} beside cache: false`, path: `${here}.${key}` })),
    ),
  ),
  configuration(
    'config-security-level',
    'error',
    ['Security levels exist', 'Cloudflare refuses others.', `Use ${securityLevels.join(', ')}.`],
    doing('set_config', (parameters) => unknownSetting(parameters, 'security_level', securityLevels)),
  ),
  configuration(
    'config-ssl',
    'error',
    ['SSL modes exist', 'Cloudflare refuses others.', `Use ${sslModes.join(', ')}.`],
    doing('set_config', (parameters) => unknownSetting(parameters, 'ssl', sslModes)),
  ),
  configuration(
    'config-polish',
    'error',
    ['Polish modes exist', 'Cloudflare refuses others.', `Use ${polishModes.join(', ')}.`],
    doing('set_config', (parameters) => unknownSetting(parameters, 'polish', polishModes)),
  ),
  configuration(
    'config-security-off',
    'warning',
    [
      'The security level stays on',
      'Requests of this rule are not challenged however bad their address is known to be.',
      'Use low, or skip securityLevel for the addresses it is for.',
    ],
    doing('set_config', ({ security_level: level }) =>
      hitWhen(
        level === 'off' || level === 'essentially_off',
        `security_level ${JSON.stringify(level)}`,
        `${here}.security_level`,
      ),
    ),
  ),
  configuration(
    'config-ssl-off',
    'warning',
    [
      'Traffic to the origin is encrypted',
      'With off and flexible everything goes to the origin in plain text.',
      'Use strict.',
    ],
    doing('set_config', ({ ssl }) =>
      hitWhen(ssl === 'off' || ssl === 'flexible', `ssl ${JSON.stringify(ssl)}`, `${here}.ssl`),
    ),
  ),
  origin(
    'origin-port',
    'error',
    ['Ports are between 1 and 65535', 'Cloudflare refuses others.', 'Correct the port.'],
    doing('route', (parameters) => {
      const port = attribute(objectAt(parameters, 'origin'), 'port');
      const isPort = typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535;
      return hitWhen(
        port !== undefined && !isReference(port) && !isPort,
        `port ${JSON.stringify(port)}`,
        `${here}.origin.port`,
      );
    }),
  ),
  origin(
    'origin-incomplete',
    'error',
    [
      'A route says where to',
      'Cloudflare refuses a route without host, port, Host header or server name.',
      'Set origin, host_header or sni.',
    ],
    doing('route', (parameters) => {
      const target = attribute(parameters, 'origin');
      const isEmpty =
        isObject(target) &&
        attribute(target, 'host') === undefined &&
        attribute(target, 'port') === undefined;
      const sni = attribute(parameters, 'sni');
      return [
        ...hitWhen(isEmpty, 'origin without host and port', `${here}.origin`),
        ...hitWhen(isObject(sni) && textAt(sni, 'value') === '', 'sni without value', `${here}.sni`),
      ];
    }),
  ),
];
