/** borough-services.example. Residents are in the United Kingdom, or travelling: writing is limited by country. */
import type { WafRule } from '../../../constructs/waf-custom-rules.ts';

export const servicesWaf: readonly WafRule[] = [
  {
    ref: 'skip-payment-notification',
    description: 'Notifications of the payment service, which posts from data centres',
    action: 'skip',
    scope: {
      hosts: ['payments.borough-services.example'],
      path: { equals: '/notify' },
      when: 'ip.src in $borough_payment_service and http.request.method eq "POST"',
    },
    skips: { currentRuleset: true, products: ['bic'] },
    expires: '2027-03-31',
  },
  {
    ref: 'block-caseworker-outside-council',
    description: 'Case management is for the council network only, before Access asks who it is',
    action: 'block',
    expression:
      '(http.host eq "caseworker.borough-services.example" and not ip.src in $borough_council_networks)',
  },
  {
    ref: 'block-posting-from-afar',
    description: 'Forms and payments are sent from Europe; from elsewhere residents use the phone line',
    action: 'block',
    expression:
      '(http.host in {"forms.borough-services.example" "payments.borough-services.example"}' +
      ' and http.request.method eq "POST" and not ip.src.continent eq "EU")',
  },
  {
    ref: 'challenge-outside-uk',
    description: 'Personal services from outside the United Kingdom and the Crown Dependencies',
    action: 'managed_challenge',
    expression:
      '(http.host in {"my.borough-services.example" "benefits.borough-services.example"}' +
      ' and not ip.src.country in {"GB" "IM" "JE" "GG"})',
  },
  {
    ref: 'block-tor-on-benefits',
    description: 'Benefit claims through Tor',
    action: 'block',
    expression: '(http.host eq "benefits.borough-services.example" and ip.src.country eq "T1")',
  },
  {
    ref: 'block-api-without-partner-certificate',
    description: 'The interface for partner bodies needs their client certificate',
    action: 'block',
    expression:
      '(http.host eq "api.borough-services.example"' +
      ' and not (cf.tls_client_auth.cert_verified and not cf.tls_client_auth.cert_revoked))',
  },
  {
    ref: 'block-malformed-planning-reference',
    description: 'Planning applications whose reference does not have the form of one',
    action: 'block',
    expression:
      '(http.host eq "planning.borough-services.example" and starts_with(http.request.uri.path, "/application/")' +
      ' and not http.request.uri.path matches "^/application/[0-9]{2}-[0-9]{5}-[A-Z]{3,4}(/.*)?$")',
  },
  {
    ref: 'challenge-attack-class',
    description: 'Requests that the attack score calls an attack or likely one',
    action: 'managed_challenge',
    expression: '(cf.waf.score.class in {"attack" "likely_attack"})',
  },
];
