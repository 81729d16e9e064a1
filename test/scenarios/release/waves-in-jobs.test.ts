/**
 * One change released by several processes, as the jobs of a workflow do it: each has one stack, and what they know of each
 * other is in the ledger. Real Terraform, real git.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fakeProber, type FakeProber } from '../../fakes/prober.ts';
import { withKeptSynth } from '../cached-synth.ts';
import { ledgerRows, live, merge, nextCommand, recordPath, releasedEstate, type Change } from '../change.ts';
import { approve, inWindow } from '../change/approved-facts.ts';
import type { Adjust, Ended, SmallEstate } from '../small-estate.ts';

const probe = (more = ''): string =>
  `name: the shop answers\n      url: https://www.shop.example/\n      expectStatus: 200${more}`;
const both: Change = {
  id: 'CHG-2026-0101',
  stacks: ['acme-production', 'acme-staging'],
  edits: [
    ["action: 'log'", "action: 'block'"],
    [
      "action: 'block', expression: '(http.host eq \"www.staging",
      "action: 'log', expression: '(http.host eq \"www.staging",
    ],
  ],
  probes: [probe()],
};
const inWaves =
  (waves: string): ((text: string) => string) =>
  (text) =>
    `${text}rollout:\n  waves: ${waves}\n  observeMin: 10\n`;
const watched: Change = { ...both, record: inWaves('[[acme-staging], [acme-production]]') };
const together: Change = {
  ...both,
  record: inWaves('[[acme-staging, acme-production]]'),
  probes: [probe('\n      stacks: [acme-staging, acme-production]')],
};

let released: SmallEstate;
let estate: SmallEstate;
let before: readonly string[];
let prober: FakeProber;
beforeAll(async () => {
  released = await releasedEstate();
  before = await live(released);
});
afterAll(() => released.remove());
beforeEach(() => {
  estate = released.copy();
  prober = fakeProber();
});
afterEach(() => estate.remove());

/** Of every process: its own probes, and a clock that can be put ahead, whose waits take no time. */
let ahead = 0;
beforeEach(() => {
  ahead = 0;
});
const adjust: Adjust = (services) => ({
  ...services,
  prober: () => prober,
  clock: {
    now: () => new Date(Date.parse(services.clock.now()) + ahead).toISOString(),
    monotonicMs: () => ahead,
    wait: async (ms) => {
      ahead += ms;
    },
  },
});

let facts = '';
/** Approved once, for all of its processes. */
async function merged(change: Change): Promise<void> {
  merge(estate, change);
  facts = await approve(estate, recordPath(change));
}

const sluice = (...args: readonly string[]): Promise<Ended> =>
  estate.sluice(args, { TEST_NOW: inWindow }, (services) => adjust(withKeptSynth(services)));
const job = (wave: number, stack: string): Promise<Ended> =>
  sluice('release', '--facts', facts, '--wave', String(wave), stack);

async function rows(): Promise<readonly string[]> {
  return (await ledgerRows(estate)).map(
    ({ stack, action, result }) => `${stack} ${action} ${String(result)}`,
  );
}

async function leftToUndo(): Promise<object> {
  const shown = await sluice(
    'rollback',
    '--change',
    both.id,
    '--reason',
    'x',
    '--dry-run',
    '--format',
    'json',
  );
  return JSON.parse(shown.stdout) as object;
}

async function breakNextUpdate(): Promise<void> {
  await estate.sluice('sandbox fault --kind error --on update --call 1 --type cloudflare_ruleset'.split(' '));
}

