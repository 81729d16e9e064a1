/** What a catalogue entry lets through, and everything beside it that it does not. */
import { describe, expect, it } from 'vitest';
import { planProblems } from '../../../policies/catalogue/scope.ts';
import type { CatalogueEntry } from '../../../policies/model/facts.ts';
import type { Json, JsonObject, ResourceChange, StackSettings } from '../../../scripts/plan/types.ts';
import { aRuleInput } from '../../builders/facts.ts';
import { aChange, aPlan } from '../../builders/plan.ts';
import type { PlanBuilder } from '../../builders/plan.ts';
import { aPolicySet } from '../../builders/policy.ts';
import { cloudflare, newBindings } from './new-bindings.ts';

const [shipped] = aPolicySet().catalogue.entries;
if (shipped === undefined) {
  throw new Error('no catalogue entry to start from');
}

type Scope = CatalogueEntry['scope'];

const type = 'cloudflare_list';
const address = `${type}.it`;
const entry = (parts: Partial<Scope> = {}): CatalogueEntry => ({
  ...shipped,
  scope: {
    resourceTypes: [type],
    actions: ['create', 'update', 'delete'],
    attributes: ['name', 'kind', 'items[]', 'ttl', 'on', 'settings', 'description', 'pattern'],
    environments: ['production'],
    maxChanges: 10,
    providerPatch: false,
    ...parts,
  },
});

const problems = (plan: PlanBuilder, parts: Partial<Scope> = {}) =>
  planProblems(entry(parts), aRuleInput({ plan: plan.build(), ...newBindings() }));

const at = `acme-production/${address}`;
const change = (actions: ResourceChange['actions'], parts: Partial<ResourceChange> = {}) =>
  aPlan().adding({ ...aChange(address, actions), ...parts });
const create = (after: JsonObject, parts: Partial<ResourceChange> = {}) =>
  change(['create'], { before: null, after, ...parts });

type Attribute = ResourceChange['attributes'][number];
const attribute = (path: Attribute['path'], parts: Partial<Attribute> = {}): Attribute =>
  ({ path, kind: 'changed', unknown: false, sensitive: false, before: 1, after: 2, ...parts }) as Attribute;
const update = (...attributes: readonly Attribute[]) =>
  change(['update'], { before: { items: [] }, after: { items: [] }, attributes });

describe('the resources of an entry', () => {
  it('are of its types, under management, where they were', () => {
    expect(problems(create({}))).toEqual([]);
    expect(problems(create({}), { resourceTypes: ['cloudflare_zone'] })).toEqual([
      `${at}: ${type} is not one of the resource types of the entry`,
    ]);
    const other = `${at}: is read or moved, which the entry does not allow`;
    expect(problems(create({}, { mode: 'data' }))).toEqual([other]);
    expect(problems(create({}, { movedFrom: 'cloudflare_list.was' }))).toEqual([other]);
  });

  it('are not replaced, and changed only by the actions of the entry', () => {
    const replaced = change(['delete', 'create']);
    expect(problems(replaced)).toEqual([`${at}: is replaced (delete, create), which no entry allows`]);
    expect(problems(change(['update'], { replacePaths: [['name']] }))[0]).toContain('is replaced (update)');
    expect(problems(create({}), { actions: ['update', 'create'] })).toEqual([]);
    expect(problems(create({}), { actions: ['update'] })).toEqual([
      `${at}: create is not one of the actions of the entry`,
    ]);
    expect(problems(change([]))).toEqual([`${at}: no action is not one of the actions of the entry`]);
  });

  it('are as many as it allows: one per creation, one per element or attribute of an update', () => {
    const most = (maxChanges: number, plan: PlanBuilder) => problems(plan, { maxChanges });
    const elements = update(
      attribute(['items', { by: 'ip', is: 'a' }, 'ip']),
      attribute(['items', { by: 'ip', is: 'a' }, 'comment']),
      attribute(['items', { by: 'ip', is: 'b' }]),
      attribute(['settings', 'deep']),
      attribute(['settings', 'other']),
      attribute(['settings', 'third']),
    );
    expect(most(5, elements)).toEqual([]);
    expect(most(4, elements)).toEqual(['the plan makes 5 changes; the entry allows 4']);
    expect(most(0, create({}))).toEqual(['the plan makes 1 changes; the entry allows 0']);
    const bare = change(['update'], { before: {}, after: {}, attributes: [] });
    expect(most(0, bare)).toContain('the plan makes 1 changes; the entry allows 0');
  });

  it('keep their lifecycle settings', () => {
    const lifecycle = (preventDestroy: boolean) => ({ preventDestroy, ignoreChanges: [] }) as never;
    const changed = { ...attribute(['name']) };
    const lived = (before: boolean | null, after: boolean | null) =>
      problems(
        change(['update'], {
          before: {},
          after: {},
          attributes: [changed],
          lifecycle: {
            before: before === null ? null : lifecycle(before),
            after: after === null ? null : lifecycle(after),
          },
        }),
      );
    expect(lived(true, true)).toEqual([]);
    expect(lived(true, false)).toEqual([`${at}: its lifecycle settings change`]);
    expect(lived(null, true)).toEqual([]);
    expect(lived(true, null)).toEqual([]);
  });
});

