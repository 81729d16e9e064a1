/**
 * A deterministic estate for the benchmarks: zones with DNS records, settings and a WAF ruleset each, as a synthesized
 * configuration would have them. No randomness: the same numbers give the same bytes on every machine.
 */
import type { Json, JsonObject } from '../../scripts/plan/types.ts';

export interface EstateSize {
  readonly zones: number;
  /** Resources of each zone, the zone itself included; at least 4. */
  readonly perZone: number;
}

/** One stack's configuration. `changedShare` of the resources differ from the unchanged estate, spread evenly. */
export function generateEstate(size: EstateSize, changedShare: number): JsonObject {
  const resource: Record<string, Record<string, Json>> = {
    cloudflare_zone: {},
    cloudflare_zone_setting: {},
    cloudflare_ruleset: {},
    cloudflare_dns_record: {},
  };
  const every = changedShare === 0 ? Number.POSITIVE_INFINITY : Math.round(1 / changedShare);
  let count = 0;
  const isChanged = (): boolean => {
    count += 1;
    return count % every === 0;
  };
  const put = (type: string, name: string, attributes: JsonObject): void => {
    (resource[type] as Record<string, Json>)[name] = attributes;
  };
  for (let zone = 0; zone < size.zones; zone += 1) {
    const name = `z${String(zone)}`;
    const zoneId = `\${cloudflare_zone.${name}.id}`;
    put('cloudflare_zone', name, { account: { id: 'a'.repeat(32) }, name: `${name}.example`, type: 'full' });
    put('cloudflare_zone_setting', `${name}_min_tls`, {
      setting_id: 'min_tls_version',
      value: isChanged() ? '1.3' : '1.2',
      zone_id: zoneId,
    });
    put('cloudflare_ruleset', `${name}_waf`, ruleset(zoneId, name, isChanged()));
    for (let record = 0; record < size.perZone - 3; record += 1) {
      put(
        'cloudflare_dns_record',
        `${name}_r${String(record)}`,
        dnsRecord(zoneId, `${name}.example`, record, isChanged()),
      );
    }
  }
  return {
    provider: { cloudflare: [{}] },
    resource,
    terraform: {
      backend: { s3: { bucket: 'bench', key: 'bench.tfstate', region: 'auto', use_lockfile: true } },
      required_providers: { cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' } },
    },
  };
}

function dnsRecord(zoneId: string, zone: string, record: number, changed: boolean): JsonObject {
  const content = `203.0.${String((record >> 8) % 256)}.${String(record % 256)}`;
  return {
    comment: changed
      ? `moved to the new host, record ${String(record)}`
      : `host number ${String(record)} of the zone`,
    content: changed ? content.replace('203.0', '198.51') : content,
    name: `host-${String(record)}.${zone}`,
    proxied: true,
    tags: ['owner:web', 'service:shop'],
    ttl: 1,
    type: 'A',
    zone_id: zoneId,
  };
}

function ruleset(zoneId: string, zone: string, changed: boolean): JsonObject {
  const rules = Array.from({ length: 10 }, (_, rule) => ({
    action: 'block',
    description: `Rule ${String(rule)} of ${zone}`,
    enabled: true,
    expression: `(http.host eq "app-${String(rule)}.${zone}.example" and starts_with(http.request.uri.path, "/admin${changed && rule === 3 ? '-old' : ''}/") and not ip.src in {192.0.2.0/24 198.51.100.0/24})`,
    ref: `rule-${String(rule)}`,
  }));
  return {
    kind: 'zone',
    name: `${zone} custom rules`,
    phase: 'http_request_firewall_custom',
    rules,
    zone_id: zoneId,
  };
}
