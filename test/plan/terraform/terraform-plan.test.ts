import { describe, expect, it } from 'vitest';

import { changeKind } from '../../../scripts/provider/kind.ts';
import { formatPath } from '../../../scripts/plan/path.ts';
import { readPlan } from '../../../scripts/plan/read.ts';
import { readTerraformPlan } from '../../../scripts/plan/terraform/plan.ts';
import type { Json, JsonObject, StackPlan } from '../../../scripts/plan/types.ts';
import {
  actionsOf,
  attributeAt,
  capturedPlan,
  changeAt,
  diff,
  fixture,
  fixtureNames,
  pathsOf,
} from '../configurations.ts';

function read(document: unknown): StackPlan {
  const result = readTerraformPlan(document, 'acme-production');
  if (!result.ok) {
    throw new Error(result.diagnostics.map((item) => item.message).join('; '));
  }
  expect(readPlan(result.value)).toMatchObject({ ok: true });
  return result.value.stacks[0] as StackPlan;
}

function refused(document: unknown): string {
  const result = readTerraformPlan(document, 'acme-production');
  return result.ok ? 'accepted' : result.diagnostics.map((item) => item.message).join('; ');
}

function onlyChange(change: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    format_version: '1.2',
    resource_changes: [
      {
        address: 'cloudflare_ruleset.waf',
        mode: 'managed',
        type: 'cloudflare_ruleset',
        name: 'waf',
        provider_name: 'registry.terraform.io/cloudflare/cloudflare',
        change,
        ...more,
      },
    ],
  };
}

describe('a plan of real Terraform', () => {
  const plan = read(capturedPlan('terraform-data'));

  it('keeps action lists whole and lists moves', () => {
    expect(actionsOf(plan)).toEqual([
      'module.inner.terraform_data.inner: update',
      'terraform_data.after_name: no-op',
      'terraform_data.counted[1]: delete',
      'terraform_data.gone: delete',
      'terraform_data.leaving: forget',
      'terraform_data.provisioned: create',
      'terraform_data.record["mail"]: update',
      'terraform_data.record["new"]: create',
      'terraform_data.record["old"]: delete',
      'terraform_data.record["www"]: update',
      'terraform_data.safe: create+delete',
      'terraform_data.secret: update',
      'terraform_data.zone: delete+create',
    ]);
    const moved = changeAt(plan, 'terraform_data.after_name');
    expect([moved.movedFrom, changeKind(moved)]).toEqual(['terraform_data.before_name', 'move']);
  });

  it('keeps instance keys, replacing paths and unknowns', () => {
    expect(changeAt(plan, 'terraform_data.record["new"]').index).toBe('new');
    expect(changeAt(plan, 'terraform_data.counted[1]').index).toBe(1);
    const zone = changeAt(plan, 'terraform_data.zone');
    expect(zone.replacePaths.map(formatPath)).toEqual(['triggers_replace']);
    expect(
      pathsOf({ ...zone, attributes: zone.attributes.filter((item) => item.forcesReplacement) }),
    ).toEqual(['removed triggers_replace[value=a]', 'added triggers_replace[value=b]']);
    expect(zone.unknown).toContainEqual(['id']);
    expect(attributeAt(zone, 'id')).toMatchObject({ kind: 'changed', unknown: true });
  });

  it('keeps marks of sensitive values on the attribute and on the paths', () => {
    const secret = changeAt(plan, 'terraform_data.secret');
    expect(secret.sensitive).toContainEqual(['input', 'password']);
    expect(attributeAt(secret, 'input.password').sensitive).toBe(true);
    expect(secret.attributes.some((item) => formatPath(item.path) === 'input.user')).toBe(false);
  });

  it('tells providers, provisioners and modules, and counts both sides', () => {
    expect(plan.settings.after).toMatchObject({
      backend: null,
      provisioners: ['terraform_data.provisioned'],
      modules: [{ name: 'inner', source: './mod' }],
    });
    expect(plan.totals).toEqual({ before: 12, after: 10 });
  });

  it('with nothing to do has no change', () => {
    const quiet = read(capturedPlan('nothing-to-do'));
    expect(quiet.changes).toEqual([]);
    expect(quiet.totals.before).toBe(quiet.totals.after);
  });
});

