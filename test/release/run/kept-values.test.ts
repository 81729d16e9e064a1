/**
 * Objects that Cloudflare keeps when Terraform deletes them: a rollback of the release that set one sets the value from
 * before again, and what cannot be undone is said before the approval and after the rollback.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ledgerRows,
  merge,
  nextCommand,
  release,
  releasedEstate,
  type Change,
} from '../../scenarios/change.ts';
import { withKeptSynth } from '../../scenarios/cached-synth.ts';
import type { Adjust, Ended, SmallEstate } from '../../scenarios/small-estate.ts';

const stack = 'acme-production';
const zone = "zone: 'shop.example',";
const setting = 'cloudflare_zone_setting';
const rollback = ['rollback', stack, '--reason', 'slower than before'];

function change(id: string, from: string, to: string, category = 'other'): Change {
  return { id, category, edits: [[from, to]] };
}

const hints = change('CHG-2026-0801', zone, `${zone} settings: { early_hints: 'on' },`);

/** The value of the only object of this type in the sandbox, managed or not. */
async function valueOf(estate: SmallEstate, type: string): Promise<unknown> {
  const ended = await estate.sluice(['sandbox', 'show', '--type', type, '--format', 'json']);
  const { objects } = JSON.parse(ended.stdout) as {
    readonly objects: readonly { readonly attributes: { readonly value?: unknown } }[];
  };
  expect(objects.length).toBeLessThan(2);
  return objects[0]?.attributes.value;
}

async function released(estate: SmallEstate, one: Change): Promise<string> {
  merge(estate, one);
  const ended = await release(estate, one);
  expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
  return ended.stdout;
}

async function rolledBack(estate: SmallEstate, args: readonly string[] = rollback): Promise<Ended> {
  const ended = await estate.sluice(args, {}, withKeptSynth);
  expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
  return ended;
}

describe('a setting of a zone that nobody managed before', () => {
  let start: SmallEstate;
  let estate: SmallEstate;
  beforeAll(async () => {
    start = await releasedEstate();
    await released(start, hints);
    estate = start.copy();
  });
  afterAll(() => {
    start.remove();
    estate.remove();
  });

  it('has the value from before again after the rollback, in no state', async () => {
    expect(await valueOf(estate, setting)).toBe('on');
    const ended = await rolledBack(estate);
    expect(ended.stdout).toMatch(/Set again: \S+: early_hints of zone \w+ becomes "off", as read before/);
    expect(ended.stdout).toMatch(/early_hints of zone \w+ is "off" again, as before; nobody manages it/);
    expect(await valueOf(estate, setting)).toBe('off');
    expect((await ledgerRows(estate)).map(({ result }) => result)).toEqual(['successful', 'successful']);
  });

  /** Breaks off around the second of the two applies, as if the process had ended there. */
  function broken(when: 'before' | 'after'): Adjust {
    let applies = 0;
    return (services) => ({
      ...withKeptSynth(services),
      terraform: (options) => {
        const real = services.terraform(options);
        return {
          ...real,
          apply: async (folder, file, update) => {
            applies += 1;
            const done = applies === 2 && when === 'before' ? null : await real.apply(folder, file, update);
            if (done === null || applies === 2) {
              throw new Error('the power went off');
            }
            return done;
          },
        };
      },
    });
  }

  it.each(['before', 'after'] as const)(
    'has it again by the printed command when the run ended %s the second apply',
    async (when) => {
      const copy = start.copy();
      const ended = await copy.sluice(rollback, {}, broken(when));
      expect([ended.exit, ended.stderr]).toEqual(['partialApply', expect.stringContaining('broke off')]);
      await rolledBack(copy, nextCommand(ended));
      expect(await valueOf(copy, setting)).toBe('off');
      expect((await ledgerRows(copy)).map(({ result }) => result)).toEqual([
        'successful',
        'aborted',
        'successful',
      ]);
      copy.remove();
    },
  );
});

describe('a setting that a change takes out of the code', () => {
  let estate: SmallEstate;
  beforeAll(async () => {
    estate = await releasedEstate();
  });
  afterAll(() => estate.remove());

  it('is shown as no longer managed, and stays; managed again and rolled back it is what it was', async () => {
    await released(estate, hints);
    const off = change('CHG-2026-0802', ` settings: { early_hints: 'on' },`, '');
    merge(estate, off);
    const check = await estate.sluice(['plan', stack], {}, withKeptSynth);
    expect(check.stdout).toContain('1 to forget');
    expect(check.stdout).toContain('value stays "on"');
    const ended = await release(estate, off);
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(await valueOf(estate, setting)).toBe('on');
    await released(estate, change('CHG-2026-0803', zone, `${zone} settings: { early_hints: 'off' },`));
    expect(await valueOf(estate, setting)).toBe('off');
    await rolledBack(estate);
    expect(await valueOf(estate, setting)).toBe('on');
  });
});

describe('an object of several values of which a release sets one', () => {
  const type = 'cloudflare_zone_dns_settings';
  const dns = (values: string): string => `${zone} others: { dns: { type: '${type}', ${values} } },`;
  const valuesOf = async (estate: SmallEstate): Promise<Readonly<Record<string, unknown>>> => {
    const ended = await estate.sluice(['sandbox', 'show', '--type', type, '--format', 'json']);
    const { objects } = JSON.parse(ended.stdout) as {
      readonly objects: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
    };
    return objects[0]?.attributes ?? {};
  };

  let estate: SmallEstate;
  beforeAll(async () => {
    estate = await releasedEstate();
    const both = dns('multi_provider: true, flatten_all_cnames: false');
    await released(estate, change('CHG-2026-0805', zone, both, 'dns'));
    await released(estate, change('CHG-2026-0806', both, zone, 'dns'));
  });
  afterAll(() => estate.remove());

  it('has the others again too, whatever they became', async () => {
    await released(estate, change('CHG-2026-0807', zone, dns('flatten_all_cnames: true'), 'dns'));
    const { zone_id: id } = await valuesOf(estate);
    const match = ['--match', `zone_id=${String(id)}`, '--set', 'multi_provider=false'];
    const drift = ['sandbox', 'drift', '--type', type, ...match];
    expect((await estate.sluice(drift)).exit).toBe('ok');
    expect(await valuesOf(estate)).toMatchObject({ multi_provider: false, flatten_all_cnames: true });
    const ended = await rolledBack(estate);
    expect(ended.stdout).toContain('"multi_provider":true');
    expect(await valuesOf(estate)).toMatchObject({ multi_provider: true, flatten_all_cnames: false });
  });
});

describe('what cannot be read before', () => {
  it('is said to stay, before the approval and after the rollback', async () => {
    const estate = await releasedEstate();
    const type = 'cloudflare_zone_subscription';
    const plan = `${zone} others: { plan: { type: '${type}', frequency: 'monthly' } },`;
    const bought = change('CHG-2026-0804', zone, plan);
    merge(estate, bought);
    const shown = await estate.sluice(['plan', stack], {}, withKeptSynth);
    expect(shown.stdout).toContain('a rollback does NOT undo this');
    const ended = await release(estate, bought);
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    const back = await rolledBack(estate);
    expect(back.stdout).toContain(`NOT undone: ${type}.plan stays as it is`);
    expect(back.stdout).toContain('is back as far as a plan shows');
    estate.remove();
  });
});
