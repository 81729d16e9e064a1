/**
 * Resource types whose effect on security was looked at: a rule or floor judges them, or they cannot weaken anything. The
 * list fails closed: a type that is not on it, a new one of the provider too, asks for a security review.
 */
const reviewedTypes: ReadonlySet<string> = new Set([
  // Judged by rules or floors.
  'cloudflare_access_rule',
  'cloudflare_account_member',
  'cloudflare_account_token',
  'cloudflare_api_token',
  'cloudflare_bot_management',
  'cloudflare_certificate_pack',
  'cloudflare_hostname_tls_setting',
  'cloudflare_dns_record',
  'cloudflare_load_balancer',
  'cloudflare_load_balancer_pool',
  'cloudflare_ruleset',
  'cloudflare_zero_trust_access_application',
  'cloudflare_zero_trust_access_group',
  'cloudflare_zero_trust_access_identity_provider',
  'cloudflare_zero_trust_access_mtls_certificate',
  'cloudflare_zero_trust_access_policy',
  'cloudflare_zero_trust_access_service_token',
  'cloudflare_zero_trust_organization',
  'cloudflare_zone',
  'cloudflare_zone_dnssec',
  'cloudflare_zone_setting',
  // Read by rules through the expressions that name them.
  'cloudflare_list',
  'cloudflare_list_item',
  // Watch, or keep copies of what is public anyway.
  'cloudflare_argo_smart_routing',
  'cloudflare_argo_tiered_caching',
  'cloudflare_healthcheck',
  'cloudflare_load_balancer_monitor',
  'cloudflare_notification_policy',
  'cloudflare_regional_tiered_cache',
  'cloudflare_tiered_cache',
  'cloudflare_zone_cache_reserve',
  'cloudflare_zone_cache_variants',
]);

export function isReviewedType(type: string): boolean {
  return reviewedTypes.has(type);
}
