/** shop.example: mail, certificate authorities, and proofs of ownership. */
import type { DnsRecordInput } from '../../../constructs/checks/dns-record-input.ts';

/** Public halves of signing keys; they are meant to be read by everyone. */
const dkimKeys = {
  s1: 'v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC5Nf0tq0XexampleAcmeShopSelectorOneKeyForOutboundMail9sQIDAQAB',
  newsletter:
    'v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAv1exampleNewsletterKeyOfTheMarketingPlatformForAcmeShop' +
    'aB3dE5gH7jK9mN1pQ3sU5wX7zA9cE1fG3hJ5kL7nP9rT1vW3yZ5bD7eF9gH1iJ3kM5oQ7sU9wY1aC3eG5iK7mO9qS1uW3yA5cE7gI9kM1oQ3s' +
    'U5wY7aC9eG1iK3mO5qS7uW9yA1cE3gI5kM7oQ9sU1wY3aC5eG7iK9mO1qS3uW5yA7cE9gI1kM3oQ5sU7wY9aC1eG3iK5mO7qQIDAQAB',
};

export const shopMail: readonly DnsRecordInput[] = [
  { id: 'mx_1', type: 'MX', name: '@', content: 'mx1.mail-gateway.example', priority: 10 },
  { id: 'mx_2', type: 'MX', name: '@', content: 'mx2.mail-gateway.example', priority: 20 },
  { id: 'mx_3', type: 'MX', name: '@', content: 'mx3.mail-gateway.example', priority: 30 },
  {
    id: 'spf',
    type: 'TXT',
    name: '@',
    text: 'v=spf1 include:spf.mail-gateway.example include:spf.newsletter-host.example ip4:203.0.113.60 -all',
  },
  { id: 'dkim_s1', type: 'TXT', name: 's1._domainkey', text: dkimKeys.s1 },
  { id: 'dkim_newsletter', type: 'TXT', name: 'nl._domainkey', text: dkimKeys.newsletter },
  {
    id: 'dkim_helpdesk',
    type: 'CNAME',
    name: 'hd._domainkey',
    content: 'hd.domainkey.helpdesk-host.example',
    proxied: false,
  },
  {
    id: 'dmarc',
    type: 'TXT',
    name: '_dmarc',
    text: 'v=DMARC1; p=reject; sp=reject; adkim=s; aspf=r; rua=mailto:dmarc@shop.example; fo=1',
  },
  { id: 'mta_sts', type: 'TXT', name: '_mta-sts', text: 'v=STSv1; id=20260915T080000' },
  {
    id: 'mta_sts_host',
    type: 'CNAME',
    name: 'mta-sts',
    content: 'mta-sts.mail-gateway.example',
    proxied: true,
  },
  { id: 'tls_rpt', type: 'TXT', name: '_smtp._tls', text: 'v=TLSRPTv1; rua=mailto:tls-reports@shop.example' },
  {
    id: 'bimi',
    type: 'TXT',
    name: 'default._bimi',
    text: 'v=BIMI1; l=https://shop-static.example/brand/bimi.svg;',
  },
  {
    id: 'autodiscover',
    type: 'CNAME',
    name: 'autodiscover',
    content: 'autodiscover.office.example',
    proxied: false,
  },
  {
    id: 'newsletter_mx',
    type: 'MX',
    name: 'newsletter',
    content: 'bounce.newsletter-host.example',
    priority: 10,
  },
  {
    id: 'newsletter_spf',
    type: 'TXT',
    name: 'newsletter',
    text: 'v=spf1 include:spf.newsletter-host.example -all',
  },

  { id: 'caa_issue_pki', type: 'CAA', name: '@', tag: 'issue', value: 'pki.goog' },
  { id: 'caa_issue_le', type: 'CAA', name: '@', tag: 'issue', value: 'letsencrypt.org' },
  { id: 'caa_issue_ssl', type: 'CAA', name: '@', tag: 'issue', value: 'ssl.com' },
  { id: 'caa_issuewild', type: 'CAA', name: '@', tag: 'issuewild', value: 'pki.goog' },
  { id: 'caa_iodef', type: 'CAA', name: '@', tag: 'iodef', value: 'mailto:security@shop.example' },

  { id: 'verify_search', type: 'TXT', name: '@', text: 'search-site-verification=4f1aKq7examplezR2' },
  { id: 'verify_office', type: 'TXT', name: '@', text: 'MS=ms27110042' },
  { id: 'verify_payments', type: 'TXT', name: '@', text: 'payments-domain-verification=acme-8841-shop' },
  { id: 'verify_social', type: 'TXT', name: '@', text: 'social-domain-verification=1q2w3e4r5t' },
];
