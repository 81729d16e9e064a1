/** Which actions a phase has, and which parameters an action has. Cloudflare documentation, rule actions, as of 2026-11. */

export const challenges = ['challenge', 'js_challenge', 'managed_challenge'];
const stops = ['block', 'log', ...challenges];

/** Actions of a phase; phases that are not here are not judged. */
export const actionsOf: Readonly<Record<string, readonly string[]>> = {
  http_request_firewall_custom: [...stops, 'skip', 'score'],
  http_ratelimit: stops,
  http_request_firewall_managed: ['execute', 'skip'],
  http_response_firewall_managed: ['execute', 'skip'],
  ddos_l7: ['execute'],
  ddos_l4: ['execute'],
  magic_transit_managed: ['execute'],
  magic_transit_ids_managed: ['execute'],
  http_request_transform: ['rewrite'],
  http_request_late_transform: ['rewrite'],
  http_response_headers_transform: ['rewrite'],
  http_request_dynamic_redirect: ['redirect'],
  http_request_redirect: ['redirect'],
  http_request_origin: ['route'],
  http_config_settings: ['set_config'],
  http_request_cache_settings: ['set_cache_settings'],
  http_custom_errors: ['serve_error'],
  http_response_compression: ['compress_response'],
  http_log_custom_fields: ['log_custom_field'],
};

/** Custom rulesets of the managed phases hold checks for leaked credentials. */
export const inCustomRulesets: ReadonlySet<string> = new Set([...stops, 'rewrite', 'skip']);

/** Parameters of each action; an empty list for those that take none. Provider 5.14 schema, and `phase` of the API. */
export const parametersOf: Readonly<Record<string, readonly string[]>> = {
  block: ['response'],
  challenge: [],
  js_challenge: [],
  managed_challenge: [],
  log: [],
  skip: ['ruleset', 'phase', 'phases', 'products', 'rulesets', 'rules'],
  execute: ['id', 'overrides', 'matched_data'],
  redirect: ['from_list', 'from_value'],
  rewrite: ['headers', 'uri'],
  route: ['host_header', 'origin', 'sni'],
  score: ['increment'],
  serve_error: ['content', 'content_type', 'status_code', 'asset_name'],
  compress_response: ['algorithms'],
  log_custom_field: [
    'cookie_fields',
    'raw_response_fields',
    'request_fields',
    'response_fields',
    'transformed_request_fields',
  ],
  set_config: [
    'automatic_https_rewrites',
    'autominify',
    'bic',
    'disable_apps',
    'disable_rum',
    'disable_zaraz',
    'email_obfuscation',
    'fonts',
    'hotlink_protection',
    'mirage',
    'opportunistic_encryption',
    'polish',
    'rocket_loader',
    'security_level',
    'server_side_excludes',
    'ssl',
    'sxg',
  ],
  set_cache_settings: [
    'additional_cacheable_ports',
    'browser_ttl',
    'cache',
    'cache_key',
    'cache_reserve',
    'edge_ttl',
    'origin_cache_control',
    'origin_error_page_passthru',
    'read_timeout',
    'respect_strong_etags',
    'serve_stale',
  ],
};
