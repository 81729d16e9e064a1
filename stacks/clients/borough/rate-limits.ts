/** Rate limits of the online services. A challenged resident is asked once per form, not for a time. */
import type { RateLimit } from '../../constructs/rate-limits.ts';

export const servicesRateLimits: readonly RateLimit[] = [
  {
    ref: 'limit-sign-in',
    description: 'Sign-in to personal accounts: 5 a minute for each address',
    expression:
      '(http.host eq "my.borough-services.example" and http.request.uri.path eq "/sign-in" and http.request.method eq "POST")',
    action: 'block',
    per: ['ip.src'],
    requests: 5,
    periodSeconds: 60,
    mitigationSeconds: 600,
  },
  {
    ref: 'limit-forms',
    description: 'Form submissions: 10 in ten minutes for each address',
    expression: '(http.host eq "forms.borough-services.example" and http.request.method eq "POST")',
    action: 'managed_challenge',
    per: ['ip.src'],
    requests: 10,
    periodSeconds: 600,
    mitigationSeconds: 0,
  },
  {
    ref: 'limit-planning-search',
    description: 'Planning register searches: 30 a minute for each address',
    expression:
      '(http.host eq "planning.borough-services.example" and starts_with(http.request.uri.path, "/search"))',
    action: 'block',
    per: ['ip.src'],
    requests: 30,
    periodSeconds: 60,
    mitigationSeconds: 120,
  },
];
