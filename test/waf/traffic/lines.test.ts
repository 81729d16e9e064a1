/** Formats with one request per line: what is read, what stays unknown, what is refused. */
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../scripts/waf/language/parser.ts';
import { compileFilter } from '../../../scripts/waf/evaluate/compile.ts';
import { requestFields } from '../../../scripts/waf/evaluate/request.ts';
import { Unknown } from '../../../scripts/waf/evaluate/runtime.ts';
import { detectCsv, detectLineFormat, lineReader, notesOnLines } from '../../../scripts/waf/traffic/lines.ts';
import type { LineFormat } from '../../../scripts/waf/traffic/lines.ts';
import type { TrafficRecord } from '../../../scripts/waf/traffic/record.ts';
import { readRecord, writeRecord } from '../../../scripts/waf/traffic/request-line.ts';
import { plainRequest } from '../evaluate/request-builder.ts';

const place = { file: 'log', line: 3 };

function read(format: LineFormat, line: string, host: string | null = null): TrafficRecord {
  const found = lineReader(format, host).read(line, place);
  if (found === null || 'bad' in found || 'apart' in found) {
    throw new Error(JSON.stringify(found));
  }
  return found;
}

function apart(format: LineFormat, line: string): string | null {
  const found = lineReader(format, 'shop.example').read(line, place);
  return found !== null && 'apart' in found ? found.apart : null;
}

function reason(format: LineFormat, line: string, host: string | null = null): string | null {
  const found = lineReader(format, host).read(line, place);
  return found !== null && 'bad' in found ? found.bad : null;
}

/** `true`, `false`, or what is unknown. */
function truth({ request }: TrafficRecord, expression: string): boolean | string {
  const found = compileFilter(parseFilter(expression).expression)(requestFields(request));
  return found instanceof Unknown ? found.causes.join(' ') : found;
}

const row = {
  RayID: '8f00',
  EdgeStartTimestamp: 1_795_600_000_123_000_000,
  ClientIP: '198.51.100.7',
  ClientASN: 64_500,
  ClientCountry: 'gb',
  ClientRequestHost: 'shop.example',
  ClientRequestMethod: 'GET',
  ClientRequestURI: '/a//b?q=1',
  ClientRequestPath: '/a//b',
  ClientRequestScheme: 'https',
  ClientRequestProtocol: 'HTTP/2',
  ClientRequestUserAgent: 'Mozilla/5.0',
  ClientRequestReferer: '',
  ClientSSLProtocol: 'TLSv1.3',
  BotScore: 12,
  WAFAttackScore: 0,
  VerifiedBotCategory: '',
  EdgeResponseStatus: 403,
  SecurityActions: ['log', 'block'],
  SecurityRuleIDs: ['r1', 'r2'],
  SecuritySources: ['firewallCustom', 'firewallCustom'],
};

