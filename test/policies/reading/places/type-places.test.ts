/** What each type names, so that none of it is lost: a place that is not read is reached unseen. */
import { expect, it } from 'vitest';
import { providerType } from '../../../../scripts/provider/types.ts';

const words = (text: string): readonly string[] => (text === '' ? [] : text.split(' '));

const bindings =
  'bucket_name certificate_id dataset id index_name namespace namespace_id pipeline queue_name script_name service store_id workflow_name'
    .split(' ')
    .map((name) => `bindings[].${name}`)
    .join(' ');

it.each([
  [
    'api_shield api_shield_discovery_operation api_shield_operation_schema_validation_settings api_shield_schema api_shield_schema_validation_settings argo_smart_routing argo_tiered_caching authenticated_origin_pulls_certificate authenticated_origin_pulls_settings bot_management cloud_connector_rules content_scanning content_scanning_expression custom_hostname_fallback_origin custom_ssl dns_record dns_zone_transfers_incoming dns_zone_transfers_outgoing email_routing_catch_all email_routing_dns email_routing_settings filter firewall_rule healthcheck leaked_credential_check leaked_credential_check_rule logpull_retention managed_transforms page_shield_policy regional_tiered_cache schema_validation_operation_settings schema_validation_schemas schema_validation_settings snippet snippet_rules snippets tiered_cache token_validation_config total_tls universal_ssl_setting url_normalization_settings user_agent_blocking_rule waiting_room_event waiting_room_rules waiting_room_settings zone_cache_reserve zone_cache_variants zone_dns_settings zone_dnssec zone_hold zone_setting zone_subscription',
    'unknown',
    '',
    '',
  ],
  ['api_shield_operation keyless_certificate', 'unknown', 'host', ''],
  ['authenticated_origin_pulls', 'unknown', 'hostname config[].hostname', ''],
  ['certificate_pack', 'unknown', 'hosts[]', ''],
  ['custom_hostname hostname_tls_setting regional_hostname', 'unknown', 'hostname', ''],
  ['email_routing_rule', 'unknown', 'matchers[].value', ''],
  ['load_balancer web3_hostname zone', 'unknown', 'name', ''],
  ['observatory_scheduled_test', 'unknown', 'url', ''],
  ['page_rule', 'unknown', 'target', ''],
  ['rate_limit', 'unknown', 'match.request.url', ''],
  ['spectrum_application', 'unknown', 'dns.name', ''],
  ['token_validation_rules', 'unknown', 'selector.include[].host[]', ''],
  ['waiting_room', 'unknown', 'host additional_routes[].host', ''],
  ['workers_route', 'unknown', 'pattern', ''],
  ['zone_lockdown', 'unknown', 'urls[]', ''],
  [
    'access_rule custom_pages logpush_job logpush_ownership_challenge zero_trust_access_identity_provider zero_trust_organization',
    'account',
    '',
    '',
  ],
  ['zero_trust_access_mtls_hostname_settings', 'account', 'settings[].hostname', ''],
  [
    'd1_database email_routing_address load_balancer_monitor load_balancer_pool mtls_certificate notification_policy notification_policy_webhooks queue r2_bucket workers_kv_namespace zero_trust_access_custom_page zero_trust_access_group zero_trust_access_policy zero_trust_access_service_token zero_trust_access_tag zero_trust_list zero_trust_tunnel_cloudflared zero_trust_tunnel_warp_connector',
    'named',
    '',
    '',
  ],
  ['list', 'named', 'items[].redirect.source_url items[].hostname.url_hostname', ''],
  ['list_item', 'named', 'redirect.source_url hostname.url_hostname', 'list_id'],
  ['origin_ca_certificate', 'named', 'hostnames[]', ''],
  ['pages_domain', 'named', 'name', 'project_name'],
  ['queue_consumer', 'named', '', 'queue_id script_name'],
  [
    'r2_bucket_cors r2_bucket_lifecycle r2_bucket_lock r2_bucket_sippy r2_managed_domain',
    'named',
    '',
    'bucket_name',
  ],
  ['r2_bucket_event_notification', 'named', '', 'bucket_name queue_id'],
  ['r2_custom_domain', 'named', 'domain', 'bucket_name'],
  ['turnstile_widget', 'named', 'domains[]', ''],
  ['web_analytics_rule', 'named', 'host', 'ruleset_id'],
  ['web_analytics_site', 'named', 'host', ''],
  ['worker', 'named', '', 'name'],
  ['worker_version', 'named', '', `worker_id ${bindings}`],
  ['workers_cron_trigger workers_deployment workers_script_subdomain workflow', 'named', '', 'script_name'],
  ['workers_custom_domain', 'named', 'hostname', 'service'],
  ['workers_kv', 'named', '', 'namespace_id'],
  ['workers_script', 'named', '', `script_name ${bindings}`],
  ['zero_trust_access_mtls_certificate', 'named', 'associated_hostnames[]', ''],
  ['zero_trust_access_short_lived_certificate', 'named', '', 'app_id'],
  ['zero_trust_tunnel_cloudflared_config', 'named', 'config.ingress[].hostname', 'tunnel_id'],
])('%s: without a zone %s, hosts %s, objects %s', (types, withoutZone, hosts, objects) => {
  for (const type of words(types)) {
    const expected = { withoutZone, hosts: words(hosts), objects: words(objects) };
    expect([type, providerType(`cloudflare_${type}`)?.places]).toMatchObject([type, expected]);
  }
});

it.each([
  'cloudflare_ruleset',
  'cloudflare_new_thing',
  'cloudflare_toString',
  'zone',
  'google_zone',
  'my_cloudflare_zone',
  'cloudflare_',
])('what %s names is not known', (type) => {
  expect(providerType(type)?.places).toBeUndefined();
});
