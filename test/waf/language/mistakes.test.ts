import { describe, expect, it } from 'vitest';
import { checkFilter } from '../../../scripts/waf/reason/check.ts';
import { parseFilter } from '../../../scripts/waf/language/parser.ts';

/** `severity code@line:column => suggestion`, in the order of the text. */
function findings(text: string): readonly string[] {
  return checkFilter(parseFilter(text)).map(
    ({ severity, code, line, column, suggestion }) =>
      `${severity} ${code}@${line}:${column} => ${suggestion ?? ''}`,
  );
}

describe('mistakes that people make', () => {
  it.each([
    ['http.host not in {"a"}', 'error not-before-operator@1:11 => not FIELD in …'],
    [
      'http.request.uri.path starts_with "/a"',
      'error infix-function@1:23 => starts_with(http.request.uri.path, "/a")',
    ],
    [
      'http.request.uri.path not ends_with "/a"',
      'error infix-function@1:23 => not ends_with(http.request.uri.path, "/a")',
    ],
    ["http.host eq 'a'", 'error single-quotes@1:14 => "a"'],
    ['any(http.request.headers[\'x\'][*] eq "1")', 'error single-quotes@1:25 => ["x"]'],
    ["http.host in {'a'}", 'error single-quotes@1:15 => "a"'],
    ['ssl AND ssl', 'error capital-letters@1:5 => and'],
    ['NOT ssl', 'error capital-letters@1:1 => not'],
    ['http.host EQ "a"', 'error capital-letters@1:11 => eq'],
    ['HTTP.host eq "a"', 'error capital-letters@1:1 => http.host'],
    ['http.host in {"a", "b"}', 'error comma-in-set@1:18 => a space'],
    ['ssl eq true', 'error boolean-comparison@1:5 => ssl'],
    ['ssl == false', 'error boolean-comparison@1:5 => not ssl'],
    ['ssl ne true', 'error boolean-comparison@1:5 => not ssl'],
    ['ssl\tand ssl', 'warning tab@1:4 => a space'],
    [
      'http.request.headers.names contains "x"',
      'error array-without-quantifier@1:1 => any(http.request.headers.names[*] contains "x")',
    ],
    [
      'http.request.headers["x"] eq "y"',
      'error array-without-quantifier@1:1 => any(http.request.headers["x"][*] eq "y")',
    ],
    [
      'http.request.headers eq "y"',
      'error array-without-quantifier@1:1 => any(http.request.headers["name"][*] eq "y")',
    ],
    ['ip.src eq 10.0.0.0/8', 'error block-without-in@1:11 => ip.src in {10.0.0.0/8}'],
    ['ip.src in 10.0.0.0/8', 'error in-without-set@1:11 => ip.src in {10.0.0.0/8}'],
    ['ip.src in {10.0.0.1/8}', 'error host-bits@1:12 => 10.0.0.0/8'],
    ['ip.src in {10.0.0.9..10.0.0.1}', 'error range-backwards@1:12 => 10.0.0.1..10.0.0.9'],
    [
      String.raw`http.host eq "a\.b"`,
      String.raw`error unknown-escape@1:16 => \\. for a backslash, or a raw string r"…"`,
    ],
    ['http.host eq www.shop.example', 'error unquoted-string@1:14 => "www.shop.example"'],
    ['http.request.uri.path eq /login', 'error unquoted-string@1:26 => "/login"'],
    ['http.host = "a"', 'error foreign-operator@1:11 => eq'],
    ['http.host === "a"', 'error foreign-operator@1:11 => eq'],
    ['http.host like "a"', 'error foreign-operator@1:11 => wildcard'],
    ['http.host !~ "a"', 'error foreign-operator@1:11 => not FIELD matches …'],
    ['"a" eq http.host', 'error literal-on-left@1:1 => FIELD eq …'],
    ['ip.src.asnum eq "13335"', 'error quoted-literal@1:17 => 13335'],
    ['ip.src eq "192.0.2.1"', 'error quoted-literal@1:11 => 192.0.2.1'],
    ['ip.src eq 1:2:3:4::5:6:7:8', 'error right-side@1:11 => '],
    ['ip.src eq 1:2:3:4:5:6:7', 'error right-side@1:11 => '],
    ['ip.src eq 256.0.0.1', 'error right-side@1:11 => '],
    ['http.host eq {"a"}', 'error set-without-in@1:14 => in'],
    ['http.host eq \u201ca\u201d', 'error curly-quotes@1:14 => "'],
    ['ssl # why', 'error trailing-text@1:5 => '],
    [
      'any(http.request.headers.names[*] eq "a" and ssl)',
      'error combined-quantifier-test@1:42 => any(…) and … outside the brackets, or any((…) and (…))',
    ],
    [
      'http.request.headers.names[*] eq "a"',
      'error many-results@1:1 => any(http.request.headers.names[*] eq "a")',
    ],
    ['any(http.request.headers.names[0] eq "a")', 'error quantifier-without-each@1:5 => FIELD[*] eq …'],
    ['ip.src.asnum eq 010', 'warning octal-number@1:17 => 8'],
    ['ip.src.asnum eq 09', 'error octal-number@1:17 => 9'],
    ['http.host matches "a{"', 'error regex-refused@1:19 => '],
    ['http.host matches "(?=a)"', 'error regex-refused@1:19 => '],
    ['regex_replace(http.host, "(", "a") eq "b"', 'error regex-refused@1:26 => '],
    ['wildcard_replace(http.host, "**", "a") eq "b"', 'error wildcard-pattern@1:29 => *'],
    ['http.host matches "(?x)a"', 'warning regex-not-evaluated@1:19 => '],
    [String.raw`http.host matches "a\\.example"`, String.raw`warning doubled-backslash@1:19 => \.`],
    ['http.host wildcard "**"', 'error wildcard-pattern@1:20 => *'],
    ['http.uri.path eq "/"', 'error unknown-field@1:1 => http.request.uri.path'],
    ['ip.addr eq 192.0.2.1', 'error unknown-field@1:1 => ip.src'],
    ['start_with(http.host, "a")', 'error unknown-function@1:1 => starts_with()'],
    ['starts_with("a", "b")', 'error argument-kind@1:13 => '],
    ['starts_with(http.host)', 'error argument-count@1:1 => starts_with(source, substring)'],
    ['len(http.host, ssl) eq 1', 'error argument-count@1:1 => len(value)'],
    ['lower(ip.src) eq "a"', 'error argument-type@1:7 => '],
    ['url_decode(http.host, "x") eq "a"', 'error argument-flags@1:23 => '],
    ['http.host contains http.referer', 'error literal-only@1:20 => '],
    ['http.host eq ip.src', 'error operand-type@1:14 => '],
    ['http.host', 'error missing-operator@1:10 => '],
    ['http.host eq', 'error right-side@1:13 => '],
    ['ssl and', 'error missing-test@1:8 => '],
    ['(ssl', 'error unclosed-bracket@1:1 => '],
    ['ssl)', 'error stray-bracket@1:4 => '],
    ['http.host eq "a', 'error unclosed-string@1:14 => a closing "'],
    ['ip.src in $Office-IPs', 'error list-name@1:11 => $office_ips'],
    ['', 'error missing-test@1:1 => '],
  ])('%s', (text, expected) => {
    expect(findings(text)).toContain(expected);
  });

  it('says nothing else about a text with exactly one mistake', () => {
    for (const text of [
      'http.host not in {"a"}',
      'ssl eq true',
      'http.host in {"a", "b"}',
      'ip.src eq 10.0.0.0/8',
    ]) {
      expect(findings(text)).toHaveLength(1);
    }
  });
});

