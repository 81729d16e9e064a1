/** Rate limits of acme production. Figures come from a week of normal traffic, times four. */
import type { RateLimit } from '../../../constructs/rate-limits.ts';

export const shopRateLimits: readonly RateLimit[] = [
  {
    ref: 'limit-login',
    description: 'Sign-in attempts: 5 a minute for each address',
    expression:
      '(http.host eq "login.shop.example" and http.request.uri.path eq "/session" and http.request.method eq "POST")',
    action: 'block',
    per: ['ip.src'],
    requests: 5,
    periodSeconds: 60,
    mitigationSeconds: 600,
  },
  {
    ref: 'limit-failed-login',
    description: 'Failed sign-ins: 20 in ten minutes for each address',
    expression: '(http.host eq "login.shop.example" and http.request.uri.path eq "/session")',
    counting:
      '(http.host eq "login.shop.example" and http.request.uri.path eq "/session" and http.response.code in {401 403})',
    action: 'managed_challenge',
    per: ['ip.src'],
    requests: 20,
    periodSeconds: 600,
    mitigationSeconds: 3600,
  },
  {
    ref: 'limit-password-reset',
    description: 'Password resets: 3 in ten minutes for each address',
    expression:
      '(http.host eq "login.shop.example" and starts_with(http.request.uri.path, "/password/reset"))',
    action: 'block',
    per: ['ip.src'],
    requests: 3,
    periodSeconds: 600,
    mitigationSeconds: 1800,
  },
  {
    ref: 'limit-checkout',
    description: 'Checkout submissions: 10 a minute for each visitor, against card testing',
    expression:
      '(http.host in {"www.shop.example" "pay.shop.example"} and starts_with(http.request.uri.path, "/checkout")' +
      ' and http.request.method eq "POST")',
    action: 'managed_challenge',
    per: ['cf.unique_visitor_id'],
    requests: 10,
    periodSeconds: 60,
    mitigationSeconds: 300,
  },
  {
    ref: 'limit-gift-card-balance',
    description: 'Gift card balance enquiries: 5 in ten minutes for each address',
    expression: '(http.host eq "giftcards.shop.example" and http.request.uri.path eq "/balance")',
    action: 'block',
    per: ['ip.src'],
    requests: 5,
    periodSeconds: 600,
    mitigationSeconds: 3600,
  },
  {
    ref: 'limit-search',
    description: 'Searches: 60 a minute for each address',
    expression: '(http.host eq "search.shop.example" and not cf.client.bot)',
    action: 'managed_challenge',
    per: ['ip.src'],
    requests: 60,
    periodSeconds: 60,
    mitigationSeconds: 60,
  },
];

export const tradeRateLimits: readonly RateLimit[] = [
  {
    ref: 'limit-login',
    description: 'Portal sign-in attempts: 10 a minute for each address',
    expression:
      '(http.host eq "portal.shop-trade.example" and http.request.uri.path eq "/login" and http.request.method eq "POST")',
    action: 'block',
    per: ['ip.src'],
    requests: 10,
    periodSeconds: 60,
    mitigationSeconds: 600,
  },
  {
    ref: 'limit-api-by-key',
    description: 'Trade API: 600 calls a minute for each key',
    expression: '(http.host eq "api.shop-trade.example")',
    action: 'block',
    per: ['http.request.headers["x-api-key"]'],
    requests: 600,
    periodSeconds: 60,
    mitigationSeconds: 60,
  },
];
