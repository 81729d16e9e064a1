import { describe, expect, it } from 'vitest';
import { matchesValue } from '../../../policies/catalogue/value-pattern.ts';

const context = { zone: 'shop.example', now: '2026-11-24T09:00:00Z' };

describe('a value pattern', () => {
  it.each([
    ['192.0.2.1/32', '*.*.*.*/32'],
    ['0.0.0.0/32', '*.*.*.*/32'],
    ['192.0.2.255', '192.0.2.*'],
    ['198.51.100.7', '*.*.*.*'],
    ['198.51.100.11', '*.*.*.*/32'],
    ['198.51.100.11/32', '*.*.*.*'],
    ['https://www.shop.example/a/b', 'https://www.shop.example/*'],
    ['v1.2.3.4', 'v*.*.*.*'],
    ['10.0.0.1.example', '10.0.0.*.example'],
    ['8760h', '8760h'],
    ['shop.example', '{zone}'],
    ['_proof.shop.example', '_proof.{zone}'],
    ['www.shop.example/a', 'www.shop.example/{path}'],
    ['www.shop.example/a-1/b.html/', 'www.shop.example/{path}'],
    ['www.shop.example/', 'www.shop.example/{page}'],
    ['www.shop.example/a/b?from=leaflet&x=1', 'www.shop.example/{page}'],
    ['"proof=aZ9_-=."', '"proof={token}"'],
    ['anything proof=a', '*proof={token}'],
    ['2026-12-01T09:00:00Z', '{within 7d}'],
    ['2026-12-01T10:00:00+01:00', '{within 7d}'],
    ['2020-01-01T00:00:00Z', '{within 7d}'],
  ])('%s is %s', (text, pattern) => {
    expect(matchesValue(text, pattern, context)).toBe(true);
  });

  it.each([
    ['2000::0.0.0.0/32', '*.*.*.*/32'],
    ['::ffff:192.0.2.1/32', '*.*.*.*/32'],
    ['192.0.2.1/', '*.*.*.*/32'],
    ['192.0.2.0/24', '*.*.*.*'],
    ['198.51.100.11/31', '*.*.*.*/32'],
    ['192.0.2.1/24', '*.*.*.*/32'],
    ['192.0.2.1/32/32', '*.*.*.*/32'],
    ['192.0.2.256/32', '*.*.*.*/32'],
    ['192.0.2.01/32', '*.*.*.*/32'],
    ['1.192.0.2.1/32', '*.*.*.*/32'],
    ['192.0.2./32', '*.*.*.*/32'],
    ['192.0.2. 1/32', '*.*.*.*/32'],
    ['192.0.3.1', '192.0.2.*'],
    ['192.0.2.256', '192.0.2.*'],
    ['192.0.2.1.1', '192.0.2.*'],
    ['192.0.2', '192.0.2.*'],
    ['192.0', '192.0.*.*'],
    ['8760hh', '8760h'],
    ['sel._domainkey.shop.example', '{zone}'],
    ['shop-example', '{zone}'],
    ['{zone}', '{zone}'],
    ['www.shop.example/', 'www.shop.example/{path}'],
    ['wwwxshop.example/a', 'www.shop.example/{path}'],
    ['www.shop.example/.', 'www.shop.example/{path}'],
    ['www.shop.example/a/../b', 'www.shop.example/{path}'],
    ['www.shop.example//a', 'www.shop.example/{path}'],
    ['www.shop.example/a?b', 'www.shop.example/{path}'],
    ['www.shop.example/%2e', 'www.shop.example/{path}'],
    ['www.shop.example/a\nb', 'www.shop.example/{path}'],
    ['www.shop.example/a?to=//evil.example', 'www.shop.example/{page}'],
    ['www.shop.example/a#b', 'www.shop.example/{page}'],
    ['"proof=a" "v=spf1 +all"', '"proof={token}"'],
    ['"proof="', '"proof={token}"'],
    ['2026-12-01T09:00:01Z', '{within 7d}'],
    ['2099-01-01T00:00:00Z', '{within 7d}'],
    ['2026-12-01', '{within 7d}'],
    ['soon', '{within 7d}'],
    ['a', '{anything}'],
    ['{anything}', '{anything}'],
    ['x2026-11-30T00:00:00Z', 'x{within 7d}'],
  ])('%s is not %s', (text, pattern) => {
    expect(matchesValue(text, pattern, context)).toBe(false);
  });

  it('that names the zone matches nothing where there is none', () => {
    expect(matchesValue('shop.example', '{zone}', { ...context, zone: null })).toBe(false);
    expect(matchesValue('2026-12-01T09:00:00Z', '{within 7d}', { ...context, now: 'today' })).toBe(false);
  });
});
