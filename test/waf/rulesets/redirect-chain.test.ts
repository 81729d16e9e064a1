/** Redirects followed from URL to URL. */
import { describe, expect, it } from 'vitest';
import type { RecordedRequest } from '../../../scripts/waf/evaluate/request.ts';
import { Unknown } from '../../../scripts/waf/evaluate/runtime.ts';
import { follow, patternAnswer, ruleAnswer } from '../../../scripts/waf/rulesets/redirect-chain.ts';
import type { RedirectAnswer, Redirector } from '../../../scripts/waf/rulesets/redirect-chain.ts';

function request(url: string): RecordedRequest {
  const { protocol, host, pathname, search } = new URL(url);
  return {
    method: 'GET',
    scheme: protocol === 'http:' ? 'http' : 'https',
    host,
    target: pathname + search,
    httpVersion: 'HTTP/2',
    headers: [],
    hasAllHeaders: false,
    clientAddress: null,
    body: null,
    fields: {},
    normalizesUrls: true,
  };
}

function redirector(
  name: string,
  answer: (url: URL) => RedirectAnswer,
  domain: string | null = null,
): Redirector {
  return { name, domain, answer };
}

const everywhere = (): boolean => true;
const way = (
  start: string,
  redirectors: readonly Redirector[],
  hosts: (host: string) => boolean = everywhere,
) => follow(request(start), redirectors, hosts);
const to = (from: string, target: string) =>
  redirector(`${from} to ${target}`, (url) => (url.href === from ? { to: target } : null));

describe('the way of a request', () => {
  it('ends at a page that nothing redirects', () => {
    const { end, hops } = way('https://a.test/', [to('https://a.test/', 'https://b.test/')]);
    expect([end, hops.map((hop) => hop.to)]).toEqual(['page', ['https://b.test/']]);
  });

  it('ends where another estate begins', () => {
    const { end } = way(
      'https://a.test/',
      [to('https://a.test/', 'https://b.test/')],
      (host) => host === 'a.test',
    );
    expect(end).toBe('elsewhere');
  });

  it('is a loop when a URL comes again, and the circle leaves out how one got there', () => {
    const found = way('https://a.test/', [
      to('https://a.test/', 'https://b.test/'),
      to('https://b.test/', '/c'),
      to('https://b.test/c', 'https://b.test/#top'),
    ]);
    expect([found.end, found.hops.length, found.circle.map((hop) => hop.from)]).toEqual([
      'loop',
      3,
      ['https://b.test/', 'https://b.test/c'],
    ]);
  });

  it('tells HTTP and HTTPS apart', () => {
    const secure = redirector('https', (url) =>
      url.protocol === 'http:' ? { to: url.href.replace('http:', 'https:') } : null,
    );
    expect(way('http://a.test/x?y=1', [secure]).hops.map((hop) => hop.to)).toEqual(['https://a.test/x?y=1']);
  });

  it('has no end after twenty hops', () => {
    const longer = redirector('longer', (url) => ({ to: `${url.href}x` }));
    expect(way('https://a.test/', [longer])).toMatchObject({ end: 'endless', hops: { length: 20 } });
  });

  it('is not told beyond what cannot be computed', () => {
    const open = redirector('open', () => 'unknown');
    expect(way('https://a.test/', [open, to('https://a.test/', 'https://b.test/')]).end).toBe('unknown');
  });

  it.each<[string, string | null, number]>([
    ['its domain', 'test', 1],
    ['another domain', 'example', 0],
    ['a domain that only ends like it', 'est', 0],
  ])('meets a redirect of %s as it acts there', (_, domain, hops) => {
    const away = redirector('away', (url) => (url.pathname === '/' ? { to: '/x' } : null), domain);
    expect(way('https://a.test/', [away]).hops.length).toBe(hops);
  });
});

describe('a redirect by a rule', () => {
  const fields = { fields: new Map() };
  const url = new URL('https://a.test/x?y=1');
  const rule = { test: () => true, target: 'https://b.test/', keepsQuery: true } as const;

  it('keeps the query where it is to, and the target has none', () => {
    expect(ruleAnswer(rule)(url, fields)).toEqual({ to: 'https://b.test/?y=1' });
    expect(ruleAnswer({ ...rule, target: 'https://b.test/?z=2' })(url, fields)).toEqual({
      to: 'https://b.test/?z=2',
    });
    expect(ruleAnswer({ ...rule, keepsQuery: false })(url, fields)).toEqual({ to: 'https://b.test/' });
  });

  it('is unknown where the test or the target is, and none where the test is false', () => {
    const unknown = new Unknown(['x']);
    expect(ruleAnswer({ ...rule, test: () => unknown })(url, fields)).toBe('unknown');
    expect(ruleAnswer({ ...rule, target: null })(url, fields)).toBe('unknown');
    expect(ruleAnswer({ ...rule, target: () => undefined })(url, fields)).toBe('unknown');
    expect(ruleAnswer({ ...rule, test: () => false })(url, fields)).toBeNull();
  });
});

describe('a page rule that forwards', () => {
  it.each<[string, string, string, RedirectAnswer]>([
    [
      '*.shop.example/a/*',
      'https://shop.example/$1/$2',
      'https://www.shop.example/a/b',
      { to: 'https://shop.example/www/b' },
    ],
    ['shop.example', 'https://b.test/', 'https://shop.example/', { to: 'https://b.test/' }],
    ['shop.example/', 'https://b.test/', 'https://shop.example/x', null],
    [
      'http://shop.example/*',
      'https://shop.example/$1',
      'http://shop.example/x',
      { to: 'https://shop.example/x' },
    ],
    ['http://shop.example/*', 'https://shop.example/$1', 'https://shop.example/x', null],
    ['shop.example/a.b', 'https://b.test/', 'https://shop.example/aXb', null],
  ])('%s to %s: %s', (pattern, target, url, expected) => {
    expect(patternAnswer(pattern, target)(new URL(url), { fields: new Map() })).toEqual(expected);
  });
});
