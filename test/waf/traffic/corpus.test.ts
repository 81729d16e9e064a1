/** The made-up days of the example clients: always the same bytes, in realistic shares, and good to replay. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { sha256Hex } from '../../../scripts/json/json.ts';
import { partReplayer } from '../../../scripts/waf/replay/chunk.ts';
import type { Configurations } from '../../../scripts/waf/replay/replay.ts';
import { summarize } from '../../../scripts/waf/replay/summarize.ts';
import type { ReplaySummary } from '../../../scripts/waf/replay/types.ts';
import { generateCorpus, profiles } from '../../../scripts/waf/replay/corpus/generate.ts';
import type { Corpus } from '../../../scripts/waf/replay/corpus/generate.ts';
import { synthesizeEstate } from '../../stacks/synthesized-estate.ts';

const requests = 20_000;
const digests: Readonly<Record<string, string>> = {
  acme: '217039b1a2d09f5a1d8028e5aeeca223aa63b0d1f6c905cfea907b929d951689',
  borough: '5406264cf45147185e5b988ecfa5cf11a780fb038beec84c667e4ae66590bbc3',
};

let estate: Configurations;
const corpora = new Map<string, Corpus>();
beforeAll(() => {
  estate = new Map(
    [...synthesizeEstate()].map(([stack, { text }]) => [stack, JSON.parse(text) as JsonObject]),
  );
  for (const profile of profiles) {
    corpora.set(profile.client, generateCorpus(profile, requests, estate));
  }
});

function corpus(client: string): Corpus {
  const found = corpora.get(client);
  if (found === undefined) {
    throw new Error(`no corpus of ${client}`);
  }
  return found;
}

/** Replays a corpus after `edit` on the texts of one stack. */
function replay(client: string, [from, to]: readonly [string, string]): ReplaySummary {
  const stack = `${client}-production`;
  const before = estate.get(stack);
  const text = JSON.stringify(before);
  expect(text).toContain(from);
  const after = new Map([...estate, [stack, JSON.parse(text.replace(from, to)) as JsonObject]]);
  const replayPart = partReplayer({ before: estate, after, stacks: [stack] });
  const lines = corpus(client).lines.join('\n');
  const part = replayPart({
    format: 'logpush-http-requests',
    host: null,
    file: client,
    firstLine: 1,
    text: lines,
    unreadable: [],
  });
  return summarize(part.tally, { digest: '', stacks: [stack], badLines: part.badLines });
}

const nothing = ['"name"', '"name"'] as const;

describe.each(profiles.map(({ client }) => client))('the day of %s', (client) => {
  it('is the same every time', () => {
    const { lines } = corpus(client);
    expect(lines).toHaveLength(requests);
    expect(sha256Hex(`${lines.join('\n')}\n`)).toBe(digests[client]);
  });

  it('has every kind of visitor, in its share', () => {
    const { visitors } = profiles.find((profile) => profile.client === client) ?? { visitors: [] };
    const total = visitors.reduce((sum, { weight }) => sum + weight, 0);
    for (const { kind, weight } of visitors) {
      const share = (corpus(client).kinds.get(kind) ?? 0) / requests;
      expect(share).toBeGreaterThan((0.7 * weight) / total);
      expect(share).toBeLessThan((1.4 * weight) / total);
    }
  });

  it('has requests that managed rules and rate limits stopped', () => {
    const text = corpus(client).lines.join('\n');
    expect(text).toContain('"SecuritySources":["firewallManaged"]');
    expect(text).toContain('"SecuritySources":["ratelimit"]');
  });

  it('has no order, application or address of a visitor that the rules stop by mistake', () => {
    const mistaken = ['block-malformed-order-number', 'block-malformed-planning-reference'];
    const stopped = corpus(client).lines.filter((line) => mistaken.some((ref) => line.includes(ref)));
    expect(stopped).toEqual([]);
    const blocked = corpus(client).lines.filter((line) => line.includes('"block-known-abusers"'));
    expect(blocked).toHaveLength(corpus(client).kinds.get('known abuser') ?? 0);
  });

  it('replayed through the rules that it met changes nothing and agrees with what is recorded', () => {
    const found = replay(client, nothing);
    expect(found.counts.unchanged).toBe(found.requests);
    expect(found.requests).toBeGreaterThan(0.98 * requests);
    expect(found.badLines).toBe(0);
    const { compared = 0, agreed = 0 } = found.calibration ?? {};
    expect(compared).toBeGreaterThan(0.9 * requests);
    expect(agreed).toBe(compared);
  });
});

describe('a changed rule', () => {
  it('that blocks what was logged names the apps that still call', () => {
    const found = replay('acme', [
      '"action":"log","description":"Version 1',
      '"action":"block","description":"Version 1',
    ]);
    expect(found.counts['newly-blocked']).toBeGreaterThan(30);
    expect(found.rules[0]).toMatchObject({ change: 'newly-blocked', rule: 'block-legacy-checkout-api' });
    const agents = found.breakdowns.find(
      ({ change, dimension }) => change === 'newly-blocked' && dimension === 'agent',
    );
    expect(agents?.values).toEqual([
      { value: 'AcmeShop/3.1.0 (Android 9)', count: found.counts['newly-blocked'] },
    ]);
  });
});
