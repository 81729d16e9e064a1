/** shop.example: what the custom rules let past later protections. Each has a narrow scope and a last day. */
import type { WafRule } from '../../../constructs/waf-custom-rules.ts';

export const shopExceptions: readonly WafRule[] = [
  {
    ref: 'skip-acquirer-callback',
    description: 'Payment confirmations of the acquirer, which posts raw XML in bursts',
    action: 'skip',
    scope: {
      hosts: ['pay.shop.example'],
      path: { below: '/callbacks/acquirer/' },
      when: 'ip.src in $acme_acquirers and http.request.method eq "POST"',
    },
    skips: { phases: ['http_ratelimit', 'http_request_firewall_managed'] },
    expires: '2027-03-31',
  },
  {
    ref: 'skip-uptime-probe',
    description: 'Availability probe of the monitoring service, which sends no browser headers',
    action: 'skip',
    scope: { hosts: ['www.shop.example'], path: { equals: '/healthz' }, when: 'ip.src in $acme_monitoring' },
    skips: { products: ['bic', 'uaBlock'] },
    expires: '2027-06-30',
  },
];
