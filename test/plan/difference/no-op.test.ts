/** A no-op in any spelling is not a change: over all types of the provider, from the tables of facts themselves. */
import { describe, expect, it } from 'vitest';
import { cloudflareSource } from '../../../scripts/provider/facts.ts';
import { readTerraformPlan } from '../../../scripts/plan/terraform/plan.ts';
import type { Json, JsonObject, StackPlan } from '../../../scripts/plan/types.ts';
import { loadCatalogue } from '../../../scripts/sandbox/provider/catalogue.ts';
import { configure } from '../../sandbox/provider/filling.ts';
import { configuration, diff, pathsOf, zone, zoneId } from '../configurations.ts';
import {
  asV4,
  computedAnew,
  contents,
  defaulted,
  edited,
  respelled,
  spellable,
  thinned,
  v4Names,
  withAt,
  withOneSelector,
} from './no-op.ts';
import type { Kind, Speller } from './no-op.ts';

const catalogue = loadCatalogue();
const types = Object.entries(catalogue.resources);
const recordTypes = Object.keys(contents);
const scopes = { zone_id: zoneId, account_id: 'a'.repeat(32) };

/** A simple generator (Numerical Recipes' constants), so that a case can be found again. */
function speller(seed: number, seen: Set<Kind>): Speller {
  let state = seed;
  return {
    choose: (count) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state >>> 16) % count;
    },
    note: (kind) => void seen.add(kind),
  };
}

const only = (type: string, body: JsonObject): JsonObject =>
  configuration({ ...(type === 'cloudflare_zone' ? {} : { cloudflare_zone: zone }), [type]: { it: body } });

function said(before: JsonObject, after: JsonObject): readonly string[] {
  return diff(before, after).changes.flatMap((change) => [
    `${change.actions.join('+')} ${change.address}`,
    ...pathsOf(change),
  ]);
}

interface Planned {
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly unknown: JsonObject;
  readonly configured: readonly string[];
}

/** What is read of a plan of Terraform that updates one resource. */
function planned(type: string, { before, after, unknown, configured }: Planned): StackPlan {
  const address = `${type}.it`;
  const result = readTerraformPlan(
    {
      format_version: '1.2',
      resource_changes: [
        {
          address,
          mode: 'managed',
          type,
          name: 'it',
          provider_name: cloudflareSource,
          change: { actions: ['update'], before, after, after_unknown: unknown },
        },
        {
          address: 'cloudflare_zone.shop',
          mode: 'managed',
          type: 'cloudflare_zone',
          name: 'shop',
          provider_name: cloudflareSource,
          change: { actions: ['no-op'], before: zoneState, after: zoneState, after_unknown: {} },
        },
      ],
      configuration: {
        root_module: {
          resources: [{ address, expressions: Object.fromEntries(configured.map((name) => [name, {}])) }],
        },
      },
    },
    'acme-production',
  );
  if (!result.ok) {
    throw new Error(result.diagnostics.map(({ message }) => message).join('; '));
  }
  return result.value.stacks[0] as StackPlan;
}

const zoneState = { id: scopes.zone_id, name: 'shop.example' };
const seen = new Set<Kind>();
const seenLive = new Set<Kind>();

describe('a configuration in other words', () => {
  it.each(types)('is not a change: %s', (type, { attributes }) => {
    const found: { readonly said: readonly string[]; readonly before: Json; readonly after: Json }[] = [];
    for (let run = 0; run < 12; run += 1) {
      const chosen = speller(run * 7919 + type.length, seen);
      const whole = configure(attributes, { everything: true, edit: false, scopes }, true);
      const wide = spellable(type, whole, recordTypes[run % recordTypes.length] ?? 'A');
      const body = thinned(type, run % 2 === 0 ? wide : withOneSelector(wide), chosen);
      const [before, after] = [1, 2].map(() => respelled(type, attributes, body, chosen)) as [
        JsonObject,
        JsonObject,
      ];
      const differences = said(only(type, before), only(type, after));
      if (differences.length > 0) {
        found.push({ said: differences, before, after });
      }
    }
    expect(found).toEqual([]);
  });

  it.each(types)('still shows the one value that is another: %s', (type, { attributes }) => {
    for (let run = 0; run < 12; run += 1) {
      const chosen = speller(run * 104_729 + type.length, new Set());
      const whole = configure(attributes, { everything: true, edit: false, scopes }, true);
      const body = spellable(type, whole, recordTypes[run % recordTypes.length] ?? 'A');
      const changed = edited(type, body, chosen);
      const [before, after] = [body, changed].map((one) => respelled(type, attributes, one, chosen)) as [
        JsonObject,
        JsonObject,
      ];
      expect([type, before, after, said(only(type, before), only(type, after)).length]).not.toEqual([
        type,
        before,
        after,
        0,
      ]);
    }
  });

  it.each(types)(
    'is not a change in a plan of Terraform, computed values beside it: %s',
    (type, { attributes }) => {
      for (let run = 0; run < 6; run += 1) {
        const chosen = { ...speller(run * 15_485_863 + type.length, seenLive), typed: true as const };
        const whole = configure(attributes, { everything: true, edit: false, scopes }, true);
        const wide = spellable(type, whole, recordTypes[run % recordTypes.length] ?? 'A');
        const { paths, body } = computedAnew(type, defaulted(type, wide, chosen));
        const after = respelled(type, attributes, body, chosen);
        const plan = planned(type, {
          before: paths.reduce((object, path) => withAt(object, path, 'old'), body),
          after,
          configured: Object.keys(body),
          unknown: paths.reduce<JsonObject>((object, path) => withAt(object, path, true), {}),
        });
        expect([type, body, after, plan.changes.flatMap(pathsOf)]).toEqual([type, body, after, []]);
        expect(plan.folded?.recomputed ?? 0).toBe(paths.length === 0 ? 0 : 1);
      }
    },
  );

  it.each(v4Names)('is not a change in version 4, and a move is nothing else: %s', (name, kind) => {
    const { attributes = {} } = catalogue.resources[kind] ?? {};
    for (let run = 0; run < 6; run += 1) {
      const chosen = speller(run * 32_452_843 + name.length, new Set());
      const whole = configure(attributes, { everything: true, edit: false, scopes }, true);
      const wide = spellable(kind, whole, recordTypes[run % recordTypes.length] ?? 'A');
      const body = thinned(kind, withOneSelector(wide), chosen);
      const [before, after] = [1, 2].map(() => respelled(kind, attributes, body, chosen)) as [
        JsonObject,
        JsonObject,
      ];
      const [old, now] = [asV4(name, kind, before), asV4(name, kind, after)];
      expect([name, old, now, said(only(name, old), only(name, now))]).toEqual([name, old, now, []]);
      const moved = {
        ...only(kind, after),
        ...(name === kind ? {} : { moved: [{ from: `${name}.it`, to: `${kind}.it` }] }),
      };
      const told = diff(only(name, old), moved).changes.flatMap(pathsOf);
      expect([name, old, after, told]).toEqual([name, old, after, []]);
    }
  });

  it('was spelled in every way that the tables know', () => {
    const all: Readonly<Record<Kind, true>> = {
      caseless: true,
      json: true,
      rfc3339: true,
      'dns-name': true,
      'dns-content': true,
      set: true,
      'set in a set': true,
      default: true,
      'object default': true,
      'conditional default': true,
      null: true,
      text: true,
    };
    expect([...seen].toSorted()).toEqual(Object.keys(all).toSorted());
  });
});