describe('Logpush http_requests', () => {
  const record = read('logpush-http-requests', JSON.stringify(row));

  it('gives the request and what was done with it', () => {
    expect(record).toMatchObject({
      id: '8f00',
      at: '2026-11-25T09:46:40.123Z',
      request: {
        method: 'GET',
        host: 'shop.example',
        target: '/a//b?q=1',
        clientAddress: '198.51.100.7',
        hasAllHeaders: false,
      },
      recorded: {
        actions: ['log', 'block'],
        ruleIds: ['r1', 'r2'],
        sources: ['firewallCustom', 'firewallCustom'],
        status: 403,
      },
    });
  });

  it.each([
    ['ip.src.country eq "GB"', true],
    ['ip.geoip.country eq "GB"', true],
    ['ip.src.is_in_european_union', false],
    ['ip.src.asnum eq 64500', true],
    ['http.request.uri.path eq "/a/b"', true],
    ['http.user_agent eq "Mozilla/5.0"', true],
    ['http.referer eq ""', true],
    ['cf.bot_management.score lt 30', true],
    ['cf.client.bot', false],
    ['cf.tls_version eq "TLSv1.3"', true],
    ['cf.waf.score lt 20', 'cf.waf.score'],
    ['http.cookie contains "a"', 'http.cookie'],
    ['any(http.request.headers["x-a"][*] eq "1")', 'http.request.headers["x-a"]'],
    ['http.request.body.size gt 1', 'http.request.body.size'],
    ['cf.waf.score.class eq "attack"', 'cf.waf.score.class'],
  ])('%s is %s', (expression, expected) => {
    expect(truth(record, expression)).toBe(expected);
  });

  it('reads custom fields: headers by name, cookies by name only', () => {
    const more = read(
      'logpush-http-requests',
      JSON.stringify({
        ...row,
        RequestHeaders: { 'x-client': 'app' },
        Cookies: { session: 'abc' },
        WAFAttackScore: 10,
      }),
    );
    expect(truth(more, 'any(http.request.headers["x-client"][*] eq "app")')).toBe(true);
    expect(truth(more, 'any(http.request.cookies["session"][*] eq "abc")')).toBe(
      'http.request.cookies["session"]',
    );
    expect(truth(more, 'any(http.request.cookies["other"][*] eq "abc")')).toBe(
      'http.request.cookies["other"]',
    );
    expect(truth(more, 'cf.waf.score.class eq "attack"')).toBe(true);
    expect(writeRecord(more)).not.toContain('abc');
  });

  it('reads the older columns for what was done', () => {
    const { SecurityActions: _a, SecurityRuleIDs: _b, SecuritySources: _c, ...older } = row;
    expect(
      read(
        'logpush-http-requests',
        JSON.stringify({ ...older, SecurityAction: 'block', SecurityRuleID: 'r9' }),
      ).recorded,
    ).toMatchObject({ actions: ['block'], ruleIds: ['r9'] });
    expect(read('logpush-http-requests', JSON.stringify(older)).recorded).toBeNull();
  });

  it.each([
    ['{', 'it is not a JSON object'],
    ['[1]', 'it is not a JSON object'],
    [
      '{"ClientRequestHost":"a","ClientRequestMethod":"GET"}',
      'it lacks ClientRequestHost, ClientRequestMethod or ClientRequestURI',
    ],
    [
      '{"ClientRequestHost":1,"ClientRequestMethod":"GET","ClientRequestURI":"/"}',
      'it lacks ClientRequestHost, ClientRequestMethod or ClientRequestURI',
    ],
  ])('%s is bad', (line, expected) => {
    expect(reason('logpush-http-requests', line)).toBe(expected);
  });

  it.each(['', 'UNKNOWN'])('what the edge could not read is not a request: method %j', (method) => {
    const unread = { ...row, ClientRequestHost: '', ClientRequestMethod: method, ClientRequestURI: '' };
    expect(apart('logpush-http-requests', JSON.stringify(unread))).toBe('no-request');
  });

  it('leaves the time out when it is none', () => {
    expect(
      read('logpush-http-requests', JSON.stringify({ ...row, EdgeStartTimestamp: 'yesterday' })).at,
    ).toBeNull();
    expect(
      read('logpush-http-requests', JSON.stringify({ ...row, EdgeStartTimestamp: 1e300 })).at,
    ).toBeNull();
    expect(
      read('logpush-http-requests', JSON.stringify({ ...row, EdgeStartTimestamp: '2026-11-26T10:00:00Z' }))
        .at,
    ).toBe('2026-11-26T10:00:00Z');
  });
});