describe('a wave of its own', () => {
  it('begins when the one before is released, and watched for as long as the record says', async () => {
    await merged(watched);
    const early = await job(2, 'acme-production');
    expect([early.exit, early.stderr]).toEqual([
      'denied',
      expect.stringContaining('acme-staging must be released first'),
    ]);
    const other = await job(1, 'acme-production');
    expect([other.exit, other.stderr]).toEqual([
      'usage',
      expect.stringContaining('acme-production is not in wave 1'),
    ]);
    expect((await job(1, 'acme-staging')).exit).toBe('ok');
    ahead += 60_000;
    const unwatched = await job(2, 'acme-production');
    expect([unwatched.exit, unwatched.stderr]).toEqual([
      'denied',
      expect.stringContaining('acme-staging is watched until'),
    ]);
    const seen = await sluice(...nextCommand(unwatched), '--format', 'json');
    expect([seen.exit, JSON.parse(seen.stdout)]).toMatchObject([
      'ok',
      { stacks: ['acme-staging'], minutes: 10, failed: [] },
    ]);
    const last = await job(2, 'acme-production');
    expect([last.exit, last.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(await rows()).toEqual(['acme-staging release successful', 'acme-production release successful']);
    const observed = estate.git('show', 'releases:releases/0004-acme-production/observed.json');
    expect(JSON.parse(observed)).toMatchObject({ wave: ['acme-staging'], rounds: 1, probes: [{ ok: true }] });
  });

  it('blames nothing on the change that failed before its first wave', async () => {
    prober.failing.set('the shop answers', 'answered 500, expected 200');
    await merged(watched);
    expect((await job(1, 'acme-staging')).exit).toBe('ok');
    ahead += 11 * 60_000;
    const last = await job(2, 'acme-production');
    expect([last.exit, last.stdout]).toEqual(['ok', expect.stringContaining('as it did before the release')]);
  });

  it('blames on the change what fails since its first wave, in whichever process it shows', async () => {
    await merged(watched);
    expect((await job(1, 'acme-staging')).exit).toBe('ok');
    prober.failing.set('the shop answers', 'answered 500, expected 200');
    const seen = await sluice('probe', both.id);
    expect([seen.exit, seen.stdout]).toEqual(['denied', expect.stringContaining('failed  the shop answers')]);
    ahead += 11 * 60_000;
    const next = await job(2, 'acme-production');
    expect([next.exit, next.stderr]).toEqual([
      'partialApply',
      expect.stringContaining('the probe "the shop answers" failed'),
    ]);
    expect(nextCommand(next).slice(0, 3)).toEqual(['rollback', '--change', both.id]);
    expect(await rows()).toEqual(['acme-staging release successful']);
  });
});

describe('two processes of one wave', () => {
  it('make what needs both in the one that ends last', async () => {
    await merged(together);
    expect((await job(1, 'acme-staging')).exit).toBe('ok');
    const probesBefore = prober.made.length;
    expect((await job(1, 'acme-production')).exit).toBe('ok');
    const kept = (stack: string): unknown =>
      JSON.parse(estate.git('show', `releases:releases/${stack}/release.json`)) as unknown;
    expect(kept('0003-acme-staging')).toMatchObject({ verification: { probes: [] } });
    expect(kept('0004-acme-production')).toMatchObject({
      verification: { probes: [{ name: 'the shop answers', ok: true, before: { ok: true } }] },
    });
    expect([probesBefore, prober.made.length]).toEqual([1, 2]);
  });

  it('leave taking back to the processes of their stacks: the last one first, each once', async () => {
    await merged(together);
    expect((await job(1, 'acme-staging')).exit).toBe('ok');
    expect(await leftToUndo()).toMatchObject({ stacks: ['acme-staging'], failed: false, byItself: true });
    prober.failing.set('the shop answers', 'answered 500, expected 200');
    const broken = await job(1, 'acme-production');
    expect(broken.exit).toBe('partialApply');
    expect(nextCommand(broken).slice(0, 3)).toEqual(['rollback', '--change', both.id]);
    expect(await rows()).toEqual([
      'acme-staging release successful',
      'acme-production release failed-verification',
    ]);
    expect(await leftToUndo()).toMatchObject({
      stacks: ['acme-production', 'acme-staging'],
      failed: true,
      open: [],
    });
    const back = (stack: string): Promise<Ended> =>
      sluice('rollback', '--change', both.id, '--reason', 'R0004 failed', stack);
    expect((await back('acme-production')).exit).toBe('ok');
    expect(await leftToUndo()).toMatchObject({ stacks: ['acme-staging'], failed: true });
    expect((await back('acme-staging')).exit).toBe('ok');
    const again = await back('acme-staging');
    expect([again.exit, again.stdout]).toEqual(['ok', expect.stringContaining('Nothing is left')]);
    expect(await leftToUndo()).toMatchObject({ stacks: [], failed: false });
    expect(await live(estate)).toEqual(before);
    expect((await rows()).slice(2)).toEqual([
      'acme-production rollback successful',
      'acme-staging rollback successful',
    ]);
  });

  it('begin nothing more of a change that failed in another one, and one command takes all of it back', async () => {
    await merged(together);
    await breakNextUpdate();
    expect((await job(1, 'acme-staging')).exit).toBe('partialApply');
    const next = await job(1, 'acme-production');
    expect([next.exit, next.stderr]).toEqual([
      'partialApply',
      expect.stringContaining('The change failed elsewhere: R0003 on acme-staging ended as failed'),
    ]);
    const back = await sluice(...nextCommand(next));
    expect([back.exit, back.stderr]).toEqual(['ok', expect.any(String)]);
    expect(await live(estate)).toEqual(before);
  });
});
