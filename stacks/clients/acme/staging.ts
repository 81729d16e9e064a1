/** Acme Retail, staging: one zone with the shape of the shop, reachable from the offices only. */
import { AddressList } from '../../constructs/address-list.ts';
import { CacheRules } from '../../constructs/cache-rules.ts';
import type { DnsRecordInput } from '../../constructs/checks/dns-record-input.ts';
import { DnsRecords } from '../../constructs/dns-records.ts';
import type { EstateStack } from '../../constructs/estate-stack.ts';
import { RateLimits, type RateLimit } from '../../constructs/rate-limits.ts';
import { WafCustomRules, type WafRule } from '../../constructs/waf-custom-rules.ts';
import { WafManagedRules } from '../../constructs/waf-managed-rules.ts';
import { Zone } from '../../constructs/zone.ts';
import { ZoneDnssec } from '../../constructs/zone-dnssec.ts';
import { ZoneSettings } from '../../constructs/zone-settings.ts';

const records: readonly DnsRecordInput[] = [
  { id: 'apex_a', type: 'A', name: '@', content: '198.51.100.20', proxied: true },
  { id: 'www_cname', type: 'CNAME', name: 'www', content: 'staging-shop.example', proxied: true },
  { id: 'api_a', type: 'A', name: 'api', content: '198.51.100.21', proxied: true },
  { id: 'login_a', type: 'A', name: 'login', content: '198.51.100.22', proxied: true },
  { id: 'pay_a', type: 'A', name: 'pay', content: '198.51.100.23', proxied: true },
  { id: 'static_a', type: 'A', name: 'static', content: '198.51.100.24', proxied: true },
  { id: 'spf', type: 'TXT', name: '@', text: 'v=spf1 -all' },
  { id: 'dmarc', type: 'TXT', name: '_dmarc', text: 'v=DMARC1; p=reject; adkim=s; aspf=s;' },
  { id: 'caa_issue_pki', type: 'CAA', name: '@', tag: 'issue', value: 'pki.goog' },
  { id: 'caa_issue_le', type: 'CAA', name: '@', tag: 'issue', value: 'letsencrypt.org' },
  { id: 'caa_iodef', type: 'CAA', name: '@', tag: 'iodef', value: 'mailto:security@shop.example' },
];

const rules: readonly WafRule[] = [
  {
    ref: 'block-outside-offices',
    description: 'Staging is for the offices, the VPN and the test runners only',
    action: 'block',
    expression: '(not ip.src in $acme_staging_offices)',
  },
  {
    ref: 'block-dotfiles',
    description: 'Searches for repositories and secrets left on a web server',
    action: 'block',
    expression: '(http.request.uri.path contains "/.git" or http.request.uri.path contains "/.env")',
  },
  {
    ref: 'block-legacy-checkout-api',
    description: 'Version 1 of the checkout API, retired',
    action: 'block',
    expression:
      '(http.host eq "api.staging-shop.example" and starts_with(http.request.uri.path, "/v1/checkout/"))',
  },
];

const limits: readonly RateLimit[] = [
  {
    ref: 'limit-login',
    description: 'Sign-in attempts: 20 a minute for each address, enough for the test runners',
    expression: '(http.host eq "login.staging-shop.example" and http.request.uri.path eq "/session")',
    action: 'block',
    per: ['ip.src'],
    requests: 20,
    periodSeconds: 60,
    mitigationSeconds: 60,
  },
];

export function declareAcmeStaging(stack: EstateStack): void {
  const offices = new AddressList(stack, {
    name: 'acme_staging_offices',
    kind: 'ip',
    description: 'Who may see staging',
    items: [
      { ip: '203.0.113.192/28', comment: 'Leeds head office' },
      { ip: '203.0.113.61', comment: 'Staff VPN' },
      { ip: '198.51.100.176/29', comment: 'Test runners' },
    ],
  });
  const zone = new Zone(stack, { key: 'staging_shop', domain: 'staging-shop.example' });
  new ZoneSettings(zone);
  new ZoneDnssec(zone);
  new DnsRecords(zone, records);
  new WafCustomRules(zone, { rules, lists: [offices] });
  new RateLimits(zone, limits);
  new WafManagedRules(zone, { owaspParanoia: 2 });
  new CacheRules(zone, [
    {
      ref: 'bypass-everything',
      description: 'Testers always see what the origin sends',
      expression: 'true',
      cache: 'bypass',
    },
  ]);
}
