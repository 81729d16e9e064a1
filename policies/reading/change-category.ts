/** The category of a resource change, by its type and, for rulesets and settings, by what they are for. */
import type { ResourceChange } from '../../scripts/plan/types.ts';
import { rulesetType } from '../../scripts/provider/ruleset-type.ts';
import type { Category } from '../../scripts/provider/entry.ts';
import { providerType } from '../../scripts/provider/types.ts';
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

/** `other` for types that are not known; a ruleset whose phase is unknown counts as WAF, the strictest. */
export function categoryOf(change: ResourceChange): Category {
  const side = change.after === null ? 'before' : 'after';
  if (change.type === rulesetType) {
    const phase = phaseOf(change);
    return phase === null ? 'waf' : (phaseCategories.get(phase) ?? 'rules');
  }
  if (change.type === 'cloudflare_zone_setting') {
    return settingCategory(knownText(change, side, ['setting_id']) ?? '');
  }
  return providerType(change.type)?.category ?? 'other';
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
