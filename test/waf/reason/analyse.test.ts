import { describe, expect, it } from 'vitest';
import { analyseExpression } from '../by-text.ts';

describe('constant', () => {
  it.each([
    ['true', true],
    ['(false)', false],
    ['not true', false],
    ['http.host eq "a" or true', true],
    ['http.host eq "a" and false', false],
    ['true xor true', false],
    ['http.host eq "a" and http.host eq "b"', false],
    ['(http.host eq "a") and (ssl and http.host eq "b")', false],
    ['http.host eq "a" and not http.host eq "a"', false],
    ['http.host eq "a" or not http.host eq "a"', true],
    ['ssl or not ssl', true],
    ['ssl and not ssl', false],
    ['ssl and ssl', null],
    ['http.host in {}', false],
    ['not http.host in {}', true],
    ['http.host in {"a" "b"} and http.host eq "c"', false],
    ['http.host in {"a" "b"} and http.host eq "b"', null],
    ['http.host in {"a"} and http.host ne "a"', false],
    ['http.host ne "a" or http.host ne "b"', true],
    ['ip.src.asnum lt 5 and ip.src.asnum gt 10', false],
    ['ip.src.asnum lt 10 and ip.src.asnum gt 5', null],
    ['ip.src.asnum lt 10 or ip.src.asnum gt 5', true],
    ['ip.src.asnum in {1..5} and ip.src.asnum in {6..9}', false],
    ['ip.src in {10.0.0.0/8} and ip.src eq 192.0.2.1', false],
    ['ip.src in {10.0.0.0/8} and ip.src eq 10.1.2.3', null],
    ['ip.src in {10.0.0.0/8} and ip.src in {2001:db8::/32}', false],
    ['ip.src in {0.0.0.0/0} or not ip.src in {0.0.0.0/0}', true],
    ['http.request.uri.path contains ""', true],
    ['http.request.uri.path wildcard "*"', true],
    ['http.request.uri.path matches ".*"', true],
    ['starts_with(http.request.uri.path, "")', true],
    ['len(http.request.uri.path) ge 0', true],
    ['any(http.request.headers.names[*] in {})', false],
    ['all(not http.request.headers.names[*] in {})', true],
    ['http.request.uri.path contains "/"', true],
    ['http.request.uri.path contains "/a"', null],
    // Quantifiers over nothing: any() is false, all() is true.
    ['any(not http.request.headers.names[*] in {})', null],
    ['all(http.request.headers.names[*] in {})', null],
    [
      'lookup_json_integer(http.request.body.raw, "a") ne 5 and not lookup_json_integer(http.request.body.raw, "a") in {-9223372036854775808..9223372036854775807}',
      null,
    ],
    // Two separate header values can differ, and a value that may be missing decides nothing.
    ['http.request.headers["x"][0] contains ""', null],
    ['len(http.request.headers["x"]) ge 0', null],
    ['http.request.headers["x"][0] ne "a" or http.request.headers["x"][0] ne "b"', null],
    ['any(http.request.headers["x"][*] eq "a") and any(http.request.headers["x"][*] eq "b")', null],
    ['http.request.headers["x"][0] eq "a" and http.request.headers["x"][0] eq "b"', false],
    ['some.unknown.field eq "a" and http.host eq "a" and http.host eq "b"', false],
    ['http.host eq "A" and http.host eq "a"', false],
    // What the values of a field are like, of a test that stands alone.
    ['ip.src.asnum ge 0', true],
    ['ip.src.asnum eq -1', false],
    ['http.request.uri.path matches "^/.*$"', true],
    ['http.request.full_uri matches "^https?://"', true],
    ['http.request.full_uri wildcard "*://*/*"', true],
    ['http.host matches ".*"', true],
    ['http.host in {""}', false],
    ['http.request.uri.path ne "b"', null],
    // What only several parts make together.
    ['http.host eq "a" and (http.host contains "b" or starts_with(http.host, "c"))', false],
    ['http.host contains "a" or not (http.host contains "a" and ssl) or not ssl', true],
    ['http.request.uri.args["q"][0] in {}', false],
  ])('%s is %s', (text, constant) => {
    expect(analyseExpression(text)).toMatchObject({ parsed: true, constant, scoped: constant !== true });
  });
});

