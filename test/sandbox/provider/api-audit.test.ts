/**
 * The audit log of the sandbox and the reader of Cloudflare's, against each other over HTTP, and Cloudflare's own example. Facts:
 * - `since` and `before` are required, as a day or RFC 3339; `limit` entries a page, 100 when none is given; newest first; a cursor
 *   in `result_info.cursor`, `count` a text: developers.cloudflare.com/fundamentals/account/account-security/audit-logs/
 *   (read 2026-12-01), "Example how to query Audit Logs", "Use Resource History via the API".
 * - The client's types name the cursor `result_info.cursors.after` (`CursorPaginationAfter` of npm cloudflare 7.3.0): either is
 *   followed, because who follows the wrong one reads one page and takes it for the whole.
 * - "at least one of: Account Settings Read, Account Settings Write", the same page; without it code 10000.
 * - 429 has `retry-after` in seconds: developers.cloudflare.com/fundamentals/api/reference/limits/, read 2026-12-01.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCloudflareReader } from '../../../scripts/adapters/network/cloudflare.ts';
import type { CloudflareReader } from '../../../scripts/contract/ports.ts';
import { readApiEntry } from '../../../scripts/live/audit/entry.ts';
import { startApi, type Api } from '../../../scripts/sandbox/provider/api.ts';
import { sandboxDashboard, writeAuditEntry } from '../../../scripts/sandbox/provider/audit/log.ts';
import { Store } from '../../../scripts/sandbox/provider/store.ts';
import { startFaultProxy, type FaultProxy } from '../../adapters/network/fault-proxy.ts';
import { tempFolder } from '../../adapters/files/temp-folder.ts';

const account = 'a'.repeat(32);
const zone = 'f'.repeat(32);
const path = `/accounts/${account}/logs/audit`;
const query = { since: '2026-11-01T00:00:00Z', before: '2026-11-02T00:00:00Z' };
let api: Api;
let store: Store;
let proxy: FaultProxy;

beforeEach(async () => {
  store = new Store(await tempFolder());
  store.put({
    type: 'cloudflare_zone',
    parent: account,
    id: zone,
    attributes: { id: zone, name: 'shop.example', account: { id: account } },
  });
  api = await startApi(store, () => '2026-11-30T03:00:00Z');
  proxy = await startFaultProxy(new URL(api.url).origin);
});
afterEach(async () => {
  await proxy.close();
  await api.close();
});

/** A minute apart, from just after the beginning of the day. */
function write(count: number): void {
  for (let number = 0; number < count; number += 1) {
    const now = new Date(Date.parse(query.since) + 1_000 + number * 10_000).toISOString();
    const object = {
      type: 'cloudflare_dns_record',
      id: `r${String(number)}`,
      parent: zone,
      attributes: { zone_id: zone },
    };
    writeAuditEntry(store, { action: 'create', object, by: sandboxDashboard, now });
  }
}

function reader(): CloudflareReader {
  return createCloudflareReader({ token: 'a-token', baseUrl: `${proxy.url}/client/v4` });
}

async function read(from: CloudflareReader): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const page of from.pages({ path, query: { ...query, limit: '100' } })) {
    ids.push(...page.map(({ resource }) => (resource as { readonly id: string }).id));
  }
  return ids;
}

it.each([0, 1, 99, 100, 101, 199, 200, 201])('%i entries are read to the last, each once', async (count) => {
  write(count);
  const ids = await read(reader());
  expect([ids.length, new Set(ids).size]).toEqual([count, count]);
  expect(proxy.log).toHaveLength(Math.max(1, Math.ceil(count / 100)));
});

