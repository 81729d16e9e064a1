/** borough-services.example: online services for residents. */
import type { DnsRecordInput } from '../../../constructs/checks/dns-record-input.ts';

export const servicesRecords: readonly DnsRecordInput[] = [
  { id: 'apex_a', type: 'A', name: '@', content: '192.0.2.160', proxied: true },
  { id: 'apex_aaaa', type: 'AAAA', name: '@', content: '2001:db8:20::160', proxied: true },
  { id: 'www_cname', type: 'CNAME', name: 'www', content: 'borough-services.example', proxied: true },
  { id: 'my_a', type: 'A', name: 'my', content: '192.0.2.161', proxied: true },
  { id: 'forms_a', type: 'A', name: 'forms', content: '192.0.2.162', proxied: true },
  { id: 'payments_a', type: 'A', name: 'payments', content: '192.0.2.163', proxied: true },
  { id: 'planning_a', type: 'A', name: 'planning', content: '192.0.2.164', proxied: true },
  {
    id: 'parking_cname',
    type: 'CNAME',
    name: 'parking',
    content: 'borough.parking-host.example',
    proxied: true,
  },
  { id: 'benefits_a', type: 'A', name: 'benefits', content: '192.0.2.165', proxied: true },
  { id: 'caseworker_a', type: 'A', name: 'caseworker', content: '192.0.2.166', proxied: true },
  { id: 'api_a', type: 'A', name: 'api', content: '192.0.2.167', proxied: true },
  { id: 'mx_1', type: 'MX', name: '@', content: 'mx1.public-mail.example', priority: 10 },
  { id: 'mx_2', type: 'MX', name: '@', content: 'mx2.public-mail.example', priority: 20 },
  {
    id: 'spf',
    type: 'TXT',
    name: '@',
    text: 'v=spf1 include:spf.public-mail.example include:spf.notify-host.example -all',
  },
  {
    id: 'dkim_notify',
    type: 'CNAME',
    name: 'nf._domainkey',
    content: 'nf.dkim.notify-host.example',
    proxied: false,
  },
  { id: 'dmarc', type: 'TXT', name: '_dmarc', text: 'v=DMARC1; p=reject; rua=mailto:dmarc@borough.example' },
  { id: 'caa_issue_pki', type: 'CAA', name: '@', tag: 'issue', value: 'pki.goog' },
  { id: 'caa_iodef', type: 'CAA', name: '@', tag: 'iodef', value: 'mailto:security@borough.example' },
  { id: 'verify_payments', type: 'TXT', name: '@', text: 'payments-domain-verification=borough-1180' },
];
