import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEdge, type Edge } from '../../../scripts/sandbox/edge/edge.ts';
import { Store } from '../../../scripts/sandbox/provider/store.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';

const zoneId = 'a'.repeat(32);
const accountId = 'b'.repeat(32);

interface Answered {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

describe('the edge in front of the sandbox', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-edge-'));
  let edge: Edge;

  const put = (type: string, id: string, attributes: JsonObject): void => {
    new Store(folder).put({ type, id, parent: zoneId, attributes: { id, ...attributes } });
  };

  const ruleset = (phase: string, rules: readonly JsonObject[]): void =>
    put('cloudflare_ruleset', `ruleset-${phase}`, { zone_id: zoneId, kind: 'zone', phase, rules });

  const ask = (
    host: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const asked = request(`${edge.url}${path}`, { headers: { ...headers, host } }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      });
      asked.on('error', reject);
      asked.end();
    });

  beforeAll(async () => {
    put('cloudflare_zone', zoneId, { name: 'shop.example', account: { id: accountId } });
    put('cloudflare_dns_record', 'r1', {
      zone_id: zoneId,
      name: 'www.shop.example',
      type: 'A',
      proxied: true,
    });
    put('cloudflare_dns_record', 'r2', {
      zone_id: zoneId,
      name: 'mail.shop.example',
      type: 'A',
      proxied: false,
    });
    put('cloudflare_list', 'l1', {
      account_id: accountId,
      name: 'offices',
      kind: 'ip',
      items: [{ ip: '198.51.100.0/24' }],
    });
    ruleset('http_request_dynamic_redirect', [
      {
        ref: 'old-path',
        action: 'redirect',
        enabled: true,
        expression: 'http.request.uri.path eq "/old"',
        action_parameters: {
          from_value: { status_code: 301, target_url: { value: 'https://www.shop.example/new' } },
        },
      },
    ]);
    ruleset('http_request_firewall_custom', [
      {
        ref: 'let-offices-through',
        action: 'skip',
        enabled: true,
        expression: 'ip.src in $offices',
        action_parameters: { ruleset: 'current' },
      },
      {
        ref: 'block-admin',
        action: 'block',
        enabled: true,
        expression: 'starts_with(http.request.uri.path, "/admin")',
      },
      { ref: 'watch-login', action: 'log', enabled: true, expression: 'http.request.uri.path eq "/login"' },
      {
        ref: 'challenge-abroad',
        action: 'managed_challenge',
        enabled: true,
        expression: 'ip.src.country ne "GB"',
      },
      { ref: 'off', action: 'block', enabled: false, expression: 'true' },
      {
        ref: 'needs-a-score',
        action: 'block',
        enabled: true,
        expression: 'http.request.uri.path eq "/scored" and cf.waf.score lt 20',
      },
    ]);
    edge = await startEdge({ store: folder });
  });
  afterAll(async () => {
    await edge.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    { when: 'passes what no rule stops', path: '/', status: 200, body: 'ok: GET www.shop.example/' },
    { when: 'blocks, naming the rule', path: '/admin/users', status: 403, body: 'blocked by block-admin' },
    {
      when: 'lets a skip of the ruleset through',
      path: '/admin',
      headers: { 'cf-connecting-ip': '198.51.100.7' },
      status: 200,
      body: 'ok',
    },
    {
      when: 'challenges',
      path: '/',
      headers: { 'cf-ipcountry': 'FR' },
      status: 403,
      body: 'challenged by challenge-abroad',
    },
    { when: 'goes on after a log rule', path: '/login', status: 200, body: 'ok' },
    {
      when: 'does not serve a host without a proxied record',
      host: 'mail.shop.example',
      path: '/',
      status: 530,
      body: 'not served here',
    },
    {
      when: 'does not serve a host of no zone',
      host: 'shop.example.org',
      path: '/',
      status: 530,
      body: 'not served here',
    },
  ])('$when', async ({ host = 'www.shop.example', path, headers = {}, status, body }) => {
    const answered = await ask(host, path, headers);
    expect([answered.status, answered.body]).toEqual([status, expect.stringContaining(body)]);
  });

  it('redirects', async () => {
    const answered = await ask('www.shop.example', '/old');
    expect([answered.status, answered.headers['location']]).toEqual([301, 'https://www.shop.example/new']);
  });

  it('names a rule that it cannot decide and does not play it', async () => {
    const answered = await ask('www.shop.example', '/scored');
    expect(answered.headers['x-sluice-undecided']).toContain('needs-a-score (cf.waf.score');
    expect(answered.status).toBe(200);
  });

  it('shows a changed configuration at the next request', async () => {
    put('cloudflare_dns_record', 'r3', {
      zone_id: zoneId,
      name: 'new.shop.example',
      type: 'A',
      proxied: true,
    });
    expect((await ask('new.shop.example', '/')).status).toBe(200);
  });
});
