/** Borough Council, production: the public site and the services for residents. Zones are on the Enterprise plan. */
import { AccessApplication } from '../../constructs/access-application.ts';
import { AddressList } from '../../constructs/address-list.ts';
import { CacheRules } from '../../constructs/cache-rules.ts';
import { DnsRecords } from '../../constructs/dns-records.ts';
import type { EstateStack } from '../../constructs/estate-stack.ts';
import { RateLimits } from '../../constructs/rate-limits.ts';
import { Redirects } from '../../constructs/redirects.ts';
import { TransformRules } from '../../constructs/transform-rules.ts';
import { WafCustomRules } from '../../constructs/waf-custom-rules.ts';
import { WafManagedRules } from '../../constructs/waf-managed-rules.ts';
import { Zone } from '../../constructs/zone.ts';
import { ZoneDnssec } from '../../constructs/zone-dnssec.ts';
import { ZoneSettings } from '../../constructs/zone-settings.ts';
import { caseManagement, siteAdministration } from './access.ts';
import { publicCache, publicRedirects, publicTransforms } from './delivery.ts';
import { publicRecords } from './dns/public.ts';
import { servicesRecords } from './dns/services.ts';
import { boroughLists } from './lists.ts';
import { servicesRateLimits } from './rate-limits.ts';
import { strictSettings } from './settings.ts';
import { publicWaf } from './waf/public.ts';
import { servicesWaf } from './waf/services.ts';

export function declareBoroughProduction(stack: EstateStack): void {
  const lists = Object.values(boroughLists).map((list) => new AddressList(stack, list));

  const site = new Zone(stack, { key: 'borough', domain: 'borough.example' });
  new ZoneSettings(site, strictSettings);
  new ZoneDnssec(site);
  new DnsRecords(site, publicRecords);
  new AccessApplication(site, siteAdministration);
  new WafCustomRules(site, { rules: publicWaf, lists });
  new WafManagedRules(site, { owaspSensitivity: 'high', owaspParanoia: 2 });
  new Redirects(site, publicRedirects);
  new CacheRules(site, publicCache);
  new TransformRules(site, publicTransforms);

  const services = new Zone(stack, { key: 'services', domain: 'borough-services.example' });
  new ZoneSettings(services, { ...strictSettings, securityLevel: 'high' });
  new ZoneDnssec(services);
  new DnsRecords(services, servicesRecords);
  new AccessApplication(services, caseManagement);
  new WafCustomRules(services, { rules: servicesWaf, lists });
  new RateLimits(services, servicesRateLimits);
  new WafManagedRules(services, { owaspSensitivity: 'high', owaspParanoia: 2 });
}
