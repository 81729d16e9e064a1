/** `--target cloudflare` with a controlled key and a ledger on origin. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Facts } from '../../../policies/model/facts.ts';
import { StaleError } from '../../../scripts/contract/errors.ts';
import { rejection } from '../../adapters/files/temp-folder.ts';
import type { Change } from '../../scenarios/change.ts';
import { withKeptSynth } from '../../scenarios/cached-synth.ts';
import type { SmallEstate } from '../../scenarios/small-estate.ts';
import {
  keysFile,
  makeCloudflareWorld,
  makeKey,
  type CloudflareWorld,
  type ReleaseKey,
  type Wrap,
} from './cloudflare-world.ts';

const stack = 'acme-production';
const first: Change = {
  id: 'CHG-2026-0101',
  category: 'dns',
  edits: [["mail: '203.0.113.3'", "mail: '203.0.113.33'"]],
};
const second: Change = {
  id: 'CHG-2026-0102',
  category: 'dns',
  edits: [["api: '203.0.113.2'", "api: '203.0.113.22'"]],
};

let world: CloudflareWorld;
let other: SmallEstate;

beforeAll(async () => {
  world = await makeCloudflareWorld();
});
afterAll(() => world.close());

const baseline = (key?: ReleaseKey) =>
  world.run(
    world.clone,
    ['baseline', '--target', 'cloudflare', '--bundles', '.sluice/bundles', '--reason', 'first release'],
    key === undefined ? {} : { key },
  );
const rollBack = (at: SmallEstate, wrap?: Wrap) =>
  world.run(
    at,
    ['rollback', stack, '--target', 'cloudflare', '--reason', 'outage'],
    wrap === undefined ? {} : { wrap },
  );
const verify = (at: SmallEstate, ...flags: readonly string[]) =>
  at.sluice(['ledger', 'verify', ...flags], {}, withKeptSynth);
const onOrigin = () => world.origin.git('log', '--format=%s', 'releases').split('\n');

/** Once, before the first plan of the stack goes on, somebody else's whole run. */
function meanwhile(work: () => Promise<unknown>): Wrap {
  let isOver = false;
  return (real) => ({
    plan: async (folder, file) => {
      const planned = await real.plan(folder, file);
      if (!isOver) {
        isOver = true;
        await work();
      }
      return planned;
    },
  });
}

describe('a key', () => {
  it('that only a pull request adds signs nothing, and nothing is released from its commit', async () => {
    const own = makeKey('release-2027');
    const { clone } = world;
    clone.git('switch', '--quiet', '--create', 'feature');
    clone.write('policies/ledger-keys.yaml', keysFile([world.key, own]));
    clone.git('commit', '--quiet', '--all', '--message', 'one more key');
    clone.git('push', '--quiet', 'origin', 'feature');
    const refused = await baseline(own);
    const unmerged = await baseline();
    clone.git('switch', '--quiet', 'main');
    expect([unmerged.exit, unmerged.stderr]).toEqual([
      'denied',
      expect.stringMatching(/sluice: [0-9a-f]{12} is not a commit of origin\/HEAD/),
    ]);
    expect([refused.exit, refused.stderr]).toEqual([
      'denied',
      expect.stringContaining('The key of this release is not in policies/ledger-keys.yaml of origin/HEAD'),
    ]);
    expect(refused.stderr).not.toContain(own.secret.split('\n')[1]);
    expect(clone.git('for-each-ref', 'refs/heads/releases', 'refs/tags')).toBe('');
  });
});

describe('a release to Cloudflare', () => {
  let saved: Facts;

  it('begins with a baseline of what is live, which is on origin, signed', async () => {
    const ended = await baseline();
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(onOrigin()).toEqual([
      'R0002 baseline of acme-staging: successful',
      'R0002 baseline of acme-staging begins',
      'R0001 baseline of acme-production: successful',
      'R0001 baseline of acme-production begins',
    ]);
    const signature = world.origin.git('show', `releases:releases/0001-${stack}/release.sig.json`);
    expect(JSON.parse(signature)).toMatchObject({ key: 'release-2026' });
  });

  it('verifies, and derives again, in another clone', async () => {
    saved = await world.approved(first);
    const entries = await world.release(world.clone, saved);
    expect(entries.map(({ id, result }) => [id, result])).toEqual([['R0003', 'successful']]);
    other = world.another();
    const verified = await verify(other, '--derive');
    expect([verified.exit, verified.stdout]).toEqual([
      'ok',
      expect.stringContaining('verified: 3 release(s)'),
    ]);
    expect(verified.stdout).toMatch(/R0003 {2}acme-production +derived/);
  });

  it('is stale when another job with the same approval released while it planned', async () => {
    saved = await world.approved(second);
    other.git('pull', '--quiet', '--ff-only', 'origin', 'main');
    const wrap = meanwhile(async () => {
      const done = await world.release(other, saved);
      expect(done.map(({ id, result }) => [id, result])).toEqual([['R0004', 'successful']]);
    });
    const error = await rejection(world.release(world.clone, saved, wrap));
    expect(error).toBeInstanceOf(StaleError);
    expect(String(error)).toContain(
      'acme-production is not any more where this release starts from: R0004 (release by tester) came in between',
    );
    expect(onOrigin()[0]).toBe('R0004 release of acme-production: successful');
  });

  it('is rolled back once, however many do it at the same time', async () => {
    const wrap = meanwhile(async () => {
      const done = await rollBack(other);
      expect([done.exit, done.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    });
    const late = await rollBack(world.clone, wrap);
    expect([late.exit, late.stderr]).toEqual([
      'stale',
      expect.stringContaining(
        'is not any more where this rollback starts from: R0005 (rollback by tester <tester@sluice.example> (claimed))',
      ),
    ]);
    expect(onOrigin()[0]).toBe('R0005 rollback of acme-production: successful');
  });
});