describe('the attributes of an entry', () => {
  it('are all that a creation may set', () => {
    const attributes = ['name', 'items[]'];
    expect(problems(create({ name: 'x', items: [{ ip: 'a' }] }), { attributes })).toEqual([]);
    expect(problems(create({ name: 'x', kind: 'ip' }), { attributes })).toEqual([
      `${at}: kind is not one of the attributes of the entry`,
    ]);
  });

  it('do not bind a deletion', () => {
    const gone = change(['delete'], { before: { kind: 'ip' }, after: null, attributes: [] });
    expect(problems(gone, { attributes: ['name'] })).toEqual([]);
  });

  it('are all that an update may change, known and in place', () => {
    const attributes = ['items[]'];
    const inList = attribute(['items', { by: 'ip', is: 'a' }, 'ip']);
    expect(problems(update(inList), { attributes })).toEqual([]);
    const added = attribute(['items', { by: 'ip', is: 'a' }], {
      before: undefined,
      after: { ip: 'a', wide: true },
    } as unknown as Partial<Attribute>);
    expect(problems(update(added), { attributes })).toEqual([]);
    expect(problems(update(added), { attributes: ['items[].ip'] })).toEqual([
      `${at}: items[].wide may not change (changed)`,
    ]);
    expect(problems(update(inList), { attributes: [] })).toHaveLength(1);
    expect(problems(update(attribute(['kind'])), { attributes })).toEqual([
      `${at}: kind may not change (changed)`,
    ]);
    expect(problems(update({ ...inList, unknown: true }), { attributes })).toHaveLength(1);
    expect(problems(update({ ...inList, kind: 'moved' }), { attributes })).toEqual([
      `${at}: items[].ip may not change (moved)`,
    ]);
    expect(problems(update(), { attributes })).toEqual([`${at}: is updated, and no attribute says how`]);
  });

  it.each([
    'id',
    'created_on',
    'modified_on',
    'comment_modified_on',
    'tags_modified_on',
    'num_items',
    'num_referencing_filters',
    'operation_id',
    'proxiable',
    'client_secret',
    'expires_at',
    'meta',
  ])('may be unknown where only the provider writes them: %s', (name) => {
    expect(problems(create({}, { unknown: [[name]] }))).toEqual([]);
  });

  it('are known otherwise, but for the id of a zone that the plan knows', () => {
    expect(problems(create({}, { unknown: [['name'], ['deep', 'id']] }))).toEqual([
      `${at}: name is not known before apply`,
      `${at}: deep.id is not known before apply`,
    ]);
    expect(problems(create({}, { unknown: [['zone_id']], zone: 'shop.example' }))).toEqual([]);
    expect(problems(create({}, { unknown: [['zone_id']], zone: null }))).toContain(
      `${at}: zone_id is not known before apply`,
    );
    expect(problems(create({}, { unknown: [['account_id']], zone: 'shop.example' }))).toContain(
      `${at}: account_id is not known before apply`,
    );
  });
});

