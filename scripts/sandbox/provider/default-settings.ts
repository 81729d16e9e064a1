/**
 * What a zone has of its settings before anybody sets one. Source: Cloudflare's API reference of zone settings
 * (https://developers.cloudflare.com/api/resources/zones/subresources/settings/), read 2026-11; a setting that is not here
 * is unknown to the sandbox until it is set.
 */
import type { Json } from '../../plan/types.ts';

const off: ReadonlySet<string> = new Set([
  '0rtt',
  'always_use_https',
  'automatic_https_rewrites',
  'early_hints',
  'hotlink_protection',
  'http2',
  'mirage',
  'opportunistic_onion',
  'orange_to_orange',
  'origin_error_page_pass_thru',
  'polish',
  'prefetch_preload',
  'response_buffering',
  'rocket_loader',
  'sort_query_string_for_cache',
  'tls_client_auth',
  'true_client_ip_header',
  'waf',
  'webp',
]);

const on: ReadonlySet<string> = new Set([
  'always_online',
  'brotli',
  'browser_check',
  'email_obfuscation',
  'http3',
  'ip_geolocation',
  'ipv6',
  'opportunistic_encryption',
  'server_side_exclude',
  'websockets',
]);

const others: Readonly<Record<string, Json>> = {
  browser_cache_ttl: 14_400,
  cache_level: 'aggressive',
  challenge_ttl: 1800,
  development_mode: 'off',
  max_upload: 100,
  min_tls_version: '1.0',
  pseudo_ipv4: 'off',
  security_header: {
    strict_transport_security: {
      enabled: false,
      max_age: 0,
      include_subdomains: false,
      preload: false,
      nosniff: false,
    },
  },
  security_level: 'medium',
  ssl: 'off',
  tls_1_3: 'off',
};

/** Undefined for a setting that is not known here. */
export function defaultSetting(name: string): Json | undefined {
  if (off.has(name) || on.has(name)) {
    return on.has(name) ? 'on' : 'off';
  }
  return Object.hasOwn(others, name) ? others[name] : undefined;
}
