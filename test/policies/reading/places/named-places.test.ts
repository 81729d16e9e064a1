/** What a resource names: texts at a path on both sides, objects of the account, hosts. */
import { describe, expect, it } from 'vitest';
import { namedHosts, namedObjects, textsAt } from '../../../../policies/reading/places/named-places.ts';
import { indexPlan } from '../../../../policies/reading/plan-index.ts';
import type { JsonObject, Path, ResourceChange } from '../../../../scripts/plan/types.ts';
import { aChange, aPlan } from '../../../builders/plan.ts';
import { aRuleset, aWafRule } from '../../rules/cases/waf-cases.ts';

const known = (path: string, text: string) => ({ kind: 'known', path, text });
const unknown = (path: string, text: string | null) => ({ kind: 'unknown', path, text });

function edited(
  type: string,
  before: JsonObject | null,
  after: JsonObject | null,
  ...unknownAt: readonly Path[]
) {
  return aChange(`${type}.it`, ['update'], { before, after, unknown: unknownAt });
}

type Sides = readonly [before: JsonObject, after: JsonObject, ...unknownAt: Path[]];

describe('texts at a path', () => {
  const list = 'tags[]';
  const inBlock = 'account.id';

  it.each<[string, string, Sides, readonly unknown[]]>([
    ['the same on both sides comes once', 'name', [{ name: 'a' }, { name: 'a' }], [known('name', 'a')]],
    ['one on each side', 'name', [{ name: 'a' }, { name: 'b' }], [known('name', 'a'), known('name', 'b')]],
    ['what is not set, empty or no text is none', 'name', [{ name: '' }, { name: 7 }], []],
    ['each of a list', list, [{ tags: ['a', 'b'] }, {}], [known(list, 'a'), known(list, 'b')]],
    ['a text where a list belongs is none', list, [{ tags: 'ab' }, { tags: {} }], []],
    ['a reference, with its text', 'name', [{}, { name: '${var.a}' }], [unknown('name', '${var.a}')]],
    [
      'the reference that the block is',
      inBlock,
      [{}, { account: '${var.a}' }],
      [unknown(inBlock, '${var.a}')],
    ],
    [
      'what a plan leaves out, without a text',
      inBlock,
      [{}, { account: {} }, ['account', 'id']],
      [unknown(inBlock, null)],
    ],
    [
      'a block that a plan leaves out',
      inBlock,
      [{}, { account: null }, ['account']],
      [unknown(inBlock, null)],
    ],
    [
      'the old text is not an answer to what it will be',
      'name',
      [{ name: 'a' }, { name: 'a' }, ['name']],
      [known('name', 'a'), unknown('name', 'a')],
    ],
  ])('%s', (_, path, [before, after, ...unknownAt], expected) => {
    expect(textsAt(edited('cloudflare_x', before, after, ...unknownAt), path)).toEqual(expected);
  });
});

describe('objects of the account', () => {
  const bound = (id: string): ResourceChange =>
    edited('cloudflare_workers_script', null, { bindings: [{ namespace_id: id }] });

  it.each([
    ['${cloudflare_workers_kv_namespace.sessions.id}', 0],
    ['${cloudflare_workers_kv_namespace.sessions["a"].id}', 0],
    ['${cloudflare_workers_kv_namespace.sessions.id}0', 1],
    ['0${cloudflare_workers_kv_namespace.sessions.id}', 1],
    ['${data.cloudflare_workers_kv_namespace.sessions.id}', 1],
    ['0f2ac74b498b48028cb68387c421e279', 1],
  ])('%s names %d of another place', (id, count) => {
    expect(namedObjects(bound(id))).toHaveLength(count);
  });
});

describe('hosts', () => {
  const hostRule = (host: string) => aRuleset([aWafRule({ expression: `http.host eq "${host}"` })]);

  it('are those of the rules of the ruleset itself', () => {
    const plan = aPlan()
      .creating('cloudflare_ruleset.a', hostRule('a.example'))
      .creating('cloudflare_ruleset.b', hostRule('b.example'));
    const index = indexPlan(plan.build());
    expect(index.changes.map((change) => namedHosts(change, index))).toEqual([
      { hosts: [known('expression', 'a.example')], isConfined: true },
      { hosts: [known('expression', 'b.example')], isConfined: true },
    ]);
  });

  const ofApplication = (before: JsonObject | null, after: JsonObject | null) => {
    const change = edited('cloudflare_zero_trust_access_application', before, after);
    return namedHosts(change, indexPlan(aPlan().adding(change).build()));
  };
  const at = (parts: JsonObject): JsonObject => ({ domain: 'a.example', ...parts });

  it.each<[string, JsonObject | null, JsonObject | null, boolean]>([
    ['of the site is confined to its host', null, at({ type: 'self_hosted' }), true],
    ['of the site, by default, is confined to its host', null, at({}), true],
    ['of the site without a host is not', null, { type: 'self_hosted' }, false],
    ['that becomes another type is not', at({ type: 'self_hosted' }), at({ type: 'ssh' }), false],
    ['that was another type is not', at({ type: 'ssh' }), at({ type: 'self_hosted' }), false],
    ['of a type that is not known is not', null, at({ type: '${var.type}' }), false],
  ])('of an application %s', (_, before, after, isConfined) => {
    const named = ofApplication(before, after);
    expect(named?.isConfined).toBe(isConfined);
  });

  it('of an application elsewhere are none, and it reaches no other', () => {
    expect(ofApplication(null, at({ type: 'bookmark' }))).toEqual({ hosts: [], isConfined: true });
    expect(ofApplication(at({ type: 'saas' }), at({ type: 'bookmark' }))).toEqual({
      hosts: [],
      isConfined: true,
    });
    expect(ofApplication(at({ type: 'self_hosted' }), at({ type: 'bookmark' }))).toEqual({
      hosts: [known('domain', 'a.example')],
      isConfined: false,
    });
  });
});
