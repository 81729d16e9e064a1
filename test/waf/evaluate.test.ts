/**
 * Conformance: what an expression answers, with the source of the expected answer. `docs` is the Rules language
 * documentation, `engine` the open engine's source, `defined` what follows from the grammar or from byte strings.
 */
import { describe, expect, it } from 'vitest';
import { evaluate } from './request-builder.ts';

type Row = readonly [text: string, expected: boolean, source: 'docs' | 'engine' | 'defined'];

const operators: readonly Row[] = [
  ['http.host eq "shop.example"', true, 'docs'],
  ['http.host eq "Shop.example"', false, 'docs'],
  ['http.host ne "shop.example"', false, 'docs'],
  ['http.host ne "other.example"', true, 'docs'],
  ['http.host lt "t"', true, 'docs'],
  ['http.host le "shop.example"', true, 'docs'],
  ['http.host gt "shop.example"', false, 'docs'],
  ['http.host ge "shop"', true, 'docs'],
  ['http.host lt "Z"', false, 'defined'],
  ['ip.src.asnum eq 64500', true, 'docs'],
  ['ip.src.asnum lt 64500', false, 'docs'],
  ['ip.src.asnum le 64500', true, 'docs'],
  ['ip.src.asnum gt 64499', true, 'docs'],
  ['ip.src.asnum ge 64501', false, 'docs'],
  ['ip.src.asnum lt 9223372036854775807', true, 'defined'],
  ['ip.src.asnum eq 0175764', true, 'docs'],
  ['ip.src.asnum eq 0xfbf4', true, 'docs'],
  ['ip.src.asnum & 4', true, 'engine'],
  ['ip.src.asnum & 3', false, 'engine'],
  ['http.user_agent contains "X11"', true, 'docs'],
  ['http.user_agent contains "x11"', false, 'docs'],
  ['http.referer contains ""', true, 'engine'],
  ['http.host wildcard "*.EXAMPLE"', true, 'docs'],
  ['http.host strict wildcard "*.EXAMPLE"', false, 'docs'],
  ['http.host strict wildcard "shop.*"', true, 'docs'],
  ['http.host wildcard "shop"', false, 'docs'],
  ['http.host wildcard "s*p.*a*e"', true, 'defined'],
  ['http.host wildcard "shop?example"', false, 'docs'],
  ['http.host wildcard "*shop.example*"', true, 'docs'],
  // The text before and after a star do not overlap in the value.
  ['http.host wildcard "shop.exam*example"', false, 'defined'],
  ['http.host matches "sh.p"', true, 'docs'],
  ['http.host matches "^hop"', false, 'docs'],
  ['http.host ~ "(?i)^SHOP"', true, 'docs'],
  ['http.host in {"a" "shop.example"}', true, 'docs'],
  ['http.host in {"a""shop.example"}', true, 'engine'],
  ['http.host in {}', false, 'engine'],
  ['ip.src.asnum in {1 64000..65000}', true, 'docs'],
  ['ip.src.asnum in {1 64501..65000}', false, 'docs'],
  ['ssl and not ssl', false, 'docs'],
  ['ssl or not ssl', true, 'docs'],
  ['ssl xor ssl', false, 'docs'],
  ['ssl xor ssl xor ssl', true, 'docs'],
  ['not ssl or ssl', true, 'docs'],
  ['not (ssl or ssl)', false, 'docs'],
  ['not http.host eq "a" and ssl', true, 'docs'],
  ['ssl or ssl and not ssl', true, 'docs'],
];

