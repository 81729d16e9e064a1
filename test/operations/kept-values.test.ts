/**
 * Objects that Cloudflare keeps when Terraform deletes them: a rollback of the release that set one sets the value from
 * before again, and what cannot be undone is said before the approval and after the rollback.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerRows, merge, release, releasedEstate, type Change } from '../commands/change.ts';
import { withKeptSynth } from '../commands/kept-synth.ts';
import type { SmallEstate } from '../commands/small-estate.ts';

const stack = 'acme-production';
const first = "zone: 'shop.example',";

function change(id: string, from: string, to: string): Change {
  return { id, category: 'other', edits: [[from, to]] };
}

/** The value of an object of this type in the sandbox, managed or not. */
async function valueOf(estate: SmallEstate, type: string): Promise<unknown> {
  const ended = await estate.sluice(['sandbox', 'show', '--type', type, '--format', 'json']);
  const { objects } = JSON.parse(ended.stdout) as {
    readonly objects: readonly { readonly attributes: { readonly value?: unknown } }[];
  };
  return objects[0]?.attributes.value;
}

async function released(estate: SmallEstate, one: Change): Promise<string> {
  merge(estate, one);
  const ended = await release(estate, one);
  expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
  return ended.stdout;
}

describe('a setting of a zone that nobody managed before', () => {
  let estate: SmallEstate;
  beforeAll(async () => {
    estate = await releasedEstate();
  });
  afterAll(() => estate.remove());

  it('has the value from before again after the rollback, in no state', async () => {
    await released(estate, change('CHG-2026-0801', first, `${first} settings: { early_hints: 'on' },`));
    expect(await valueOf(estate, 'cloudflare_zone_setting')).toBe('on');
    const ended = await estate.sluice(['rollback', stack, '--reason', 'slower'], {}, withKeptSynth);
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(ended.stdout).toMatch(/early_hints of zone \w+ is "off" again, as before; nobody manages it/);
    expect(await valueOf(estate, 'cloudflare_zone_setting')).toBe('off');
    const plan = await estate.sluice(['plan', stack, '--format', 'json'], {}, withKeptSynth);
    expect(plan.exit).toBe('ok');
    expect((await ledgerRows(estate)).map(({ result }) => result)).toEqual(['successful', 'successful']);
  });
});
