/** shop-trade.example: the portal of trade customers and its machine interfaces. */
import type { WafRule } from '../../../constructs/waf-custom-rules.ts';

export const tradeWaf: readonly WafRule[] = [
  {
    ref: 'skip-edi-partners',
    description: 'EDIFACT documents of contracted partners trip body rules of the managed rulesets',
    action: 'skip',
    scope: {
      hosts: ['edi.shop-trade.example'],
      path: { below: '/inbound/' },
      when: 'ip.src in $acme_partner_allow',
    },
    skips: { phases: ['http_request_firewall_managed'] },
    expires: '2027-01-31',
  },
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
    ref: 'block-edi-from-strangers',
    description: 'The EDI host is for contracted partners only',
    action: 'block',
    expression: '(http.host eq "edi.shop-trade.example" and not ip.src in $acme_partner_allow)',
  },
  {
    ref: 'block-admin-outside-offices',
    description: 'Portal administration is for the offices and the VPN only',
    action: 'block',
    expression: '(http.host eq "admin.shop-trade.example" and not ip.src in $acme_offices)',
  },
  {
    ref: 'block-staging-outside-offices',
    description: 'Test environments are for the offices and the monitoring service only',
    action: 'block',
    expression:
      '(http.host in {"staging.shop-trade.example" "staging-api.shop-trade.example"}' +
      ' and not ip.src in $acme_offices and not ip.src in $acme_monitoring)',
  },
  {
    ref: 'block-api-without-key',
    description: 'Calls to the trade API without a key header',
    action: 'block',
    expression:
      '(http.host eq "api.shop-trade.example" and not http.request.uri.path eq "/v2/health"' +
      ' and not any(lower(http.request.headers.names[*])[*] in {"authorization" "x-api-key"}))',
  },
  {
    ref: 'challenge-portal-outside-europe',
    description: 'Portal visits from outside Europe; trade customers are European companies',
    action: 'managed_challenge',
    expression: '(http.host eq "portal.shop-trade.example" and not ip.src.continent in {"EU"})',
  },
  {
    ref: 'block-punchout-without-xml',
    description: 'PunchOut sessions start with an XML document posted by the buyer system',
    action: 'block',
    expression:
      '(http.host eq "punchout.shop-trade.example" and http.request.uri.path eq "/setup"' +
      ' and not (http.request.method eq "POST"' +
      ' and any(http.request.headers["content-type"][*] contains "xml")))',
  },
  {
    ref: 'block-attack-score',
    description: 'Requests that the attack score rates as almost certainly hostile',
    action: 'block',
    expression: '(cf.waf.score le 15 and not http.host eq "edi.shop-trade.example")',
  },
  {
    ref: 'block-invoice-guessing',
    description: 'Invoice documents whose number does not have the form of an invoice number',
    action: 'block',
    expression:
      '(http.host eq "invoices.shop-trade.example" and http.request.uri.path.extension eq "pdf"' +
      String.raw` and not http.request.uri.path matches r"^/pdf/[0-9]{4}/INV-[0-9]{9}\.pdf$")`,
  },
];
