/** Which resources visitors depend on: losing one of these is felt at once. */
import type { Json, ResourceChange } from '../../scripts/plan/types.ts';
import { dnsType } from './estate-context.ts';
import { readValue } from './values.ts';
import type { Side } from './values.ts';

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

/** Arguments that take out of service what stays in the configuration, with the value that does; null is not being set. */
const switches: Readonly<Record<string, { readonly path: string; readonly off: boolean | null }>> = {
  cloudflare_email_routing_catch_all: { path: 'enabled', off: false },
  cloudflare_email_routing_rule: { path: 'enabled', off: false },
  cloudflare_email_routing_settings: { path: 'enabled', off: false },
  cloudflare_r2_custom_domain: { path: 'enabled', off: false },
  cloudflare_r2_managed_domain: { path: 'enabled', off: false },
  cloudflare_total_tls: { path: 'enabled', off: false },
  cloudflare_universal_ssl_setting: { path: 'enabled', off: false },
  cloudflare_waiting_room: { path: 'suspended', off: true },
  cloudflare_workers_route: { path: 'script', off: null },
};

/** True when an update takes the resource out of service without removing it. */
export function isSwitchedOff(change: ResourceChange): boolean {
  const found = Object.hasOwn(switches, change.type) ? switches[change.type] : undefined;
  if (found === undefined || change.after === null) {
    return false;
  }
  const valueOn = (side: Side): Json => {
    const value = readValue(change, side, [found.path]);
    return value.kind === 'known' ? value.value : null;
  };
  const isUnknown = readValue(change, 'after', [found.path]).kind === 'unknown';
  return !isUnknown && valueOn('after') === found.off && valueOn('before') !== found.off;
}
