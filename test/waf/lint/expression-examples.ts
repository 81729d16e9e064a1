/** For each lint rule about expressions: one that it objects to, and one that it leaves alone. */
import type { ExpressionContext } from '../../../scripts/waf/reason/check.ts';

export interface ExpressionExample {
  readonly bad: string;
  readonly good: string;
  readonly context?: ExpressionContext & { readonly kind?: 'filter' | 'value' };
}

function pair(bad: string, good: string, context?: ExpressionExample['context']): ExpressionExample {
  return { bad, good, ...(context === undefined ? {} : { context }) };
}

const many = (text: string, count: number, joint: string): string =>
  Array.from({ length: count }, (_, index) => text.replaceAll('#', String(index))).join(joint);
const header = 'http.request.headers';
const custom = { phase: 'http_request_firewall_custom' } as const;

export const expressionExamples: Readonly<Record<string, ExpressionExample>> = {
  'expression-syntax': pair('http.host not in {"a"}', 'not http.host in {"a"}'),
  'single-quotes': pair("http.host eq 'a'", 'http.host eq "a"'),
  'expression-type': pair('ssl contains "a"', 'http.host contains "a"'),
  undocumented: pair('ip.src.asnum bitwise_and 1', 'ip.src.asnum eq 1'),
  nesting: pair(`${'('.repeat(200)}ssl${')'.repeat(200)}`, '((ssl))'),
  'expression-too-long': pair(`http.host eq "${'a'.repeat(4096)}"`, 'http.host eq "a"'),
  tab: pair('ssl\tor cf.client.bot', 'ssl or cf.client.bot'),
  'unknown-field': pair('http.hots eq "a"', 'http.host eq "a"'),
  'unknown-function': pair('lowre(http.host) eq "a"', 'lower(http.host) eq "a"'),
  'deprecated-field': pair('ip.geoip.country eq "GB"', 'ip.src.country eq "GB"'),
  'characteristic-as-field': pair('cf.colo.id eq 1', 'ip.src.asnum eq 1'),
  'newer-than-date': pair('http.host eq http.referer', 'http.host eq "a"', { date: '2026-01-01' }),
  'constant-in-test': pair('true and ssl', 'ssl'),
  'octal-number': pair('ip.src.asnum eq 010', 'ip.src.asnum eq 10'),
  'host-bits': pair('ip.src in {8.8.8.8/24}', 'ip.src in {8.8.8.0/24}'),
  'range-backwards': pair('ip.src.asnum in {9..1}', 'ip.src.asnum in {1..9}'),
  'wildcard-pattern': pair('http.host wildcard "**"', 'http.host wildcard "*.a"'),
  'regex-refused': pair('http.host matches "(?=a)"', 'http.host matches "a+"'),
  'regex-not-evaluated': pair('http.host matches "a{2000}"', 'http.host matches "a{20}"'),
  'doubled-backslash': pair(String.raw`http.host matches "a\\.b"`, String.raw`http.host matches "a\.b+"`),
  'function-needs-field': pair('lower("A") eq "a"', 'lower(http.host) eq "a"'),
  'function-flags': pair('url_decode(http.host, "x") eq "a"', 'url_decode(http.host, "ru") eq "a"'),
  'function-range': pair('cidr(ip.src, 33, 64) eq 8.8.8.0', 'cidr(ip.src, 24, 64) eq 8.8.8.0'),
  'function-source': pair(
    'remove_query_args(http.host, "a")',
    'remove_query_args(http.request.uri.query, "a")',
    { kind: 'value' },
  ),
  'response-field': pair('http.response.code eq 404', 'http.host eq "a"', custom),
  'body-field': pair('http.request.body.size gt 1', 'http.host eq "a"', {
    phase: 'http_request_dynamic_redirect',
  }),
  'field-phase': pair('cf.waf.score lt 10', 'ip.src eq 8.8.8.8', { phase: 'magic_transit' }),
  'function-phase': pair('sha256(http.host) eq "a"', 'lower(http.host) eq "a"', custom),
  'plan-regex': pair('http.host matches "a+"', 'http.host contains "a"', { plan: 'pro' }),
  'plan-needed': pair('cf.waf.score lt 10', 'ssl', { plan: 'free' }),
  'plan-add-on': pair('cf.bot_management.score lt 10', 'ssl', { plan: 'enterprise' }),
  'substring-indexes': pair('substring(http.host, 4, 2) eq "a"', 'substring(http.host, 2, -1) eq "a"'),
  'json-pointer': pair(
    'lookup_json_string(http.cookie, "/a/0") eq "x"',
    'lookup_json_string(http.cookie, "a", 0) eq "x"',
  ),
  'replace-once': pair(
    'regex_replace(regex_replace(http.host, "a", "b"), "c", "d")',
    'regex_replace(http.host, "a", "b")',
    { kind: 'value' },
  ),
  'concat-once': pair('concat(concat(http.host, "a"), "b")', 'concat(http.host, "a", "b")', {
    kind: 'value',
  }),
  'case-never-matches': pair('lower(http.host) eq "A"', 'lower(http.host) eq "a"'),
  'each-of-two-arrays': pair(
    `any(${header}["a"][*] eq ${header}["b"][*])`,
    `any(${header}["a"][*] eq "x") or any(${header}["b"][*] eq "x")`,
  ),
  'method-case': pair('http.request.method eq "post"', 'http.request.method eq "POST"'),
  'path-without-slash': pair('http.request.uri.path eq "a"', 'http.request.uri.path eq "/a"'),
  'anchor-outside-regex': pair('http.host contains "^a"', 'http.host matches "^a+"'),
  'country-code': pair('ip.src.country eq "UK"', 'ip.src.country in {"GB" "T1"}'),
  'extension-dot': pair(
    'http.request.uri.path.extension eq ".php"',
    'http.request.uri.path.extension eq "php"',
  ),
  'value-domain': pair('http.request.version eq "2"', 'http.request.version eq "HTTP/2"'),
  'percent-code': pair(
    'http.request.uri.path contains "%41"',
    'http.request.uri.path contains "%27" or http.request.uri.path contains "%2F"',
  ),
  'star-in-host': pair('http.host in {"*.a.example"}', 'http.host wildcard "*.a.example"'),
  'star-compared': pair('http.request.uri.path eq "/a/*"', 'http.request.uri.path wildcard "/a/*"'),
  'header-key-case': pair(`${header}["X-A"][0] eq "a"`, `${header}["x-a"][0] eq "a"`),
  'header-names-case': pair(`any(${header}.names[*] eq "x-a")`, `any(lower(${header}.names[*])[*] eq "x-a")`),
  'score-range': pair('cf.bot_management.score lt 300', 'cf.bot_management.score lt 30'),
  'status-range': pair('http.response.code eq 999', 'http.response.code in {400..499}'),
  'port-range': pair('cf.edge.server_port eq 70000', 'cf.edge.server_port eq 443'),
  timestamp: pair('http.request.timestamp.sec gt 1700000000000', 'http.request.timestamp.sec gt 1700000000'),
  'threat-score': pair('cf.threat_score gt 10', 'ssl'),
  'missing-as-empty': pair(
    `len(${header}["x"]) eq 0`,
    `not has_key(${header}, "x") or ${header}["x"][0] eq ""`,
  ),
  'any-unequal': pair(`any(lower(${header}["x"][*])[*] ne "v")`, `not any(${header}["x"][*] eq "v")`),
  'path-with-query': pair('http.request.uri.path eq "/a?b=1"', 'http.request.uri eq "/a?b=1"'),
  'query-with-mark': pair('http.request.uri.query contains "?"', 'http.request.uri.query contains "a=?"'),
  'path-normalized': pair(
    'http.request.uri.path contains "/../"',
    'raw.http.request.uri.path contains "/../"',
  ),
  'host-with-path': pair('http.host eq "a.example/x"', 'http.host eq "a.example"'),
  'method-unknown': pair('http.request.method in {"GET" "DELET"}', 'http.request.method in {"GET" "PURGE"}'),
  'address-reserved': pair('ip.src in {10.0.0.0/8}', 'ip.src in {8.8.8.0/24}'),
  'address-documentation': pair('ip.src eq 192.0.2.1', 'ip.src eq 8.8.8.8'),
  'address-mapped': pair('ip.src eq ::ffff:8.8.8.8', 'ip.src eq 8.8.8.8'),
  'address-one-family': pair('not ip.src in {8.8.8.0/24}', 'not ip.src in {8.8.8.0/24 2a00::/16}'),
  'set-duplicate': pair('http.host in {"a" "b" "a"}', 'http.host in {"a" "b"}'),
  'address-overlap': pair('ip.src in {8.0.0.0/8 8.8.8.0/24}', 'ip.src in {8.8.8.0/24 9.9.9.0/24}'),
  'number-overlap': pair('ip.src.asnum in {1..9 5}', 'ip.src.asnum in {1..4 5}'),
  'set-empty': pair('http.host in {} or ssl', 'http.host in {"a"} or ssl'),
  'regex-unescaped-dot': pair(
    'http.host matches ".png$"',
    String.raw`http.host matches "\\.png$|[.]a|.*b"`.replace('\\\\', '\\'),
  ),
  'regex-everything': pair('http.host matches ".*"', 'http.host matches "a.*"'),
  'regex-plain-text': pair('http.host matches "^/admin"', 'http.host matches "^/(?:a|b)"'),
  'regex-count': pair(
    many('http.host matches "a#+"', 65, ' or '),
    many('http.host matches "a#+"', 64, ' or '),
  ),
  'regex-raw-string': pair(
    String.raw`http.host matches "\d\d\d\.a"`,
    String.raw`http.host matches r"\d\d\d\.a"`,
  ),
  'always-true': pair('len(http.host) ge 0', 'true'),
  'always-false': pair('http.host eq "a" and http.host eq "b"', 'http.host eq "a"'),
  'constant-part': pair('(http.host eq "a" and http.host eq "b") or ssl', 'http.host eq "a" or ssl'),
  'missing-value': pair(`${header}["x-a"][0] ne "a"`, 'http.host ne "a"'),
  'secret-in-expression': pair(
    `${header}["x-api-key"][0] eq "k3y-of-the-partner"`,
    `${header}["accept"][0] eq "k3y-of-the-partner"`,
  ),
  'blank-ends': pair(' ssl', 'ssl'),
  'or-to-set': pair(many('http.host eq "a#"', 3, ' or '), many('http.host eq "a#"', 2, ' or ')),
  'double-not': pair('not not ssl', 'not ssl'),
  'mixed-notation': pair('ssl && http.host eq "a"', 'ssl and http.host eq "a"'),
  'and-or-brackets': pair(
    'ssl and cf.client.bot or http.host eq "a"',
    '(ssl and cf.client.bot) or http.host eq "a"',
  ),
  'raw-field': pair('raw.http.request.uri.path eq "/a"', 'http.request.uri.path eq "/a"'),
  'long-set': pair(`ip.src.asnum in {${many('#', 51, ' ')}}`, `ip.src.asnum in {${many('#', 50, ' ')}}`),
};
