/**
 * The sandbox's API and the reader of Cloudflare's, against each other over HTTP. Facts of the v4 envelope: result, success,
 * errors, messages, result_info (developers.cloudflare.com/fundamentals/api/how-to/make-api-calls); no token is code 10000;
 * paths of lists from the list data sources of cloudflare/cloudflare 5.14.0, read 2026-11-29.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createCloudflareReader } from '../../../scripts/adapters/network/cloudflare.ts';
import { startApi, type Api } from '../../../scripts/sandbox/provider/api.ts';
import { Store } from '../../../scripts/sandbox/provider/store.ts';
import { tempFolder } from '../../adapters/files/temp-folder.ts';

const zone = 'f'.repeat(32);
const token = 'a-token-that-nobody-may-see';
let api: Api;
let store: Store;

beforeEach(async () => {
  store = new Store(await tempFolder());
  api = await startApi(store, () => '2026-11-30T03:00:00Z');
});
afterEach(() => api.close());

function addRecord(number: number): void {
  const id = number.toString(16).padStart(32, '0');
  const attributes = { id, zone_id: zone, name: `r${number}.shop.example`, type: 'A', content: '192.0.2.1' };
  store.create({ type: 'cloudflare_dns_record', parent: zone, id, attributes });
}

const records = { path: `/zones/${zone}/dns_records`, query: {} };

describe('a list', () => {
  it('is in the envelope, with its pages', async () => {
    addRecord(1);
    const answer = await fetch(`${api.url}/zones/${zone}/dns_records`, {
      headers: { authorization: 'Bearer x' },
    });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        result: [expect.objectContaining({ name: 'r1.shop.example', type: 'A', content: '192.0.2.1' })],
        success: true,
        errors: [],
        messages: [],
        result_info: { page: 1, per_page: 20, count: 1, total_count: 1, total_pages: 1 },
      },
    ]);
  });

  it('is read to its last page', async () => {
    for (let number = 1; number <= 230; number += 1) {
      addRecord(number);
    }
    const reader = createCloudflareReader({ token, baseUrl: api.url });
    expect(await reader.list(records)).toHaveLength(230);
    expect(await reader.list({ ...records, query: { 'name.exact': 'r7.shop.example' } })).toHaveLength(1);
  });

  it('of what is not there is empty, and what is not a list is refused', async () => {
    const reader = createCloudflareReader({ token, baseUrl: api.url });
    expect(await reader.list({ path: '/accounts/none/rules/lists', query: {} })).toEqual([]);
    expect(await reader.read(`/zones/${zone}/settings/no_such_setting`)).toBeNull();
  });
});

it('a setting has its value', async () => {
  const attributes = { id: 'ssl', zone_id: zone, setting_id: 'ssl', value: 'strict' };
  store.put({ type: 'cloudflare_zone_setting', parent: zone, id: 'ssl', attributes });
  const reader = createCloudflareReader({ token, baseUrl: api.url });
  expect(await reader.read(`/zones/${zone}/settings/ssl`)).toMatchObject({ id: 'ssl', value: 'strict' });
});

it('no token is refused, and so is every verb but GET', async () => {
  const url = `${api.url}/zones`;
  const open = await fetch(url);
  expect([open.status, await open.json()]).toEqual([
    403,
    {
      result: null,
      success: false,
      errors: [{ code: 10000, message: 'Authentication error' }],
      messages: [],
    },
  ]);
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
});

describe('the reader', () => {
  it.each(['http://api.example/client/v4', 'ftp://127.0.0.1', 'nowhere'])(
    'sends no token to %s',
    (baseUrl) => {
      expect(() => createCloudflareReader({ token, baseUrl })).toThrow(
        'not an address that a credential may be sent to',
      );
    },
  );

  it('does not follow the server elsewhere, and its errors carry no token', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.writeHead(seen.length > 1 ? 403 : 302, {
        location: '/stolen',
        'content-type': 'application/json',
      });
      response.end(JSON.stringify({ success: false, errors: [{ code: 1, message: `no ${token}` }] }));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const reader = createCloudflareReader({ token, baseUrl: `http://127.0.0.1:${String(port)}` });
    const failure: unknown = await reader.list(records).catch((error: unknown) => error);
    expect(JSON.stringify((failure as { readonly parts: { readonly why: string } }).parts.why)).not.toContain(
      token,
    );
    expect(seen).not.toContain('/stolen');
  });
});
