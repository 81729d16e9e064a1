/** Borough Council, staging: one zone behind Access as a whole. */
import { AccessApplication } from '../../constructs/access-application.ts';
import type { DnsRecordInput } from '../../constructs/checks/dns-record-input.ts';
import { DnsRecords } from '../../constructs/dns-records.ts';
import type { EstateStack } from '../../constructs/estate-stack.ts';
import { WafCustomRules } from '../../constructs/waf-custom-rules.ts';
import { WafManagedRules } from '../../constructs/waf-managed-rules.ts';
import { Zone } from '../../constructs/zone.ts';
import { ZoneDnssec } from '../../constructs/zone-dnssec.ts';
import { ZoneSettings } from '../../constructs/zone-settings.ts';
import { strictSettings } from './settings.ts';

const records: readonly DnsRecordInput[] = [
  { id: 'apex_a', type: 'A', name: '@', content: '192.0.2.170', proxied: true },
  { id: 'www_cname', type: 'CNAME', name: 'www', content: 'staging-borough.example', proxied: true },
  { id: 'admin_a', type: 'A', name: 'admin', content: '192.0.2.171', proxied: true },
  { id: 'my_a', type: 'A', name: 'my', content: '192.0.2.172', proxied: true },
  { id: 'forms_a', type: 'A', name: 'forms', content: '192.0.2.173', proxied: true },
  { id: 'spf', type: 'TXT', name: '@', text: 'v=spf1 -all' },
  { id: 'dmarc', type: 'TXT', name: '_dmarc', text: 'v=DMARC1; p=reject;' },
  { id: 'caa_issue_pki', type: 'CAA', name: '@', tag: 'issue', value: 'pki.goog' },
  { id: 'caa_iodef', type: 'CAA', name: '@', tag: 'iodef', value: 'mailto:security@borough.example' },
];

export function declareBoroughStaging(stack: EstateStack): void {
  const zone = new Zone(stack, { key: 'staging_borough', domain: 'staging-borough.example' });
  new ZoneSettings(zone, { ...strictSettings, hstsPreload: false });
  new ZoneDnssec(zone);
  new DnsRecords(zone, records);
  new AccessApplication(zone, {
    id: 'site',
    name: 'Borough staging',
    location: '@',
    policies: [
      {
        id: 'site_team',
        name: 'Council and managed service',
        decision: 'allow',
        include: [{ emailDomain: 'borough.example' }, { email: 'ruth.okafor@sluice.example' }],
        require: [{ country: 'GB' }],
      },
    ],
  });
  new WafCustomRules(zone, {
    rules: [
      {
        ref: 'block-outside-uk',
        description: 'Staging is used from the United Kingdom only',
        action: 'block',
        expression: '(not ip.src.country in {"GB"})',
      },
    ],
  });
  new WafManagedRules(zone, { owaspSensitivity: 'high', owaspParanoia: 2 });
}