describe('rows as exports spell them', () => {
  const written = (more: object): TrafficRecord =>
    read('logpush-http-requests', JSON.stringify({ ...row, ...more }));

  it('have numbers and flags in texts', () => {
    const record = written({
      ClientASN: '64500',
      BotScore: '12',
      WAFAttackScore: '0',
      EdgeResponseStatus: '403',
    });
    expect(truth(record, 'ip.src.asnum eq 64500 and cf.bot_management.score eq 12')).toBe(true);
    expect(truth(record, 'cf.waf.score lt 20')).toBe('cf.waf.score');
    expect(record.recorded?.status).toBe(403);
    expect(truth(written({ ClientASN: '64500x' }), 'ip.src.asnum eq 64500')).toBe('ip.src.asnum');
    const event = { Action: 'log', ClientRequestPath: '/', ClientRequestMethod: 'GET', MatchIndex: '1' };
    expect(
      lineReader('logpush-firewall-events', null).read(
        JSON.stringify({ ...event, ClientRequestHost: 'a' }),
        place,
      ),
    ).toBeNull();
  });

  it.each([
    ['1795600000', '2026-11-25T09:46:40.000Z'],
    ['1795600000123', '2026-11-25T09:46:40.123Z'],
    [1_795_600_000_123_000, '2026-11-25T09:46:40.123Z'],
    ['1795600000123000000', '2026-11-25T09:46:40.123Z'],
    ['1795600000.5', '2026-11-25T09:46:40.500Z'],
    ['2026-11-25T10:46:40+01:00', '2026-11-25T09:46:40.000Z'],
    ['2026-11-25T10:46:40.25+0100', '2026-11-25T09:46:40.250Z'],
    ['2026-11-25t09:46:40z', '2026-11-25T09:46:40Z'],
    ['2026-11-25 09:46:40', null],
    ['2026-99-25T09:46:40+01:00', null],
  ])('have the time as %s', (EdgeStartTimestamp, at) => {
    expect(written({ EdgeStartTimestamp }).at).toBe(at);
  });

  it('have the target in absolute form', () => {
    const { ClientRequestScheme: _a, ClientSSLProtocol: _b, ...less } = row;
    const record = read(
      'logpush-http-requests',
      JSON.stringify({ ...less, ClientRequestURI: 'http://Other.example/x?y=1' }),
    );
    expect(record.request).toMatchObject({ host: 'other.example', target: '/x?y=1', scheme: 'http' });
    expect(written({ ClientRequestURI: '/go?to=http://a.example/' }).request.target).toBe(
      '/go?to=http://a.example/',
    );
  });

  it('have old names, which are read and named', () => {
    const { SecurityActions: _a, SecurityRuleIDs: _b, SecuritySources: _c, ...less } = row;
    const older = {
      ...less,
      FirewallMatchesActions: ['block'],
      FirewallMatchesRuleIDs: ['r1'],
      FirewallMatchesSources: ['firewallRules'],
      WAFProfile: 'low',
    };
    const line = JSON.stringify(older);
    expect(read('logpush-http-requests', line).recorded).toMatchObject({
      actions: ['block'],
      ruleIds: ['r1'],
      sources: ['firewallRules'],
    });
    expect(notesOnLines(`\n${line}`, null)).toEqual([
      'FirewallMatchesActions is an old name of SecurityActions, and read as it',
      'FirewallMatchesRuleIDs is an old name of SecurityRuleIDs, and read as it',
      'FirewallMatchesSources is an old name of SecuritySources, and read as it',
      'WAFProfile is an old column that nothing has taken the place of: it is not read',
    ]);
    expect(notesOnLines(JSON.stringify(row), null)).toEqual([]);
  });

  it('have the names of the GraphQL API', () => {
    const line = JSON.stringify({
      action: 'block',
      clientAsn: '64500',
      clientCountryName: 'GB',
      clientIP: '198.51.100.7',
      clientRequestHTTPHost: 'shop.example',
      clientRequestHTTPMethodName: 'GET',
      clientRequestPath: '/a',
      clientRequestQuery: '?b=1',
      datetime: '2026-11-26T10:00:00+0000',
      matchIndex: '0',
      rayName: '8f02',
      userAgent: 'curl/8',
    });
    expect(detectLineFormat(line)).toBe('logpush-firewall-events');
    const record = read('logpush-firewall-events', line);
    expect(record).toMatchObject({
      id: '8f02',
      at: '2026-11-26T10:00:00.000Z',
      request: { target: '/a?b=1' },
    });
    expect(truth(record, 'ip.src.asnum eq 64500 and ip.src.country eq "GB"')).toBe(true);
  });
});