const addresses: readonly Row[] = [
  ['ip.src eq 198.51.100.7', true, 'docs'],
  ['ip.src ne 198.51.100.7', false, 'docs'],
  ['ip.src in {198.51.100.0/24}', true, 'docs'],
  ['ip.src in {198.51.100.8/29}', false, 'docs'],
  ['ip.src in {198.51.100.3..198.51.100.7}', true, 'docs'],
  ['ip.src in {198.51.100.8..198.51.100.9 2001:db8::/32}', false, 'docs'],
  ['ip.src in {0.0.0.0/0}', true, 'defined'],
  ['ip.src in {::/0}', false, 'engine'],
  ['ip.src eq ::ffff:198.51.100.7', false, 'engine'],
  ['ip.src lt 198.51.100.8', true, 'engine'],
  ['ip.src lt ::', true, 'engine'],
];

const literals: readonly Row[] = [
  [String.raw`http.host eq "\x73hop\056example"`, true, 'docs'],
  ['http.host eq r"shop.example"', true, 'docs'],
  ['http.host eq 73:68:6f:70:2e:65:78:61:6d:70:6c:65', true, 'engine'],
  [String.raw`http.host matches "shop\.example"`, true, 'docs'],
  // After matches a doubled backslash is a backslash followed by any character.
  [String.raw`http.host matches "shop\\.example"`, false, 'engine'],
  [String.raw`http.host matches r"shop\.example"`, true, 'docs'],
];

const arrays: readonly Row[] = [
  ['http.request.headers["x-token"][0] eq "Alpha"', true, 'docs'],
  ['http.request.headers["x-token"][1] eq "beta"', true, 'docs'],
  // Keys of the map are lower-case.
  ['http.request.headers["X-Token"][0] eq "Alpha"', false, 'docs'],
  ['any(http.request.headers["x-token"][*] eq "beta")', true, 'docs'],
  ['all(http.request.headers["x-token"][*] eq "beta")', false, 'docs'],
  ['any(http.request.headers.names[*] eq "X-Token")', true, 'docs'],
  ['any(http.request.headers.names[*] eq "x-token")', false, 'docs'],
  ['any(lower(http.request.headers.names[*])[*] eq "x-token")', true, 'docs'],
  ['any(http.request.headers[*][*] contains "beta")', true, 'engine'],
  ['any(not http.request.headers["x-token"][*] eq "beta")', true, 'engine'],
  ['all(not http.request.headers["x-token"][*] eq "gamma")', true, 'engine'],
  [
    'any((http.request.headers["x-token"][*] eq "beta") and (http.request.headers["x-token"][*] contains "e"))',
    true,
    'engine',
  ],
  ['any(starts_with(http.request.headers["x-token"][*], "be"))', true, 'docs'],
  ['any(len(http.request.headers["x-token"][*])[*] eq 4)', true, 'docs'],
  ['len(http.request.headers["x-token"]) eq 2', true, 'docs'],
  // Of "Alpha" and "beta" only the second is base64: what has no result drops out.
  ['len(decode_base64(http.request.headers["x-token"][*])) eq 1', true, 'engine'],
  ['any(http.request.uri.args["q"][*] eq "pears")', true, 'docs'],
  ['http.request.uri.args["q"][0] eq "red+apples"', true, 'docs'],
  ['http.request.uri.args["empty"][0] eq ""', true, 'defined'],
  ['http.request.uri.args.names[3] eq "flag"', true, 'defined'],
  ['http.request.cookies["a"][1] eq "3"', true, 'docs'],
  ['http.request.cookies["c d"][0] eq "%20x"', true, 'docs'],
  ['http.request.accepted_languages[1] eq "fr"', true, 'docs'],
];

