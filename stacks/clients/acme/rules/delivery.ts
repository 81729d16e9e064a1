/** Redirects, caching and transformations of acme production. */
import type { CacheRule } from '../../../constructs/cache-rules.ts';
import type { Redirect } from '../../../constructs/redirects.ts';
import type { HeaderRule, TransformRulesProps } from '../../../constructs/transform-rules.ts';

export const shopRedirects: readonly Redirect[] = [
  {
    ref: 'redirect-apex-to-www',
    description: 'The shop lives at www',
    expression: '(http.host eq "shop.example")',
    to: { expression: 'concat("https://www.shop.example", http.request.uri.path)' },
    status: 301,
  },
  {
    ref: 'redirect-mobile-host',
    description: 'The separate mobile site was merged into the shop',
    expression: '(http.host eq "m.shop.example")',
    to: { expression: 'concat("https://www.shop.example", http.request.uri.path)' },
    status: 301,
  },
  {
    ref: 'redirect-old-category-paths',
    description: 'Category addresses of the old shop system',
    expression: '(http.host eq "www.shop.example" and starts_with(http.request.uri.path, "/category.aspx/"))',
    to: {
      expression:
        'concat("https://www.shop.example/c", regex_replace(http.request.uri.path, "^/category\\\\.aspx", ""))',
    },
    status: 301,
    keepQuery: false,
  },
  {
    ref: 'redirect-black-friday',
    description: 'Short address printed in the Black Friday leaflet',
    expression: '(http.host eq "www.shop.example" and http.request.uri.path eq "/blackfriday")',
    to: { url: 'https://www.shop.example/offers/black-friday-2026' },
    status: 302,
  },
];

export const shopCache: readonly CacheRule[] = [
  {
    ref: 'cache-product-pages',
    description: 'Product and category pages for visitors who are not signed in',
    expression:
      '(http.host eq "www.shop.example" and (starts_with(http.request.uri.path, "/p/")' +
      ' or starts_with(http.request.uri.path, "/c/")) and not http.cookie contains "session=")',
    cache: {
      edgeSeconds: 300,
      browserSeconds: 0,
      ignoreQuery: ['utm_source', 'utm_medium', 'utm_campaign', 'gclid'],
    },
  },
  {
    ref: 'bypass-personal-pages',
    description: 'Basket, checkout, account and sign-in are never cached',
    expression:
      '(http.host in {"account.shop.example" "basket.shop.example" "login.shop.example" "pay.shop.example"}' +
      ' or starts_with(http.request.uri.path, "/checkout"))',
    cache: 'bypass',
  },
  {
    ref: 'bypass-api',
    description: 'The API sets its own caching headers for machines only',
    expression: '(http.host in {"api.shop.example" "api-legacy.shop.example" "webhooks.shop.example"})',
    cache: 'bypass',
  },
];

export const staticCache: readonly CacheRule[] = [
  {
    ref: 'cache-fingerprinted-files',
    description: 'Files whose name carries a hash never change',
    expression: '(http.request.uri.path matches "-[0-9a-f]{8,}[.](js|css|woff2|png|jpg|svg|webp|avif)$")',
    cache: { edgeSeconds: 31_536_000, browserSeconds: 31_536_000, ignoreQuery: 'all' },
  },
  {
    ref: 'cache-images',
    description: 'Pictures for a day at the edge, an hour in browsers',
    expression: '(http.request.uri.path.extension in {"png" "jpg" "jpeg" "webp" "avif" "gif"})',
    cache: { edgeSeconds: 86_400, browserSeconds: 3_600 },
  },
  {
    ref: 'bypass-uploads',
    description: 'Uploads go straight to the origin',
    expression: '(http.host eq "uploads.shop-static.example")',
    cache: 'bypass',
  },
];

const securityHeaders: HeaderRule = {
  ref: 'set-security-headers',
  description: 'Headers that browsers should see on every page',
  expression: 'true',
  headers: {
    'X-Content-Type-Options': { set: 'nosniff' },
    'Referrer-Policy': { set: 'strict-origin-when-cross-origin' },
    'Permissions-Policy': { set: 'geolocation=(self), camera=(), microphone=()' },
    'X-Frame-Options': { set: 'SAMEORIGIN' },
    'X-Powered-By': 'remove',
    'X-AspNet-Version': 'remove',
  },
};

export const shopTransforms: TransformRulesProps = {
  rewrites: [
    {
      ref: 'rewrite-sitemap',
      description: 'The sitemap is written by the feed service',
      expression: '(http.host eq "www.shop.example" and http.request.uri.path eq "/sitemap.xml")',
      path: { value: '/feeds/sitemap-index.xml' },
    },
  ],
  requestHeaders: [
    {
      ref: 'set-visitor-country',
      description: 'Country of the visitor for price display, and no way for the visitor to send it',
      expression: '(http.host in {"www.shop.example" "api.shop.example"})',
      headers: { 'X-Visitor-Country': { setExpression: 'ip.src.country' }, 'X-Debug-Token': 'remove' },
    },
  ],
  responseHeaders: [securityHeaders],
};

export const tradeTransforms: TransformRulesProps = { responseHeaders: [securityHeaders] };

export const staticTransforms: TransformRulesProps = {
  responseHeaders: [
    {
      ref: 'allow-fonts-cross-origin',
      description: 'Fonts are used by the shop and the trade portal',
      expression: '(http.request.uri.path.extension in {"woff" "woff2"})',
      headers: { 'Access-Control-Allow-Origin': { set: 'https://www.shop.example' } },
    },
  ],
};
