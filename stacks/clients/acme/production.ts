/** Acme Retail, production: the shop, its static files, and the trade portal. Zones are on the Enterprise plan. */
import { AddressList } from '../../constructs/address-list.ts';
import { BulkRedirects } from '../../constructs/bulk-redirects.ts';
import { CacheRules } from '../../constructs/cache-rules.ts';
import { DnsRecords } from '../../constructs/dns-records.ts';
import type { EstateStack } from '../../constructs/estate-stack.ts';
import { LoadBalancer } from '../../constructs/load-balancer.ts';
import { RateLimits } from '../../constructs/rate-limits.ts';
import { Redirects } from '../../constructs/redirects.ts';
import { TransformRules } from '../../constructs/transform-rules.ts';
import { WafCustomRules } from '../../constructs/waf-custom-rules.ts';
import { WafManagedRules } from '../../constructs/waf-managed-rules.ts';
import { Zone } from '../../constructs/zone.ts';
import { ZoneDnssec } from '../../constructs/zone-dnssec.ts';
import { ZoneSettings } from '../../constructs/zone-settings.ts';
import { shopMail } from './dns/shop-mail.ts';
import { shopWeb } from './dns/shop-web.ts';
import { staticRecords } from './dns/static.ts';
import { tradeRecords } from './dns/trade.ts';
import { acmeLists } from './lists.ts';
import { shopLoadBalancer } from './load-balancer.ts';
import {
  shopCache,
  shopRedirects,
  shopTransforms,
  staticCache,
  staticTransforms,
  tradeTransforms,
} from './rules/delivery.ts';
import { retiredBrands } from './rules/retired-brands.ts';
import { shopManaged, tradeManaged } from './rules/managed.ts';
import { shopRateLimits, tradeRateLimits } from './rules/rate-limits.ts';
import { shopAbuse } from './waf/shop-abuse.ts';
import { shopAccess } from './waf/shop-access.ts';
import { shopExceptions } from './waf/shop-exceptions.ts';
import { staticWaf } from './waf/static.ts';
import { tradeWaf } from './waf/trade.ts';

export function declareAcmeProduction(stack: EstateStack): void {
  const lists = Object.values(acmeLists).map((list) => new AddressList(stack, list));
  new BulkRedirects(stack, retiredBrands);
  declareShop(stack, lists);
  declareStatic(stack, lists);
  declareTrade(stack, lists);
}

function declareShop(stack: EstateStack, lists: readonly AddressList[]): void {
  const zone = new Zone(stack, { key: 'shop', domain: 'shop.example' });
  new ZoneSettings(zone, {
    securityLevel: 'medium',
    others: { brotli: 'on', early_hints: 'on', ipv6: 'on' },
  });
  new ZoneDnssec(zone);
  new DnsRecords(zone, [...shopWeb, ...shopMail]);
  new LoadBalancer(zone, shopLoadBalancer);
  new WafCustomRules(zone, { rules: [...shopExceptions, ...shopAccess, ...shopAbuse], lists });
  new RateLimits(zone, shopRateLimits);
  new WafManagedRules(zone, shopManaged);
  new Redirects(zone, shopRedirects);
  new CacheRules(zone, shopCache);
  new TransformRules(zone, shopTransforms);
}

function declareStatic(stack: EstateStack, lists: readonly AddressList[]): void {
  const zone = new Zone(stack, { key: 'static', domain: 'shop-static.example' });
  new ZoneSettings(zone, { others: { brotli: 'on', ipv6: 'on', polish: 'off' } });
  new ZoneDnssec(zone);
  new DnsRecords(zone, staticRecords);
  new WafCustomRules(zone, { rules: staticWaf, lists });
  new WafManagedRules(zone);
  new CacheRules(zone, staticCache);
  new TransformRules(zone, staticTransforms);
}

function declareTrade(stack: EstateStack, lists: readonly AddressList[]): void {
  const zone = new Zone(stack, { key: 'trade', domain: 'shop-trade.example' });
  new ZoneSettings(zone, { securityLevel: 'high', others: { brotli: 'on', ipv6: 'on' } });
  new ZoneDnssec(zone);
  new DnsRecords(zone, tradeRecords);
  new WafCustomRules(zone, { rules: tradeWaf, lists });
  new RateLimits(zone, tradeRateLimits);
  new WafManagedRules(zone, tradeManaged);
  new TransformRules(zone, tradeTransforms);
}
