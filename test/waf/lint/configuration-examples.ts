/** For each lint rule about a configuration: one that it objects to. The one that it leaves alone is `sound`. */
import type { JsonObject } from '../../../scripts/plan/types.ts';
import type { ConfiguredObject } from '../../../scripts/waf/rulesets/configured.ts';
import type { LintOptions } from '../../../scripts/waf/lint/lint.ts';

export interface ConfigurationExample {
  readonly objects: readonly ConfiguredObject[];
  readonly options?: LintOptions;
}

const managedId = 'efb7b8c949ac4650a09736fc376e9aee';

function object(type: string, name: string, attributes: JsonObject): ConfiguredObject {
  return { type: `cloudflare_${type}`, id: `\${cloudflare_${type}.${name}.id}`, attributes };
}

function ruleset(
  phase: string,
  rules: readonly JsonObject[] | JsonObject | string,
  more: JsonObject = {},
): ConfiguredObject {
  return object('ruleset', phase, {
    zone_id: 'z',
    name: phase,
    kind: 'zone',
    phase,
    rules,
    ...more,
  });
}

function rule(action: string, parameters: JsonObject | null = null, more: JsonObject = {}): JsonObject {
  return {
    ref: `${action}-one`,
    action,
    expression: 'http.host eq "a.example"',
    ...(parameters === null ? {} : { action_parameters: parameters }),
    ...more,
  };
}

const custom = 'http_request_firewall_custom';

const inCustom = (...rules: readonly JsonObject[]): readonly ConfiguredObject[] => [ruleset(custom, rules)];
const block = (more: JsonObject = {}): JsonObject => rule('block', null, more);
const one = (phase: string, action: string, parameters: JsonObject): readonly ConfiguredObject[] => [
  ruleset(phase, [rule(action, parameters)]),
];
const skip = (parameters: JsonObject): readonly ConfiguredObject[] => one(custom, 'skip', parameters);
const execute = (parameters: JsonObject): readonly ConfiguredObject[] =>
  one('http_request_firewall_managed', 'execute', parameters);

const limit: JsonObject = {
  characteristics: ['cf.colo.id', 'ip.src'],
  period: 60,
  requests_per_period: 10,
  mitigation_timeout: 60,
};
const limited = (change: JsonObject, action = 'block'): readonly ConfiguredObject[] => [
  ruleset('http_ratelimit', [rule(action, null, { ratelimit: { ...limit, ...change } })]),
];
const redirect = (value: JsonObject): readonly ConfiguredObject[] =>
  one('http_request_dynamic_redirect', 'redirect', { from_value: value });
const target = { value: 'https://a.example/' };
const header = (
  change: JsonObject,
  name = 'X-A',
  phase = 'http_request_late_transform',
): readonly ConfiguredObject[] => one(phase, 'rewrite', { headers: { [name]: change } });
const cache = (parameters: JsonObject): readonly ConfiguredObject[] =>
  one('http_request_cache_settings', 'set_cache_settings', { cache: true, ...parameters });
const config = (parameters: JsonObject): readonly ConfiguredObject[] =>
  one('http_config_settings', 'set_config', parameters);
const route = (parameters: JsonObject): readonly ConfiguredObject[] =>
  one('http_request_origin', 'route', parameters);
const serve = (parameters: JsonObject): readonly ConfiguredObject[] =>
  one('http_custom_errors', 'serve_error', {
    content: 'x',
    content_type: 'text/plain',
    status_code: 503,
    ...parameters,
  });
const compress = (...names: readonly string[]): readonly ConfiguredObject[] =>
  one('http_response_compression', 'compress_response', { algorithms: names.map((name) => ({ name })) });
const list = (kind: string, items: readonly JsonObject[], name = 'some'): readonly ConfiguredObject[] => [
  object('list', 'some', { account_id: 'a', kind, name, items }),
];
const account = (rules: readonly JsonObject[]): readonly ConfiguredObject[] => [
  object('ruleset', 'root', { account_id: 'a', name: 'root', kind: 'root', phase: custom, rules }),
];

const listed = [{ ip: '8.8.8.0/24' }, { ip: '9.9.9.9' }];

/** Everything that the examples are about, as it should be. */
export const sound: ConfigurationExample = {
  objects: [
    ruleset(custom, [block(), rule('log', null, { expression: 'ip.src in $some' })]),
    ruleset('http_ratelimit', [rule('block', null, { ref: 'limit-one', ratelimit: limit })]),
    ...redirect({ status_code: 301, target_url: target }),
    ...header({ operation: 'set', value: 'a' }),
    ...cache({ edge_ttl: { mode: 'override_origin', default: 60 } }),
    ...config({ security_level: 'high', ssl: 'strict', polish: 'lossless' }),
    ...route({ origin: { host: 'o.example', port: 8443 } }),
    ...serve({}),
    ...compress('brotli', 'gzip', 'auto'),
    ...execute({
      id: managedId,
      overrides: { sensitivity_level: 'low', rules: [{ id: managedId, action: 'log' }] },
    }),
    ...list('ip', listed),
  ],
};

