import { Construct } from 'constructs';
import { ZoneDnssec as CloudflareZoneDnssec } from '@cdktf/provider-cloudflare/lib/zone-dnssec/index.js';
import type { Zone } from './zone.ts';

/**
 * DNSSEC, switched on. There is no parameter to switch it off: disabling it while a DS record is at the registrar
 * makes the zone unresolvable, so that takes a deliberate change of this construct.
 */
export class ZoneDnssec extends Construct {
  constructor(zone: Zone) {
    super(zone, 'dnssec');
    zone.stack.declare(
      'cloudflare_zone_dnssec',
      zone.key,
      (id) => new CloudflareZoneDnssec(this, id, { zoneId: zone.zoneId, status: 'active' }),
    );
  }
}
