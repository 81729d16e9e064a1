/** The category of a resource change, by its type and, for rulesets and settings, by what they are for. */
import type { ResourceChange } from '../../scripts/plan/types.ts';
import type { Category } from '../model/record.ts';
import { rulesetType } from '../../scripts/provider/ruleset-type.ts';
import { phaseOf } from './rulesets/rules.ts';
import { knownText } from './values.ts';

const phaseCategories: ReadonlyMap<string, Category> = new Map([
  ['ddos_l4', 'waf'],
  ['ddos_l7', 'waf'],
  ['http_ratelimit', 'waf'],
  ['http_request_cache_settings', 'cache'],
  ['http_request_firewall_custom', 'waf'],
  ['http_request_firewall_managed', 'waf'],
  ['http_request_sbfm', 'waf'],
  ['http_response_firewall_managed', 'waf'],
]);

const tlsSettings: ReadonlySet<string> = new Set([
  'always_use_https',
  'automatic_https_rewrites',
  'ciphers',
  'min_tls_version',
  'opportunistic_encryption',
  'security_header',
  'ssl',
  'ssl_recommender',
  'tls_1_3',
  'tls_client_auth',
]);

const cacheSettings: ReadonlySet<string> = new Set([
  'always_online',
  'browser_cache_ttl',
  'cache_level',
  'development_mode',
  'edge_cache_ttl',
  'sort_query_string_for_cache',
]);

const securitySettings: ReadonlySet<string> = new Set([
  'browser_check',
  'challenge_ttl',
  'hotlink_protection',
  'security_level',
  'waf',
]);

/** First match wins, so the longer names come first. */
const typePrefixes: readonly (readonly [string, Category])[] = [
  ['cloudflare_dns_', 'dns'],
  ['cloudflare_zone_dns', 'dns'],
  ['cloudflare_email_routing_', 'dns'],
  ['cloudflare_zero_trust_', 'access'],
  ['cloudflare_load_balancer', 'lb'],
  ['cloudflare_worker', 'workers'],
  ['cloudflare_pages_', 'workers'],
  ['cloudflare_queue', 'workers'],
  ['cloudflare_d1_', 'workers'],
  ['cloudflare_r2_', 'workers'],
  ['cloudflare_account', 'account'],
  ['cloudflare_api_token', 'account'],
  ['cloudflare_user_agent_blocking_rule', 'waf'],
  ['cloudflare_user', 'account'],
  ['cloudflare_logpush_', 'monitoring'],
  ['cloudflare_notification_', 'monitoring'],
  ['cloudflare_healthcheck', 'monitoring'],
  ['cloudflare_web_analytics_', 'monitoring'],
  ['cloudflare_certificate_', 'tls'],
  ['cloudflare_custom_ssl', 'tls'],
  ['cloudflare_hostname_tls_', 'tls'],
  ['cloudflare_keyless_', 'tls'],
  ['cloudflare_mtls_', 'tls'],
  ['cloudflare_origin_ca_', 'tls'],
  ['cloudflare_total_tls', 'tls'],
  ['cloudflare_universal_ssl', 'tls'],
  ['cloudflare_authenticated_origin_pulls', 'tls'],
  ['cloudflare_access_rule', 'waf'],
  ['cloudflare_bot_management', 'waf'],
  ['cloudflare_filter', 'waf'],
  ['cloudflare_firewall_rule', 'waf'],
  ['cloudflare_page_shield_', 'waf'],
  ['cloudflare_rate_limit', 'waf'],
  ['cloudflare_zone_lockdown', 'waf'],
  ['cloudflare_argo_', 'cache'],
  ['cloudflare_tiered_cache', 'cache'],
  ['cloudflare_regional_tiered_cache', 'cache'],
  ['cloudflare_zone_cache_', 'cache'],
  ['cloudflare_list', 'rules'],
  ['cloudflare_page_rule', 'rules'],
  ['cloudflare_managed_transforms', 'rules'],
  ['cloudflare_snippet', 'rules'],
];

/** Every category, from the least to the most careful: a change of several kinds takes the last of its kinds. */
export const categoriesByCare: readonly Category[] = [
  'other',
  'monitoring',
  'cache',
  'rules',
  'dns',
  'workers',
  'lb',
  'tls',
  'waf',
  'access',
  'account',
];

/** `other` for types that no category names; a ruleset whose phase is unknown counts as WAF, the strictest. */
export function categoryOf(change: ResourceChange): Category {
  const side = change.after === null ? 'before' : 'after';
  if (change.type === rulesetType) {
    const phase = phaseOf(change);
    return phase === null ? 'waf' : (phaseCategories.get(phase) ?? 'rules');
  }
  if (change.type === 'cloudflare_zone_setting') {
    return settingCategory(knownText(change, side, ['setting_id']) ?? '');
  }
  return typePrefixes.find(([prefix]) => change.type.startsWith(prefix))?.[1] ?? 'other';
}

function settingCategory(setting: string): Category {
  if (tlsSettings.has(setting)) {
    return 'tls';
  }
  if (cacheSettings.has(setting)) {
    return 'cache';
  }
  return securitySettings.has(setting) ? 'waf' : 'other';
}
