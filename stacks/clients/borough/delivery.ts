/** Redirects, caching and headers of the borough zones. */
import type { CacheRule } from '../../constructs/cache-rules.ts';
import type { Redirect } from '../../constructs/redirects.ts';
import type { TransformRulesProps } from '../../constructs/transform-rules.ts';

export const publicRedirects: readonly Redirect[] = [
  {
    ref: 'redirect-apex-to-www',
    description: 'The site lives at www',
    expression: '(http.host eq "borough.example")',
    to: { expression: 'concat("https://www.borough.example", http.request.uri.path)' },
    status: 301,
  },
  {
    ref: 'redirect-council-tax',
    description: 'Short address printed on council tax bills',
    expression: '(http.host eq "www.borough.example" and http.request.uri.path eq "/counciltax")',
    to: { url: 'https://my.borough-services.example/council-tax' },
    status: 302,
  },
];

export const publicCache: readonly CacheRule[] = [
  {
    ref: 'cache-documents',
    description: 'Published documents for an hour',
    expression: '(http.host eq "www.borough.example" and starts_with(http.request.uri.path, "/documents/"))',
    cache: { edgeSeconds: 3_600, browserSeconds: 600 },
  },
];

export const publicTransforms: TransformRulesProps = {
  responseHeaders: [
    {
      ref: 'set-security-headers',
      description: 'Headers that browsers should see on every page',
      expression: 'true',
      headers: {
        'X-Content-Type-Options': { set: 'nosniff' },
        'X-Frame-Options': { set: 'DENY' },
        'Referrer-Policy': { set: 'no-referrer' },
        'X-Powered-By': 'remove',
      },
    },
  ],
};
