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
  'cloudflare_page_rule',
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

/** What to look at in types that open a way in, or put code or another origin before visitors; by the beginning of the type. */
const whatToRead: readonly (readonly [begins: string, what: string])[] = [
  ['cloudflare_spectrum_application', 'which port it opens, and to which origin'],
  [
    'cloudflare_workers_route',
    'which requests reach which Worker, and what that does with cookies and forms',
  ],
  ['cloudflare_workers_custom_domain', 'which Worker answers for which name'],
  ['cloudflare_workers_cron_trigger', 'which Worker runs when, and what it may reach'],
  [
    'cloudflare_worker',
    'what the code does with requests, and which data and secrets its bindings hand to it',
  ],
  ['cloudflare_snippet', 'what the code does with requests, and which of them reach it'],
  ['cloudflare_pages', 'which project answers for which name, and who may deploy it'],
  [
    'cloudflare_zero_trust_tunnel',
    'which names lead to which service inside, and whether Access stands before them',
  ],
  ['cloudflare_email_routing', 'whose mail goes on to whom'],
  ['cloudflare_custom_hostname', 'whose name is served, and from which origin'],
  ['cloudflare_waiting_room', 'which visitors wait, and which are let past'],
  ['cloudflare_logpush', 'which logs, with which fields, go to whom'],
  ['cloudflare_cloud_connector', 'which requests go to which storage, and whether that is yours'],
  ['cloudflare_r2', 'what of the bucket can be read from the internet'],
];

/** What a reviewer of the type has to find out, as the end of a sentence. */
export function toRead(type: string): string {
  const found = whatToRead.find(([begins]) => type.startsWith(begins));
  return found?.[1] ?? 'whom it lets in, what it opens, and where it sends requests or data';
}