describe('hosts', () => {
  it.each([
    ['http.host eq "shop.example"', ['shop.example']],
    ['http.host in {"b.example" "A.example:8080"} and ssl', ['a.example', 'b.example']],
    ['(http.host eq "a" or http.host eq "b") and http.host in {"b" "c"}', ['b']],
    ['lower(http.host) eq "a.example"', ['a.example']],
    ['http.request.full_uri wildcard "https://a.example/*"', ['a.example']],
    ['starts_with(http.request.full_uri, "https://a.example/x")', ['a.example']],
    ['http.host eq "a" xor http.host eq "b"', ['a', 'b']],
    ['http.host eq "a" and http.host eq "b"', []],
    ['ssl', 'all'],
    ['true', 'all'],
    ['not ip.src in $office', 'all'],
    ['http.host eq "a" or ssl', 'all'],
    ['http.host eq "a" or http.host matches "b"', 'unknown'],
    ['http.host eq "a" and http.host matches "[ab]"', ['a']],
    ['http.host eq "a" and http.host matches "b"', []],
    ['http.host ne "a"', 'unknown'],
    ['not http.host eq "a"', 'unknown'],
    ['http.host in $hosts', 'unknown'],
    ['ends_with(http.host, ".example")', 'unknown'],
    ['http.request.full_uri wildcard "*://a.example/*"', 'unknown'],
    ['http.request.full_uri wildcard "https://*.example/*"', 'unknown'],
    ['http.request.full_uri wildcard "https://a.example*"', 'unknown'],
    ['http.request.full_uri contains "a.example"', 'unknown'],
    ['any(http.request.headers["host"][*] eq "a")', 'unknown'],
    ['cf.zone.name eq "a.example"', 'unknown'],
    ['some.unknown.field eq "a"', 'unknown'],
    ['some.unknown.field eq "a" or ssl', 'all'],
    ['http.host eq http.referer', 'unknown'],
  ])('%s reaches %s', (text, hosts) => {
    expect(analyseExpression(text).hosts).toStrictEqual(hosts);
  });
});

describe('names', () => {
  it('lists fields and lists once, sorted, without keys', () => {
    const text =
      'any(http.request.headers["x"][*] eq "1") and ip.src in $office and not ip.src in $cf.vpn and http.host eq http.referer';
    expect(analyseExpression(text)).toMatchObject({
      parsed: true,
      fields: ['http.host', 'http.referer', 'http.request.headers', 'ip.src'],
      lists: ['cf.vpn', 'office'],
    });
  });

  it('keeps the answer when a name is not known', () => {
    const analysis = analyseExpression('nonsense.field eq "a" and http.host eq "a"');
    expect(analysis).toMatchObject({ parsed: true, fields: ['http.host', 'nonsense.field'], hosts: ['a'] });
    expect(analysis.diagnostics).toMatchObject([{ severity: 'error', line: 1, column: 1 }]);
  });
});

describe('a pattern that only we cannot evaluate', () => {
  it('leaves the expression standing', () => {
    expect(analyseExpression('http.host matches "(?x)a" and http.host eq "a"')).toMatchObject({
      parsed: true,
      hosts: ['a'],
    });
  });
});

describe('refused text', () => {
  it.each([
    ['half a comparison', 'http.host eq'],
    ['a compared Boolean', 'ssl eq true'],
    ['a pattern that the engine refuses', 'http.host matches "a{"'],
    ['one result per element', 'http.request.headers.names[*] eq "a"'],
    ['nothing', ''],
    ['100,000 characters', 'x'.repeat(100_000)],
    ['500 brackets', '('.repeat(500)],
  ])('says nothing about %s', (_what, text) => {
    const analysis = analyseExpression(text);
    expect(analysis).toMatchObject({
      parsed: false,
      fields: [],
      lists: [],
      constant: null,
      hosts: 'unknown',
      scoped: false,
    });
    expect(analysis.diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
  });
});
