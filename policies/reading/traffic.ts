/** Which resources visitors depend on: losing one of these is felt at once. */
import type { ResourceChange } from '../../scripts/plan/types.ts';
import { dnsType } from './estate-context.ts';

const trafficTypes: ReadonlySet<string> = new Set([
  'cloudflare_zone',
  'cloudflare_load_balancer',
  'cloudflare_load_balancer_pool',
  'cloudflare_workers_route',
  'cloudflare_workers_custom_domain',
  'cloudflare_spectrum_application',
  'cloudflare_zero_trust_tunnel_cloudflared',
  'cloudflare_zero_trust_tunnel_cloudflared_config',
  'cloudflare_zero_trust_tunnel_cloudflared_route',
  'cloudflare_pages_domain',
  'cloudflare_custom_hostname',
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
