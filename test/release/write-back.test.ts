/** A rollback restores every live value, or said that it would not: over small estates of settings, without Terraform. */
import { describe, expect, it } from 'vitest';
import { settingPath } from '../../scripts/live/inquiry.ts';
import { isRestorable } from '../../scripts/live/retained.ts';
import type { LiveBefore, LiveSetting } from '../../scripts/live/types.ts';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import { diffBundles } from '../../scripts/plan/difference/diff.ts';
import type { Bundle, Json, JsonObject } from '../../scripts/plan/types.ts';
import { leftoversOf, toWriteBack, valuesBefore, withValues } from '../../scripts/release/write-back.ts';
import { terraform } from '../attacks/estate.ts';

const zone = 'z'.repeat(32);
const names = ['early_hints', 'brotli', 'http3', 'ssl'];

type Settings = Readonly<Record<string, string>>;

function bundle(settings: Settings): Bundle {
  const blocks = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, { zone_id: zone, setting_id: name, value }]),
  );
  return canonicalBundle('acme-production', {
    terraform,
    resource: { cloudflare_zone_setting: blocks },
  });
}

function settingsOf({ configuration }: Bundle): readonly JsonObject[] {
  const types = (configuration['resource'] ?? {}) as Readonly<Record<string, JsonObject>>;
  return Object.values(types['cloudflare_zone_setting'] ?? {}) as readonly JsonObject[];
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function pathOf(name: string): string {
  return settingPath('cloudflare_zone_setting', { zone_id: zone, setting_id: name }) ?? '';
}

function asked(name: string, value: Json): LiveSetting {
  const type = 'cloudflare_zone_setting';
  const own = { zone_id: zone, setting_id: name };
  return {
    address: `${type}.${name}`,
    type,
    identity: name,
    path: pathOf(name),
    names: own,
    sets: ['value'],
    value,
  };
}

/** Cloudflare: applying sets what the configuration has, and deleting changes nothing. */
function apply(live: Map<string, Json>, target: Bundle): void {
  for (const { setting_id: name, value } of settingsOf(target)) {
    live.set(textOf(name), value ?? null);
  }
}

/** Every third number of a simple generator (Numerical Recipes' constants), so that a case can be found again. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state >>> 16;
  }
}

function some(next: Generator<number>): Settings {
  const values = ['on', 'off', 'auto'];
  const number = (): number => Number(next.next().value ?? 0);
  return Object.fromEntries(
    names.filter(() => number() % 2 === 0).map((name) => [name, values[number() % values.length] ?? '']),
  );
}

/** What is read before a release: of everything that it makes. */
function lookBefore(live: ReadonlyMap<string, Json>, from: Bundle, to: Bundle, at: string): LiveBefore {
  const made = diffBundles({ stack: to.stack, before: from, after: to }).changes.filter(({ actions }) =>
    actions.includes('create'),
  );
  const settings = made.map(({ name }) => asked(name, live.get(name) ?? null));
  return { kind: 'sluice.live', version: 1, at, asked: [], found: [], settings, notAsked: [], planned: [] };
}

describe('a rollback over generated settings', () => {
  it.each(Array.from({ length: 150 }, (_, seed) => seed))('number %i', (seed) => {
    const next = numbers(seed);
    const unmanaged = some(next);
    const steps = [bundle(some(next)), bundle(some(next)), bundle(some(next))];
    const [start = bundle({})] = steps;
    const live = new Map<string, Json>(Object.entries(unmanaged));
    apply(live, start);
    const wanted = new Map(live);
    const befores: LiveBefore[] = [];
    for (const [index, step] of steps.slice(1).entries()) {
      befores.push(lookBefore(live, steps[index] ?? start, step, `2026-11-2${String(index)}T00:00:00Z`));
      apply(live, step);
    }
    const from = steps.at(-1) ?? start;
    const plan = diffBundles({ stack: start.stack, before: from, after: start });
    const before = valuesBefore(befores);
    const now = before.map((setting) => ({ ...setting, value: live.get(setting.identity) ?? null }));
    const managed = new Set(settingsOf(from).map(({ setting_id: name }) => pathOf(textOf(name))));
    const again = toWriteBack({ before, now, plan, managed });
    apply(live, withValues(start, from, again));
    const unsaid = [...live].filter(
      ([name, value]) =>
        wanted.get(name) !== value &&
        !before.some((setting) => setting.identity === name && !isRestorable(setting)),
    );
    expect(unsaid).toEqual([]);
    // A second attempt, wherever the first one broke off, finds nothing more to set and may take out what was left.
    const later = before.map((setting) => ({ ...setting, value: live.get(setting.identity) ?? null }));
    expect(toWriteBack({ before, now: later, plan, managed })).toEqual([]);
    const left = diffBundles({ stack: start.stack, before: withValues(start, from, again), after: start });
    const allowed = leftoversOf(start, from, before).changes.map(({ address }) => address);
    expect(allowed).toEqual(expect.arrayContaining(left.changes.map(({ address }) => address)));
  });
});

describe('what is set again', () => {
  const before = [asked('early_hints', 'off')];
  const now = [asked('early_hints', 'on')];
  const plan = diffBundles({
    stack: 'acme-production',
    before: bundle({ early_hints: 'on' }),
    after: bundle({}),
  });
  const managed = new Set([pathOf('early_hints')]);

  it('goes through the provider that managed it, and is written as it stands', () => {
    const one = [asked('early_hints', '${x} %{y}')];
    const from = canonicalBundle('acme-production', {
      terraform,
      resource: {
        cloudflare_zone_setting: {
          early_hints: { provider: 'cloudflare.eu', zone_id: zone, setting_id: 'early_hints', value: 'on' },
        },
      },
    });
    expect(settingsOf(withValues(bundle({}), from, one))).toEqual([
      { provider: 'cloudflare.eu', setting_id: 'early_hints', value: '$${x} %%{y}', zone_id: zone },
    ]);
  });

  it('is nothing that Cloudflare does not have, that did not change, or that was not told', () => {
    expect(toWriteBack({ before, now, plan, managed })).toEqual(before);
    expect(toWriteBack({ before, now: before, plan, managed })).toEqual([]);
    expect(toWriteBack({ before, now: [], plan, managed })).toEqual([]);
    expect(toWriteBack({ before, now: [asked('early_hints', null)], plan, managed })).toEqual([]);
    expect(toWriteBack({ before: [asked('early_hints', null)], now, plan, managed })).toEqual([]);
  });

  it('is nothing that stays managed', () => {
    const stays = diffBundles({
      stack: 'acme-production',
      before: bundle({ early_hints: 'on', ssl: 'full' }),
      after: bundle({ early_hints: 'on' }),
    });
    expect(toWriteBack({ before, now, plan: stays, managed })).toEqual([]);
  });

  it('is nothing of a zone that goes', () => {
    const gone = {
      ...plan,
      changes: plan.changes.map((change) => ({
        ...change,
        type: 'cloudflare_zone',
        before: { id: zone, name: 'shop.example' },
      })),
    };
    expect(toWriteBack({ before, now, plan: gone, managed: new Set() })).toEqual([]);
  });
});