const functions: readonly Row[] = [
  ['lower(http.user_agent) contains "mozilla"', true, 'docs'],
  ['upper(http.host) eq "SHOP.EXAMPLE"', true, 'docs'],
  ['len(http.host) eq 12', true, 'docs'],
  ['starts_with(http.request.uri.path, "/basket")', true, 'docs'],
  ['starts_with(http.request.uri.path, "/Basket")', false, 'docs'],
  ['ends_with(http.host, ".example")', true, 'docs'],
  ['concat("a-", http.host, "-b") eq "a-shop.example-b"', true, 'docs'],
  ['substring(http.host, 0, 4) eq "shop"', true, 'docs'],
  ['substring(http.host, -7) eq "example"', true, 'docs'],
  ['substring(http.host, 5, -1) eq "exampl"', true, 'docs'],
  ['remove_bytes(http.host, "\\x2eo") eq "shpexample"', true, 'docs'],
  ['url_decode(http.request.uri.args["q"][0]) eq "red apples"', true, 'docs'],
  ['split(http.host, ".", 8)[1] eq "example"', true, 'docs'],
  ['split(http.host, ".", 1)[0] eq "shop.example"', true, 'docs'],
  ['join(http.request.uri.args["q"], "|") eq "red+apples|pears"', true, 'docs'],
  [
    'to_string(ip.src) eq "198.51.100.7" and to_string(ip.src.asnum) eq "64500" and to_string(ssl) eq "true"',
    true,
    'docs',
  ],
  ['has_key(http.request.headers, "x-token") and not has_key(http.request.headers, "x-none")', true, 'docs'],
  ['has_value(http.request.uri.args["q"], "pears")', true, 'docs'],
  ['cidr(ip.src, 24, 64) eq 198.51.100.0', true, 'docs'],
  ['cidr6(ip.src, 64) eq 198.51.100.7', true, 'docs'],
  ['encode_base64(http.host) eq "c2hvcC5leGFtcGxl"', true, 'docs'],
  [
    'encode_base64("a", "p") eq "YQ==" and encode_base64("a") eq "YQ" and encode_base64("\\xff\\xff", "u") eq "__8"',
    true,
    'docs',
  ],
  ['encode_base64(sha256("abc")) eq "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0"', true, 'defined'],
  ['remove_query_args(http.request.uri.query, "q", "flag") eq "empty="', true, 'docs'],
  ['regex_replace(http.host, "^(.*?)\\\\.", "${1}-$$-") eq "shop-$-example"', true, 'docs'],
  ['wildcard_replace(http.host, "*.*", "${2}/${1}") eq "example/shop"', true, 'docs'],
  ['wildcard_replace(http.host, "x*", "y") eq "shop.example"', true, 'docs'],
  ['http.request.uri.path eq raw.http.request.uri.path', true, 'docs'],
  ['len(http.request.uri.path) lt len(http.request.uri.query)', true, 'docs'],
];

const missing: readonly Row[] = [
  ['http.request.headers["x-none"][0] eq "a"', false, 'docs'],
  ['http.request.headers["x-none"][0] ne "a"', false, 'docs'],
  ['http.request.headers["x-none"][0] lt "a"', false, 'docs'],
  ['http.request.headers["x-none"][0] contains ""', false, 'docs'],
  ['http.request.headers["x-none"][0] matches ""', false, 'docs'],
  ['http.request.headers["x-none"][0] in {"a"}', false, 'docs'],
  ['http.request.headers["x-token"][7] eq "a"', false, 'docs'],
  ['not http.request.headers["x-none"][0] eq "a"', true, 'docs'],
  ['any(http.request.headers["x-none"][*] ne "a")', false, 'docs'],
  ['all(http.request.headers["x-none"][*] eq "a")', true, 'engine'],
  ['len(http.request.headers["x-none"]) ge 0', false, 'docs'],
  ['not len(http.request.headers["x-none"]) ge 0', true, 'docs'],
  ['concat("a", http.request.headers["x-none"][0], "b") eq "ab"', true, 'docs'],
  ['coalesce(http.request.headers["x-none"][0], "d") eq "d"', true, 'docs'],
  ['coalesce(http.request.headers["x-token"][0], "d") eq "Alpha"', true, 'docs'],
  ['lower(http.request.headers["x-none"][0]) eq ""', false, 'engine'],
  ['http.request.headers["x-none"][0] eq http.host', false, 'docs'],
  // A plain header string is empty when the header is absent: not documented, but what live rules rely on.
  ['http.referer eq ""', true, 'engine'],
];

