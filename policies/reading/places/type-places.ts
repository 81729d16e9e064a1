/**
 * What a resource names beside the zone that it stands in: hosts that it acts on, and objects of the account that it
 * writes to. Kept by resource type of the pinned provider and read the other way round from a list of dangers: a type
 * that is not here may reach all of its account.
 *
 * Left out on purpose: where traffic goes to (origins, targets of redirects, contents of records) and who is told (e-mail
 * addresses of alerts). They send something of the stack's own elsewhere, and take nothing of anybody else's.
 */

/** Paths are written `a.b[].c`. */
export interface TypePlaces {
  /** Hosts, URLs, patterns with `*`, and e-mail addresses whose domain is meant. */
  readonly hosts: readonly string[];
  /** Ids and names of objects of the account that are written to, or handed to code. */
  readonly objects: readonly string[];
  /**
   * What it reaches where it names no zone: its zone is not known; all of the account; or nothing but what it names,
   * because others have to refer to it.
   */
  readonly withoutZone: 'unknown' | 'account' | 'named';
}

function inZone(...hosts: readonly string[]): TypePlaces {
  return { hosts, objects: [], withoutZone: 'unknown' };
}

function inZoneOrAccount(...hosts: readonly string[]): TypePlaces {
  return { hosts, objects: [], withoutZone: 'account' };
}

function ofAccount(hosts: readonly string[] = [], objects: readonly string[] = []): TypePlaces {
  return { hosts, objects, withoutZone: 'named' };
}

/** What code of a Worker is given: data and other code. */
const bindings = [
  'bucket_name',
  'certificate_id',
  'dataset',
  'id',
  'index_name',
  'namespace',
  'namespace_id',
  'pipeline',
  'queue_name',
  'script_name',
  'service',
  'store_id',
  'workflow_name',
].map((name) => `bindings[].${name}`);

