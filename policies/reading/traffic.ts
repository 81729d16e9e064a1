/** Which resources visitors depend on: losing one of these is felt at once. */
import type { ResourceChange } from '../../scripts/plan/types.ts';
import { dnsType } from './estate-context.ts';

const trafficTypes: ReadonlySet<string> = new Set([
  'cloudflare_zone',
  // Where requests go.
  'cloudflare_load_balancer',
  'cloudflare_load_balancer_pool',
  'cloudflare_custom_hostname',
  'cloudflare_custom_hostname_fallback_origin',
  'cloudflare_spectrum_application',
  'cloudflare_web3_hostname',
  'cloudflare_magic_wan_gre_tunnel',
  'cloudflare_magic_wan_ipsec_tunnel',
  'cloudflare_magic_wan_static_route',
  'cloudflare_zero_trust_network_hostname_route',
  'cloudflare_zero_trust_tunnel_cloudflared',
  'cloudflare_zero_trust_tunnel_cloudflared_config',
  'cloudflare_zero_trust_tunnel_cloudflared_route',
  'cloudflare_zero_trust_tunnel_cloudflared_virtual_network',
  'cloudflare_zero_trust_tunnel_warp_connector',
  // What they are answered by. Versions and deployments of a Worker are replaced with every release of it.
  'cloudflare_pages_domain',
  'cloudflare_pages_project',
  'cloudflare_r2_custom_domain',
  'cloudflare_r2_managed_domain',
  'cloudflare_snippet',
  'cloudflare_snippets',
  'cloudflare_waiting_room',
  'cloudflare_worker',
  'cloudflare_workers_custom_domain',
  'cloudflare_workers_for_platforms_dispatch_namespace',
  'cloudflare_workers_route',
  'cloudflare_workers_script',
  'cloudflare_workers_script_subdomain',
  // Without which nobody can connect, or Cloudflare not to the origin.
  'cloudflare_authenticated_origin_pulls_certificate',
  'cloudflare_certificate_pack',
  'cloudflare_custom_ssl',
  'cloudflare_keyless_certificate',
  'cloudflare_mtls_certificate',
  'cloudflare_origin_ca_certificate',
  'cloudflare_universal_ssl_setting',
  'cloudflare_zero_trust_access_mtls_certificate',
  // Mail.
  'cloudflare_email_routing_catch_all',
  'cloudflare_email_routing_dns',
  'cloudflare_email_routing_rule',
  'cloudflare_email_routing_settings',
]);

/** Record types that only say something about a domain; every other type, and an unknown one, is used by somebody. */
const silentRecords: ReadonlySet<string> = new Set([
  'TXT',
  'CAA',
  'SSHFP',
  'SMIMEA',
  'OPENPGPKEY',
  'LOC',
  'PTR',
]);

/** True when the resource, as it was before the change (or will be, when new), takes part in serving visitors or mail. */
export function carriesTraffic(change: ResourceChange): boolean {
  if (change.type === 'cloudflare_dns_record') {
    const type = dnsType(change, change.before === null ? 'after' : 'before');
    return type === null || !silentRecords.has(type);
  }
  return trafficTypes.has(change.type);
}
