/** shop.example: who may reach which host. */
import type { WafRule } from '../../../constructs/waf-custom-rules.ts';

export const shopAccess: readonly WafRule[] = [
  {
    ref: 'block-known-abusers',
    description: 'Addresses blocked by the security team after confirmed fraud or attacks',
    action: 'block',
    expression: '(ip.src in $acme_blocked_addresses)',
  },
  {
    ref: 'block-sanctioned-countries',
    description: 'Countries that Acme may not trade with',
    action: 'block',
    expression: '(ip.src.country in {"CU" "IR" "KP" "SY"})',
  },
  {
    ref: 'block-admin-outside-offices',
    description: 'Shop administration and reports are for the offices and the VPN only',
    action: 'block',
    expression:
      '(http.host in {"admin.shop.example" "reports.shop.example"} and not ip.src in $acme_offices)',
  },
  {
    ref: 'block-staging-outside-offices',
    description: 'Test environments are for the offices and the monitoring service only',
    action: 'block',
    expression:
      '((http.host in {"staging.shop.example" "staging-api.shop.example" "uat.shop.example" "perf.shop.example"}' +
      ' or ends_with(http.host, ".preview.shop.example"))' +
      ' and not ip.src in $acme_offices and not ip.src in $acme_monitoring)',
  },
  {
    ref: 'block-legacy-checkout-api',
    description: 'Version 1 of the checkout API, retired; watched in log mode before it is blocked',
    action: 'log',
    expression:
      '(http.host in {"api.shop.example" "api-legacy.shop.example"}' +
      ' and starts_with(http.request.uri.path, "/v1/checkout/"))',
  },
  {
    ref: 'challenge-checkout-outside-market',
    description: 'Checkout from countries that Acme does not deliver to',
    action: 'managed_challenge',
    expression:
      '(http.host in {"www.shop.example" "pay.shop.example"}' +
      ' and starts_with(http.request.uri.path, "/checkout")' +
      ' and not ip.src.country in {"GB" "IE" "FR" "DE" "NL" "BE" "ES" "IT" "PT"})',
  },
  {
    ref: 'challenge-anonymisers-on-login',
    description: 'Sign-in through anonymising proxies and Tor, where most account takeovers come from',
    action: 'managed_challenge',
    expression:
      '(http.host eq "login.shop.example" and (ip.src in $cf.anonymizer or ip.src.country eq "T1"))',
  },
  {
    ref: 'challenge-hosting-networks',
    description: 'Price scrapers in hosting networks; verified bots go through',
    action: 'managed_challenge',
    expression:
      '(ip.src.asnum in $acme_hosting_networks' +
      ' and http.host in {"www.shop.example" "search.shop.example"} and not cf.client.bot)',
  },
  {
    ref: 'block-old-tls-on-api',
    description: 'API clients with TLS below 1.2, whatever the zone setting says',
    action: 'block',
    expression: '(http.host eq "api.shop.example" and cf.tls_version in {"TLSv1" "TLSv1.1"})',
  },
  {
    ref: 'block-ai-crawlers',
    description: 'Crawlers that collect training data, except for the file that tells them so',
    action: 'block',
    expression:
      '(cf.verified_bot_category in {"AI Crawler" "AI Assistant"} and http.host eq "www.shop.example"' +
      ' and not http.request.uri.path in {"/robots.txt"})',
  },
];
