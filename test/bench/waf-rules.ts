/** A hundred rules as estates have them, each with the same test written by hand, and requests of a mixed day. */
import type { RecordedRequest } from '../../scripts/waf/evaluate/request.ts';

/** What a hand-written test looks at: fields that are already there, as plain properties. */
export interface PlainRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly agent: string;
  readonly country: string;
  readonly asn: number;
  /** IPv4 as a number. */
  readonly address: number;
  readonly score: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

export interface PairedRule {
  readonly expression: string;
  readonly byHand: (request: PlainRequest) => boolean;
}

type Template = (n: number) => PairedRule;

const templates: readonly Template[] = [
  (n) => ({
    expression: `(http.host eq "shop.example" and starts_with(http.request.uri.path, "/api/v${n}/"))`,
    byHand: ({ host, path }) => host === 'shop.example' && path.startsWith(`/api/v${n}/`),
  }),
  (n) => ({
    expression: `(http.request.uri.path contains "/wp-${n}" or http.request.uri.path contains "/.git${n}")`,
    byHand: ({ path }) => path.includes(`/wp-${n}`) || path.includes(`/.git${n}`),
  }),
  (n) => ({
    expression: `(ip.src.country in {"AA" "BB" "C${n}"} and not http.request.uri.path eq "/status")`,
    byHand: (() => {
      const countries = new Set(['AA', 'BB', `C${n}`]);
      return ({ country, path }) => countries.has(country) && path !== '/status';
    })(),
  }),
  (n) => ({
    expression: `(ip.src in {203.0.113.0/24 198.51.100.${n} 192.0.2.0/25} and http.request.method eq "POST")`,
    byHand: ({ address, method }) =>
      method === 'POST' &&
      (address >>> 8 === 0xcb_00_71 ||
        address === ipNumber(198, 51, 100, n) ||
        address >>> 7 === 0xc0_00_02_00 >>> 7),
  }),
  (n) => ({
    expression: `(ip.src.asnum in {6449${n} 64500..64510} and http.user_agent contains "bot")`,
    byHand: ({ asn, agent }) =>
      (asn === Number(`6449${n}`) || (asn >= 64_500 && asn <= 64_510)) && agent.includes('bot'),
  }),
  (n) => ({
    expression: `(http.request.uri.path matches "^/(login|account)/v${n}(/|$)")`,
    byHand: (() => {
      const pattern = new RegExp(`^/(login|account)/v${n}(/|$)`);
      return ({ path }) => pattern.test(path);
    })(),
  }),
  (n) => ({
    expression: `(lower(http.user_agent) contains "scanner${n}" or len(http.user_agent) lt 5)`,
    byHand: ({ agent }) => agent.toLowerCase().includes(`scanner${n}`) || agent.length < 5,
  }),
  (n) => ({
    expression: `(any(http.request.headers["x-client"][*] eq "app-${n}") and cf.bot_management.score lt 30)`,
    byHand: ({ headers, score }) =>
      (headers.get('x-client') ?? []).some((value) => value === `app-${n}`) && score < 30,
  }),
  (n) => ({
    expression: `(http.request.uri.query contains "union" or http.request.uri.query contains "id=${n}'")`,
    byHand: ({ query }) => query.includes('union') || query.includes(`id=${n}'`),
  }),
  (n) => ({
    expression: `(http.request.method in {"PUT" "DELETE"} and ends_with(http.request.uri.path, "/${n}.json") and http.host ne "api.shop.example")`,
    byHand: ({ method, path, host }) =>
      (method === 'PUT' || method === 'DELETE') && path.endsWith(`/${n}.json`) && host !== 'api.shop.example',
  }),
];

/** Ten kinds of rules, ten of each. */
export const pairedRules: readonly PairedRule[] = templates.flatMap((template) =>
  Array.from({ length: 10 }, (_, n) => template(n)),
);

function ipNumber(a: number, b: number, c: number, d: number): number {
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

const paths = [
  '/',
  '/basket',
  '/api/v2/items/17.json',
  '/assets/app.4f2c.js',
  '/login/v3/start',
  '/wp-login.php',
  '/status',
];
const agents = [
  'Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0',
  'Shop/7.2 (iPhone)',
  'scanner3',
  'Googlebot/2.1',
  '',
];
const countries = ['GB', 'DE', 'FR', 'BB', 'C4'];

/** The nth request, with the same facts for both ways of testing. */
export function mixedRequest(n: number): {
  readonly recorded: RecordedRequest;
  readonly plain: PlainRequest;
} {
  const path = paths[n % paths.length] ?? '/';
  const query = n % 11 === 0 ? `id=${n % 10}'&sort=up` : n % 3 === 0 ? `q=red+shoes&page=${n % 40}` : '';
  const agent = agents[n % agents.length] ?? '';
  const octets = [203, 0, n % 5 === 0 ? 113 : 112, n % 250] as const;
  const country = countries[n % countries.length] ?? 'GB';
  const headers = [
    ['host', 'shop.example'],
    ['user-agent', agent],
    ['accept', '*/*'],
    ['x-client', `app-${n % 12}`],
  ] as const;
  const method = n % 9 === 0 ? 'POST' : n % 17 === 0 ? 'PUT' : 'GET';
  const asn = 64_480 + (n % 40);
  const score = n % 100;
  return {
    recorded: {
      method,
      scheme: 'https',
      host: 'shop.example',
      target: query === '' ? path : `${path}?${query}`,
      httpVersion: 'HTTP/2',
      headers,
      hasAllHeaders: true,
      clientAddress: octets.join('.'),
      body: null,
      fields: { 'ip.src.country': country, 'ip.src.asnum': asn, 'cf.bot_management.score': score },
      normalizesUrls: true,
    },
    plain: {
      method,
      host: 'shop.example',
      path,
      query,
      agent,
      country,
      asn,
      address: ipNumber(...octets),
      score,
      headers: new Map(headers.map(([name, value]) => [name, [value]])),
    },
  };
}