describe('rows that no visitor sent', () => {
  const from = (more: object): string | null =>
    apart('logpush-http-requests', JSON.stringify({ ...row, ...more }));

  it.each([
    [{ WorkerSubrequest: true }, 'worker'],
    [{ WorkerSubrequest: 'true' }, 'worker'],
    [{ ParentRayID: '8f0a1b2c3d4e5f60' }, 'worker'],
    [{ ClientRequestSource: 'edgeWorkerFetch' }, 'worker'],
    [{ ClientRequestSource: 'edgeWorkerCacheAPI' }, 'worker'],
    [{ ClientRequestSource: 'healthcheck' }, 'cloudflare'],
    [{ ClientRequestSource: 'earlyHintsCache' }, 'cloudflare'],
    [{ ClientRequestSource: 'a source of next year' }, 'cloudflare'],
    [{ ClientRequestSource: 'eyeball', WorkerSubrequest: false, ParentRayID: '00' }, null],
    [{ ClientRequestSource: 1 }, null],
    [{ ClientRequestSource: '' }, null],
    [{}, null],
  ])('%j: %s', (more, kind) => {
    expect(from(more)).toBe(kind);
  });
});

describe('lines of CSV', () => {
  const head =
    'RayID,ClientIP,ClientRequestHost,ClientRequestMethod,ClientRequestURI,SecurityActions,BotScore';
  const cells = '8f00,198.51.100.7,shop.example,GET,"/a?b=1,2","[""log"",""block""]",12';

  it('are read by the columns that the first line names', () => {
    const csv = detectCsv(`\uFEFF${head}\r\n${cells}`);
    expect(csv?.format).toBe('logpush-http-requests');
    const reader = lineReader('logpush-http-requests', null, csv?.head ?? null);
    expect(reader.read(head, place)).toBeNull();
    const found = reader.read(`${cells}\r`, place);
    expect(found).toMatchObject({
      id: '8f00',
      request: { target: '/a?b=1,2', fields: { 'cf.bot_management.score': 12 } },
      recorded: { actions: ['log', 'block'] },
    });
    expect(reader.read('8f00,"198.51', place)).toHaveProperty('bad');
    expect(reader.read('8f00,1', place)).toHaveProperty('bad');
  });

  it('may have another delimiter, and are none without a line of columns', () => {
    expect(detectCsv(head.replaceAll(',', ';'))?.head.delimiter).toBe(';');
    expect(detectCsv(cells)).toBeNull();
    expect(detectCsv('a,b,c')).toBeNull();
  });
});

describe('Logpush firewall_events', () => {
  const event = {
    RayID: '8f01',
    Datetime: '2026-11-26T10:00:00Z',
    Action: 'block',
    RuleID: 'id1',
    Ref: 'block-a',
    Source: 'firewallCustom',
    MatchIndex: 0,
    ClientIP: '2001:db8::1',
    ClientCountry: 'de',
    ClientRequestHost: 'shop.example',
    ClientRequestMethod: 'POST',
    ClientRequestPath: '/x',
    ClientRequestQuery: '?a=1',
  };

  it('gives the request of the last rule that matched', () => {
    const record = read('logpush-firewall-events', JSON.stringify(event));
    expect(record).toMatchObject({
      request: { target: '/x?a=1', method: 'POST' },
      recorded: { actions: ['block'], refs: ['block-a'] },
    });
    expect(truth(record, 'ip.src in {2001:db8::/32} and ip.src.is_in_european_union')).toBe(true);
    expect(
      lineReader('logpush-firewall-events', null).read(JSON.stringify({ ...event, MatchIndex: 1 }), place),
    ).toBeNull();
  });

  it('is bad without a path', () => {
    const { ClientRequestPath: _, ...less } = event;
    expect(reason('logpush-firewall-events', JSON.stringify(less))).toContain('it lacks');
  });
});