const types: Readonly<Record<string, TypePlaces>> = {
  api_shield: inZone(),
  api_shield_discovery_operation: inZone(),
  api_shield_operation: inZone('host'),
  api_shield_operation_schema_validation_settings: inZone(),
  api_shield_schema: inZone(),
  api_shield_schema_validation_settings: inZone(),
  argo_smart_routing: inZone(),
  argo_tiered_caching: inZone(),
  authenticated_origin_pulls: inZone('hostname', 'config[].hostname'),
  authenticated_origin_pulls_certificate: inZone(),
  authenticated_origin_pulls_settings: inZone(),
  bot_management: inZone(),
  certificate_pack: inZone('hosts[]'),
  cloud_connector_rules: inZone(),
  content_scanning: inZone(),
  content_scanning_expression: inZone(),
  custom_hostname: inZone('hostname'),
  custom_hostname_fallback_origin: inZone(),
  custom_ssl: inZone(),
  dns_record: inZone(),
  dns_zone_transfers_incoming: inZone(),
  dns_zone_transfers_outgoing: inZone(),
  email_routing_catch_all: inZone(),
  email_routing_dns: inZone(),
  email_routing_rule: inZone('matchers[].value'),
  email_routing_settings: inZone(),
  filter: inZone(),
  firewall_rule: inZone(),
  healthcheck: inZone(),
  hostname_tls_setting: inZone('hostname'),
  keyless_certificate: inZone('host'),
  leaked_credential_check: inZone(),
  leaked_credential_check_rule: inZone(),
  load_balancer: inZone('name'),
  logpull_retention: inZone(),
  managed_transforms: inZone(),
  observatory_scheduled_test: inZone('url'),
  page_rule: inZone('target'),
  page_shield_policy: inZone(),
  rate_limit: inZone('match.request.url'),
  regional_hostname: inZone('hostname'),
  regional_tiered_cache: inZone(),
  schema_validation_operation_settings: inZone(),
  schema_validation_schemas: inZone(),
  schema_validation_settings: inZone(),
  snippet: inZone(),
  snippet_rules: inZone(),
  snippets: inZone(),
  spectrum_application: inZone('dns.name'),
  tiered_cache: inZone(),
  token_validation_config: inZone(),
  token_validation_rules: inZone('selector.include[].host[]'),
  total_tls: inZone(),
  universal_ssl_setting: inZone(),
  url_normalization_settings: inZone(),
  user_agent_blocking_rule: inZone(),
  waiting_room: inZone('host', 'additional_routes[].host'),
  waiting_room_event: inZone(),
  waiting_room_rules: inZone(),
  waiting_room_settings: inZone(),
  web3_hostname: inZone('name'),
  workers_route: inZone('pattern'),
  zone: inZone('name'),
  zone_cache_reserve: inZone(),
  zone_cache_variants: inZone(),
  zone_dns_settings: inZone(),
  zone_dnssec: inZone(),
  zone_hold: inZone(),
  zone_lockdown: inZone('urls[]'),
  zone_setting: inZone(),
  zone_subscription: inZone(),

  access_rule: inZoneOrAccount(),
  custom_pages: inZoneOrAccount(),
  logpush_job: inZoneOrAccount(),
  logpush_ownership_challenge: inZoneOrAccount(),
  zero_trust_access_identity_provider: inZoneOrAccount(),
  zero_trust_access_mtls_hostname_settings: inZoneOrAccount('settings[].hostname'),
  zero_trust_organization: inZoneOrAccount(),

  d1_database: ofAccount(),
  email_routing_address: ofAccount(),
  list: ofAccount(['items[].redirect.source_url', 'items[].hostname.url_hostname']),
  list_item: ofAccount(['redirect.source_url', 'hostname.url_hostname'], ['list_id']),
  load_balancer_monitor: ofAccount(),
  load_balancer_pool: ofAccount(),
  mtls_certificate: ofAccount(),
  notification_policy: ofAccount(),
  notification_policy_webhooks: ofAccount(),
  origin_ca_certificate: ofAccount(['hostnames[]']),
  pages_domain: ofAccount(['name'], ['project_name']),
  queue: ofAccount(),
  queue_consumer: ofAccount([], ['queue_id', 'script_name']),
  r2_bucket: ofAccount(),
  r2_bucket_cors: ofAccount([], ['bucket_name']),
  r2_bucket_event_notification: ofAccount([], ['bucket_name', 'queue_id']),
  r2_bucket_lifecycle: ofAccount([], ['bucket_name']),
  r2_bucket_lock: ofAccount([], ['bucket_name']),
  r2_bucket_sippy: ofAccount([], ['bucket_name']),
  r2_custom_domain: ofAccount(['domain'], ['bucket_name']),
  r2_managed_domain: ofAccount([], ['bucket_name']),
  turnstile_widget: ofAccount(['domains[]']),
  web_analytics_rule: ofAccount(['host'], ['ruleset_id']),
  web_analytics_site: ofAccount(['host']),
  worker: ofAccount([], ['name']),
  worker_version: ofAccount([], ['worker_id', ...bindings]),
  workers_cron_trigger: ofAccount([], ['script_name']),
  workers_custom_domain: ofAccount(['hostname'], ['service']),
  workers_deployment: ofAccount([], ['script_name']),
  workers_kv: ofAccount([], ['namespace_id']),
  workers_kv_namespace: ofAccount(),
  workers_script: ofAccount([], ['script_name', ...bindings]),
  workers_script_subdomain: ofAccount([], ['script_name']),
  workflow: ofAccount([], ['script_name']),
  zero_trust_access_custom_page: ofAccount(),
  zero_trust_access_group: ofAccount(),
  zero_trust_access_mtls_certificate: ofAccount(['associated_hostnames[]']),
  zero_trust_access_policy: ofAccount(),
  zero_trust_access_service_token: ofAccount(),
  zero_trust_access_short_lived_certificate: ofAccount([], ['app_id']),
  zero_trust_access_tag: ofAccount(),
  zero_trust_list: ofAccount(),
  zero_trust_tunnel_cloudflared: ofAccount(),
  zero_trust_tunnel_cloudflared_config: ofAccount(['config.ingress[].hostname'], ['tunnel_id']),
  zero_trust_tunnel_warp_connector: ofAccount(),
};

/** Null for a type that is not known here: it may reach everything of its account. */
export function placesOfType(type: string): TypePlaces | null {
  const name = /^cloudflare_(.+)$/u.exec(type)?.[1] ?? '';
  return Object.hasOwn(types, name) ? (types[name] ?? null) : null;
}
