/** Rate limits and the cache of the edge; time is moved by the tests. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { edgeWorld, type EdgeWorld } from './edge-world.ts';

const clients: readonly string[] = ['203.0.113.1', '203.0.113.2'];

let server: Server;
let edge: EdgeWorld;
/** What the origin answers next. */
let next: { readonly status: number; readonly headers: Readonly<Record<string, string>> };
let asked = 0;

beforeEach(async () => {
  next = { status: 200, headers: {} };
  asked = 0;
  server = createServer((_, response) => {
    asked += 1;
    response.writeHead(next.status, next.headers).end(`answer ${String(asked)}`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  edge = await edgeWorld(new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`));
});
afterEach(async () => {
  await edge.close();
  server.close();
});

describe('rate limits', () => {
  function limit(ratelimit: JsonObject, more: JsonObject = {}): void {
    edge.rules('http_ratelimit', {
      ref: 'l',
      action: 'block',
      expression: 'http.request.uri.path eq "/login"',
      enabled: true,
      ratelimit: {
        characteristics: ['cf.colo.id', 'ip.src'],
        period: 60,
        requests_per_period: 2,
        ...ratelimit,
      },
      ...more,
    });
  }

  async function statuses(
    count: number,
    path = '/login',
    client = clients[0] ?? '',
  ): Promise<readonly unknown[]> {
    const given: unknown[] = [];
    for (let index = 0; index < count; index += 1) {
      given.push((await edge.ask(path, { headers: { 'cf-connecting-ip': client } })).status);
    }
    return given;
  }

  it('acts after the configured number, on that client and path, until the timeout is over', async () => {
    limit({ mitigation_timeout: 600 });
    expect(await statuses(4)).toEqual([200, 200, 429, 429]);
    expect(await statuses(1, '/login', clients[1])).toEqual([200]);
    expect(await statuses(3, '/other')).toEqual([200, 200, 200]);
    edge.now += 599_000;
    expect(await statuses(1)).toEqual([429]);
    edge.now += 1_000;
    expect(await statuses(2)).toEqual([200, 200]);
  });

  it('acts on the excess only without a timeout', async () => {
    limit({ mitigation_timeout: 0 });
    expect(await statuses(2)).toEqual([200, 200]);
    edge.now += 59_000;
    expect(await statuses(1)).toEqual([429]);
    edge.now += 1_000;
    expect(await statuses(1)).toEqual([200]);
  });

  it('says when to come back, with the response that the rule gives', async () => {
    const response = { status_code: 429, content: 'slow down', content_type: 'text/plain' };
    limit({ mitigation_timeout: 30 }, { action_parameters: { response } });
    await statuses(2);
    const { headers, body } = await edge.ask('/login', { headers: { 'cf-connecting-ip': '203.0.113.1' } });
    expect([headers['retry-after'], body]).toEqual(['30', 'slow down']);
  });

  it('challenges, and lets on who has passed', async () => {
    limit({ mitigation_timeout: 600 }, { action: 'managed_challenge' });
    await statuses(2, '/login', '192.0.2.77');
    const page = await edge.ask('/login');
    expect([page.status, page.headers['cf-mitigated']]).toEqual([403, 'challenge']);
    const passed = await edge.ask('/cdn-cgi/sluice/challenge?to=/login', { method: 'POST' });
    const cookie = String(passed.headers['set-cookie']).split(';')[0] ?? '';
    expect((await edge.ask('/login', { headers: { cookie } })).status).toBe(200);
  });

  it('does nothing to the request when it only logs', async () => {
    limit({ mitigation_timeout: 600 }, { action: 'log' });
    expect(await statuses(4)).toEqual([200, 200, 200, 200]);
  });

  it('counts what its counting expression says of the answer', async () => {
    limit({ mitigation_timeout: 600, counting_expression: 'http.response.code eq 401' });
    expect(await statuses(5)).toEqual([200, 200, 200, 200, 200]);
    next = { status: 401, headers: {} };
    expect(await statuses(4)).toEqual([401, 401, 401, 429]);
  });

  it('adds up scores of the origin', async () => {
    limit({
      requests_per_period: null,
      score_per_period: 10,
      score_response_header_name: 'x-cost',
      mitigation_timeout: 600,
    });
    next = { status: 200, headers: { 'x-cost': '6' } };
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });

  it('is named and not played when a characteristic is not known here', async () => {
    limit({ characteristics: ['cf.bot_management.ja3_hash'], mitigation_timeout: 600 });
    expect(await statuses(4)).toEqual([200, 200, 200, 200]);
    expect((await edge.ask('/login')).headers['x-sluice-undecided']).toBe('l (a characteristic)');
  });

  it('does not count what a skip rule excepts', async () => {
    limit({ mitigation_timeout: 600 });
    edge.rules('http_request_firewall_custom', {
      ref: 's',
      action: 'skip',
      enabled: true,
      expression: 'ip.src eq 203.0.113.1',
      action_parameters: { phases: ['http_ratelimit'] },
    });
    expect(await statuses(4)).toEqual([200, 200, 200, 200]);
  });
});

describe('the cache', () => {
  function cacheRules(...settings: readonly JsonObject[]): void {
    edge.rules(
      'http_request_cache_settings',
      ...settings.map((parameters, index) => ({
        ref: `c${String(index)}`,
        action: 'set_cache_settings',
        expression: 'starts_with(http.request.uri.path, "/c")',
        enabled: true,
        action_parameters: parameters,
      })),
    );
  }

  async function get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const answer = await edge.ask(path, { headers });
    return `${String(answer.headers['cf-cache-status'])} ${answer.body}`;
  }

  it('keeps files by their extension, and leaves pages alone', async () => {
    expect([await get('/a.css'), await get('/a.css'), await get('/a'), await get('/a')]).toEqual([
      'MISS answer 1',
      'HIT answer 1',
      'DYNAMIC answer 2',
      'DYNAMIC answer 3',
    ]);
    expect((await edge.ask('/a.css', { method: 'POST' })).headers['cf-cache-status']).toBe('DYNAMIC');
  });

  it('keeps for as long as the rule says and tells the browser what it says', async () => {
    cacheRules({
      cache: true,
      edge_ttl: { mode: 'override_origin', default: 300 },
      browser_ttl: { mode: 'override_origin', default: 60 },
    });
    await get('/c');
    edge.now += 299_000;
    const hit = await edge.ask('/c');
    expect([hit.headers['cf-cache-status'], hit.headers['age'], hit.headers['cache-control']]).toEqual([
      'HIT',
      '299',
      'max-age=60',
    ]);
    edge.now += 1_000;
    expect(await get('/c')).toBe('EXPIRED answer 2');
  });

  it('goes past the cache where a later rule says so', async () => {
    cacheRules({ cache: true, edge_ttl: { mode: 'override_origin', default: 300 } }, { cache: false });
    expect([await get('/c'), await get('/c')]).toEqual(['BYPASS answer 1', 'BYPASS answer 2']);
  });

  it.each([
    ['no-store', 'BYPASS', 'BYPASS'],
    ['private, max-age=60', 'BYPASS', 'BYPASS'],
    ['max-age=0', 'BYPASS', 'BYPASS'],
    ['public, max-age=60', 'MISS', 'HIT'],
    ['max-age=0, s-maxage=60', 'MISS', 'HIT'],
  ])('respects the origin that says %s', async (cacheControl, first, second) => {
    cacheRules({ cache: true, edge_ttl: { mode: 'respect_origin' } });
    next = { status: 200, headers: { 'cache-control': cacheControl } };
    expect([(await get('/c')).split(' ')[0], (await get('/c')).split(' ')[0]]).toEqual([first, second]);
  });

  it('does not keep what sets a cookie, nor statuses that the rule excludes', async () => {
    cacheRules({
      cache: true,
      edge_ttl: {
        mode: 'override_origin',
        default: 300,
        status_code_ttl: [{ status_code_range: { from: 400, to: 499 }, value: 0 }],
      },
    });
    next = { status: 200, headers: { 'set-cookie': 'a=1' } };
    expect(await get('/c')).toBe('BYPASS answer 1');
    next = { status: 404, headers: {} };
    expect([await get('/c'), await get('/c')]).toEqual(['BYPASS answer 2', 'BYPASS answer 3']);
  });

  it('knows one object by the key that the rule makes', async () => {
    cacheRules({
      cache: true,
      cache_key: {
        ignore_query_strings_order: true,
        custom_key: { query_string: { exclude: { list: ['utm'] } }, header: { include: ['X-Lang'] } },
      },
    });
    expect(await get('/c?a=1&b=2&utm=x')).toBe('MISS answer 1');
    expect(await get('/c?b=2&utm=y&a=1')).toBe('HIT answer 1');
    expect(await get('/c?a=2&b=2')).toBe('MISS answer 2');
    expect(await get('/c?a=1&b=2', { 'x-lang': 'de' })).toBe('MISS answer 3');
    cacheRules({ cache: true, cache_key: { custom_key: { query_string: { exclude: { all: true } } } } });
    await get('/c?1');
    expect(await get('/c?2')).toMatch(/^HIT/);
  });

  it('keeps nothing while the zone is in development mode', async () => {
    edge.setting('development_mode', 'on');
    expect([await get('/a.css'), await get('/a.css')]).toEqual(['BYPASS answer 1', 'BYPASS answer 2']);
  });
});
