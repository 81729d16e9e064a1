/** `sluice waf replay` and `sluice waf traffic import` on files as people have them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withKeptSynth } from '../cached-synth.ts';
import { makeSmallEstate, type Ended, type SmallEstate } from '../small-estate.ts';

const stacks = ['--stack', 'acme-production'] as const;

let estate: SmallEstate;
beforeAll(() => {
  estate = makeSmallEstate();
  estate.write(
    'stacks/estate.ts',
    estate.read('stacks/estate.ts').replace("action: 'log'", "action: 'block'"),
  );
});
afterAll(() => estate.remove());

interface Row {
  readonly host?: string;
  readonly uri?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

function logpush({ host = 'api.shop.example', uri = '/v2/a', more = {} }: Row): string {
  return JSON.stringify({
    RayID: 'r1',
    ClientIP: '198.51.100.7',
    ClientRequestHost: host,
    ClientRequestMethod: 'GET',
    ClientRequestURI: uri,
    ClientRequestUserAgent: 'Mozilla/5.0',
    SecurityActions: [],
    ...more,
  });
}

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(estate.folder, name), content);
  return name;
}

const lines = (count: number, row: Row = {}): readonly string[] =>
  Array.from({ length: count }, () => logpush(row));

function replay(path: string, ...more: readonly string[]): Promise<Ended> {
  return estate.sluice(
    ['waf', 'replay', '--traffic', path, '--base', 'HEAD', ...stacks, ...more],
    {},
    withKeptSynth,
  );
}

interface Shown {
  readonly requests: number;
  readonly otherHosts: number;
  readonly badLines: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly digest: string;
}

async function summary(path: string, ...more: readonly string[]): Promise<Shown> {
  const { exit, stdout, stderr } = await replay(path, '--format', 'json', ...more);
  expect([exit, stderr]).toEqual(['ok', expect.stringContaining('replay: done')]);
  return JSON.parse(stdout) as Shown;
}

const old = { uri: '/v1/a' };

describe('replaying', () => {
  it('says in plain words what would be blocked, by which rule, for whom', async () => {
    const { exit, stdout } = await replay(file('day.ndjson', [...lines(3, old), ...lines(7)].join('\n')));
    expect(exit).toBe('ok');
    expect(stdout).toContain('newly blocked             3    30.00 %');
    expect(stdout).toContain('watch-old-api of acme-production/cloudflare_ruleset.waf: 3 requests');
    expect(stdout).toContain('GET api.shop.example/v1/a');
  });

  it.each<[string, () => string, readonly string[]]>([
    ['Logpush http_requests', () => file('a.log', [...lines(1, old), ...lines(1)].join('\n')), []],
    [
      'the same, compressed',
      () => file('a.log.gz', gzipSync([...lines(1, old), ...lines(1)].join('\n'))),
      [],
    ],
    [
      'Logpush firewall_events',
      () =>
        file(
          'events.ndjson',
          ['/v1/a', '/v2/a']
            .map((path) =>
              JSON.stringify({
                Action: 'log',
                RuleID: 'x',
                ClientRequestHost: 'api.shop.example',
                ClientRequestMethod: 'GET',
                ClientRequestPath: path,
              }),
            )
            .join('\n'),
        ),
      [],
    ],
    [
      'a list of rows in one document',
      () =>
        file(
          'a.json',
          JSON.stringify(
            [logpush(old), logpush({})].map((row) => JSON.parse(row) as object),
            null,
            2,
          ),
        ),
      [],
    ],
    [
      'an answer of the GraphQL API',
      () =>
        file(
          'graphql.json',
          JSON.stringify({
            data: {
              viewer: {
                zones: [
                  {
                    firewallEventsAdaptive: ['/v1/a', '/v2/a'].map((clientRequestPath) => ({
                      action: 'log',
                      clientRequestHTTPHost: 'api.shop.example',
                      clientRequestHTTPMethodName: 'GET',
                      clientRequestPath,
                      clientRequestQuery: '',
                    })),
                  },
                ],
              },
            },
            errors: null,
          }),
        ),
      [],
    ],
    [
      'CSV whose first line names the columns',
      () =>
        file(
          'a.csv',
          [
            'ClientIP,ClientRequestHost,ClientRequestMethod,ClientRequestURI',
            '198.51.100.7,api.shop.example,GET,/v1/a',
            '198.51.100.7,api.shop.example,GET,"/v2/a?b=1,2"',
          ].join('\r\n'),
        ),
      [],
    ],
    [
      'an access log',
      () =>
        file(
          'access.log',
          ['/v1/a', '/v2/a']
            .map(
              (path) => `198.51.100.7 - - [26/Nov/2026:10:00:00 +0000] "GET ${path} HTTP/1.1" 200 5 "-" "x"`,
            )
            .join('\n'),
        ),
      ['--host', 'api.shop.example'],
    ],
  ])('%s', async (_, make, more) => {
    expect(await summary(make(), ...more)).toMatchObject({
      requests: 2,
      counts: { 'newly-blocked': 1, unchanged: 1 },
    });
  });

  it('regression tests of a rule set, asked of one of the hosts', async () => {
    const tests = `meta:
  name: 942100.yaml
tests:
  - test_title: 942100-1
    stages:
      - stage:
          input: { method: GET, uri: "/v1/?id=1'+union+select+1", headers: { Host: localhost } }
          output: { log_contains: id "942100" }
  - test_title: 942100-2
    stages:
      - stage:
          input: { method: GET, uri: /v2/, headers: { Host: localhost } }
`;
    estate.write('crs/REQUEST-942/942100.yaml', tests);
    expect(await summary('crs', '--host', 'api.shop.example')).toMatchObject({
      requests: 2,
      counts: { 'newly-blocked': 1, unchanged: 1 },
    });
  });

  it('regression tests, sent by a client that is named', async () => {
    estate.write('crs/one/942100.yaml', 'tests: [{ test_id: 1, stages: [{ input: { uri: /v1/ } }] }]');
    estate.write('crs/one/942101.yaml', '# put aside\n');
    const expressions = [
      'ip.src in {203.0.113.0/24}',
      'ip.src.country eq "NL" and ip.src.is_in_european_union',
    ] as const;
    const compared = async (...more: readonly string[]): Promise<Ended> =>
      estate.sluice(
        ['waf', 'compare', ...expressions, '--traffic', 'crs/one', '--format', 'json', ...more],
        {},
        withKeptSynth,
      );
    const traffic = async (...more: readonly string[]): Promise<unknown> =>
      (JSON.parse((await compared(...more)).stdout) as { readonly traffic: unknown }).traffic;
    expect(await traffic()).toMatchObject({
      undecided: 1,
      missing: ['ip.src', 'ip.src.country', 'ip.src.is_in_european_union'],
    });
    expect(await traffic('--client', '203.0.113.9', '--country', 'nl')).toMatchObject({
      undecided: 0,
      both: 1,
    });
    expect(await compared('--client', '203.0.113')).toMatchObject({
      exit: 'usage',
      stderr: expect.stringContaining('--client is "203.0.113"') as string,
    });
    expect(await compared('--country', 'UK')).toMatchObject({ exit: 'usage' });
    const log = await replay(file('log.ndjson', logpush({})), '--country', 'NL');
    expect(log.stderr).toContain('--client and --country do not go with log.ndjson.');
  });

  it('a HAR document', async () => {
    const entry = (url: string): object => ({
      request: {
        method: 'GET',
        url,
        httpVersion: 'HTTP/2',
        headers: [{ name: 'Authorization', value: 'Bearer s3cr3t' }],
      },
      response: { content: { text: 'x'.repeat(1000) } },
    });
    const har = {
      log: { entries: [entry('https://api.shop.example/v1/a'), entry('https://api.shop.example/v2/a')] },
    };
    const found = await summary(file('session.har', JSON.stringify(har)));
    expect(found).toMatchObject({ requests: 2, counts: { 'newly-blocked': 1, unchanged: 1 } });
    expect(JSON.stringify(found)).not.toContain('s3cr3t');
    const cut = await replay(file('cut.har', JSON.stringify(har).slice(0, 300)));
    expect([cut.exit, cut.stderr]).toEqual([
      'invalidInput',
      expect.stringContaining('cut.har is not a HAR document'),
    ]);
  });

  it('reads what import made of it, and finds the same', async () => {
    const raw = file('raw.ndjson', [...lines(4, { uri: '/v1/a?token=s3cr3t' }), ...lines(6)].join('\n'));
    const imported = await estate.sluice(
      ['waf', 'traffic', 'import', raw, '--format', 'json'],
      {},
      withKeptSynth,
    );
    expect(imported.exit).toBe('ok');
    const { path, sample, requests } = JSON.parse(imported.stdout) as {
      path: string;
      sample: string;
      requests: number;
    };
    expect(requests).toBe(10);
    expect(gunzipSync(readFileSync(join(estate.folder, path))).toString('utf8')).not.toContain('s3cr3t');
    expect(await summary(path)).toMatchObject({
      digest: sample,
      requests: 10,
      counts: { 'newly-blocked': 4, unchanged: 6 },
    });
    const again = await estate.sluice(['waf', 'traffic', 'import', raw], {}, withKeptSynth);
    expect(again.stdout).toContain(`sample: ${sample}`);
  });

  it('counts subrequests of Workers and requests of Cloudflare apart', async () => {
    const path = file(
      'workers.ndjson',
      [
        ...lines(3, old),
        ...lines(2, { ...old, more: { WorkerSubrequest: true } }),
        ...lines(1, { ...old, more: { ClientRequestSource: 'healthcheck', FirewallMatchesActions: [] } }),
      ].join('\n'),
    );
    expect(await summary(path)).toMatchObject({
      requests: 3,
      badLines: 0,
      apart: { worker: 2, cloudflare: 1, 'no-request': 0 },
    });
    const { stderr } = await replay(path);
    expect(stderr).toContain('2 lines are counted apart: subrequests of Workers');
    expect(stderr).toContain("1 line is counted apart: requests of Cloudflare's own systems");
  });

  it('names the old columns of a log', async () => {
    const { SecurityActions: _, ...row } = JSON.parse(logpush(old)) as Record<string, unknown>;
    const path = file('old.ndjson', JSON.stringify({ ...row, FirewallMatchesActions: ['log'] }));
    expect((await replay(path)).stderr).toContain(
      'old.ndjson: FirewallMatchesActions is an old name of SecurityActions, and read as it.',
    );
  });

  it('reads an access log that begins with an address in brackets', async () => {
    const asked = '198.51.100.7 - - [26/Nov/2026:10:00:00 +0200] "GET /v1/a HTTP/1.1" 200 5 "-" "x"';
    const path = file('address.log', `[2001:db8::1]:443 ${asked}\napi.shop.example:443 ${asked}`);
    expect(await summary(path)).toMatchObject({ requests: 1, otherHosts: 1, badLines: 0 });
  });

  it('counts what is for other hosts, and leaves a line out that cannot be read, saying so', async () => {
    const path = file(
      'mixed.ndjson',
      [...lines(150), ...lines(49, { host: 'else.example' }), 'damaged'].join('\n'),
    );
    expect(await summary(path)).toMatchObject({ requests: 150, otherHosts: 49, badLines: 1 });
    expect((await replay(path)).stderr).toContain('mixed.ndjson:200: left out, it is not a JSON object');
  });
});

describe('comparing two expressions on traffic', () => {
  const before = 'http.request.uri.path matches "^/v1/.*"';
  const after = 'http.request.uri.path matches "^/v[12]/.*" and not cf.client.bot';

  it('counts what each matches, and what cannot be told', async () => {
    const path = file(
      'compare.ndjson',
      [
        ...lines(2, { ...old, more: { VerifiedBotCategory: '' } }),
        ...lines(3, { more: { VerifiedBotCategory: '' } }),
        ...lines(1, { ...old, more: { VerifiedBotCategory: 'Search Engine Crawler' } }),
        ...lines(4, old),
        ...lines(5, { uri: '/other' }),
      ].join('\n'),
    );
    const args = ['waf', 'compare', before, after, '--traffic', path] as const;
    const { exit, stdout } = await estate.sluice([...args, '--format', 'json'], {}, withKeptSynth);
    const { traffic } = JSON.parse(stdout) as { readonly traffic: object };
    expect([exit, traffic]).toEqual([
      'ok',
      {
        requests: 15,
        both: 2,
        neither: 5,
        onlyBefore: 1,
        onlyAfter: 3,
        undecided: 4,
        missing: ['cf.client.bot'],
        examples: {
          onlyBefore: ['r1: GET api.shop.example/v1/a'],
          onlyAfter: Array.from({ length: 3 }, () => 'r1: GET api.shop.example/v2/a'),
        },
      },
    ]);
    const text = await estate.sluice(args, {}, withKeptSynth);
    expect(text.stdout).toContain('only the second                3');
    expect(text.stdout).toContain('not recorded: cf.client.bot');
  });
});

describe('files that say nothing', () => {
  it.each<[string, () => string, string, readonly string[]]>([
    [
      'too many lines that cannot be read',
      () => file('bad.ndjson', [...lines(50), 'x', 'y'].join('\n')),
      'invalidInput',
      ['2 of 52 lines of bad.ndjson cannot be read.', 'bad.ndjson:51:1'],
    ],
    [
      'sums of the GraphQL API',
      () =>
        file(
          'sums.json',
          '{"data":{"viewer":{"zones":[{"httpRequestsAdaptiveGroups":[{"count":4,"dimensions":{}}]}]}}}',
        ),
      'invalidInput',
      ['httpRequestsAdaptiveGroups of the GraphQL API holds sums, not requests'],
    ],
    [
      'an answer that is an error',
      () => file('error.json', '{"data":null,"errors":[{"message":"no access"}]}'),
      'invalidInput',
      ['an answer of an API without rows of requests'],
    ],
    [
      'a list that is cut',
      () => file('cut.json', `[${logpush({})},`),
      'invalidInput',
      ['cut.json is not a list of requests that can be read.'],
    ],
    [
      'CSV without the names of its columns',
      () => file('bare.csv', '198.51.100.7,api.shop.example,GET,/v1/a'),
      'invalidInput',
      ['CSV whose first line names the columns'],
    ],
    [
      'a log of another zone',
      () => file('other.ndjson', lines(5, { host: 'else.example' }).join('\n')),
      'invalidInput',
      ['None of the 5 requests is for a host of acme-production.'],
    ],
    [
      'an empty file',
      () => file('empty.ndjson', ''),
      'invalidInput',
      ['empty.ndjson is not recorded traffic'],
    ],
    [
      'a page',
      () => file('page.html', '<html></html>'),
      'invalidInput',
      ['page.html is not recorded traffic'],
    ],
    [
      'bytes that are not text',
      () => file('bytes', new Uint8Array([0xff, 0xfe, 0x00, 0x41])),
      'invalidInput',
      ['bytes is not recorded traffic'],
    ],
    [
      'a compressed file that ends early',
      () => file('cut.gz', gzipSync(lines(500).join('\n')).subarray(0, 60)),
      'invalidInput',
      ['cut.gz is damaged', 'Fetch it again.'],
    ],
    ['a file that is not there', () => 'none.ndjson', 'externalTool', ['none.ndjson cannot be read']],
    [
      'an access log without a host',
      () => file('bare.log', '198.51.100.7 - - [26/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5'),
      'invalidInput',
      ['--host'],
    ],
  ])('%s', async (_, make, exit, says) => {
    const ended = await replay(make());
    expect(ended.exit).toBe(exit);
    expect(ended.stdout).toBe('');
    for (const text of says) {
      expect(ended.stderr).toContain(text);
    }
    expect(ended.stderr).not.toContain('    at ');
  });

  it('and no file at all', async () => {
    const replayed = await estate.sluice(['waf', 'replay'], {}, withKeptSynth);
    expect([replayed.exit, replayed.stderr]).toEqual([
      'usage',
      expect.stringContaining('No traffic is named.'),
    ]);
    const imported = await estate.sluice(['waf', 'traffic', 'import'], {}, withKeptSynth);
    expect([imported.exit, imported.stderr]).toEqual(['usage', expect.stringContaining('No file is named.')]);
  });

  it('are not made a sample of', async () => {
    const bad = file('half.ndjson', [...lines(5), 'x'].join('\n'));
    const imported = await estate.sluice(
      ['waf', 'traffic', 'import', bad, '--out', 'samples'],
      {},
      withKeptSynth,
    );
    expect(imported.exit).toBe('invalidInput');
    expect(estate.git('status', '--short', '--ignored', 'samples')).toBe('');
  });
});
