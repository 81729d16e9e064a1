/** What is gathered about the traffic of a change: which stacks it touches, their cases, the sample that is named. */
import { describe, expect, it } from 'vitest';
import { gatherTraffic, type TrafficOrder } from '../../../scripts/facts/traffic/traffic.ts';
import { canonicalBundle } from '../../../scripts/plan/bundle.ts';
import { assemblePlan, diffBundles } from '../../../scripts/plan/difference/diff.ts';
import type { Bundle, JsonObject } from '../../../scripts/plan/types.ts';
import type { Git } from '../../../scripts/contract/ports.ts';
import type { ReplayThreads } from '../../../scripts/contract/replay-threads.ts';
import { sha256Hex } from '../../../scripts/json/json.ts';
import { writeRecord } from '../../../scripts/waf/traffic/request-line.ts';
import { noTraffic, type TrafficFacts } from '../../../policies/model/traffic.ts';
import { aPolicySet } from '../../builders/policy.ts';
import { aRecord } from '../../builders/record.ts';
import { aReplay, someTraffic } from '../../builders/traffic.ts';
import { fakeFiles } from '../../fakes/files.ts';
import { fakeReporter } from '../../fakes/reporter.ts';
import { plainRequest } from '../../waf/evaluate/request-builder.ts';
import { terraform } from '../../attacks/estate.ts';

const digest = aReplay().digest;
const hex = digest.slice('sha256:'.length);

type Estate = Readonly<Record<string, JsonObject>>;

const zone = (name: string, account: string): JsonObject => ({
  cloudflare_zone: { shop: { name, account: { id: account } } },
});
const waf = (expression: string): JsonObject => ({
  cloudflare_ruleset: {
    waf: {
      kind: 'zone',
      phase: 'http_request_firewall_custom',
      name: 'waf',
      zone_id: '${cloudflare_zone.shop.id}',
      rules: [{ ref: 'r1', action: 'block', expression, enabled: true }],
    },
  },
});
const shared = (account: string, ip: string): JsonObject => ({
  cloudflare_list: { bad: { account_id: account, kind: 'ip', name: 'bad', items: [{ ip }] } },
});

const estate: Estate = {
  'acme-production': { ...zone('shop.example', 'one'), ...waf('http.request.uri.path eq "/x"') },
  'borough-production': zone('borough.example', 'two'),
  platform: shared('one', '192.0.2.1'),
};

const bundles = (given: Estate): ReadonlyMap<string, Bundle> =>
  new Map(
    Object.entries(given).map(([stack, resource]) => [
      stack,
      canonicalBundle(stack, { terraform, resource }),
    ]),
  );

function order(after: Estate, parts: Partial<TrafficOrder> = {}): TrafficOrder {
  const [base, proposed] = [bundles(estate), bundles(after)];
  const stacks = [...new Set([...base.keys(), ...proposed.keys()])].map((stack) =>
    diffBundles({ stack, before: base.get(stack) ?? null, after: proposed.get(stack) ?? null }),
  );
  return {
    plan: assemblePlan(stacks, 'configuration'),
    base,
    proposed,
    record: aRecord(),
    policy: aPolicySet(),
    source: () => Promise.resolve([]),
    ...parts,
  };
}

/** A sample of one part needs none. */
const noThreads: ReplayThreads = {
  run: () => {
    throw new Error('not expected');
  },
};

const root = { root: () => Promise.resolve('/repo') } as Git;

function gathered(
  given: TrafficOrder,
  {
    texts = {},
    folder = null,
  }: { readonly texts?: Record<string, string>; readonly folder?: string | null } = {},
): Promise<TrafficFacts> {
  const services = { files: fakeFiles(texts), git: root, trafficFolder: folder, reporter: fakeReporter() };
  return gatherTraffic({ ...services, replayThreads: noThreads }, given);
}

const withWaf = (expression: string): Estate => ({
  ...estate,
  'acme-production': { ...zone('shop.example', 'one'), ...waf(expression) },
});
const named = { record: aRecord({ traffic: { sample: digest } }) };

