/** Managed rulesets of acme production: how strict they are, and what is excepted until when. */
import type { WafManagedRulesProps } from '../../../constructs/waf-managed-rules.ts';

export const shopManaged: WafManagedRulesProps = {
  owaspSensitivity: 'medium',
  owaspParanoia: 2,
  // Seen to match product descriptions with measurements such as 3/4"; the challenge keeps honest editors working.
  cloudflareOverrides: [{ rule: '5de7edfa648c4d6891dc3e7f84534ffa', action: 'managed_challenge' }],
  exceptions: [
    {
      ref: 'except-product-editor',
      description: 'Rich text of the product editor trips cross-site scripting rules of OWASP',
      ruleset: 'owasp',
      rules: ['e45d9c8bb2d84e06b5a2a2d1a4f8b4d0', '1e9f2f6a8c7b4f5e9d3c2b1a0f9e8d7c'],
      scope: {
        hosts: ['admin.shop.example'],
        path: { below: '/catalogue/editor/' },
        when: 'ip.src in $acme_offices',
      },
      expires: '2027-04-30',
    },
    {
      ref: 'except-review-import',
      description: 'Nightly import of reviews posts arbitrary text from a known partner',
      ruleset: 'owasp',
      scope: {
        hosts: ['api.shop.example'],
        path: { equals: '/v2/reviews/import' },
        when: 'ip.src in $acme_partner_allow',
      },
      expires: '2027-02-28',
    },
  ],
};

export const tradeManaged: WafManagedRulesProps = {
  owaspSensitivity: 'medium',
  exceptions: [
    {
      ref: 'except-punchout-xml',
      description: 'cXML documents of buyer systems trip XML rules of the Cloudflare ruleset',
      ruleset: 'cloudflare',
      rules: ['8e361ee4328f4a3caf6caf3e664ed6fe'],
      scope: { hosts: ['punchout.shop-trade.example'], path: { equals: '/setup' } },
      expires: '2027-03-31',
    },
  ],
};
