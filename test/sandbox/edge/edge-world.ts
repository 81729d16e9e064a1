/** A sandbox store with an edge in front of it, and requests to it over real HTTP on loopback. */
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { startEdge } from '../../../scripts/sandbox/edge/edge.ts';
import { Store } from '../../../scripts/sandbox/provider/store.ts';

export const zoneId = 'a'.repeat(32);
export const accountId = 'b'.repeat(32);

export interface Answered {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly host?: string;
  readonly body?: string;
}

export interface EdgeWorld {
  readonly folder: string;
  /** Milliseconds; tests move it. */
  now: number;
  readonly put: (type: string, id: string, attributes: JsonObject) => void;
  /** Replaces the zone's ruleset of the phase. */
  readonly rules: (phase: string, ...rules: readonly JsonObject[]) => void;
  readonly setting: (id: string, value: JsonObject[string]) => void;
  readonly ask: (path: string, asked?: Asked) => Promise<Answered>;
  readonly close: () => Promise<void>;
}

/** One zone `shop.example` with the host `www.shop.example`. */
export async function edgeWorld(origin?: URL): Promise<EdgeWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-edge-'));
  const put: EdgeWorld['put'] = (type, id, attributes) => {
    new Store(folder).put({ type, id, parent: zoneId, attributes: { id, ...attributes } });
  };
  put('cloudflare_zone', zoneId, { name: 'shop.example', account: { id: accountId } });
  put('cloudflare_dns_record', 'r1', { zone_id: zoneId, name: 'www.shop.example', type: 'A', proxied: true });
  const world = { now: 1_800_000_000_000 };
  const edge = await startEdge({
    store: folder,
    now: () => world.now,
    ...(origin === undefined ? {} : { origin }),
  });
  return Object.assign(world, {
    folder,
    put,
    rules: (phase: string, ...rules: readonly JsonObject[]) => {
      put('cloudflare_ruleset', `ruleset-${phase}`, { zone_id: zoneId, kind: 'zone', phase, rules });
    },
    setting: (id: string, value: JsonObject[string]) => {
      put('cloudflare_zone_setting', id, { zone_id: zoneId, setting_id: id, value: value ?? null });
    },
    ask: (path: string, { headers = {}, ...asked }: Asked = {}) =>
      send(edge.url, path, { ...asked, headers: Object.entries(headers) }),
    close: async () => {
      await edge.close();
      rmSync(folder, { recursive: true });
    },
  });
}

/** Sends one request to an edge; headers are sent as they are written. */
export function send(
  url: string,
  path: string,
  asked: Omit<Asked, 'headers' | 'body'> & {
    readonly headers?: readonly (readonly [string, string])[];
    readonly body?: string | Buffer;
  },
): Promise<Answered> {
  const { headers = [], method = 'GET', host = 'www.shop.example', body } = asked;
  return new Promise((resolve, reject) => {
    const { port } = new URL(url);
    const sent = request(
      { host: '127.0.0.1', port, path, method, headers: [['Host', host], ...headers].flat() },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: text }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