/** What a module makes is in the plan of Terraform only, and the module call in the other one only. */
const resourcesOf = (plan: StackPlan): readonly string[] =>
  actionsOf({
    ...plan,
    changes: plan.changes.filter((item) => item.type !== 'module' && item.type !== 'provider'),
  });

const placesOf = (plan: StackPlan): readonly string[] =>
  pathsOf(changeAt(plan, 'cloudflare_ruleset.custom')).filter(
    (path) => path.startsWith('moved') || path.startsWith('added rules'),
  );

describe('what was predicted from the configurations is what Terraform plans', () => {
  it.each(fixtureNames)('%s', (name) => {
    const live = read(capturedPlan(name));
    const predicted = diff(fixture(name, 'before'), fixture(name, 'after'));
    expect(resourcesOf(predicted)).toEqual(resourcesOf(live));
  });

  it('and a reorder of rules reads the same in both', () => {
    const predicted = diff(fixture('saas-rulesets', 'before'), fixture('saas-rulesets', 'after'));
    expect(placesOf(read(capturedPlan('saas-rulesets')))).toEqual(placesOf(predicted));
  });

  it('and zones are known by name where the plan holds it', () => {
    const zones = new Set(read(capturedPlan('zone-replaced')).changes.map((change) => change.zone));
    expect([...zones].map(String).toSorted()).toEqual(['brindle-static.example', 'brindle.example']);
  });
});

