/** Which changes touch a security control, so that the record must name a security reviewer. */
import type { ResourceChange } from '../../scripts/plan/types.ts';
import { rulesetType } from '../../scripts/provider/ruleset-type.ts';
import { providerType } from '../../scripts/provider/types.ts';
import { phaseOf } from './rulesets/rules.ts';
import { knownText } from './values.ts';

const controlPhases: ReadonlySet<string> = new Set([
  'ddos_l4',
  'ddos_l7',
  'http_config_settings',
  'http_ratelimit',
  'http_request_firewall_custom',
  'http_request_firewall_managed',
  'http_request_sbfm',
  'http_response_firewall_managed',
]);

/** Settings of a zone that protect nothing; every other one counts, also a new one that is not known here. */
const plainSettings: ReadonlySet<string> = new Set([
  'brotli',
  'browser_cache_ttl',
  'cache_level',
  'development_mode',
  'early_hints',
  'h2_prioritization',
  'http2',
  'http3',
  'image_resizing',
  'ip_geolocation',
  'ipv6',
  'mirage',
  'polish',
  'rocket_loader',
  'speed_brain',
  'websockets',
  '0rtt',
]);

/** True when the change is of a control, or cannot be told not to be. */
export function isSecurityRelevant(change: ResourceChange): boolean {
  if (change.type === rulesetType) {
    const phase = phaseOf(change);
    return phase === null || controlPhases.has(phase);
  }
  if (change.type === 'cloudflare_zone_setting') {
    const setting = knownText(change, change.after === null ? 'before' : 'after', ['setting_id']);
    return setting === null || !plainSettings.has(setting);
  }
  const entry = providerType(change.type);
  return entry === null ? change.type.startsWith('cloudflare_') : entry.isControl === true;
}