describe('the values of an entry', () => {
  const values = { name: 'ab*' };

  it('match on every side, as text, and are known', () => {
    expect(problems(create({ name: 'abc' }), { values })).toEqual([]);
    const mismatch = [`${at}: name does not match ab*, or is not known`];
    expect(problems(create({ name: 'xbc' }), { values })).toEqual(mismatch);
    expect(problems(create({ name: 'ab${local.x}' }), { values })).toEqual(mismatch);
    expect(problems(create({ name: 'ab%{if x}' }), { values })).toEqual(mismatch);
    expect(problems(create({ name: ['ab'] }), { values })).toEqual(mismatch);
    expect(problems(create({}), { values })).toEqual([`${at}: name is not set, and must match ab*`]);
    expect(problems(create({ ttl: 300, on: true }), { values: { ttl: '300', on: 'true' } })).toEqual([]);
    const was = change(['delete'], { before: { name: 'xyz' }, after: null, attributes: [] });
    expect(problems(was, { values })).toEqual(mismatch);
  });

  it('match in every element that is there', () => {
    const list = (...ips: readonly string[]) => create({ items: ips.map((ip) => ({ ip })) });
    const inList = { 'items[].ip': '192.0.2.*' };
    expect(problems(list('192.0.2.1', '192.0.2.2'), { values: inList })).toEqual([]);
    expect(problems(list('192.0.2.1', '198.51.100.1'), { values: inList })).toHaveLength(1);
  });

  const inList = { 'items[].ip': '192.0.2.*' };
  /** An update as a plan writes it: both lists, and the elements that come and go. */
  const listed = (before: readonly Json[], after: readonly Json[]) =>
    change(['update'], {
      before: { items: before },
      after: { items: after },
      attributes: [attribute(['items', { by: 'ip', is: 'a' }], { before, after })],
    });

  it('bind, in an update of a list, the elements that change', () => {
    const element = (before: JsonObject | undefined, after: JsonObject | undefined) =>
      problems(listed(before === undefined ? [] : [before], after === undefined ? [] : [after]), {
        values: inList,
      });
    const mismatch = [`${at}: items[].ip does not match 192.0.2.*, or is not known`];
    expect(element(undefined, { ip: '192.0.2.1' })).toEqual([]);
    expect(element(undefined, { ip: '198.51.100.1' })).toEqual(mismatch);
    expect(element({ ip: '198.51.100.1' }, undefined)).toEqual(mismatch);
    expect(element({ ip: '198.51.100.1' }, { ip: '192.0.2.1' })).toEqual(mismatch);
    expect(element(undefined, { ip: { deep: '192.0.2.1' } })).toEqual(mismatch);
    expect(element(undefined, { comment: 'x' })).toEqual([
      `${at}: items[].ip is not set, and must match 192.0.2.*`,
    ]);
  });

  it('bind the whole of an element of which a part changes, and nothing of one that stays', () => {
    const wide = { ip: '198.51.100.0/24' };
    expect(problems(listed([wide], [wide, { ip: '192.0.2.1' }]), { values: inList })).toEqual([]);
    expect(problems(listed([wide], [{ ...wide, comment: 'x' }]), { values: inList })).toHaveLength(1);
    expect(problems(update(attribute(['description'])), { values: inList })).toEqual([]);
  });

  it('may be absent where they are bound only if they are set', () => {
    const valuesIfSet = { 'items[].deep': 'false', on: 'false' };
    const side = (deep: Json) => listed([], [{ ip: '192.0.2.1', ...(deep === null ? {} : { deep }) }]);
    expect(problems(side(null), { valuesIfSet })).toEqual([]);
    expect(problems(side(false), { valuesIfSet })).toEqual([]);
    expect(problems(side(true), { valuesIfSet })).toEqual([
      `${at}: items[].deep does not match false, or is not known`,
    ]);
    expect(problems(create({ on: true }), { valuesIfSet })).toHaveLength(1);
    expect(problems(create({ on: null }), { valuesIfSet })).toEqual([]);
  });

  it('are not the same address where an entry keeps two apart', () => {
    const apart = [['items[].from', 'items[].to']] as const;
    const pair = (from: Json, to: Json) => problems(listed([], [{ from, to }]), { apart });
    const loop = [`${at}: items[].from and items[].to are the same address`];
    expect(pair('www.shop.example/a', 'https://www.shop.example/b')).toEqual([]);
    expect(pair('www.shop.example/a', 'https://www.shop.example/')).toEqual([]);
    expect(pair('www.shop.example/a', 'https://www.shop.example/a')).toEqual(loop);
    expect(pair('www.shop.example/a/', 'HTTPS://WWW.shop.example/a?again')).toEqual(loop);
    const crossed = [
      { from: 'a.example/x', to: 'https://b.example/x' },
      { from: 'b.example/x', to: 'https://a.example/y' },
    ];
    expect(problems(listed([], crossed), { apart })).toEqual([]);
  });
});