describe('what cannot be read with certainty is refused', () => {
  const good = onlyChange({ actions: ['no-op'], before: {}, after: {} });

  it.each<[string, unknown, string]>([
    ['no object', [], 'this is not a Terraform plan'],
    ['no format', {}, 'it has no format_version'],
    ['a newer major format', { ...good, format_version: '2.0' }, 'the plan has format 2.0'],
    ['a plan that failed', { ...good, errored: true }, 'marked it as errored'],
    ['a plan with targets', { ...good, complete: false }, 'not complete'],
    ['deferred changes', { ...good, deferred_changes: [{}] }, 'deferred_changes'],
    ['action invocations', { ...good, action_invocations: [{}] }, 'action_invocations'],
    ['a state', { format_version: '1.0', values: {} }, 'this is a state'],
    ['changes that are not list', { format_version: '1.2', resource_changes: {} }, 'must be a list'],
    [
      'an entry that is not an object',
      { format_version: '1.2', resource_changes: [null] },
      'resource_changes[0] must be an object',
    ],
    ['an entry without address', onlyChange({ actions: ['create'] }, { address: '' }), 'is not complete'],
    ['an unknown mode', onlyChange({ actions: ['create'] }, { mode: 'ephemeral' }), 'is not complete'],
    ['an unknown action', onlyChange({ actions: ['explode'] }), 'an action list that is not known'],
    [
      'an unknown combination',
      onlyChange({ actions: ['update', 'delete'] }),
      'an action list that is not known',
    ],
    ['no action', onlyChange({ actions: [] }), 'an action list that is not known'],
    [
      'a no-op that changes something',
      onlyChange({ actions: ['no-op'], before: { proxied: true }, after: { proxied: false } }),
      'its values before and after differ',
    ],
    [
      'values that are not object',
      onlyChange({ actions: ['create'], before: null, after: 'x' }),
      '"after" that is neither',
    ],
  ])('%s', (_name, document, message) => {
    expect(refused(document)).toContain(message);
  });

  it('deep nesting is a message, not a crash', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`) as Json;
    expect(refused(onlyChange({ actions: ['create'], before: null, after: deep }))).toContain('nests deeper');
  });

  it('keys that reach for prototypes are data', () => {
    const after = JSON.parse(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    ) as Json;
    const plan = read(onlyChange({ actions: ['create'], before: null, after }));
    expect(pathsOf(changeAt(plan, 'cloudflare_ruleset.waf'))).toEqual([
      'added __proto__',
      'added constructor',
    ]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('a newer minor format, unknown top-level keys and no changes at all are accepted', () => {
    expect(refused({ ...good, format_version: '1.9', something_new: {} })).toBe('accepted');
    expect(read({ format_version: '1.2' }).changes).toEqual([]);
  });
});

describe('details', () => {
  it('shows rules by ref with what is unknown inside them', () => {
    const plan = read(
      onlyChange({
        actions: ['update'],
        before: { rules: [{ ref: 'a', id: '1', action: 'log' }], version: '3' },
        after: {
          rules: [
            { ref: 'new', action: 'block' },
            { ref: 'a', id: '1', action: 'block' },
          ],
          version: null,
        },
        after_unknown: { rules: [{ id: true }, {}], version: true },
      }),
    );
    const change = changeAt(plan, 'cloudflare_ruleset.waf');
    expect(pathsOf(change)).toEqual(['added rules[ref=new]', 'changed rules[ref=a].action']);
    expect(attributeAt(change, 'rules[ref=new]').unknown).toBe(true);
    expect(attributeAt(change, 'rules[ref=a].action').unknown).toBe(false);
    expect(change.unknown).toEqual([['rules', 0, 'id'], ['version']]);
  });

  it('a copy of a marked value in an attribute that is not marked counts as sensitive', () => {
    const plan = read(
      onlyChange({
        actions: ['update'],
        before: { description: 'x' },
        after: { description: 'marked-text', note: 'marked-text', name: 'plain' },
        after_sensitive: { description: true },
      }),
    );
    const change = changeAt(plan, 'cloudflare_ruleset.waf');
    expect(change.sensitive).toEqual([['description'], ['note']]);
    expect(attributeAt(change, 'note').sensitive).toBe(true);
    expect(attributeAt(change, 'name').sensitive).toBe(false);
  });

  it('a default that appears in the values is an update that changes nothing', () => {
    const plan = read(
      onlyChange({ actions: ['update'], before: { name: 'x' }, after: { name: 'x', description: '' } }),
    );
    expect(plan.changes).toEqual([]);
    expect(plan.folded).toEqual({ recomputed: 0, respelled: 1 });
  });

  it('a deposed object is a deletion of its own', () => {
    const plan = read(
      onlyChange({ actions: ['delete'], before: { name: 'x' }, after: null }, { deposed: '0a1b2c3d' }),
    );
    expect(actionsOf(plan)).toEqual(['cloudflare_ruleset.waf (deposed 0a1b2c3d): delete']);
    expect(plan.totals).toEqual({ before: 0, after: 0 });
  });

  it('drift is never part of the plan', () => {
    const drifted = {
      ...onlyChange({ actions: ['no-op'], before: {}, after: {} }),
      resource_drift: [{}, {}],
    };
    expect(read(drifted).changes).toEqual([]);
  });
});

describe('an update of a list in which only computed values change', () => {
  const listed = (items: Json): StackPlan =>
    read(
      onlyChange(
        {
          actions: ['update'],
          before: { name: 'office', kind: 'ip', items, num_items: 2 },
          after: { name: 'office', kind: 'ip', items },
          after_unknown: { num_items: true },
        },
        { address: 'cloudflare_list.office', type: 'cloudflare_list', name: 'office' },
      ),
    );

  it('is listed where the list has no items of its own: the update takes away those of cloudflare_list_item', () => {
    expect(actionsOf(listed(null))).toEqual(['cloudflare_list.office: update']);
  });

  it('is folded where the items are written in it', () => {
    expect(actionsOf(listed([{ ip: '192.0.2.1' }]))).toEqual([]);
  });
});
