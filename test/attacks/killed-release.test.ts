/**
 * A real release is killed at one call of the API, with the provider in a process of its own, and the way out
 * that is printed is followed to its end. Nothing stays at Cloudflare that is in no state, message or ledger entry.
 */
import { describe, expect, it } from 'vitest';
import { ledgerRows, live, type Change } from '../scenarios/change.ts';
import type { LiveFindings } from '../../scripts/live/types.ts';
import { followToTheEnd, stack, terraformEnded } from './crash/crash.ts';
import { at, expectClean, powerCut, record, struck, useWorld, wayOut } from './crash/world.ts';

const creating: Change = {
  id: 'CHG-2026-0701',
  category: 'dns',
  edits: [
    ["mail: '203.0.113.3'", "mail: '203.0.113.3', a: '203.0.113.4', b: '203.0.113.5', c: '203.0.113.6'"],
  ],
};
const deleting: Change = {
  id: 'CHG-2026-0702',
  category: 'dns',
  edits: [["api: '203.0.113.2', mail: '203.0.113.3'", '']],
};

const world = useWorld();

describe('H39 a power cut while records are created', () => {
  const moments = [1, 2, 3].flatMap((nth) =>
    (['before', 'after'] as const).map((when) => [nth, when] as const),
  );

  it.each(moments)('at create %i, %s it is carried out: everything is as before', async (nth, when) => {
    expect(await struck(world, creating, { at: at('create', nth, when), victims: powerCut })).toBeNull();
    // Requests that were under way are carried out all the same, as at Cloudflare: what counts is what is there.
    const made = (await live(world.estate)).filter((object) => !world.before.includes(object));
    expect(made.length).toBeGreaterThanOrEqual(when === 'after' ? nth : nth - 1);
    const ends = await followToTheEnd(world.estate, wayOut);
    await expectClean(world, ends);
    expect(await live(world.estate)).toEqual(world.before);
    const rows = await ledgerRows(world.estate);
    expect(rows.map(({ id, result }) => [id, result])).toEqual([
      ['R0003', 'aborted'],
      ['R0004', 'successful'],
    ]);
    expect((rows[0]?.completed ?? []).filter(({ action }) => action === 'create')).toHaveLength(made.length);
  });
});

describe('H40 a power cut while records are deleted', () => {
  it.each([
    [1, 'after'],
    [2, 'before'],
  ] as const)('at deletion %i, %s it is carried out: everything is as before', async (nth, when) => {
    expect(await struck(world, deleting, { at: at('delete', nth, when), victims: powerCut })).toBeNull();
    const ends = await followToTheEnd(world.estate, wayOut);
    await expectClean(world, ends);
    // The lock went with its process; who had held it, and since when, is said all the same.
    expect(ends[0]?.stderr).toMatch(
      /the lock note that \S+@\S+ at 20\S+ left was of a process that has ended/,
    );
    expect(await live(world.estate)).toEqual(world.before);
    expect((await ledgerRows(world.estate)).map(({ result }) => result)).toEqual(['aborted', 'successful']);
  });
});

describe('H41 a provider that dies in the middle', () => {
  it.each(['before', 'after'] as const)(
    '%s the second create: the named command puts it right',
    async (when) => {
      const ended = await struck(world, creating, { at: at('create', 2, when), victims: ['provider'] });
      expect(ended?.exit).toBe('partialApply');
      await expectClean(
        world,
        await followToTheEnd(world.estate, ['rollback', stack, '--reason', 'release R0003 broke off']),
      );
      expect(await live(world.estate)).toEqual(world.before);
    },
  );
});

describe('H42 a release that is killed alone', () => {
  it('leaves a Terraform that goes on to its end; the entry has all that it did', async () => {
    expect(await struck(world, creating, { at: at('create', 1, 'before'), victims: ['sluice'] })).toBeNull();
    const ends = await followToTheEnd(world.estate, wayOut);
    await expectClean(world, ends);
    expect(await live(world.estate)).toEqual(world.before);
    const [aborted] = await ledgerRows(world.estate);
    expect(aborted?.completed?.map(({ address }) => address).toSorted()).toEqual([
      `${record}.a`,
      `${record}.b`,
      `${record}.c`,
    ]);
  });

  it('has its changes in the entry when it dies after its state was written', async () => {
    // The first look at the zone is for the plan that is applied, the second for the one that verifies.
    const blow = { at: at('read', 2, 'before', 'cloudflare_zone'), victims: ['sluice'] as const };
    expect(await struck(world, creating, blow)).toBeNull();
    await expectClean(world, await followToTheEnd(world.estate, wayOut));
    expect(await live(world.estate)).toEqual(world.before);
    const [aborted] = await ledgerRows(world.estate);
    expect([aborted?.result, aborted?.completed?.length]).toEqual(['aborted', 3]);
  });

  it('is not given up while that Terraform still runs', async () => {
    const order = { at: at('create', 1, 'before'), victims: ['sluice'] as const, hangs: true };
    expect(await struck(world, creating, order)).toBeNull();
    const fingerprint = world.estate.fingerprint();
    const refused = await world.estate.sluice(wayOut);
    expect([refused.exit, refused.stderr]).toEqual([
      'externalTool',
      expect.stringMatching(/Terraform is at work on acme-production right now \(process \d+\)/),
    ]);
    expect(world.estate.fingerprint()).toBe(fingerprint);
    world.children.splice(0).forEach((child) => child.kill('SIGKILL'));
    const mark = await terraformEnded(world.estate);
    expect(refused.stderr).toContain(`Next: kill -INT ${String(mark?.pid)}`);
    await expectClean(world, await followToTheEnd(world.estate, wayOut));
    expect(await live(world.estate)).toEqual(world.before);
  });
});

describe('H48 an object of a type that cannot be asked for', () => {
  it('is named as not checked, in what is printed and in the entry', async () => {
    const others =
      "zone: 'shop.example', others: { eu: { type: 'cloudflare_regional_hostname', hostname: 'www.shop.example', region_key: 'eu' } },";
    const regional: Change = {
      id: 'CHG-2026-0707',
      category: 'other',
      edits: [["zone: 'shop.example',", others]],
    };
    const type = 'cloudflare_regional_hostname';
    const blow = { at: at('create', 1, 'after', type), victims: powerCut };
    expect(await struck(world, regional, blow)).toBeNull();
    const [ended] = await followToTheEnd(world.estate, wayOut);
    expect([ended?.exit, ended?.stdout]).toEqual([
      'ok',
      expect.stringContaining('back as far as a plan shows'),
    ]);
    const said = `Not checked at Cloudflare: ${type}.eu: objects of its type cannot be told by name.`;
    const [givenUp = ''] = ended?.stdout.split('Rolling back', 1) ?? [];
    expect(givenUp).toContain(said);
    for (const folder of ['0003', '0004']) {
      const path = `releases:releases/${folder}-${stack}/live-after.json`;
      const kept = JSON.parse(world.estate.git('show', path)) as LiveFindings;
      expect(kept.notAsked).toMatchObject([{ address: `${type}.eu`, type, hasFailed: false }]);
    }
  });
});