describe('the stacks of an entry', () => {
  it('are registered, and of its environments', () => {
    const stage = (name: string) =>
      aPlan()
        .withoutStack('acme-production')
        .inStack(name)
        .adding(aChange(address, ['create'], { stack: name }));
    expect(problems(stage('lab'))).toEqual(['stack lab is in no service register']);
    expect(problems(stage('acme-staging'))).toEqual([
      'stack acme-staging is staging; the entry is for production',
    ]);
    expect(problems(stage('acme-staging'), { environments: ['staging', 'production'] })).toEqual([]);
  });

  it('change something, in one of them at least', () => {
    expect(problems(aPlan())).toEqual(['the plan changes nothing: there is nothing to pre-approve']);
    expect(problems(create({}).inStack('acme-staging'))).toEqual([]);
    expect(problems(create({}).inStack('lab'))).toEqual([]);
  });
});

describe('what an entry reaches', () => {
  const route = (pattern: string, environments: Scope['environments']) =>
    problems(
      aPlan()
        .withoutStack('acme-production')
        .inStack('acme-staging')
        .creating('cloudflare_workers_route.it', { pattern }),
      { resourceTypes: ['cloudflare_workers_route'], environments },
    );
  const subject = 'acme-staging/cloudflare_workers_route.it';

  it('is of its own stack, or of another of its environments', () => {
    expect(route('www.staging-shop.example/*', ['staging'])).toEqual([]);
    expect(route('www.shop.example/*', ['staging'])).toEqual([
      `${subject}: acts on www.shop.example, which is of acme-production`,
    ]);
    expect(route('www.shop.example/*', ['staging', 'account'])).toHaveLength(1);
    expect(route('www.shop.example/*', ['staging', 'production'])).toEqual([]);
  });

  it('is somebody’s, and known', () => {
    expect(route('www.other.example/*', ['staging', 'production'])).toEqual([
      `${subject}: acts on www.other.example, which is nobody's`,
    ]);
    expect(route('a b/*', ['staging', 'production'])).toEqual([
      `${subject}: the host in pattern is not known before apply`,
    ]);
  });
});

describe('a new version of a provider', () => {
  const [stack] = aPlan().build().stacks;
  const settings = (...versions: readonly (string | null)[]): StackSettings => ({
    ...(stack?.settings.after as StackSettings),
    providers: versions.map((version, index) => ({ name: `p${String(index)}`, source: cloudflare, version })),
  });
  const bump = (before: StackSettings | null, after: StackSettings | null, providerPatch = true) =>
    problems(create({}).inStack('acme-production', { settings: { before, after } }), { providerPatch });
  const more = [
    'stack acme-production: more than the patch version of a provider changes around its resources',
  ];

  it.each([
    ['5.14.0', '5.14.1'],
    ['5.14.9', '5.14.10'],
    ['10.0.0', '10.0.1'],
  ])('is a patch from %s to %s', (before, after) => {
    expect(bump(settings(before), settings(after))).toEqual([]);
    expect(bump(settings(before, '1.0.0'), settings(after, '1.0.0'))).toEqual([]);
    expect(bump(settings(before), settings(after), false)).toEqual([
      'stack acme-production: providers, backend or other settings change',
    ]);
  });

  it.each<[string | null, string | null]>([
    ['5.14.1', '5.14.0'],
    ['5.14.0', '5.15.1'],
    ['5.14.0', '6.14.1'],
    ['5.14.0', '~> 5.14.1'],
    ['~> 5.14.0', '5.14.1'],
    ['5.14.0', '5.14.1-beta'],
    ['5.14.0-beta', '5.14.1'],
    [null, '5.14.1'],
    ['5.14.0', null],
  ])('is more than a patch from %s to %s', (before, after) => {
    expect(bump(settings(before), settings(after))).toEqual(more);
    expect(bump(settings('1.0.0', before), settings('1.0.1', after))).toEqual(more);
  });

  it('is judged by the packages of the provider that rises, whatever stands beside it', () => {
    const random = 'registry.terraform.io/hashicorp/random';
    const beside = (version: string): StackSettings => ({
      ...settings(),
      providers: [
        { name: 'p0', source: cloudflare, version },
        { name: 'p1', source: random, version: '3.6.0' },
      ],
    });
    expect(bump(beside('5.14.0'), beside('5.14.1'))).toEqual([]);
  });

  it('is more than a patch when something else changes, comes or goes', () => {
    expect(bump(settings('5.14.0'), { ...settings('5.14.1'), requiredVersion: '>= 9' } as never)).toEqual(
      more,
    );
    expect(bump(settings('5.14.0'), settings('5.14.1', '1.0.0'))).toEqual(more);
    expect(bump(null, settings('5.14.1'))).toEqual(more);
    expect(bump(settings('5.14.0'), null)).toEqual(more);
  });
});
