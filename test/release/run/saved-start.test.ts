/** A rehearsal that begins where an earlier one was: with the same result, and only from the very same bundle. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildServices } from '../../../scripts/cli/services.ts';
import type { Services } from '../../../scripts/contract/context.ts';
import { canonicalBundle } from '../../../scripts/plan/bundle.ts';
import type { Bundle } from '../../../scripts/plan/types.ts';
import type { RehearsalEvidence } from '../../../scripts/release/rehearsal.ts';
import { rehearse } from '../../../scripts/release/run/rehearse.ts';
import { home, makeSmallEstate, type SmallEstate } from '../../scenarios/small-estate.ts';

let estate: SmallEstate;

beforeEach(() => {
  estate = makeSmallEstate();
});
afterEach(() => estate.remove());

/** A zone and a record with this address. */
function bundle(content: string): Bundle {
  return canonicalBundle('acme-production', {
    terraform: {
      required_providers: { cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' } },
    },
    provider: { cloudflare: [{}] },
    resource: {
      cloudflare_zone: { main: { account: { id: '0'.repeat(32) }, name: 'acme.example', type: 'full' } },
      cloudflare_dns_record: {
        www: {
          zone_id: '${cloudflare_zone.main.id}',
          name: 'www.acme.example',
          type: 'A',
          content,
          ttl: 300,
          proxied: false,
        },
      },
    },
  });
}

interface Rehearsed {
  readonly evidence: RehearsalEvidence;
  readonly applies: number;
}

async function rehearsed(
  base: Bundle,
  proposed: Bundle,
  from: 'kept' | 'nothing' = 'kept',
): Promise<Rehearsed> {
  const counted = { applies: 0 };
  const quiet = { write: () => undefined };
  const services = buildServices(
    {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CI: 'true' },
      cwd: estate.folder,
      stdout: quiet,
      stderr: quiet,
      ask: null,
      signal: new AbortController().signal,
    },
    home,
  );
  const counting: Services = {
    ...services,
    terraform: (options) => {
      const real = services.terraform(options);
      return {
        ...real,
        apply: async (...given) => {
          counted.applies += 1;
          return real.apply(...given);
        },
      };
    },
  };
  const order = { base, proposed, effectDigest: `sha256:${'0'.repeat(64)}`, from };
  const evidence = await rehearse(counting, order);
  await services.git.close();
  return { evidence, applies: counted.applies };
}

const [one, two, three] = ['203.0.113.1', '203.0.113.2', '203.0.113.3'].map(bundle) as [
  Bundle,
  Bundle,
  Bundle,
];

const withoutTimes = ({ at: _at, steps, ...rest }: RehearsalEvidence) => ({
  ...rest,
  steps: steps.map(({ step, changes }) => ({ step, changes })),
});

it('says the same from a kept start as from nothing, in one apply less', async () => {
  const first = await rehearsed(one, two);
  const again = await rehearsed(one, two);
  expect([first.evidence.result, first.evidence.reason]).toEqual(['proven', null]);
  expect([first.applies, again.applies]).toEqual([3, 2]);
  expect(withoutTimes(again.evidence)).toEqual(withoutTimes(first.evidence));
});

it('begins where the change before it ended', async () => {
  await rehearsed(one, two);
  const next = await rehearsed(two, three);
  expect([next.applies, next.evidence.result]).toEqual([2, 'proven']);
});

it('builds from nothing what no rehearsal applied, what was asked for anew and what does not read', async () => {
  await rehearsed(one, two);
  expect((await rehearsed(one, two, 'nothing')).applies).toBe(3);
  expect((await rehearsed(three, two)).applies).toBe(3);
  const folder = join(estate.folder, '.sluice/rehearsed/acme-production');
  for (const name of readdirSync(folder)) {
    writeFileSync(join(folder, name), '{"changes":2,"fil');
  }
  const { applies, evidence } = await rehearsed(three, two);
  expect([applies, evidence.result]).toEqual([3, 'proven']);
});
