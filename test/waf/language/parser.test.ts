import { describe, expect, it } from 'vitest';
import type { Expression } from '../../../scripts/waf/language/ast.ts';
import { checkFilter, checkValueExpression } from '../../../scripts/waf/reason/check.ts';
import { maxReadLength, parseFilter, parseValueExpression } from '../../../scripts/waf/language/parser.ts';
import { printExpression, printValue } from '../../../scripts/waf/language/print.ts';

function errorsOf(text: string): readonly string[] {
  return checkFilter(parseFilter(text))
    .filter(({ severity }) => severity === 'error')
    .map(({ code, line, column }) => `${code}@${line}:${column}`);
}

/** The tree as nested lists, brackets left out: what binds to what. */
function shape(expression: Expression): string {
  switch (expression.kind) {
    case 'logical':
      return `[${expression.operator} ${expression.operands.map(shape).join(' ')}]`;
    case 'not':
      return `[not ${shape(expression.operand)}]`;
    case 'group':
      return shape(expression.inner);
    case 'comparison':
    case 'truth':
    case 'constant':
    case 'invalid':
      return printExpression(expression).replaceAll(' ', '_');
    default:
      throw new Error('unexpected kind');
  }
}

const legal: readonly string[] = [
  // Operators and their other spellings.
  'http.host eq "shop.example"',
  'http.host == "shop.example" && ssl',
  'ip.src ne 192.0.2.7 || http.request.method != "GET"',
  'ip.src.asnum lt 100 and ip.src.asnum le 100 and ip.src.asnum gt 1 and ip.src.asnum ge 1',
  'ip.src.asnum < 100 and ip.src.asnum <= 100 and ip.src.asnum > 1 and ip.src.asnum >= 1',
  'http.request.uri.path contains "/login" ^^ ssl',
  'http.request.full_uri wildcard "https://*.shop.example/*"',
  'http.request.uri.path strict wildcard "/Images/*.PNG"',
  'http.request.uri.path matches "^/articles/20[0-9]+/$"',
  'http.request.uri.path ~ "^/v1" xor not ssl',
  'tcp.flags & 2',
  '!ssl and ! (ssl)',
  // No word boundary after keywords, and no blanks needed where signs divide.
  'notssl',
  'not(ssl)',
  'len(http.host)==11',
  'http.request.uri.query contains"() {"',
  'ssl&&ssl||ssl',
  'http.host in{"a" "b"}',
  // Blanks at both ends, line ends inside.
  '\t http.host eq "a"\r\nand\nssl \n',
  // Strings.
  String.raw`http.request.uri.query contains "token=\"x\""`,
  String.raw`http.request.uri.path eq "\x2f\057\\"`,
  'http.request.uri.path eq r"C:\\dir"',
  'http.request.uri.path eq r##"a"#b"##',
  String.raw`http.request.uri.path matches r"/api/login\.aspx$"`,
  String.raw`http.request.uri.path matches "a\"#b"`,
  'http.request.uri.path matches "[\\"x"]y"',
  'http.request.uri.path eq 2f:61 or http.request.uri.path eq 2f-61 or http.request.uri.path eq 2f.61',
  'http.host eq "bücher.example"',
  // Numbers.
  'ip.src.asnum in {0x10 020 64512..65534 7}',
  'cf.waf.score lt -1',
  // Addresses.
  'ip.src in {198.51.100.1 198.51.100.3..198.51.100.7 192.0.2.0/24 2001:db8::/32}',
  'ip.src eq 2001:0db8:85a3:0000:0000:8a2e:0370:7334 or ip.src eq ::1',
  // Sets and lists.
  'http.host in {}',
  'http.host in {"a""b" "a"}',
  'http.host in { "a"\n "b" }',
  'ip.src in $office_network or ip.src in $cf.open_proxies',
  // Arrays and maps.
  'http.request.headers.names[0] eq "Host"',
  'any(http.request.headers["x-client"][*] eq "1")',
  'any(lower(http.request.headers.names[*])[*] eq "x-token")',
  'all(len(http.request.uri.args["filter"][*])[*] in {3 4})',
  'all(not len(http.request.uri.args["filter"][*])[*] in {3 4})',
  'any(http.request.headers["via"][*] contains "resizer") and not ssl',
  'any((http.request.uri.args.names[*] eq "a") or (http.request.uri.args.values[*] eq "b"))',
  'any(starts_with(http.request.headers.names[*], "x-"))',
  'any(http.request.headers[*][*] contains "x")',
  'any(http.request.body.multipart.filenames[*][0] in {"token.txt"})',
  'len(http.request.headers["x"]) ge 0',
  // Functions.
  'starts_with(http.request.uri.path, "/api") and not ends_with(lower(http.request.uri.path), ".css")',
  'lookup_json_integer(http.request.body.raw, "ids", 0) eq 123',
  'remove_bytes(http.host, "\\x2e") eq "shopexample"',
  'has_key(http.request.headers, "x-custom") and has_value(http.request.headers.names, http.host)',
  'not is_timed_hmac_valid_v0("key", http.request.uri, 10800, http.request.timestamp.sec, 8)',
  'substring(http.request.uri.path, 0, 4) eq "/api" and substring(http.request.uri.path, -4) eq ".png"',
  'url_decode(http.request.uri.path, "ru") contains "<"',
  'concat("a", http.host, "b") eq "ab"',
  'cidr(ip.src, 24, 64) in {203.0.113.0/24}',
  // Right-hand fields and coalesce.
  'http.request.uri.path ne raw.http.request.uri.path',
  'len(http.request.uri.path) gt len(http.request.uri.query)',
  'coalesce(http.request.uri.args["a"][0], "") eq http.request.uri.args["b"][0]',
  'hash_in_range(0, 100, cf.random_seed) lt 10',
  // Whole-expression constants.
  'true',
  '(false)',
];

