/** Threads that replay: the same result as without them, in order, and no part left out when one fails. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReplayThreads } from '../../scripts/adapters/replay-threads.ts';
import type { JsonObject } from '../../scripts/plan/types.ts';
import { partReplayer } from '../../scripts/waf/replay/chunk.ts';
import type { ReplayPart } from '../../scripts/waf/replay/chunk.ts';
import type { TrafficPart } from '../../scripts/waf/traffic/read-part.ts';
import { writeRecord } from '../../scripts/waf/traffic/request-line.ts';
import { plainRequest } from '../waf/evaluate/request-builder.ts';

const built = mkdtempSync(join(tmpdir(), 'sluice-thread-'));
const entry = pathToFileURL(join(built, 'replay-thread.mjs'));

/** Built as scripts/launch.mjs builds it; a thread cannot load the sources. */
beforeAll(async () => {
  await build({
    entryPoints: ['scripts/adapters/replay-thread.ts'],
    outfile: join(built, 'replay-thread.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
});

afterAll(() => {
  rmSync(built, { recursive: true });
});

const configuration = (expression: string): JsonObject => ({
  resource: {
    cloudflare_zone: { shop: { name: 'shop.example', account: { id: 'a' } } },
    cloudflare_ruleset: {
      waf: {
        kind: 'zone',
        phase: 'http_request_firewall_custom',
        zone_id: '${cloudflare_zone.shop.id}',
        rules: [{ ref: 'r', expression, action: 'block' }],
      },
    },
  },
});

const sides = {
  before: new Map([['s', configuration('http.request.uri.path eq "/1"')]]),
  after: new Map([['s', configuration('http.request.uri.path in {"/1" "/2"}')]]),
  stacks: ['s'],
};

function job(nth: number): TrafficPart {
  const lines = Array.from({ length: nth + 1 }, (_, at) =>
    writeRecord({
      id: `${nth}-${at}`,
      at: null,
      request: { ...plainRequest, target: `/${at}` },
      recorded: null,
    }),
  );
  return {
    format: 'sluice',
    host: null,
    file: 'sample',
    firstLine: 1,
    text: `${lines.join('\n')}\nno request\n`,
    unreadable: [],
  };
}

async function* jobs(count: number): AsyncGenerator<TrafficPart> {
  for (let nth = 0; nth < count; nth += 1) {
    yield await Promise.resolve(job(nth));
  }
}

async function collected(parts: AsyncIterable<ReplayPart>): Promise<readonly ReplayPart[]> {
  const found: ReplayPart[] = [];
  for await (const part of parts) {
    found.push(part);
  }
  return found;
}

describe('threads that replay', () => {
  it('give what a replay without threads gives, in the order of the parts', async () => {
    const replay = partReplayer(sides);
    const expected = Array.from({ length: 9 }, (_, nth) => replay(job(nth)));
    expect(await collected(createReplayThreads({ entry, count: 2 }).run(sides, jobs(9)))).toEqual(expected);
    expect(expected.map(({ tally }) => tally.changes['newly-blocked'])).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1]);
    expect(expected[4]).toMatchObject({ lines: 6, badLines: 1, bad: [{ file: 'sample', line: 6 }] });
  });

  it('fail when a thread fails, with a reason', async () => {
    const unknown = new URL('./no-such-thread.mjs', entry);
    const threads = createReplayThreads({ entry: unknown, count: 2 });
    await expect(collected(threads.run(sides, jobs(3)))).rejects.toThrow(
      'A thread that replays traffic failed.',
    );
  });

  it('fail when the sample cannot be read to its end', async () => {
    async function* broken(): AsyncGenerator<TrafficPart> {
      yield* jobs(2);
      throw new Error('truncated');
    }
    await expect(collected(createReplayThreads({ entry, count: 2 }).run(sides, broken()))).rejects.toThrow(
      'truncated',
    );
  });

  it('end when nobody asks for more', async () => {
    for await (const part of createReplayThreads({ entry, count: 1 }).run(sides, jobs(50))) {
      expect(part.tally.requests).toBe(1);
      break;
    }
  });
});
