/** What confines an expression: only a positive condition that nearly every request does not meet anyway. */
import { describe, expect, it } from 'vitest';
import { analyseExpression } from '../by-text.ts';

const confinedBy = (text: string) => analyseExpression(text, { zone: 'shop.example' }).confinedBy;
const eighths = Array.from({ length: 256 }, (_, first) => `ip.src in {${first}.0.0.0/8}`);

describe('an expression that is confined', () => {
  it.each([
    ['http.host eq "www.shop.example"', ['host']],
    ['lower(http.host) in {"a.shop.example" "b.shop.example"}', ['host']],
    ['ends_with(http.host, ".api.shop.example")', ['host']],
    ['http.host wildcard "*.api.shop.example"', ['host']],
    ['http.request.full_uri wildcard "https://www.shop.example/*"', ['host']],
    ['http.request.uri.path eq "/healthz"', ['path']],
    ['starts_with(http.request.uri.path, "/callbacks/")', ['path']],
    ['http.request.uri.path wildcard "/api/*"', ['path']],
    ['not (http.request.uri.path ne "/healthz")', ['path']],
    ['not (http.host ne "a" or ssl)', ['host']],
    ['ip.src eq 192.0.2.1', ['address']],
    ['ip.src in {192.0.2.0/24 2001:db8::/32 198.51.100.1..198.51.100.9}', ['address']],
    ['ip.src in $acme_acquirers', ['list']],
    ['http.request.full_uri in $acme_retired_brands', ['list']],
    ['http.host eq "a" and ip.src in $x and http.request.uri.path eq "/y"', ['host', 'list', 'path']],
    ['http.host eq "a" and http.host ne "b" and not cf.client.bot', ['host']],
    ['http.host eq "a" or http.request.uri.path eq "/b"', ['host', 'path']],
    ['http.host eq "a" or false', ['host']],
    ['http.host eq "a" xor ip.src in $x', ['host', 'list']],
  ])('%s by %s', (text, kinds) => {
    expect(confinedBy(text)).toEqual(kinds);
  });
});

describe('an expression that nothing confines', () => {
  it.each([
    'true',
    'ssl',
    'http.host ne "nope.example"',
    'not http.host eq "x"',
    'not http.host in {"x"}',
    'not not http.host ne "x"',
    'http.host contains "."',
    'http.host matches "."',
    'http.host wildcard "*"',
    'http.host wildcard "*.shop.example"',
    'ends_with(http.host, "shop.example")',
    'ends_with(http.host, ".example")',
    'http.request.uri.path ne "/zzz"',
    'starts_with(http.request.uri.path, "/")',
    'http.request.uri.path wildcard "/*"',
    'http.request.uri.path contains "/"',
    'http.request.uri.path gt "/"',
    'not starts_with(http.request.uri.path, "/admin")',
    'http.request.full_uri wildcard "https://*"',
    'starts_with(http.request.full_uri, "https://www.shop.example")',
    'ip.src in {0.0.0.0/1 128.0.0.0/1 ::/0}',
    'ip.src in {0.0.0.0/1}',
    'ip.src in {1.0.0.0..255.255.255.255}',
    'ip.src in {2000::/3}',
    'not ip.src in $office',
    'http.host eq "a" or ssl',
    'http.host eq "a" or http.host ne "a"',
    'http.host eq "a" and http.host eq "b"',
    'not (http.host eq "a" and ip.src in $x)',
    'any(http.request.headers["x"][*] eq "y")',
    'http.user_agent eq "monitor"',
    'http.host eq',
    eighths.slice(0, 40).join(' or '),
    eighths.slice(0, 2).join(' or '),
  ])('%s', (text) => {
    expect(confinedBy(text)).toEqual([]);
  });

  it('by a suffix where the zone is not known', () => {
    expect(analyseExpression('ends_with(http.host, ".api.shop.example")').confinedBy).toEqual([]);
  });
});