describe('legal expressions', () => {
  it.each(legal)('reads %s without an error', (text) => {
    expect(errorsOf(text)).toStrictEqual([]);
  });

  it.each(legal)('prints %s so that it reads back as the same', (text) => {
    const printed = printExpression(parseFilter(text).expression);
    expect(errorsOf(printed)).toStrictEqual([]);
    expect(printExpression(parseFilter(printed).expression)).toBe(printed);
    expect(shape(parseFilter(printed).expression)).toBe(shape(parseFilter(text).expression));
  });
});

describe('binding', () => {
  it.each([
    ['ssl or ssl xor ssl and not ssl', '[or ssl [xor ssl [and ssl [not ssl]]]]'],
    ['not ip.src.asnum eq 1 and ssl', '[and [not ip.src.asnum_eq_1] ssl]'],
    ['not (ip.src.asnum eq 1 and ssl)', '[not [and ip.src.asnum_eq_1 ssl]]'],
    ['ssl and ssl and ssl', '[and ssl ssl ssl]'],
    ['(ssl or ssl) and ssl', '[and [or ssl ssl] ssl]'],
    ['not not ssl', '[not [not ssl]]'],
  ])('%s is read as %s', (text, expected) => {
    expect(shape(parseFilter(text).expression)).toBe(expected);
  });
});

function rightOf(text: string): unknown {
  const { expression } = parseFilter(text);
  return expression.kind === 'comparison' ? expression.right : expression;
}

