/** Must-pass cases as they are written: what a case becomes, and where each mistake is shown. */
import { describe, expect, it } from 'vitest';
import { readTrafficCases } from '../../../scripts/read/traffic/cases.ts';

const file = 'stacks/clients/acme/traffic/shop.yaml';

const text = `kind: sluice.traffic-cases
version: 1
client: acme
cases:
  - name: call-back
    why: Orders stay unpaid without it
    expect: pass
    request:
      method: POST
      url: https://Pay.shop.example:8443/callbacks/a%2fb?x=1&y
      version: HTTP/1.1
      client: 192.0.2.36
      country: NL
      asn: 64502
      headers:
        User-Agent: Notify/1
        X-Part: [one, two]
      body: "grün"
      fields:
        cf.waf.score: 88
        cf.client.bot: false
  - name: home
    why: The first page of the shop
    request:
      url: http://www.shop.example
`;

function casesOf(written: string) {
  const parsed = readTrafficCases(written, file);
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.diagnostics));
  }
  return parsed.value;
}

function problemsOf(from: string, to: string, path = file): readonly string[] {
  expect(text).toContain(from);
  const parsed = readTrafficCases(text.replace(from, to), path);
  const diagnostics = parsed.ok ? [] : parsed.diagnostics;
  expect(diagnostics.every(({ fix, location }) => fix !== undefined && location?.file === path)).toBe(true);
  return diagnostics.map(
    ({ location, message, fix }) =>
      `${String(location?.line)}:${String(location?.column)} ${message}; ${fix ?? ''}`,
  );
}

describe('a case', () => {
  const [callBack, home] = casesOf(text);

  it('becomes the request that it describes', () => {
    expect(callBack?.request).toEqual({
      method: 'POST',
      scheme: 'https',
      host: 'pay.shop.example:8443',
      target: '/callbacks/a%2fb?x=1&y',
      httpVersion: 'HTTP/1.1',
      headers: [
        ['Host', 'pay.shop.example:8443'],
        ['User-Agent', 'Notify/1'],
        ['X-Part', 'one'],
        ['X-Part', 'two'],
      ],
      hasAllHeaders: true,
      clientAddress: '192.0.2.36',
      body: 'gr\u00c3\u00bcn',
      fields: {
        'ip.src.country': 'NL',
        'ip.src.asnum': 64_502,
        'cf.waf.score': 88,
        'cf.client.bot': false,
      },
      normalizesUrls: true,
    });
  });

  it('is a plain GET without a body when nothing else is written', () => {
    expect(home?.request).toMatchObject({
      method: 'GET',
      scheme: 'http',
      target: '/',
      httpVersion: 'HTTP/2',
      headers: [['host', 'www.shop.example']],
      clientAddress: null,
      body: '',
      fields: {},
    });
  });

  it('does not know the body of a POST that has none written', () => {
    const [posted] = casesOf(text.replace('      body: "grün"\n', ''));
    expect(posted?.request.body).toBeNull();
  });

  it('keeps its client, its reason and its place', () => {
    expect(home).toMatchObject({
      client: 'acme',
      name: 'home',
      why: 'The first page of the shop',
      location: { file, line: 22, column: 5 },
    });
  });
});

describe('what is refused, with its place', () => {
  it.each([
    ['a key that does not exist', 'country: NL', 'contry: NL', /^13:7 .*did you mean "?country/],
    ['a name used twice', 'name: home', 'name: call-back', /^22:11 the name call-back is used twice/],
    ['an url without a scheme', 'http://www.shop.example', '/basket', /^25:12 /],
    ['an url of another scheme', 'http://www.shop.example', 'ftp://www.shop.example', /^25:12 /],
    ['an url with a user name', 'http://www', 'http://me:secret@www', /^25:12 /],
    ['an url with a fragment', 'http://www.shop.example', 'http://www.shop.example/#top', /^25:12 /],
    ['a port that cannot be', 'http://www.shop.example', 'http://www.shop.example:99999', /^25:12 /],
    ['a client that is not an address', '192.0.2.36', '192.0.2.0/28', /^12:15 this is not an IP address/],
    ['a Host header', 'User-Agent: Notify/1', 'host: other.example', /^16:9 Host is written in the url/],
    ['a header written twice', 'X-Part:', 'user-agent:', /^17:9 the header user-agent is written twice/],
    ['a header with a line break', 'Notify/1', '"a\\r\\nb"', /^16:21 /],
    ['a header that is a number', 'Notify/1', '12', /^16:21 .*in quotes/],
    ['an unknown field', 'cf.waf.score:', 'cf.waf.scor:', /^20:9 there is no field .*cf\.waf\.score\?/],
    ['a field of another type', 'score: 88', 'score: high', /^20:23 cf\.waf\.score cannot have this value/],
    ['a field told twice', 'cf.client.bot: false', 'ip.src.country: NL', /^21:9 ip\.src\.country follows/],
    ['an answer but pass', 'expect: pass', 'expect: block', /^7:13 /],
    ['a case without a reason', '    why: The first page of the shop\n', '', /^22:5 .*why/],
    ['another version', 'version: 1', 'version: 2', /^2:10 /],
  ] as const)('%s', (_, from, to, wanted) => {
    const problems = problemsOf(from, to);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(wanted);
  });

  it('a client that is not the one of the folder', () => {
    expect(problemsOf('client: acme', 'client: borough')).toEqual([
      expect.stringMatching(/^3:9 the client is not the one of the folder; write client: acme/),
    ]);
    expect(problemsOf('client: acme', 'client: acme', 'elsewhere/cases.yaml')).toEqual([]);
  });

  it('a file without cases', () => {
    const parsed = readTrafficCases(`${text.split('cases:')[0] ?? ''}cases: []\n`, file);
    expect(parsed.ok).toBe(false);
  });
});
