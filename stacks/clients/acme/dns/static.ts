/** shop-static.example: images, scripts and fonts of the shop. It sends and receives no mail, and says so. */
import type { DnsRecordInput } from '../../../constructs/checks/dns-record-input.ts';

export const staticRecords: readonly DnsRecordInput[] = [
  { id: 'apex_a', type: 'A', name: '@', content: '203.0.113.80', proxied: true },
  { id: 'apex_aaaa', type: 'AAAA', name: '@', content: '2001:db8:10::80', proxied: true },
  { id: 'www_cname', type: 'CNAME', name: 'www', content: 'shop-static.example', proxied: true },
  { id: 'img1_cname', type: 'CNAME', name: 'img1', content: 'shop-static.example', proxied: true },
  { id: 'img2_cname', type: 'CNAME', name: 'img2', content: 'shop-static.example', proxied: true },
  { id: 'img3_cname', type: 'CNAME', name: 'img3', content: 'shop-static.example', proxied: true },
  { id: 'js_cname', type: 'CNAME', name: 'js', content: 'shop-static.example', proxied: true },
  { id: 'css_cname', type: 'CNAME', name: 'css', content: 'shop-static.example', proxied: true },
  { id: 'fonts_cname', type: 'CNAME', name: 'fonts', content: 'shop-static.example', proxied: true },
  { id: 'video_cname', type: 'CNAME', name: 'video', content: 'acme.video-host.example', proxied: true },
  { id: 'feeds_a', type: 'A', name: 'feeds', content: '203.0.113.81', proxied: true },
  { id: 'uploads_a', type: 'A', name: 'uploads', content: '203.0.113.82', proxied: true },
  { id: 'staging_cname', type: 'CNAME', name: 'staging', content: 'static-staging.example', proxied: true },
  {
    id: 'ssh_a',
    type: 'A',
    name: 'ssh',
    content: '203.0.113.83',
    proxied: false,
    comment: 'Publishing, SSH',
  },
  { id: 'spf', type: 'TXT', name: '@', text: 'v=spf1 -all' },
  { id: 'dkim_none', type: 'TXT', name: '*._domainkey', text: 'v=DKIM1; p=' },
  { id: 'dmarc', type: 'TXT', name: '_dmarc', text: 'v=DMARC1; p=reject; adkim=s; aspf=s;' },
  { id: 'mail_policy', type: 'TXT', name: '_mail-policy', text: 'this domain sends and receives no mail' },
  { id: 'caa_issue_pki', type: 'CAA', name: '@', tag: 'issue', value: 'pki.goog' },
  { id: 'caa_issue_le', type: 'CAA', name: '@', tag: 'issue', value: 'letsencrypt.org' },
  { id: 'caa_iodef', type: 'CAA', name: '@', tag: 'iodef', value: 'mailto:security@shop.example' },
  { id: 'verify_search', type: 'TXT', name: '@', text: 'search-site-verification=9bXexampleStatic1' },
];