describe('access logs', () => {
  const line =
    '198.51.100.7 - - [26/Nov/2026:10:00:00 +0200] "GET /a?b=1 HTTP/1.1" 200 512 "-" "Mozilla/5.0 \\x22X\\x22"';

  it('give what a server knows, and nothing of the edge', () => {
    const record = read('access-log', line, 'shop.example');
    expect(record).toMatchObject({
      id: 'line 3',
      at: '2026-11-26T08:00:00.000Z',
      recorded: null,
      request: { host: 'shop.example', target: '/a?b=1', httpVersion: 'HTTP/1.1' },
    });
    expect(truth(record, 'http.user_agent eq "Mozilla/5.0 \\"X\\""')).toBe(true);
    expect(truth(record, 'http.referer eq ""')).toBe(true);
    expect(truth(record, 'ip.src.country eq "GB"')).toBe('ip.src.country');
    expect(truth(record, 'ssl')).toBe('ssl');
    expect(truth(record, 'http.request.full_uri contains "a"')).toBe('http.request.full_uri');
    expect(
      truth(
        read('access-log', line.replace('"-" "Mozilla/5.0 \\x22X\\x22"', ''), 'shop.example'),
        'http.user_agent eq ""',
      ),
    ).toBe('http.user_agent');
  });

  it('is told by its first line when that begins with an address in brackets', () => {
    expect(detectLineFormat(`[2001:db8::1]:443 ${line}`)).toBe('access-log');
  });

  it('take the host from a leading column', () => {
    expect(read('access-log', `www.shop.example ${line}`).request.host).toBe('www.shop.example');
    expect(reason('access-log', line)).toContain('--host');
  });

  it.each([
    ['www.shop.example:443', 'www.shop.example'],
    ['www.shop.example:80', 'www.shop.example'],
    ['www.shop.example:3000', 'www.shop.example'],
    ['www.shop.example:8443', 'www.shop.example:8443'],
    ['[2001:db8::1]:443', '[2001:db8::1]'],
    ['[2001:db8::1]', '[2001:db8::1]'],
    ['_', 'shop.example'],
    ['-', 'shop.example'],
  ])('has the host %s: %s was asked', (column, host) => {
    expect(read('access-log', `${column} ${line}`, 'shop.example').request.host).toBe(host);
  });

  it.each([
    ['198.51.100.7:51234', 'ip.src eq 198.51.100.7', true],
    ['[2001:db8::7]:51234', 'ip.src eq 2001:db8::7', true],
    ['2001:db8::7', 'ip.src eq 2001:db8::7', true],
    ['::ffff:198.51.100.7', 'ip.src eq 198.51.100.7', true],
    ['162.158.1.1', 'ip.src eq 162.158.1.1', 'ip.src'],
    ['::ffff:162.158.1.1', 'ip.src eq 162.158.1.1', 'ip.src'],
    ['2a06:98c0:3600::103', 'ip.src eq 198.51.100.7', 'ip.src'],
    ['172.18.0.1', 'ip.src eq 172.18.0.1', 'ip.src'],
    ['-', 'ip.src eq 198.51.100.7', 'ip.src'],
  ])('by %s, %s is %s', (client, expression, expected) => {
    const asked = line.replace('198.51.100.7', client);
    expect(truth(read('access-log', asked, 'shop.example'), expression)).toBe(expected);
  });

  it('have targets in absolute form', () => {
    const asked = line.replace('GET /a?b=1', 'GET http://Other.example:80/x?y=1');
    expect(read('access-log', asked, 'shop.example').request).toMatchObject({
      host: 'other.example',
      target: '/x?y=1',
      scheme: null,
    });
  });

  it.each([
    line.replace('"GET /a?b=1 HTTP/1.1" 200', '"" 400'),
    line.replace('"GET /a?b=1 HTTP/1.1" 200', '"-" 408'),
    line.replace('"GET /a?b=1 HTTP/1.1" 200', '"-" 000'),
    line.replace('"GET /a?b=1 HTTP/1.1" 200', '"\\x16\\x03\\x01" 400'),
    line.replace('"GET /a?b=1 HTTP/1.1" 200', '"CONNECT a.example:443 HTTP/1.1" 405'),
  ])('hold lines without a request, as %s', (text) => {
    expect(apart('access-log', text)).toBe('no-request');
  });

  it.each(
    [
      '',
      '198.51.100.7',
      'a '.repeat(50),
      line.replace('GET /a?b=1 HTTP/1.1', '\\x16\\x03\\x01'),
      line.replace('"GET', 'GET'),
    ].filter((text) => text !== ''),
  )('%s is bad', (text) => {
    expect(reason('access-log', text, 'shop.example')).toBe('it is not a line of an access log');
  });
});