describe('the stacks', () => {
  it('are none when no rule and no list changes', async () => {
    expect(await gathered(order({ ...estate, 'borough-production': zone('other.example', 'two') }))).toEqual(
      noTraffic,
    );
  });

  it('are those whose rules change, and their clients without a case are named', async () => {
    expect(await gathered(order(withWaf('http.request.uri.path eq "/y"')))).toEqual(
      someTraffic({ stacks: ['acme-production'], withoutCases: ['acme'] }),
    );
  });

  it('are all with a zone of the account when something of the account changes, in whichever stack it stands', async () => {
    const { stacks, withoutCases } = await gathered(
      order({ ...estate, platform: shared('one', '192.0.2.2') }),
    );
    expect(stacks).toEqual(['acme-production', 'platform']);
    expect(withoutCases).toEqual(['acme', 'platform']);
  });

  it('are those on either side: a list that is taken away reaches what it reached', async () => {
    const { platform: _platform, ...rest } = estate;
    expect((await gathered(order(rest))).stacks).toEqual(['acme-production', 'platform']);
  });
});

describe('the sample', () => {
  const changed = withWaf('http.request.uri.path eq "/y"');

  it('that is not there is a problem with the command that brings it', async () => {
    const { replay, problem } = await gathered(order(changed, named));
    expect(replay).toBeNull();
    expect(problem).toBe(
      `the sample ${digest} is not in /repo/.sluice/traffic: sluice waf traffic import FILES --out /repo/.sluice/traffic`,
    );
  });

  it('is looked for in the folder that the environment names, and nowhere else', async () => {
    const texts = { [`/repo/.sluice/traffic/${hex}.ndjson`]: '' };
    const { problem } = await gathered(order(changed, named), { texts, folder: '/samples' });
    expect(problem).toContain('is not in /samples');
  });

  it('is replayed through the old and the new rules of the touched stacks', async () => {
    const text = ['/x', '/y', '/z']
      .map(
        (target) =>
          `${writeRecord({ id: target, at: null, request: { ...plainRequest, target }, recorded: null })}\n`,
      )
      .join('');
    const sample = `sha256:${sha256Hex(text)}`;
    const record = aRecord({ traffic: { sample } });
    const texts = { [`/repo/.sluice/traffic/${sha256Hex(text)}.ndjson`]: text };
    const { replay, problem } = await gathered(order(changed, { record }), { texts });
    expect(problem).toBeNull();
    expect(replay).toMatchObject({
      digest: sample,
      stacks: ['acme-production'],
      requests: 3,
      counts: { 'newly-blocked': 1, 'newly-allowed': 1, unchanged: 1 },
    });
  });

  it('under whose name another one lies is a problem', async () => {
    const text = writeRecord({ id: 'a', at: null, request: plainRequest, recorded: null });
    const { replay, problem } = await gathered(order(changed, named), {
      texts: { [`/repo/.sluice/traffic/${hex}.ndjson`]: text },
    });
    expect(replay).toBeNull();
    expect(problem).toContain(`is another sample: its content is sha256:${sha256Hex(text)}`);
  });

  it('that cannot be read, or is of other hosts, is a problem', async () => {
    const texts = (text: string): Record<string, string> => ({
      [`/repo/.sluice/traffic/${hex}.ndjson`]: text,
    });
    const foreign = writeRecord({
      id: 'a',
      at: null,
      request: { ...plainRequest, host: 'else.example' },
      recorded: null,
    });
    expect((await gathered(order(changed, named), { texts: texts('<html>') })).problem).toContain(
      'is not recorded traffic',
    );
    expect((await gathered(order(changed, named), { texts: texts(foreign) })).problem).toContain(
      'None of the 1 requests is for a host of acme-production.',
    );
  });

  it('is not replayed again for the very same bundles', async () => {
    const replay = aReplay();
    const known = someTraffic({ stacks: ['acme-production'], replay });
    expect(await gathered(order(changed, { ...named, known }))).toMatchObject({ replay, problem: null });
  });

  it.each([
    ['it was another sample', aReplay({}, { digest: `sha256:${'6'.repeat(64)}` })],
    ['it was of other stacks', aReplay({}, { stacks: ['borough-production'] })],
    ['there was none', null],
  ])('is replayed again when %s', async (_, replay) => {
    const known = someTraffic({ replay });
    const found = await gathered(order(changed, { ...named, known }));
    expect(found.replay).toBeNull();
    expect(found.problem).toContain('is not in');
  });
});
