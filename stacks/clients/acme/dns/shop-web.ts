/** shop.example: the shop itself, its applications, and hosts for people and machines. */
import type { DnsRecordInput } from '../../../constructs/checks/dns-record-input.ts';

export const shopWeb: readonly DnsRecordInput[] = [
  // The shop. `www` and the checkout hosts are served by the load balancer.
  { id: 'apex_a', type: 'A', name: '@', content: '203.0.113.10', proxied: true },
  { id: 'apex_aaaa', type: 'AAAA', name: '@', content: '2001:db8:10::10', proxied: true },
  { id: 'm_cname', type: 'CNAME', name: 'm', content: 'shop.example', proxied: true },
  { id: 'api_a', type: 'A', name: 'api', content: '203.0.113.20', proxied: true },
  { id: 'api_aaaa', type: 'AAAA', name: 'api', content: '2001:db8:10::20', proxied: true },
  { id: 'api_legacy_a', type: 'A', name: 'api-legacy', content: '203.0.113.21', proxied: true },
  { id: 'account_a', type: 'A', name: 'account', content: '203.0.113.22', proxied: true },
  { id: 'login_a', type: 'A', name: 'login', content: '203.0.113.23', proxied: true },
  { id: 'pay_a', type: 'A', name: 'pay', content: '203.0.113.24', proxied: true },
  { id: 'search_a', type: 'A', name: 'search', content: '203.0.113.25', proxied: true },
  { id: 'basket_a', type: 'A', name: 'basket', content: '203.0.113.26', proxied: true },
  { id: 'orders_a', type: 'A', name: 'orders', content: '203.0.113.27', proxied: true },
  { id: 'returns_a', type: 'A', name: 'returns', content: '203.0.113.28', proxied: true },
  { id: 'giftcards_a', type: 'A', name: 'giftcards', content: '203.0.113.29', proxied: true },
  { id: 'stores_a', type: 'A', name: 'stores', content: '203.0.113.30', proxied: true },
  {
    id: 'loyalty_cname',
    type: 'CNAME',
    name: 'loyalty',
    content: 'acme.loyalty-cloud.example',
    proxied: true,
  },
  {
    id: 'reviews_cname',
    type: 'CNAME',
    name: 'reviews',
    content: 'acme.reviews-host.example',
    proxied: true,
  },
  { id: 'blog_cname', type: 'CNAME', name: 'blog', content: 'acme.blog-host.example', proxied: true },
  { id: 'careers_cname', type: 'CNAME', name: 'careers', content: 'acme.jobs-board.example', proxied: true },
  { id: 'help_cname', type: 'CNAME', name: 'help', content: 'acme.helpdesk-host.example', proxied: true },
  { id: 'press_cname', type: 'CNAME', name: 'press', content: 'acme.press-room.example', proxied: true },
  { id: 'admin_a', type: 'A', name: 'admin', content: '203.0.113.40', proxied: true },
  { id: 'reports_a', type: 'A', name: 'reports', content: '203.0.113.41', proxied: true },
  { id: 'events_a', type: 'A', name: 'events', content: '203.0.113.42', proxied: true },
  { id: 'webhooks_a', type: 'A', name: 'webhooks', content: '203.0.113.43', proxied: true },

  // Test environments that the shop team keeps under the production name.
  { id: 'staging_a', type: 'A', name: 'staging', content: '198.51.100.10', proxied: true },
  { id: 'staging_api_a', type: 'A', name: 'staging-api', content: '198.51.100.11', proxied: true },
  {
    id: 'preview_wildcard',
    type: 'CNAME',
    name: '*.preview',
    content: 'preview-router.example',
    proxied: true,
  },
  { id: 'uat_a', type: 'A', name: 'uat', content: '198.51.100.12', proxied: true },
  { id: 'perf_a', type: 'A', name: 'perf', content: '198.51.100.13', proxied: true },

  // Not web: reached directly, so never proxied.
  {
    id: 'sftp_a',
    type: 'A',
    name: 'sftp',
    content: '203.0.113.60',
    proxied: false,
    comment: 'Supplier files',
  },
  { id: 'vpn_a', type: 'A', name: 'vpn', content: '203.0.113.61', proxied: false, comment: 'Staff VPN' },
  { id: 'ns_delegation_1', type: 'NS', name: 'warehouse', content: 'ns1.warehouse-dns.example' },
  { id: 'ns_delegation_2', type: 'NS', name: 'warehouse', content: 'ns2.warehouse-dns.example' },

  // Telephony.
  {
    id: 'sip_tls_srv',
    type: 'SRV',
    name: '_sip._tls',
    priority: 100,
    weight: 1,
    port: 443,
    target: 'sip.voice.example',
  },
  {
    id: 'sipfederation_srv',
    type: 'SRV',
    name: '_sipfederationtls._tcp',
    priority: 100,
    weight: 1,
    port: 5061,
    target: 'federation.voice.example',
  },
];
