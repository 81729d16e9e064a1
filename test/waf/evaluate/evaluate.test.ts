/** Evaluation beyond single answers: what is not recorded, lists, requests. The answers are in `conformance/`. */
import { describe, expect, it } from 'vitest';
import { evaluate } from './request-builder.ts';

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
