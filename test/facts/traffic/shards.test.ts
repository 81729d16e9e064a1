/** A replay that is split gives exactly what one machine gives, however it is split; what is not all of it gives nothing. */
import { createHash } from 'node:crypto';
import { assert, integer, property, asyncProperty, array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../scripts/contract/errors.ts';
import type { Files } from '../../../scripts/contract/ports.ts';
import { mergeShards } from '../../../scripts/facts/traffic/merge-shards.ts';
import { replayFiles } from '../../../scripts/facts/traffic/replay-files.ts';
import { readShardTally, writeShardTally } from '../../../scripts/facts/traffic/shard-document.ts';
import { rangeOf, replayShard } from '../../../scripts/facts/traffic/shards.ts';
import { partReplayer } from '../../../scripts/waf/replay/chunk.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { fakeFiles } from '../../fakes/files.ts';
import { fakeReporter } from '../../fakes/reporter.ts';

const configuration = (action: string): JsonObject => ({
  resource: {
    cloudflare_zone: { shop: { name: 'shop.example', account: { id: 'a1' } } },
    cloudflare_ruleset: {
      waf: {
        kind: 'zone',
        phase: 'http_request_firewall_custom',
        zone_id: '${cloudflare_zone.shop.id}',
        rules: ['1', '2', '3'].map((digit) => ({
          ref: `old-${digit}`,
          expression: `starts_with(http.request.uri.path, "/v${digit}")`,
          action,
        })),
      },
    },
  },
});

const sidesOf = (action: string) => ({
  before: new Map([['acme', configuration('log')]]),
  after: new Map([['acme', configuration(action)]]),
  stacks: ['acme'],
});
const sides = sidesOf('block');

function line(number: number, path = `/v${String(number % 5)}/${String(number % 37)}`): string {
  return JSON.stringify({
    RayID: `ray-${String(number)}`,
    ClientIP: '198.51.100.7',
    ClientCountry: ['gb', 'nl', 'us'][number % 3],
    ClientASN: 64_496 + (number % 11),
    ClientRequestHost: number % 7 === 0 ? 'elsewhere.example' : 'shop.example',
    ClientRequestMethod: 'GET',
    ClientRequestURI: path,
    SecurityActions: number % 4 === 0 ? ['block'] : [],
  });
}

/** Lines of one file in parts of so many lines. */
function log(lines: readonly string[], ...sizes: readonly number[]): Files {
  const digest = `sha256:${createHash('sha256').update(lines.join('\n')).digest('hex')}`;
  return {
    ...fakeFiles(),
    list: async () => Promise.reject(new Error('not a folder')),
    async *readChunks() {
      let at = 0;
      for (let part = 0; at < lines.length; part += 1) {
        const end = at + (sizes[part % sizes.length] ?? 1);
        const text = `${lines.slice(at, end).join('\n')}\n`;
        yield { text, firstLine: at + 1, sha256: end >= lines.length ? digest : null };
        at = end;
      }
    },
  };
}

const traffic = { paths: ['day.ndjson'], host: null, client: null };
const written = fakeFiles();

function servicesFor(files: Files) {
  return {
    files,
    reporter: fakeReporter(),
    replayThreads: {
      async *run(given: typeof sides, jobs: AsyncIterable<Parameters<ReturnType<typeof partReplayer>>[0]>) {
        const replay = partReplayer(given);
        for await (const job of jobs) {
          yield replay(job);
        }
      },
    },
  };
}

/** Every share through its file, put together in another order than they were made. */
async function splitResult(files: Files, of: number) {
  const services = servicesFor(files);
  const names = Array.from({ length: of }, (_, at) => `tally-${String(at + 1)}.json`);
  for (const [at, name] of names.entries()) {
    await writeShardTally(written, name, await replayShard(services, traffic, sides, { number: at + 1, of }));
  }
  const tallies = await Promise.all(
    names.toReversed().map(async (file) => ({ file, tally: await readShardTally(written, file) })),
  );
  return mergeShards(services, tallies);
}

describe('a replay in shares', () => {
  it('is the replay of the whole, for any sample, any cuts and any number of shares', async () => {
    await assert(
      asyncProperty(
        integer({ min: 2, max: 120 }),
        array(integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
        integer({ min: 1, max: 9 }),
        async (count, sizes, of) => {
          const files = log(
            Array.from({ length: count }, (_, number) => line(number + 1)),
            ...sizes,
          );
          expect(await splitResult(files, of)).toEqual(await replayFiles(servicesFor(files), traffic, sides));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('also where there are more different paths than are kept', async () => {
    const paths = Array.from({ length: 30_000 }, (_, number) =>
      line(
        8 * number + 1,
        `/v1/${String(number % 2 === 0 ? number : 29_999 - number)}/${String(number % 23_000)}`,
      ),
    );
    const files = log(paths, 3000);
    const whole = await replayFiles(servicesFor(files), traffic, sides);
    expect(whole.summary.breakdowns.find(({ dimension }) => dimension === 'path')?.rest).toBeGreaterThan(
      20_000,
    );
    expect(await splitResult(files, 4)).toEqual(whole);
  });

  it('leaves out no part and has none twice', () => {
    assert(
      property(integer({ min: 0, max: 500 }), integer({ min: 1, max: 60 }), (parts, of) => {
        const ranges = Array.from({ length: of }, (_, at) => rangeOf({ number: at + 1, of }, parts));
        expect(
          ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, at) => from + at)),
        ).toEqual(Array.from({ length: parts }, (_, at) => at));
      }),
    );
  });
});

describe('shares that are not those of one replay', () => {
  const files = log(
    Array.from({ length: 40 }, (_, number) => line(number + 1)),
    10,
  );
  const share = async (number: number, of: number, from: Files = files, rules = sides) => ({
    file: `${String(number)}.json`,
    tally: await replayShard(servicesFor(from), traffic, rules, { number, of }),
  });
  const refusal = async (...shares: readonly ReturnType<typeof share>[]): Promise<string> => {
    const given = await Promise.all(shares);
    try {
      mergeShards({ reporter: fakeReporter() }, given);
    } catch (error) {
      if (error instanceof InputError) {
        return error.parts.what;
      }
    }
    throw new Error('not refused');
  };
  const other = log(
    Array.from({ length: 40 }, (_, number) => line(number + 2)),
    10,
  );

  it('are refused, and it is said why', async () => {
    expect(await refusal()).toBe('No tally is named.');
    expect(await refusal(share(1, 3), share(3, 3))).toBe('Of 3 shares 2 is missing.');
    expect(await refusal(share(1, 2), share(1, 2))).toBe('Share 1 of 2 is named twice.');
    expect(await refusal(share(1, 2), share(2, 3))).toBe(
      '2.json is of another number of shares than 1.json.',
    );
    expect(await refusal(share(1, 2), share(2, 2, other))).toBe('2.json is of another sample than 1.json.');
    expect(await refusal(share(1, 2), share(2, 2, files, sidesOf('managed_challenge')))).toBe(
      '2.json is of other rules than 1.json.',
    );
  });

  it('a file that is none, or that somebody made larger, is refused with the place', async () => {
    await writeShardTally(written, 'a.json', (await share(1, 1)).tally);
    const text = await written.readText('a.json');
    await written.writeText('b.json', text.replace('"requests":', '"requests":-'));
    await written.writeText('c.json', '{}');
    await expect(readShardTally(written, 'b.json')).rejects.toThrow('b.json is not the tally of a share');
    await expect(readShardTally(written, 'c.json')).rejects.toThrow('c.json is not the tally of a share');
  });
});