describe('recovery', () => {
  it('reports every mistake of a text in one pass, each at its place', () => {
    const text =
      'ssl eq true and\n(http.host not in {\'a\', "b"} OR ip.src eq 10.0.0.0/8)\nand http.host eq www';
    expect(findings(text).map((finding) => finding.split(' ')[1])).toStrictEqual([
      'boolean-comparison@1:5',
      'not-before-operator@2:12',
      'single-quotes@2:20',
      'comma-in-set@2:23',
      'capital-letters@2:30',
      'block-without-in@2:43',
      'unquoted-string@3:18',
    ]);
  });

  it('goes on after text that means nothing', () => {
    const places = findings('http.host @@ "a" and ssl eq true').map((finding) => finding.split(' ')[1]);
    expect(places).toStrictEqual(['missing-operator@1:11', 'boolean-comparison@1:26']);
  });

  it('keeps at most 50 messages', () => {
    expect(findings(Array.from({ length: 200 }, () => 'ssl eq true').join(' and '))).toHaveLength(50);
  });
});

function codes(text: string, context: Parameters<typeof checkFilter>[1]): readonly string[] {
  return checkFilter(parseFilter(text), context).map(({ severity, code }) => `${severity} ${code}`);
}

describe('context', () => {
  it('knows which phases have response fields', () => {
    const text = 'http.response.code eq 403';
    expect(codes(text, { phase: 'http_request_firewall_custom' })).toStrictEqual(['error phase']);
    expect(codes(text, { phase: 'http_response_headers_transform' })).toStrictEqual([]);
    expect(codes(text, { phase: 'http_ratelimit' })).toStrictEqual(['error phase']);
    expect(codes(text, { phase: 'http_ratelimit', isCountingExpression: true })).toStrictEqual([]);
  });

  it('keeps network and HTTP fields apart', () => {
    expect(codes('tcp.dstport eq 80', { phase: 'http_request_firewall_custom' })).toStrictEqual([
      'error phase',
    ]);
    expect(codes('tcp.dstport eq 80', { phase: 'magic_transit' })).toStrictEqual([]);
    expect(codes('http.host eq "a"', { phase: 'magic_transit' })).toStrictEqual(['error phase']);
    expect(codes('ip.src eq 192.0.2.1', { phase: 'magic_transit' })).toStrictEqual([]);
  });

  it('knows what each plan has', () => {
    expect(codes('http.host matches "a"', { plan: 'pro' })).toStrictEqual(['error plan']);
    expect(codes('http.host matches "a"', { plan: 'business' })).toStrictEqual([]);
    expect(codes('cf.bot_management.score lt 30', { plan: 'business' })).toStrictEqual(['error plan']);
    expect(codes('cf.bot_management.score lt 30', { plan: 'enterprise' })).toStrictEqual(['warning plan']);
    expect(codes('cf.waf.score lt 30', { plan: 'enterprise' })).toStrictEqual([]);
  });

  it('knows since when something exists', () => {
    const text = 'coalesce(http.host, "a") eq "a"';
    expect(codes(text, { date: '2026-09-30' })).toStrictEqual(['error date']);
    expect(codes(text, { date: '2026-10-01' })).toStrictEqual([]);
    expect(codes('http.host eq http.referer', { date: '2026-09-30' })).toStrictEqual(['error date']);
  });
});
