/** What happens after an apply that worked: probes that fail, stacks that have to go back together, and who decides. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEdge, type Edge } from '../../../scripts/sandbox/edge/edge.ts';
import { ledgerRows, live, merge, nextCommand, release, releasedEstate, type Change } from '../change.ts';
import type { Ended, SmallEstate } from '../small-estate.ts';

const block: readonly (readonly [string, string])[] = [["action: 'log'", "action: 'block'"]];
const stillOpen =
  'name: version 1 answers\n      url: https://api.shop.example/v1/basket\n      expectStatus: 200';
const closed =
  'name: version 1 is closed\n      url: https://api.shop.example/v1/basket\n      expectStatus: 403\n      expectBefore: fails';
const impossible =
  'name: the shop has moved\n      url: https://www.shop.example/\n      expectStatus: 301\n      expectBefore: fails';

const forward = (text: string): string => text.replace('strategy: revert', 'strategy: forward-fix');

let released: SmallEstate;
let estate: SmallEstate;
let edge: Edge;
let before: readonly string[];

beforeAll(async () => {
  released = await releasedEstate();
  before = await live(released);
});
afterAll(() => released.remove());
beforeEach(async () => {
  estate = released.copy();
  edge = await startEdge({ store: `${estate.folder}/.sluice/sandbox` });
});
afterEach(async () => {
  await edge.close();
  estate.remove();
});

async function releaseAtEdge(change: Change): Promise<Ended> {
  merge(estate, change);
  return release(estate, change, { args: ['--edge', edge.url] });
}

describe('a probe that fails after the apply', () => {
  it('rolls the release back at once and says which probe it was', async () => {
    const ended = await releaseAtEdge({ id: 'CHG-2026-0101', edits: block, probes: [stillOpen] });
    expect(ended.stderr).toContain(
      'sluice: The release was rolled back: the probe "version 1 answers" failed',
    );
    expect(ended.stderr).toContain('Undone: R0003 of acme-production by R0004 (successful)');
    expect([ended.exit, ended.stdout]).toEqual(['denied', '']);
    expect(await live(estate)).toEqual(before);
    expect((await ledgerRows(estate)).map((row) => [row.action, row.result, row.undoes])).toEqual([
      ['release', 'failed-verification', []],
      ['rollback', 'successful', ['R0003']],
    ]);
  });

  it('is not held against the change when it failed before it too, which is said and recorded', async () => {
    const moved = impossible.replace('\n      expectBefore: fails', '');
    const ended = await releaseAtEdge({ id: 'CHG-2026-0101', edits: block, probes: [moved, closed] });
    expect([ended.exit, ended.stdout]).toEqual([
      'ok',
      expect.stringContaining(
        'not held against the change: the probe "the shop has moved" fails (answered 200, expected 301), as it did before the release',
      ),
    ]);
    const [row] = await ledgerRows(estate);
    expect([row?.result, row?.verification]).toMatchObject([
      'successful',
      {
        probes: [
          { name: 'the shop has moved', ok: false, counts: false, before: { ok: false } },
          { name: 'version 1 is closed', ok: true, before: { ok: false } },
        ],
      },
    ]);
  });

  it.each([
    [
      'a name',
      'localhost',
      /(?:127\.0\.0\.1|::1) is not a public address, and probeNetworks does not name it/,
    ],
    ['an address', '127.0.0.1', /rules: [^]*127\.0\.0\.1 is not a public address/],
  ])('that goes inside by %s stops the release before anything is applied', async (_what, host, text) => {
    const change: Change = {
      id: 'CHG-2026-0101',
      edits: block,
      probes: [stillOpen.replace('api.shop.example', host)],
    };
    merge(estate, change);
    const ended = await release(estate, change);
    expect([ended.exit, ended.stderr]).toEqual(['denied', expect.stringMatching(text)]);
    expect([await live(estate), await ledgerRows(estate)]).toEqual([before, []]);
  });

  it('leaves a stack that the next change can be released to, even when the probe tested what the change brought', async () => {
    const ended = await releaseAtEdge({ id: 'CHG-2026-0101', edits: block, probes: [closed, impossible] });
    expect([ended.exit, ended.stderr]).toEqual([
      'denied',
      expect.stringContaining('the probe "the shop has moved" failed'),
    ]);
    expect(await live(estate)).toEqual(before);
    const next = await releaseAtEdge({
      id: 'CHG-2026-0102',
      category: 'dns',
      edits: [
        ["mail: '203.0.113.3'", "mail: '203.0.113.4'"],
        ["action: 'block'", "action: 'log'"],
      ],
    });
    expect([next.exit, next.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
  });

  it('undoes nothing by itself when the record says forward-fix, and names the rollback', async () => {
    const change: Change = { id: 'CHG-2026-0101', edits: block, probes: [stillOpen], record: forward };
    const ended = await releaseAtEdge(change);
    expect(ended.stderr).toContain('R0003 was applied, but the probe "version 1 answers" failed');
    expect(ended.stderr).toContain('the rollback strategy is forward-fix');
    expect(ended.exit).toBe('partialApply');
    expect((await ledgerRows(estate)).map((row) => row.result)).toEqual(['failed-verification']);
    expect(JSON.stringify(await live(estate))).toMatch(
      /\\"action\\":\\"block\\"(?:(?!\\"action\\").)*\\"description\\":\\"Old API/,
    );
    const undone = await estate.sluice([...nextCommand(ended), '--edge', edge.url]);
    expect([undone.exit, undone.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(await live(estate)).toEqual(before);
  });

  it('ends as partialApply when the rollback breaks as well, and the named command finishes it', async () => {
    await estate.sluice([
      'sandbox',
      'fault',
      '--kind',
      'error',
      '--on',
      'update',
      '--call',
      '2',
      '--type',
      'cloudflare_ruleset',
    ]);
    const ended = await releaseAtEdge({ id: 'CHG-2026-0101', edits: block, probes: [stillOpen] });
    expect(ended.stderr).toContain(
      'could not be undone: R0004: the apply to acme-production broke off after 0 change(s)',
    );
    expect(ended.exit).toBe('partialApply');
    const undone = await estate.sluice([...nextCommand(ended), '--edge', edge.url]);
    expect([undone.exit, undone.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(await live(estate)).toEqual(before);
  });

  it('of the undone change that fails on the restored state as well is told after a rollback by hand', async () => {
    await releaseAtEdge({ id: 'CHG-2026-0101', edits: block, probes: [closed] });
    const undone = await estate.sluice([
      'rollback',
      'acme-production',
      '--reason',
      'callers were left',
      '--edge',
      edge.url,
    ]);
    expect(undone.stdout).toContain('R0004: acme-production is back');
    expect(undone.stdout).toContain(
      'These probes of the undone change do not pass on the restored state: version 1 is closed',
    );
    expect(undone.exit).toBe('undetermined');
    expect((await ledgerRows(estate)).at(-1)?.result).toBe('successful');
  });
});

describe('a release of two stacks', () => {
  const both: Change = {
    id: 'CHG-2026-0101',
    stacks: ['acme-production', 'acme-staging'],
    edits: [
      ...block,
      [
        "action: 'block', expression: '(http.host eq \"www.staging",
        "action: 'log', expression: '(http.host eq \"www.staging",
      ],
    ],
    probes: [stillOpen],
  };

  it('goes staging first, and rolls both back, newest first, when the second fails its verification', async () => {
    const ended = await releaseAtEdge(both);
    expect([ended.exit, ended.stderr]).toEqual([
      'denied',
      expect.stringContaining('The release was rolled back'),
    ]);
    expect((await ledgerRows(estate)).map((row) => [row.stack, row.action, row.result, row.undoes])).toEqual([
      ['acme-staging', 'release', 'successful', []],
      ['acme-production', 'release', 'failed-verification', []],
      ['acme-production', 'rollback', 'successful', ['R0004']],
      ['acme-staging', 'rollback', 'successful', ['R0003']],
    ]);
    expect(await live(estate)).toEqual(before);
  });
});