it('an entry that comes while it is read moves nothing', async () => {
  write(150);
  const ids: string[] = [];
  for await (const page of reader().pages({ path, query: { ...query, limit: '100' } })) {
    ids.push(...page.map(({ resource }) => (resource as { readonly id: string }).id));
    if (ids.length === 100) {
      const object = {
        type: 'cloudflare_dns_record',
        id: 'late',
        parent: zone,
        attributes: { zone_id: zone },
      };
      writeAuditEntry(store, { action: 'delete', object, by: sandboxDashboard, now: '2026-11-01T23:00:00Z' });
    }
  }
  expect([ids.length, new Set(ids).size]).toEqual([150, 150]);
});

describe('an answer that does not come', () => {
  it.each([1, 2, 3])('at request %i is asked for again: 429 with retry-after, and 5xx', async (nth) => {
    write(201);
    for (const status of [429, 500, 503]) {
      proxy.log.length = 0;
      let left = 1;
      proxy.faultOf = () => {
        const isIt = proxy.log.length === nth && left > 0;
        left -= isIt ? 1 : 0;
        return isIt ? { status, headers: { 'retry-after': '0.001' } } : null;
      };
      expect((await read(reader())).length).toBe(201);
      expect(proxy.log).toHaveLength(4);
    }
  });

  it('at all, after the entries before it, is an error and no shorter log', async () => {
    write(201);
    proxy.faultOf = (_, count) => (count > 2 ? { status: 503, headers: { 'retry-after': '0.001' } } : null);
    await expect(read(reader())).rejects.toThrow('Cloudflare could not be asked about');
  });

  it('because the token may not is told with its status', async () => {
    proxy.faultOf = () => ({
      status: 403,
      body: '{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}',
    });
    await expect(read(reader())).rejects.toThrow('HTTP 403');
  });
});

it('a question without its period is refused', async () => {
  const answer = await fetch(`${api.url}/accounts/${account}/logs/audit`, {
    headers: { authorization: 'Bearer x' },
  });
  expect(answer.status).toBe(400);
});

it.each([{ cursor: 'next' }, { cursors: { after: 'next' } }])(
  'the cursor is followed wherever it stands: %j',
  async (info) => {
    const entry = { id: 'x', resource: { id: 'one' } };
    let asked = 0;
    proxy.faultOf = () => {
      asked += 1;
      return {
        status: 200,
        body: JSON.stringify({
          success: true,
          errors: [],
          messages: [],
          result: [entry],
          result_info: asked === 1 ? info : {},
        }),
      };
    };
    expect(await read(reader())).toHaveLength(2);
  },
);

it("Cloudflare's own example of an entry is read whole", () => {
  const example = {
    account: { id: '4bb334f7c94c4a29a045f03944f072e5', name: 'Example Account' },
    action: { description: 'Add Member', result: 'success', time: '2024-04-26T17:31:07Z', type: 'create' },
    actor: {
      id: 'f6b5de0326bb5182b8a4840ee01ec774',
      context: 'dash',
      email: 'alice@example.com',
      ip_address: '198.41.129.166',
      token_id: 'token_id',
      token_name: 'token_name',
      type: 'user',
    },
    raw: {
      cf_ray_id: '8e9b1c60ef9e1c9a',
      method: 'POST',
      status_code: 200,
      uri: '/accounts/4bb334f7c94c4a29a045f03944f072e5/members',
      user_agent: 'Mozilla/5.0',
    },
    resource: { id: 'id', product: 'members', request: {}, response: {}, scope: {}, type: 'type' },
    zone: { id: 'id', name: 'example.com' },
  };
  expect(readApiEntry(example)).toMatchObject({
    ok: true,
    value: {
      at: Date.parse('2024-04-26T17:31:07Z'),
      actor: { email: 'alice@example.com', ip: '198.41.129.166', tokenName: 'token_name', type: 'user' },
      request: { method: 'POST', ray: '8e9b1c60ef9e1c9a' },
      resource: { scope: null, product: 'members' },
      zone: { name: 'example.com' },
    },
  });
  expect(readApiEntry({ id: 'no time' })).toEqual({ ok: false, reason: 'it does not say when it happened' });
});