describe('literals', () => {
  it.each([
    [String.raw`http.host eq "a\"b\\c\x41\101"`, String.raw`a"b\cAA`],
    [String.raw`http.host matches "\\."`, String.raw`\\.`],
    [String.raw`http.host matches "\."`, String.raw`\.`],
    [String.raw`http.host matches "a\"b"`, 'a"b'],
    [String.raw`http.host matches "[a\"b"]"`, String.raw`[a\"b"]`],
    ['http.host eq r#"a\\"b"#', 'a\\"b'],
    ['http.host eq 2f:61', '/a'],
    ['http.host eq "ü"', '\u00c3\u00bc'],
  ])('%s has the bytes %s', (text, bytes) => {
    expect(rightOf(text)).toMatchObject({ kind: 'string', bytes });
  });

  it.each([
    ['ip.src.asnum eq 010', 8n],
    ['ip.src.asnum eq 0x1F', 31n],
    ['ip.src.asnum eq -5', -5n],
    ['ip.src.asnum eq 0', 0n],
    ['ip.src.asnum eq 9223372036854775807', 9_223_372_036_854_775_807n],
  ])('%s has the value %s', (text, value) => {
    expect(rightOf(text)).toMatchObject({ kind: 'int', value });
  });

  it('reads the same characters as number, bytes or address by the type on the left', () => {
    expect(rightOf('ip.src.asnum eq 10')).toMatchObject({ kind: 'int' });
    expect(rightOf('http.host eq 10:10')).toMatchObject({ kind: 'string', bytes: '\u0010\u0010' });
    expect(rightOf('ip.src eq 10.0.0.1')).toMatchObject({
      kind: 'ip',
      address: { family: 4, value: 0x0a000001n },
    });
  });

  it('gives exact positions', () => {
    const { expression } = parseFilter('  ssl and\n http.host eq "a"');
    expect(expression).toMatchObject({
      kind: 'logical',
      span: { start: 2, end: 27 },
      operands: [
        { span: { start: 2, end: 5 } },
        { span: { start: 11, end: 27 }, operatorSpan: { start: 21, end: 23 } },
      ],
    });
  });
});

describe('value expressions', () => {
  it.each([
    'http.host',
    'http.request.headers["x-a"][0]',
    'concat("/en", http.request.uri.path)',
    'regex_replace(http.request.uri.path, "^/foo/([^/]*)$", "/bar/${1}")',
    'wildcard_replace(http.request.full_uri, "https://*.example.com/*", "https://example.com/${1}/${2}", "s")',
    'remove_query_args(http.request.uri.query, "country")',
    'to_string(cf.bot_management.score)',
    'join(http.request.headers.names, ",")',
    'encode_base64(sha256("token"))',
    'uuidv4(cf.random_seed)',
  ])('reads %s', (text) => {
    const parsed = parseValueExpression(text);
    expect(checkValueExpression(parsed)).toStrictEqual([]);
    expect(parsed.value === null ? '' : printValue(parsed.value)).toBe(text);
  });

  it.each(['http.host eq "a"', '"static"', '', 'http.host http.host'])('refuses %s', (text) => {
    expect(checkValueExpression(parseValueExpression(text)).map(({ code }) => code)).toContain(
      'value-expression',
    );
  });
});

function nested(levels: number): string {
  return '('.repeat(levels) + 'ssl' + ')'.repeat(levels);
}

describe('limits', () => {
  it('reports more than 4,096 characters and still reads them', () => {
    const text = Array.from({ length: 400 }, (_, index) => `http.host eq "${index}"`).join(' or ');
    expect(errorsOf(text)).toStrictEqual(['too-long@1:1']);
    expect(parseFilter(text).expression.kind).toBe('logical');
  });

  it('counts a run of blanks once', () => {
    expect(errorsOf(`ssl${' '.repeat(5000)}and ssl`)).toStrictEqual([]);
  });

  it('does not read text beyond any sense', () => {
    const parsed = parseFilter('ssl and '.repeat(maxReadLength));
    expect(parsed.expression.kind).toBe('invalid');
    expect(parsed.diagnostics.map(({ code }) => code)).toStrictEqual(['too-long']);
  });

  it.each(['(', 'not ', 'len(', 'any(', '!'])('stops at the nesting limit of %s', (opening) => {
    const parsed = parseFilter(opening.repeat(10_000));
    expect(parsed.diagnostics.map(({ code }) => code)).toContain('nesting-limit');
  });

  it('accepts 128 levels and refuses 129', () => {
    expect(errorsOf(nested(128))).toStrictEqual([]);
    expect(errorsOf(nested(129))).toContain('nesting-limit@1:129');
  });
});
