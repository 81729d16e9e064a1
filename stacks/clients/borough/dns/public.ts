/** borough.example: the council's public site and its mail. */
import type { DnsRecordInput } from '../../../constructs/checks/dns-record-input.ts';

const dkimKey =
  'v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCexampleBoroughCouncilMailSelectorTwoThousandTwentySix5QIDAQAB';

export const publicRecords: readonly DnsRecordInput[] = [
  { id: 'apex_a', type: 'A', name: '@', content: '192.0.2.140', proxied: true },
  { id: 'apex_aaaa', type: 'AAAA', name: '@', content: '2001:db8:20::140', proxied: true },
  { id: 'www_a', type: 'A', name: 'www', content: '192.0.2.140', proxied: true },
  { id: 'www_aaaa', type: 'AAAA', name: 'www', content: '2001:db8:20::140', proxied: true },
  { id: 'admin_a', type: 'A', name: 'admin', content: '192.0.2.141', proxied: true },
  { id: 'news_cname', type: 'CNAME', name: 'news', content: 'borough.news-host.example', proxied: true },
  { id: 'maps_a', type: 'A', name: 'maps', content: '192.0.2.142', proxied: true },
  {
    id: 'democracy_cname',
    type: 'CNAME',
    name: 'democracy',
    content: 'borough.minutes-host.example',
    proxied: true,
  },
  {
    id: 'libraries_cname',
    type: 'CNAME',
    name: 'libraries',
    content: 'borough.library-host.example',
    proxied: true,
  },
  { id: 'elections_a', type: 'A', name: 'elections', content: '192.0.2.143', proxied: true },
  { id: 'vpn_a', type: 'A', name: 'vpn', content: '192.0.2.150', proxied: false, comment: 'Staff VPN' },
  {
    id: 'sip_srv',
    type: 'SRV',
    name: '_sip._tls',
    priority: 100,
    weight: 1,
    port: 443,
    target: 'sip.voice.example',
  },
  { id: 'mx_1', type: 'MX', name: '@', content: 'mx1.public-mail.example', priority: 10 },
  { id: 'mx_2', type: 'MX', name: '@', content: 'mx2.public-mail.example', priority: 20 },
  { id: 'spf', type: 'TXT', name: '@', text: 'v=spf1 include:spf.public-mail.example -all' },
  { id: 'dkim_2026', type: 'TXT', name: 's2026._domainkey', text: dkimKey },
  {
    id: 'dmarc',
    type: 'TXT',
    name: '_dmarc',
    text: 'v=DMARC1; p=reject; sp=reject; rua=mailto:dmarc@borough.example',
  },
  { id: 'mta_sts', type: 'TXT', name: '_mta-sts', text: 'v=STSv1; id=20260701T090000' },
  {
    id: 'mta_sts_host',
    type: 'CNAME',
    name: 'mta-sts',
    content: 'mta-sts.public-mail.example',
    proxied: true,
  },
  {
    id: 'tls_rpt',
    type: 'TXT',
    name: '_smtp._tls',
    text: 'v=TLSRPTv1; rua=mailto:tls-reports@borough.example',
  },
  {
    id: 'autodiscover',
    type: 'CNAME',
    name: 'autodiscover',
    content: 'autodiscover.office.example',
    proxied: false,
  },
  { id: 'caa_issue_pki', type: 'CAA', name: '@', tag: 'issue', value: 'pki.goog' },
  { id: 'caa_issue_le', type: 'CAA', name: '@', tag: 'issue', value: 'letsencrypt.org' },
  { id: 'caa_iodef', type: 'CAA', name: '@', tag: 'iodef', value: 'mailto:security@borough.example' },
  { id: 'verify_search', type: 'TXT', name: '@', text: 'search-site-verification=boroughExample77' },
  { id: 'verify_office', type: 'TXT', name: '@', text: 'MS=ms90331145' },
];
