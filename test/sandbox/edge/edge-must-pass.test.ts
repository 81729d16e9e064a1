/** The must-pass cases of the example clients, sent over HTTP to the edge in front of the estate as it is. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMustPass } from '../../../scripts/facts/must-pass.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { startEdge, type Edge } from '../../../scripts/sandbox/edge/edge.ts';
import { Store } from '../../../scripts/sandbox/provider/store.ts';
import { estateObjects } from '../../../scripts/waf/rulesets/estate-objects.ts';
import { synthesizeEstate } from '../../stacks/synthesized-estate.ts';
import { send } from './edge-world.ts';

const root = new URL('../../..', import.meta.url).pathname;
const clients = ['acme', 'borough'];

const files = clients.flatMap((client) =>
  readdirSync(`${root}/stacks/clients/${client}/traffic`).map((name) => {
    const path = `stacks/clients/${client}/traffic/${name}`;
    return { path, text: readFileSync(`${root}/${path}`, 'utf8') };
  }),
);
const cases = await loadMustPass(async () => files, clients);

describe('must-pass cases at the edge', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-edge-estate-'));
  let edge: Edge;

  beforeAll(async () => {
    const store = new Store(folder);
    const configurations = new Map(
      [...synthesizeEstate()].map(([stack, { text }]) => [stack, JSON.parse(text) as JsonObject]),
    );
    for (const { type, id, attributes } of estateObjects(configurations)) {
      store.put({ type, id, parent: 'estate', attributes });
    }
    edge = await startEdge({ store: folder });
  });
  afterAll(async () => {
    await edge.close();
    rmSync(folder, { recursive: true });
  });

  it('are some', () => {
    expect(cases.length).toBeGreaterThan(10);
  });

  it.each(cases.map((one) => [`${one.client}/${one.name}`, one] as const))(
    '%s passes',
    async (_, { request }) => {
      const { body } = request;
      const answered = await send(edge.url, request.target, {
        method: request.method,
        host: request.host,
        headers: [
          ...request.headers.filter(([name]) => name.toLowerCase() !== 'host'),
          ['CF-Connecting-IP', request.clientAddress ?? ''],
          ['X-Forwarded-Proto', request.scheme ?? 'https'],
          ['X-Sluice-Fields', JSON.stringify(request.fields)],
        ],
        ...(body === null ? {} : { body: Buffer.from(body, 'latin1') }),
      });
      expect([answered.status, answered.headers['x-sluice-undecided'], answered.body]).toEqual([
        200,
        undefined,
        expect.stringContaining(request.host),
      ]);
    },
  );

  it('do not pass when a rule stops them', async () => {
    const answered = await send(edge.url, '/.env', { host: 'www.shop.example' });
    expect([answered.status, answered.body]).toEqual([403, expect.stringContaining('block-dotfiles')]);
  });
});