describe('the request format', () => {
  const record: TrafficRecord = {
    id: 'a',
    at: '2026-11-26T10:00:00Z',
    request: {
      ...plainRequest,
      headers: [['host', 'shop.example']],
      fields: { 'ip.src.country': 'GB', 'cf.client.bot': false },
    },
    recorded: { actions: ['block'], ruleIds: [], refs: ['r'], sources: ['firewallCustom'], status: 403 },
  };

  it('reads what it writes, and writes the same bytes', () => {
    expect(readRecord(writeRecord(record))).toEqual(record);
    expect(
      writeRecord({
        ...record,
        request: { ...record.request, fields: { 'cf.client.bot': false, 'ip.src.country': 'GB' } },
      }),
    ).toBe(writeRecord(record));
    const bare: TrafficRecord = {
      id: '',
      at: null,
      recorded: null,
      request: {
        method: 'GET',
        scheme: 'http',
        host: '',
        target: '',
        httpVersion: '',
        headers: [],
        hasAllHeaders: false,
        clientAddress: null,
        body: '',
        fields: {},
        normalizesUrls: false,
      },
    };
    expect(readRecord(writeRecord(bare))).toEqual(bare);
  });

  it.each([
    ['no', 'it is not JSON'],
    ['null', 'it is not a JSON object'],
    ['{}', 'it is not of version 1 of the request format'],
    ['{"v":1,"id":1}', 'id is not a text'],
    [
      '{"v":1,"id":"a","method":"GET","host":"h","target":"/","headers":[["a"]]}',
      'headers is not a list of pairs of texts',
    ],
    [
      '{"v":1,"id":"a","method":"GET","host":"h","target":"/","headers":[],"scheme":"ftp"}',
      'scheme is not "http", "https" or null',
    ],
    [
      '{"v":1,"id":"a","method":"GET","host":"h","target":"/","headers":[],"recorded":{"actions":"block"}}',
      'recorded.actions is not a list of texts',
    ],
    [
      '{"v":1,"id":"a","method":"GET","host":"h","target":"/","headers":[],"recorded":{"status":"200"}}',
      'recorded.status is not a number',
    ],
  ])('%s is bad: %s', (line, expected) => {
    expect(readRecord(line)).toEqual({ bad: expected });
  });
});

describe('the format of a text', () => {
  it.each([
    [JSON.stringify(row), 'logpush-http-requests'],
    ['{"Action":"block","ClientRequestPath":"/"}', 'logpush-firewall-events'],
    [writeRecord({ id: 'a', at: null, request: plainRequest, recorded: null }), 'sluice'],
    ['198.51.100.7 - - [26/Nov/2026:10:00:00 +0200] "GET / HTTP/1.1" 200 5', 'access-log'],
    [`damaged\n\n${JSON.stringify(row)}`, 'logpush-http-requests'],
    ['', null],
    ['<html>', null],
    ['{"a":1}', null],
  ])('%s', (text, format) => {
    expect(detectLineFormat(text)).toBe(format);
  });

  it('is not looked for in lines that no request can be', () => {
    expect(reason('sluice', ' '.repeat(2_000_000))).toBe('it is longer than a request can be');
  });
});
