/** Rules that stop, redirect or change a request, seen from outside. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { EdgeEstate } from '../../../scripts/sandbox/edge/estate.ts';
import { accountId, edgeWorld, zoneId, type EdgeWorld } from './edge-world.ts';

let edge: EdgeWorld;

beforeEach(async () => {
  edge = await edgeWorld();
});
afterEach(() => edge.close());

const custom = 'http_request_firewall_custom';

function rule(ref: string, action: string, parameters: JsonObject = {}, expression = 'true'): JsonObject {
  return { ref, action, expression, enabled: true, action_parameters: parameters };
}

describe('answers of rules that stop a request', () => {
  it('sends the response that a block rule gives', async () => {
    const response = { status_code: 451, content: '{"error":"closed"}', content_type: 'application/json' };
    edge.rules(custom, rule('b', 'block', { response }));
    const { status, headers, body } = await edge.ask('/');
    expect([status, headers['content-type'], body]).toEqual([451, 'application/json', '{"error":"closed"}']);
  });

  it('serves the error of a serve_error rule', async () => {
    const parameters = { status_code: 503, content: 'back soon', content_type: 'text/plain' };
    edge.rules('http_request_firewall_custom', rule('e', 'serve_error', parameters));
    expect(await edge.ask('/')).toMatchObject({ status: 503, body: 'back soon' });
  });

  it('runs account rules before those of the zone', async () => {
    edge.put('cloudflare_ruleset', 'account', {
      account_id: accountId,
      kind: 'root',
      phase: custom,
      rules: [rule('of-account', 'block')],
    });
    edge.rules(custom, rule('of-zone', 'block'));
    expect((await edge.ask('/')).body).toContain('blocked by of-account');
  });

  it('plays access rules, lockdown and blocked user agents, with what a skip leaves out', async () => {
    edge.put('cloudflare_access_rule', 'a', {
      zone_id: zoneId,
      mode: 'block',
      configuration: { target: 'ip', value: '203.0.113.1' },
    });
    edge.put('cloudflare_zone_lockdown', 'l', {
      zone_id: zoneId,
      urls: ['www.shop.example/staff/*'],
      configurations: [{ target: 'ip', value: '203.0.113.2' }],
    });
    edge.rules(custom, rule('s', 'skip', { products: ['zoneLockdown'] }, 'http.user_agent eq "health"'));
    const status = async (path: string, headers: Readonly<Record<string, string>>): Promise<unknown> =>
      (await edge.ask(path, { headers })).status;
    expect(await status('/', { 'cf-connecting-ip': '203.0.113.1' })).toBe(403);
    expect(await status('/staff/x', {})).toBe(403);
    expect(await status('/staff/x', { 'cf-connecting-ip': '203.0.113.2' })).toBe(200);
    expect(await status('/staff/x', { 'user-agent': 'health' })).toBe(200);
  });

  it('names managed rules that would run with their overrides, and does not play them', async () => {
    const overrides = { action: 'log', rules: [{ id: 'r1', enabled: false }] };
    edge.rules('http_request_firewall_managed', rule('m', 'execute', { id: 'managed-1', overrides }));
    const { status, headers } = await edge.ask('/');
    expect([status, headers['x-sluice-managed']]).toEqual([
      200,
      'managed-1 would run (all rules: action log; rule r1: off)',
    ]);
  });
});

describe('challenges', () => {
  beforeEach(() =>
    edge.rules(
      custom,
      rule('c', 'managed_challenge'),
      rule('b', 'block', {}, 'http.request.uri.path eq "/b"'),
    ),
  );

  it('shows a page whose button leads through, for as long as the setting says', async () => {
    edge.setting('challenge_ttl', 60);
    const page = await edge.ask('/a?b=1');
    expect([page.status, page.headers['cf-mitigated']]).toEqual([403, 'challenge']);
    const action = /action="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const passed = await edge.ask(action, { method: 'POST' });
    expect([passed.status, passed.headers['location']]).toEqual([303, '/a?b=1']);
    const cookie = String(passed.headers['set-cookie']).split(';')[0] ?? '';
    const again = (path: string, value = cookie): ReturnType<EdgeWorld['ask']> =>
      edge.ask(path, { headers: { cookie: value } });
    expect((await again('/a')).status).toBe(200);
    expect((await again('/b')).body).toContain('blocked by b');
    expect((await again('/a', `${cookie.slice(0, -1)}x`)).status).toBe(403);
    edge.now += 60_000;
    expect((await again('/a')).status).toBe(403);
  });

  it('does not send a visitor to another site', async () => {
    for (const to of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
      const passed = await edge.ask(`/cdn-cgi/sluice/challenge?to=${encodeURIComponent(to)}`, {
        method: 'POST',
      });
      expect(passed.headers['location']).toBe('/');
    }
  });

  it('writes a path as text into the page', async () => {
    expect((await edge.ask('/"><script>')).body).not.toContain('<script>');
  });
});

describe('redirects and rewrites', () => {
  it('redirects to what an expression makes, with the query when asked to', async () => {
    const to = (keeps: boolean): JsonObject => ({
      from_value: {
        status_code: 308,
        preserve_query_string: keeps,
        target_url: { expression: 'concat("https://new.example", http.request.uri.path)' },
      },
    });
    edge.rules('http_request_dynamic_redirect', rule('r', 'redirect', to(true)));
    const kept = await edge.ask('/a?b=1');
    expect([kept.status, kept.headers['location']]).toEqual([308, 'https://new.example/a?b=1']);
    edge.rules('http_request_dynamic_redirect', rule('r', 'redirect', to(false)));
    expect((await edge.ask('/a?b=1')).headers['location']).toBe('https://new.example/a');
  });

  it('names a redirect whose target cannot be told', async () => {
    const parameters = { from_value: { target_url: { expression: 'cf.ray_id' } } };
    edge.rules('http_request_dynamic_redirect', rule('r', 'redirect', parameters));
    const { status, headers } = await edge.ask('/');
    expect([status, headers['x-sluice-undecided']]).toEqual([200, 'target of r']);
  });

  it.each([
    ['/old', '/old?x=1', 'https://new.example/there?x=1', 302],
    ['/tree', '/tree/a/b', 'https://new.example/base/a/b', 301],
    ['/tree/top', '/tree/top', 'https://new.example/top', 301],
    ['/tree', '/treehouse', undefined, undefined],
    ['https://www.shop.example/secure', '/secure/', 'https://new.example/secure', 301],
    ['http://www.shop.example/plain', '/plain', undefined, undefined],
    ['shop.example/sub', '/sub', 'https://new.example/sub', 301],
    ['shop.example/exact', '/exact', undefined, undefined],
  ])('redirects in bulk: %s asked for %s', async (_, path, location, status) => {
    const entry = (source_url: string, target_url: string, more: JsonObject = {}): JsonObject => ({
      redirect: { source_url, target_url, ...more },
    });
    edge.put('cloudflare_list', 'l', {
      account_id: accountId,
      name: 'moved',
      kind: 'redirect',
      items: [
        entry('www.shop.example/old', 'https://new.example/there', {
          status_code: 302,
          preserve_query_string: true,
        }),
        entry('www.shop.example/tree', 'https://new.example/base/', { subpath_matching: true }),
        entry('www.shop.example/tree/top', 'https://new.example/top'),
        entry('https://www.shop.example/secure', 'https://new.example/secure'),
        entry('http://www.shop.example/plain', 'https://new.example/plain'),
        entry('shop.example/sub', 'https://new.example/sub', { include_subdomains: true }),
        entry('shop.example/exact', 'https://new.example/exact'),
      ],
    });
    edge.put('cloudflare_ruleset', 'bulk', {
      account_id: accountId,
      kind: 'root',
      phase: 'http_request_redirect',
      rules: [
        rule(
          'moved',
          'redirect',
          { from_list: { name: 'moved', key: 'http.request.full_uri' } },
          'http.request.full_uri in $moved',
        ),
      ],
    });
    const { status: given, headers } = await edge.ask(path);
    expect([given, headers['location']]).toEqual([status ?? 200, location]);
  });

  it('rewrites the URI before the origin sees it', async () => {
    const uri = { path: { value: '/new' }, query: { expression: 'concat("v=", "2")' } };
    edge.rules('http_request_transform', rule('w', 'rewrite', { uri }));
    expect((await edge.ask('/old?v=1')).body).toContain('ok: GET www.shop.example/new?v=2\n');
  });

  it('sends plain HTTP to HTTPS when the zone always uses it', async () => {
    const plain = { headers: { 'x-forwarded-proto': 'http' } };
    expect((await edge.ask('/a', plain)).status).toBe(200);
    edge.setting('always_use_https', 'on');
    const { status, headers } = await edge.ask('/a?b=1', plain);
    expect([status, headers['location']]).toEqual([301, 'https://www.shop.example/a?b=1']);
    expect((await edge.ask('/a')).status).toBe(200);
  });
});

describe('headers', () => {
  const origin = async (headers: Readonly<Record<string, string>> = {}): Promise<JsonObject> => {
    const { body } = await edge.ask('/', { headers: { accept: 'application/json', ...headers } });
    return (JSON.parse(body) as { readonly headers: JsonObject }).headers;
  };

  it('shows the origin what the rules make of the request', async () => {
    edge.rules(
      'http_request_late_transform',
      rule('h', 'rewrite', {
        headers: {
          'X-Country': { operation: 'set', expression: 'ip.src.country' },
          'X-Fixed': { operation: 'set', value: 'Grüße' },
          'X-Secret': { operation: 'remove' },
          'X-Ray': { operation: 'set', expression: 'cf.ray_id' },
        },
      }),
    );
    expect(await origin({ 'x-secret': 's', 'cf-ipcountry': 'FR' })).toMatchObject({
      'x-country': 'FR',
      'x-fixed': 'Grüße',
      'cf-connecting-ip': '192.0.2.77',
      'x-forwarded-for': '192.0.2.77',
    });
    expect(await origin({ 'x-secret': 's' })).not.toHaveProperty('x-secret');
    expect((await edge.ask('/')).headers['x-sluice-undecided']).toBe('header X-Ray of h');
  });

  it('changes the headers of answers, also of block pages, by what the answer is', async () => {
    edge.rules(custom, rule('b', 'block', {}, 'http.request.uri.path eq "/b"'));
    edge.rules(
      'http_response_headers_transform',
      rule('all', 'rewrite', { headers: { 'x-frame-options': { operation: 'set', value: 'DENY' } } }),
      rule(
        'html',
        'rewrite',
        { headers: { 'x-type': { operation: 'add', expression: 'http.response.content_type.media_type' } } },
        'http.response.code eq 200',
      ),
      rule('waf', 'rewrite', {
        headers: { 'x-by': { operation: 'set', expression: 'cf.response.error_type' } },
      }),
    );
    const passed = await edge.ask('/');
    expect([passed.headers['x-frame-options'], passed.headers['x-type'], passed.headers['x-by']]).toEqual([
      'DENY',
      'text/plain',
      undefined,
    ]);
    const blocked = await edge.ask('/b');
    expect([blocked.headers['x-frame-options'], blocked.headers['x-type'], blocked.headers['x-by']]).toEqual([
      'DENY',
      undefined,
      'waf',
    ]);
  });

  it('names a rule about the answer that it cannot decide', async () => {
    const headers = { 'x-bot': { operation: 'set', value: '1' } };
    edge.rules(
      'http_response_headers_transform',
      rule('bots', 'rewrite', { headers }, 'cf.bot_management.score lt 9'),
    );
    const answered = await edge.ask('/');
    expect([answered.headers['x-bot'], answered.headers['x-sluice-undecided']]).toEqual([
      undefined,
      'bots (cf.bot_management.score)',
    ]);
  });

  it('plays managed transforms that it knows and names the others', async () => {
    edge.put('cloudflare_managed_transforms', 't', {
      zone_id: zoneId,
      managed_request_headers: [
        { id: 'add_true_client_ip_headers', enabled: true },
        { id: 'add_bot_protection_headers', enabled: true },
        { id: 'remove_visitor_ip_headers', enabled: false },
      ],
      managed_response_headers: [{ id: 'add_security_headers', enabled: true }],
    });
    expect(await origin()).toMatchObject({ 'true-client-ip': '192.0.2.77', 'x-forwarded-for': '192.0.2.77' });
    const { headers } = await edge.ask('/');
    expect([headers['x-content-type-options'], headers['x-sluice-undecided']]).toEqual([
      'nosniff',
      'managed transform add_bot_protection_headers',
    ]);
  });

  it('sends HSTS as the zone is set', async () => {
    const strict = { enabled: true, max_age: 31_536_000, include_subdomains: true, preload: false };
    edge.setting('security_header', { strict_transport_security: strict });
    expect((await edge.ask('/')).headers['strict-transport-security']).toBe(
      'max-age=31536000; includeSubDomains',
    );
  });

  it('sends the origin the host that an origin rule names', async () => {
    edge.rules('http_request_origin', rule('o', 'route', { host_header: 'backend.example' }));
    expect((await edge.ask('/')).body).toContain('ok: GET backend.example/');
  });
});

describe('a server of the caller behind it', () => {
  let server: Server;
  let behind: EdgeWorld;

  beforeEach(async () => {
    server = createServer((request, response) => {
      response.writeHead(418, { 'x-powered-by': 'php', 'set-cookie': ['a=1', 'b=2'] });
      request.pipe(
        response.write(`${request.method ?? ''} ${request.headers.host ?? ''} ${request.url ?? ''} `)
          ? response
          : response,
      );
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    behind = await edgeWorld(new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`));
  });
  afterEach(async () => {
    await behind.close();
    server.close();
  });

  it('is asked with method, host, path and body, and answered for', async () => {
    const { status, headers, body } = await behind.ask('/a?b=1', { method: 'POST', body: 'grün' });
    expect([status, body]).toEqual([418, 'POST www.shop.example /a?b=1 grün']);
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });

  it('is error 521 when it is gone', async () => {
    await new Promise((resolve) => {
      server.close(resolve);
    });
    expect((await behind.ask('/')).status).toBe(521);
  });
});

describe('the configuration', () => {
  it('is that of the zone with the longest name', async () => {
    const inner = 'c'.repeat(32);
    edge.put('cloudflare_zone', inner, { name: 'www.shop.example', account: { id: accountId } });
    edge.put('cloudflare_dns_record', 'r9', {
      zone_id: inner,
      name: 'www.shop.example',
      type: 'A',
      proxied: true,
    });
    edge.rules(custom, rule('outer', 'block'));
    expect((await edge.ask('/')).status).toBe(200);
  });

  it('is compiled once for as long as it stays the same', () => {
    const estate = new EdgeEstate(edge.folder);
    const zone = estate.zoneOf('www.shop.example');
    expect(estate.zoneOf('www.shop.example')).toBe(zone);
    edge.setting('always_use_https', 'on');
    expect(estate.zoneOf('www.shop.example')).not.toBe(zone);
  });

  it('that is corrupt is named in the answer, and served again when it is mended', async () => {
    const file = join(edge.folder, 'objects/cloudflare_zone', zoneId, `${zoneId}.json`);
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, '{');
    const { status, body } = await edge.ask('/');
    expect([status, body]).toEqual([500, expect.stringContaining(file)]);
    writeFileSync(file, good);
    expect((await edge.ask('/')).status).toBe(200);
  });
});

describe('trouble', () => {
  it('refuses a body that is too long', async () => {
    expect((await edge.ask('/', { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) })).status).toBe(413);
  });

  it('takes fields that only Cloudflare finds out from a header, which nothing else sees', async () => {
    edge.rules(custom, rule('bots', 'block', {}, 'cf.bot_management.score lt 30'));
    const asked = (fields: string): ReturnType<EdgeWorld['ask']> =>
      edge.ask('/', { headers: { 'x-sluice-fields': fields } });
    expect((await edge.ask('/')).headers['x-sluice-undecided']).toBe('bots (cf.bot_management.score)');
    expect((await asked('{"cf.bot_management.score":12}')).status).toBe(403);
    const passed = await asked('{"cf.bot_management.score":80}');
    expect([passed.status, passed.headers['x-sluice-undecided']]).toEqual([200, undefined]);
    expect(passed.body).not.toContain('x-sluice-fields');
    expect((await asked('[1]')).body).toContain('X-Sluice-Fields is a JSON object');
    expect((await asked('{')).status).toBe(400);
  });

  it('reads the body for the rules and passes it on', async () => {
    edge.rules(custom, rule('b', 'block', {}, 'http.request.body.raw contains "attack"'));
    expect((await edge.ask('/', { method: 'POST', body: 'an attack' })).status).toBe(403);
    expect((await edge.ask('/', { method: 'POST', body: 'hello' })).body).toContain('(body of 5 bytes)');
  });
});
