/**
 * A real release that replaces objects or sets a setting of a zone is killed at one call of the API, and the way
 * out that is printed is followed to its end. What the run itself took away is not an edit by hand; what a hand took away is.
 */
import { describe, expect, it } from 'vitest';
import { ledgerRows, live, merge, release, type Change } from '../scenarios/change.ts';
import { withKeptSynth } from '../scenarios/cached-synth.ts';
import { inWindow } from '../scenarios/change/approved-facts.ts';
import { followToTheEnd, stack } from './crash/crash.ts';
import { at, expectClean, powerCut, struck, useWorld, wayOut } from './crash/world.ts';

/** A record of another type takes the place of the old one: it goes first. */
const replacing: Change = {
  id: 'CHG-2026-0703',
  category: 'dns',
  edits: [["api: '203.0.113.2', mail: '203.0.113.3'", "api: '2001:db8::2', mail: '2001:db8::3'"]],
};
const createFirst: Change = {
  id: 'CHG-2026-0704',
  category: 'dns',
  edits: [
    ["zone: 'shop.example',", "zone: 'shop.example', createFirst: true,"],
    ["api: '203.0.113.2'", "api: '2001:db8::2'"],
  ],
};
const settingOf = (id: string, from: string, to: string): Change => ({
  id,
  category: 'tls',
  edits: [[`zone: 'shop.example',${from}`, `zone: 'shop.example',${to}`]],
});
const low = " settings: { min_tls_version: '1.2' },";
const high = " settings: { min_tls_version: '1.3' },";

const world = useWorld();

async function results(): Promise<readonly (string | undefined)[]> {
  return (await ledgerRows(world.estate)).map(({ result }) => result);
}

describe('H44 a power cut in the middle of a replacement', () => {
  it.each([
    ['delete', 1, 'before'],
    ['delete', 1, 'after'],
    ['create', 1, 'before'],
    ['create', 1, 'after'],
    ['create', 2, 'after'],
  ] as const)('%s %i, %s it is carried out: everything is as before', async (operation, nth, when) => {
    const blow = { at: at(operation, nth, when), victims: powerCut };
    expect(await struck(world, replacing, blow)).toBeNull();
    const ends = await followToTheEnd(world.estate, wayOut);
    // What the run itself took away is not an edit by hand that somebody has to accept.
    expect(ends).toHaveLength(1);
    await expectClean(world, ends);
    expect(await live(world.estate)).toEqual(world.before);
    expect(await results()).toEqual(['aborted', 'successful']);
  });
});

describe('H45 a power cut where the new object stands beside the old one', () => {
  it.each([
    ['create', 'before', false],
    ['create', 'after', false],
    ['delete', 'before', true],
    ['delete', 'after', false],
  ] as const)('%s, %s: nothing stays that nobody named', async (operation, when, hangs) => {
    const blow = { at: at(operation, 1, when), victims: powerCut, hangs };
    expect(await struck(world, createFirst, blow)).toBeNull();
    const ends = await followToTheEnd(world.estate, wayOut);
    await expectClean(world, ends);
    expect(await live(world.estate)).toEqual(world.before);
  });
});

describe('H46 a power cut while a setting of a zone is set', () => {
  it.each(['before', 'after'] as const)('%s it is made: its value is the old one again', async (when) => {
    const blow = { at: at('create', 1, when, 'cloudflare_zone_setting'), victims: powerCut };
    expect(await struck(world, settingOf('CHG-2026-0705', '', low), blow)).toBeNull();
    const ends = await followToTheEnd(world.estate, wayOut);
    expect(ends).toHaveLength(1);
    await expectClean(world, ends);
    // Cloudflare keeps a setting that is deleted: it has the value that it had before anybody managed it.
    const rest = (await live(world.estate)).filter((object) => !world.before.includes(object));
    expect(rest.filter((object) => !object.includes('"value":"1.0"'))).toEqual([]);
    expect((await live(world.estate)).filter((object) => !rest.includes(object))).toEqual(world.before);
  });

  it.each(['before', 'after'] as const)('%s it is changed: its value is the old one again', async (when) => {
    const first = settingOf('CHG-2026-0705', '', low);
    merge(world.estate, first);
    const set = await release(world.estate, first);
    expect([set.exit, set.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    const before = await live(world.estate);
    const blow = { at: at('update', 1, when, 'cloudflare_zone_setting'), victims: powerCut };
    expect(await struck(world, settingOf('CHG-2026-0706', low, high), blow)).toBeNull();
    const out = wayOut.map((word) => word.replace('R0003', 'R0004'));
    await expectClean(world, await followToTheEnd(world.estate, out));
    expect(await live(world.estate)).toEqual(before);
  });
});

describe('H47 an object that is missing where a release is to replace it', () => {
  it('is its own doing when it broke off there: the same release goes on', async () => {
    const blow = { at: at('create', 1, 'before'), victims: ['provider'] as const };
    expect((await struck(world, replacing, blow))?.exit).toBe('partialApply');
    const again = await release(world.estate, replacing);
    expect([again.exit, again.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(await results()).toEqual(['failed', 'successful']);
  });

  it('was deleted by hand when no run broke off: the release is refused', async () => {
    const match = ['--type', 'cloudflare_dns_record', '--match', 'name=api.shop.example'];
    expect((await world.estate.sluice(['sandbox', 'drift', ...match, '--delete'])).exit).toBe('ok');
    merge(world.estate, replacing);
    const refused = await release(world.estate, replacing);
    expect([refused.exit, refused.stderr]).toEqual([
      'drift',
      expect.stringContaining('cloudflare_dns_record.api: approved as replace, Terraform would create it'),
    ]);
  });

  it('was deleted by hand when the run that broke off had replaced it: the rollback is refused', async () => {
    const blow = { at: at('create', 2, 'after'), victims: ['sluice'] as const };
    expect(await struck(world, replacing, blow)).toBeNull();
    const match = ['--type', 'cloudflare_dns_record', '--match', 'name=api.shop.example'];
    expect((await world.estate.sluice(['sandbox', 'drift', ...match, '--delete'])).exit).toBe('ok');
    const refused = await world.estate.sluice(wayOut, { TEST_NOW: inWindow }, withKeptSynth);
    expect([refused.exit, refused.stderr]).toEqual([
      'drift',
      expect.stringContaining(`Next: sluice rollback ${stack} --accept 'cloudflare_dns_record.api'`),
    ]);
  });
});