export const configurationExamples: Readonly<Record<string, ConfigurationExample>> = {
  'ruleset-incomplete': { objects: [ruleset(custom, [block()], { account_id: 'a' })] },
  'ruleset-phase': { objects: [ruleset('http_request_firewal', [block()])] },
  'ruleset-shape': { objects: [ruleset(custom, ['no rule'] as unknown as readonly JsonObject[])] },
  'ruleset-empty': { objects: inCustom() },
  'ruleset-disabled': { objects: inCustom(block({ enabled: false })) },
  'ref-missing': { objects: inCustom({ action: 'block', expression: 'ssl' }) },
  'ref-malformed': { objects: inCustom(block({ ref: ' a' })) },
  'ref-repeated': { objects: inCustom(block(), block({ expression: 'ssl' })) },
  'ref-elsewhere': {
    objects: [...inCustom(block()), ruleset('http_ratelimit', [rule('block', null, { ratelimit: limit })])],
  },
  'expression-missing': { objects: inCustom({ ref: 'a', action: 'block' }) },
  'enabled-boolean': { objects: inCustom(block({ enabled: 'yes' })) },
  'rule-disabled': { objects: inCustom(block({ enabled: false })) },
  'rule-attribute': { objects: inCustom(block({ expresion: 'ssl' })) },
  'description-long': { objects: inCustom(block({ description: 'x'.repeat(501) })) },
  'action-unknown': { objects: inCustom(rule('blok')) },
  'same-expression': {
    objects: inCustom(
      block({ expression: 'ssl and http.host eq "a"' }),
      block({ ref: 'b', expression: '(ssl) && (http.host == "a")' }),
    ),
  },
  'rule-unreachable': { objects: inCustom(block({ expression: 'true' }), block({ ref: 'b' })) },
  'rule-count': {
    objects: inCustom(...Array.from({ length: 6 }, (_, n) => block({ ref: `r${n}` }))),
    options: { plan: 'free' },
  },
  'ruleset-long': { objects: inCustom(...Array.from({ length: 1001 }, (_, n) => block({ ref: `r${n}` }))) },
  'plan-log-action': { objects: inCustom(rule('log')), options: { plan: 'business' } },
  'action-phase': { objects: inCustom(rule('route')) },
  'action-missing': { objects: inCustom({ ref: 'a', expression: 'ssl' }) },
  'parameters-missing': { objects: [ruleset('http_request_dynamic_redirect', [rule('redirect')])] },
  'parameters-shape': { objects: inCustom(block({ action_parameters: 'none' })) },
  'parameters-unknown': { objects: skip({ rulset: 'current', ruleset: 'current' }) },
  'parameters-unused': { objects: inCustom(rule('log', { ruleset: 'current' })) },
  'block-response': {
    objects: one(custom, 'block', {
      response: { status_code: 200, content: 'x', content_type: 'text/plain' },
    }),
  },
  'serve-error-status': { objects: serve({ status_code: 200 }) },
  'serve-error-size': { objects: serve({ content: 'x'.repeat(10_241) }) },
  'serve-error-type': { objects: serve({ content_type: 'image/png' }) },
  'compression-algorithm': { objects: compress('lzma') },
  'compression-order': { objects: compress('auto', 'gzip') },
  'logging-not-skip': { objects: inCustom(block({ logging: { enabled: true } })) },
  'skip-phase': { objects: skip({ phases: ['http_request_origin'] }) },
  'skip-product': { objects: skip({ products: ['WAF'] }) },
  'skip-ruleset': { objects: skip({ ruleset: 'all' }) },
  'skip-ruleset-id': { objects: skip({ rulesets: [''] }) },
  'skip-account': { objects: account([rule('skip', { ruleset: 'current' })]) },
  'skip-account-phases': { objects: account([rule('skip', { phases: ['http_ratelimit'] })]) },
  'skip-scope': { objects: skip({ phases: ['http_ratelimit'] }) },
  'execute-id-missing': { objects: execute({ overrides: {} }) },
  'execute-id': { objects: execute({ id: 'owasp' }) },
  'override-malformed': {
    objects: execute({ id: managedId, overrides: { categories: [{ action: 'log' }] } }),
  },
  'override-sensitivity': { objects: execute({ id: managedId, overrides: { sensitivity_level: 'loud' } }) },
  'execute-twice': {
    objects: [
      ruleset('http_request_firewall_managed', [
        rule('execute', { id: managedId }),
        rule('execute', { id: managedId }, { ref: 'again' }),
      ]),
    ],
  },
  'rate-missing': { objects: [ruleset('http_ratelimit', [block()])] },
  'rate-period': { objects: limited({ period: 5 }) },
  'rate-period-plan': { objects: limited({ period: 120 }), options: { plan: 'pro' } },
  'rate-characteristics-missing': { objects: limited({ characteristics: [] }) },
  'rate-colo': { objects: limited({ characteristics: ['ip.src'] }) },
  'rate-characteristic': { objects: limited({ characteristics: ['cf.colo.id', 'http.cookie'] }) },
  'rate-two-identities': {
    objects: limited({ characteristics: ['cf.colo.id', 'ip.src', 'cf.unique_visitor_id'] }),
  },
  'rate-characteristics-plan': {
    objects: limited({ characteristics: ['cf.colo.id', 'http.host'] }),
    options: { plan: 'pro' },
  },
  'rate-threshold-missing': { objects: limited({ requests_per_period: null }) },
  'rate-threshold': { objects: limited({ requests_per_period: 0 }) },
  'rate-score': { objects: limited({ score_per_period: 10 }) },
  'rate-timeout': { objects: limited({ mitigation_timeout: 100_000 }) },
  'rate-challenge-timeout': { objects: limited({}, 'managed_challenge'), options: { plan: 'business' } },
  'redirect-status': { objects: redirect({ status_code: 200, target_url: target }) },
  'redirect-status-missing': { objects: redirect({ target_url: target }) },
  'redirect-target-missing': { objects: redirect({ status_code: 301 }) },
  'redirect-target-url': { objects: redirect({ status_code: 301, target_url: { value: 'a.example' } }) },
  'redirect-by-list': {
    objects: one('http_request_redirect', 'redirect', {
      from_list: { name: 'some', key: 'http.request.full_uri' },
    }),
  },
  'value-and-expression': {
    objects: redirect({ status_code: 301, target_url: { ...target, expression: 'http.host' } }),
  },
  'header-name-empty': { objects: header({ operation: 'set', value: 'a' }, ' ') },
  'header-name': { objects: header({ operation: 'set', value: 'a' }, 'X A') },
  'header-operation-missing': { objects: header({ value: 'a' }) },
  'header-operation': { objects: header({ operation: 'replace', value: 'a' }) },
  'header-value-missing': { objects: header({ operation: 'set' }) },
  'header-add-request': { objects: header({ operation: 'add', value: 'a' }) },
  'header-remove-value': { objects: header({ operation: 'remove', value: 'a' }) },
  'header-reserved': { objects: header({ operation: 'set', value: 'a' }, 'CF-Ray') },
  'rewrite-path-slash': {
    objects: one('http_request_transform', 'rewrite', { uri: { path: { value: 'a' } } }),
  },
  'cache-ttl-mode': { objects: cache({ edge_ttl: { mode: 'always' } }) },
  'cache-ttl-missing': { objects: cache({ edge_ttl: { mode: 'override_origin' } }) },
  'cache-ttl-negative': { objects: cache({ edge_ttl: { mode: 'override_origin', default: -1 } }) },
  'cache-ttl-long': { objects: cache({ edge_ttl: { mode: 'override_origin', default: 40_000_000 } }) },
  'cache-bypass-and-settings': { objects: cache({ cache: false, edge_ttl: { mode: 'respect_origin' } }) },
  'config-security-level': { objects: config({ security_level: 'maximum' }) },
  'config-ssl': { objects: config({ ssl: 'on' }) },
  'config-polish': { objects: config({ polish: 'shiny' }) },
  'config-security-off': { objects: config({ security_level: 'off' }) },
  'config-ssl-off': { objects: config({ ssl: 'flexible' }) },
  'origin-port': { objects: route({ origin: { port: 0 } }) },
  'origin-incomplete': { objects: route({ origin: {} }) },
  'list-name': { objects: list('ip', listed, 'Some-List') },
  'list-kind-unknown': { objects: list('addresses', []) },
  'list-item-empty': { objects: list('ip', [{ asn: 64_500 }]) },
  'list-address': { objects: list('ip', [{ ip: '8.8.8' }]) },
  'list-asn': { objects: list('asn', [{ asn: 0 }]) },
  'list-duplicate': { objects: list('ip', [{ ip: '8.8.8.8' }, { ip: '8.8.8.8/32' }]) },
  'list-long': {
    objects: list(
      'asn',
      Array.from({ length: 10_001 }, (_, n) => ({ asn: n + 1 })),
    ),
  },
  'list-host-bits': { objects: list('ip', [{ ip: '8.8.8.8/24' }]) },
  'list-overlap': { objects: list('ip', [{ ip: '8.8.8.0/24' }, { ip: '8.8.8.128/25' }]) },
  'list-redirect-query': {
    objects: list('redirect', [
      { redirect: { source_url: 'a.example/?x=1', target_url: 'https://b.example/' } },
    ]),
  },
  'list-undefined': { objects: inCustom(block({ expression: 'ip.src in $nowhere' })) },
  'list-managed-unknown': { objects: inCustom(block({ expression: 'ip.src in $cf.everybody' })) },
  'list-kind': {
    objects: [...inCustom(block({ expression: 'ip.src in $some' })), ...list('asn', [{ asn: 64_500 }])],
  },
};