describe.each([
  ['operators', operators],
  ['addresses', addresses],
  ['literals', literals],
  ['arrays and maps', arrays],
  ['functions', functions],
  ['missing values', missing],
])('%s', (_name, rows) => {
  it.each(rows)('%s is %s (%s)', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });
});

describe('the reading of ne for a missing value', () => {
  it.each([
    ['http.request.headers["x-none"][0] ne "a"', true],
    ['not http.request.headers["x-none"][0] ne "a"', false],
    ['http.request.headers["x-none"][0] ne http.host', true],
    ['http.request.headers["x-none"][0] eq "a"', false],
    ['http.request.headers["x-token"][0] ne "Alpha"', false],
  ])('%s is %s as the open engine reads it', (text, expected) => {
    expect(evaluate(text, {}, { missingNotEqual: true })).toBe(expected);
  });
});

describe('what was not recorded', () => {
  it.each([
    ['cf.bot_management.score lt 30', ['cf.bot_management.score']],
    ['not cf.bot_management.score lt 30', ['cf.bot_management.score']],
    ['ssl and cf.client.bot', ['cf.client.bot']],
    ['cf.client.bot and cf.waf.score lt 10', ['cf.client.bot', 'cf.waf.score']],
    ['cf.client.bot xor ssl', ['cf.client.bot']],
    ['ip.src in $office', ['$office']],
    ['nope.nope eq "a"', ['nope.nope']],
    ['nope(http.host) eq "a"', ['nope()']],
    ['hash_in_range(0, 100, http.host) lt 10', ['hash_in_range()']],
    ['lower(cf.ray_id) eq "a"', ['cf.ray_id']],
    ['concat(cf.ray_id, "a") eq "a"', ['cf.ray_id']],
    ['any(cf.bot_management.detection_ids[*] eq 1)', ['cf.bot_management.detection_ids']],
    ['http.host eq cf.ray_id', ['cf.ray_id']],
    ['coalesce(cf.ray_id, "a") eq "a"', ['cf.ray_id']],
  ])('%s is unknown because of %s', (text, causes) => {
    expect(evaluate(text)).toStrictEqual(causes);
  });

  it.each([
    ['not ssl and cf.client.bot', false],
    ['cf.client.bot and not ssl', false],
    ['cf.client.bot or ssl', true],
    ['ssl or cf.client.bot', true],
    ['coalesce(http.host, cf.ray_id) eq "shop.example"', true],
  ])('%s is %s all the same', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });

  it('knows some headers when only some were recorded', () => {
    const partly = { hasAllHeaders: false };
    expect(evaluate('http.request.headers["x-token"][0] eq "Alpha"', partly)).toBe(true);
    expect(evaluate('http.user_agent contains "X11"', partly)).toBe(true);
    expect(evaluate('http.request.headers["x-none"][0] eq "a"', partly)).toStrictEqual([
      'http.request.headers["x-none"]',
    ]);
    expect(evaluate('http.referer eq ""', partly)).toStrictEqual(['http.referer']);
    expect(evaluate('any(http.request.headers.names[*] eq "a")', partly)).toStrictEqual([
      'http.request.headers.names',
    ]);
    expect(evaluate('any(http.request.headers[*][*] eq "a")', partly)).toStrictEqual([
      'http.request.headers',
    ]);
    expect(evaluate('has_key(http.request.headers, "x-token")', partly)).toBe(true);
  });

  it('uses a list whose contents are given', () => {
    const lists = new Map([['office', { contains: (value: unknown) => value === 'shop.example' }]]);
    expect(evaluate('http.host in $office', {}, { lists })).toBe(true);
    expect(evaluate('http.referer in $office', {}, { lists })).toBe(false);
  });
});

describe('requests', () => {
  it.each([
    ['/a//b/./c/../d', '/a/b/d'],
    ['/a/..', '/'],
    ['/../../etc', '/etc'],
    [String.raw`/a\b`, '/a/b'],
    ['/%7euser/%2fx/%c3%bc', '/~user/%2Fx/%C3%BC'],
    ['/a/%2e%2e/b', '/b'],
    ['/', '/'],
  ])('normalizes %s to %s', (target, path) => {
    expect(evaluate(`http.request.uri.path eq r"${path}"`, { target })).toBe(true);
    expect(evaluate(`raw.http.request.uri.path eq r"${target}"`, { target })).toBe(true);
    expect(evaluate(`http.request.uri.path eq r"${target}"`, { target, normalizesUrls: false })).toBe(true);
  });

  it.each([
    ['/x/a.JPG', 'jpg'],
    ['/x.y/a', ''],
    ['/.env', ''],
    ['/a.', ''],
    ['/a.tar.gz', 'gz'],
  ])('finds the extension of %s', (target, extension) => {
    expect(evaluate(`http.request.uri.path.extension eq "${extension}"`, { target })).toBe(true);
  });

  it('writes header names in lower case on HTTP/2', () => {
    expect(evaluate('any(http.request.headers.names[*] eq "x-token")', { httpVersion: 'HTTP/2' })).toBe(true);
  });

  it('joins the full URI from what the client sent', () => {
    const text = 'http.request.full_uri eq "https://shop.example/a?b=1"';
    expect(evaluate(text, { target: '/a?b=1' })).toBe(true);
    expect(evaluate('ssl', { scheme: 'http' })).toBe(false);
  });

  it('reads a form body without decoding it', () => {
    const post = {
      body: 'name=a+b&name=c%20d',
      headers: [['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8']] as const,
    };
    expect(evaluate('http.request.body.form["name"][1] eq "c%20d"', post)).toBe(true);
    expect(evaluate('http.request.body.mime eq "application/x-www-form-urlencoded"', post)).toBe(true);
    expect(evaluate('http.request.body.size eq 19', post)).toBe(true);
    expect(evaluate('http.request.body.raw contains "a"')).toStrictEqual(['http.request.body.raw']);
  });

  it('compares bytes, not characters', () => {
    expect(evaluate('len(http.host) eq 3', { host: 'aü' })).toBe(true);
    expect(evaluate('http.host eq "a\\xc3\\xbc"', { host: 'aü' })).toBe(true);
    expect(evaluate('http.host eq "aü"', { host: 'aü' })).toBe(true);
    expect(evaluate('lower(http.host) eq "Ü"', { host: 'Ü' })).toBe(true);
  });

  it('leaves a field out whose value has another type', () => {
    expect(evaluate('ip.src.asnum eq 1', { fields: { 'ip.src.asnum': '1' } })).toStrictEqual([
      'ip.src.asnum',
    ]);
  });
});

describe('JSON lookups', () => {
  it.each([
    ['lookup_json_string(http.request.body.raw, "user", "name") eq "Ann"', true],
    ['lookup_json_string(http.request.body.raw, "tags", 1) eq "b\\"c"', true],
    ['lookup_json_integer(http.request.body.raw, "ids", 0) eq 42', true],
    // Only numbers written as whole numbers count.
    ['lookup_json_integer(http.request.body.raw, "ids", 1) eq 42', false],
    ['lookup_json_integer(http.request.body.raw, "ids", 2) eq 42', false],
    ['lookup_json_string(http.request.body.raw, "ids", 0) eq "42"', false],
    ['lookup_json_string(http.request.body.raw, "__proto__") eq ""', false],
  ])('%s is %s', (text, expected) => {
    const body = '{"user":{"name":"Ann"},"tags":["a","b\\"c"],"ids":[42,42.0,4.2e1]}';
    expect(evaluate(text, { body })).toBe(expected);
    expect(evaluate(text, { body: `${body}x` })).toBe(false);
  });
});
