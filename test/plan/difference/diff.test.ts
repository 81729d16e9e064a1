import { describe, expect, it } from 'vitest';

import { changeKind } from '../../../scripts/provider/kind.ts';
import { formatPath } from '../../../scripts/plan/path.ts';
import type { Json } from '../../../scripts/plan/types.ts';
import {
  actionsOf,
  attributeAt,
  changeAt,
  configuration,
  diff,
  pathsOf,
  record,
  withRecords,
  withRules,
  zone,
  zoneId,
} from '../configurations.ts';

const www = 'cloudflare_dns_record.www';

describe('whole resources', () => {
  it('lists creations, deletions and updates by address and leaves out what stays', () => {
    const plan = diff(
      withRecords({ www: record(), old: record({ name: 'old' }), same: record({ name: 'same' }) }),
      withRecords({
        www: record({ content: '192.0.2.2' }),
        next: record({ type: 'AAAA' }),
        same: record({ name: 'same' }),
      }),
    );
    expect(actionsOf(plan)).toEqual([
      'cloudflare_dns_record.next: create',
      'cloudflare_dns_record.old: delete',
      'cloudflare_dns_record.www: update',
    ]);
    expect(plan.totals).toEqual({ before: 4, after: 4 });
    expect(plan.zones).toEqual([{ zone: 'shop.example', before: 4, after: 4 }]);
  });

  it('creates everything of a new stack and deletes everything of one that goes', () => {
    const stack = withRecords({ www: record() });
    expect(actionsOf(diff(null, stack))).toEqual([`${www}: create`, 'cloudflare_zone.shop: create']);
    expect(actionsOf(diff(stack, null))).toEqual([`${www}: delete`, 'cloudflare_zone.shop: delete']);
    expect(diff(null, stack).settings.before).toBeNull();
    expect(diff(null, stack).bundles.before).toBeNull();
  });

  it('gives the same plan for blocks written as lists and as objects', () => {
    const asList = {
      terraform: [
        { required_providers: [{ cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' } }] },
      ],
      resource: [
        { cloudflare_zone: [{ shop: [zone.shop] }] },
        { cloudflare_dns_record: { www: [record()] } },
      ],
    };
    expect(diff(withRecords({ www: record() }), asList as Json as never).changes).toEqual([]);
  });

  it('names the zone of a change through a reference, a local and as written', () => {
    const plan = diff(
      null,
      withRecords(
        {
          a: record(),
          b: record({ zone_id: '${local.zone}' }),
          c: record({ zone_id: '0123456789abcdef0123456789abcdef' }),
        },
        { locals: { zone: zoneId } },
      ),
    );
    expect(plan.changes.map((change) => change.zone)).toEqual([
      'shop.example',
      'shop.example',
      '0123456789abcdef0123456789abcdef',
      'shop.example',
    ]);
  });
});

const setting = (value: Json): ReturnType<typeof configuration> =>
  configuration({
    cloudflare_zone: zone,
    cloudflare_zone_setting: { x: { zone_id: zoneId, setting_id: 'browser_cache_ttl', value } },
  });

describe('what is not a change', () => {
  it.each([
    ['another spelling of a number', { ttl: 300 }, { ttl: '300' }],
    ['another spelling of a boolean', { proxied: true }, { proxied: 'true' }],
    ['an argument left out that has the default', { proxied: false }, {}],
    ['null in place of nothing', { comment: null }, {}],
    ['another order of a set', { tags: ['a', 'b'] }, { tags: ['b', 'a'] }],
    ['a repeated element of a set', { tags: ['a', 'b'] }, { tags: ['b', 'a', 'b'] }],
  ])('%s', (_name, before, after) => {
    expect(diff(withRecords({ www: record(before) }), withRecords({ www: record(after) })).changes).toEqual(
      [],
    );
    expect(diff(withRecords({ www: record(after) }), withRecords({ www: record(before) })).changes).toEqual(
      [],
    );
  });

  it('but a number and its text differ where the schema leaves the type open', () => {
    expect(actionsOf(diff(setting(1800), setting('1800')))).toEqual(['cloudflare_zone_setting.x: update']);
  });

  it('but an argument left out that has another value than the default is a change', () => {
    const plan = diff(withRecords({ www: record({ proxied: true }) }), withRecords({ www: record() }));
    expect(pathsOf(changeAt(plan, www))).toEqual(['changed proxied']);
    expect(attributeAt(changeAt(plan, www), 'proxied')).toMatchObject({ before: true, after: false });
  });
});

const rule = (ref: string, more: Record<string, Json> = {}): Json => ({
  ref,
  description: `Rule ${ref}`,
  action: 'block',
  expression: `(http.host eq "${ref}")`,
  ...more,
});

const rulePaths = (before: readonly Json[], after: readonly Json[]): readonly string[] => {
  const plan = diff(withRules(before), withRules(after));
  return plan.changes.length === 0 ? [] : pathsOf(changeAt(plan, 'cloudflare_ruleset.waf'));
};

const bareRule = (name: string, action = 'block'): Json => ({
  description: name,
  expression: `e ${name}`,
  action,
});

const ipList = (items: Json): ReturnType<typeof configuration> =>
  configuration({ cloudflare_list: { ips: { account_id: 'a', kind: 'ip', name: 'ips', items } } });

const rewriteRule = (values: readonly number[]): Json => ({
  ...(rule('a') as object),
  action_parameters: { cookie_fields: values.map((value) => ({ x: value })) },
});

describe('lists with identity', () => {
  it('an insertion at the top is one addition', () => {
    const rules = Array.from({ length: 40 }, (_, index) => rule(`r${index}`));
    expect(rulePaths(rules, [rule('new'), ...rules])).toEqual(['added rules[ref=new]']);
  });

  it('a reorder says moved for as few rules as possible', () => {
    const rules = ['a', 'b', 'c', 'd', 'e'].map((ref) => rule(ref));
    const [first, ...rest] = rules;
    expect(rulePaths(rules, [...rest, first ?? null])).toEqual(['moved rules[ref=a]']);
    const plan = diff(withRules(rules), withRules([...rest, first ?? null]));
    expect(attributeAt(changeAt(plan, 'cloudflare_ruleset.waf'), 'rules[ref=a]')).toMatchObject({
      fromIndex: 0,
      toIndex: 4,
    });
  });

  it('a rule that moves and changes says both', () => {
    const after = [rule('b'), rule('c'), rule('a', { action: 'log' })];
    expect(rulePaths([rule('a'), rule('b'), rule('c')], after)).toEqual([
      'moved rules[ref=a]',
      'changed rules[ref=a].action',
    ]);
  });

  it('without refs, description and expression are the identity', () => {
    expect(
      rulePaths([bareRule('a'), bareRule('b')], [bareRule('new'), bareRule('a'), bareRule('b', 'log')]),
    ).toEqual(['added rules[0]', 'changed rules[2].action']);
  });

  it('a ref given to a rule that had none is a change of that rule', () => {
    const bare = { description: 'Rule a', expression: '(http.host eq "a")', action: 'block' };
    expect(rulePaths([bare], [rule('a')])).toEqual(['added rules[0].ref']);
  });

  it('another ref is another rule, even if all else is the same', () => {
    expect(rulePaths([rule('a')], [rule('a', { ref: 'b' })])).toEqual([
      'removed rules[ref=a]',
      'added rules[ref=b]',
    ]);
    expect(rulePaths([rule('a')], [rule('a2')])).toEqual(['removed rules[ref=a]', 'added rules[ref=a2]']);
  });

  it('duplicated refs fall back and never fail', () => {
    const before = [rule('a', { expression: 'x' }), rule('a', { expression: 'y' })];
    const after = [rule('a', { expression: 'y' }), rule('a', { expression: 'x', action: 'log' })];
    expect(rulePaths(before, after)).toEqual(
      ['changed rules[1].action', 'moved rules[0]'].toSorted().toReversed(),
    );
  });

  it('list items are a set by their address, whatever their order', () => {
    const plan = diff(
      ipList([{ ip: '192.0.2.1', comment: 'one' }, { ip: '192.0.2.2' }]),
      ipList([{ ip: '192.0.2.3' }, { ip: '192.0.2.2' }, { ip: '192.0.2.1', comment: 'first' }]),
    );
    expect(pathsOf(changeAt(plan, 'cloudflare_list.ips'))).toEqual([
      'changed items[ip=192.0.2.1].comment',
      'added items[ip=192.0.2.3]',
    ]);
  });

  it('elements without any name are paired by position, with equal ends kept', () => {
    expect(rulePaths([rewriteRule([1, 2, 3])], [rewriteRule([1, 9, 2, 3])])).toEqual([
      'added rules[ref=a].action_parameters.cookie_fields[1]',
    ]);
  });
});

const tiedRecords = (content: string): ReturnType<typeof withRecords> => {
  const lifecycle = { replace_triggered_by: ['cloudflare_dns_record.www'] };
  return withRecords({ www: record({ content }), tied: record({ name: 'tied', lifecycle }) });
};

const passwordOf = (value: string): ReturnType<typeof configuration> =>
  configuration({ random_password: { db: { length: value } } });

const fromElsewhere = (content: string): ReturnType<typeof withRecords> =>
  withRecords(
    { www: record({ content }) },
    { terraform: { required_providers: { cloudflare: { source: 'evil/cloudflare' } } } },
  );

const listItem = (more: Record<string, Json>): ReturnType<typeof configuration> =>
  configuration({ cloudflare_list_item: { x: { account_id: 'a', list_id: 'l', ...more } } });

describe('replacement', () => {
  it('is predicted from the attribute that forces it', () => {
    const plan = diff(
      withRecords({ www: record() }),
      withRecords({ www: record({ type: 'AAAA', content: '::1' }) }),
    );
    const change = changeAt(plan, www);
    expect(change.actions).toEqual(['delete', 'create']);
    expect(change.replacePaths.map(formatPath)).toEqual(['type']);
    expect(attributeAt(change, 'content').forcesReplacement).toBe(false);
  });

  it('creates first when the configuration says so, and so does what it depends on', () => {
    const lifecycle = { create_before_destroy: true };
    const after = configuration({
      cloudflare_zone: { shop: { ...zone.shop, name: 'other.example' } },
      cloudflare_dns_record: { www: record({ lifecycle }) },
    });
    const plan = diff(withRecords({ www: record({ lifecycle }) }), after);
    expect(actionsOf(plan)).toEqual([`${www}: create+delete`, 'cloudflare_zone.shop: create+delete']);
  });

  it('reaches everything that refers to the id of what is replaced', () => {
    const after = configuration({
      cloudflare_zone: { shop: { ...zone.shop, name: 'other.example' } },
      cloudflare_dns_record: { www: record(), account: record({ zone_id: 'literal' }) },
    });
    const plan = diff(withRecords({ www: record(), account: record({ zone_id: 'literal' }) }), after);
    expect(actionsOf(plan)).toEqual([`${www}: delete+create`, 'cloudflare_zone.shop: delete+create']);
    expect(attributeAt(changeAt(plan, www), 'zone_id').unknown).toBe(true);
  });

  it('is predicted when a whole part comes or goes that holds such an attribute', () => {
    const redirect = { source_url: 'a.example/', target_url: 'https://b.example/' };
    expect(actionsOf(diff(listItem({}), listItem({ redirect })))).toEqual([
      'cloudflare_list_item.x: delete+create',
    ]);
  });

  it('an update reaches what refers to another computed attribute, but not what refers to the id', () => {
    const of = { status: record({ content: '${cloudflare_zone.shop.status}' }), www: record() };
    const after = configuration({
      cloudflare_zone: { shop: { ...zone.shop, paused: true } },
      cloudflare_dns_record: of,
    });
    expect(actionsOf(diff(withRecords(of), after))).toEqual([
      'cloudflare_dns_record.status: update',
      'cloudflare_zone.shop: update',
    ]);
  });

  it('follows replace_triggered_by to an update, not to a mere read', () => {
    expect(actionsOf(diff(tiedRecords('192.0.2.1'), tiedRecords('192.0.2.2')))).toEqual([
      'cloudflare_dns_record.tied: delete+create',
      `${www}: update`,
    ]);
  });

  it('is assumed for types that the table of the provider does not know', () => {
    expect(actionsOf(diff(passwordOf('16'), passwordOf('20')))).toEqual([
      'random_password.db: delete+create',
    ]);
  });

  it('is assumed for a known type of a provider of the same name from elsewhere', () => {
    expect(actionsOf(diff(fromElsewhere('192.0.2.1'), fromElsewhere('192.0.2.2')))).toEqual([
      `${www}: delete+create`,
    ]);
  });
});

const withVariable = (value: Json, more: Record<string, Json> = {}): ReturnType<typeof withRecords> =>
  withRecords(
    { www: record({ content: '${var.address}' }) },
    { variable: { address: { default: value, ...more } } },
  );

const throughLocal = (value: string): ReturnType<typeof withRecords> =>
  withRecords(
    { www: record({ content: '${lower(local.address)}' }) },
    { variable: { address: { default: value } }, locals: { address: '${var.address}' } },
  );

describe('values from elsewhere in the configuration', () => {
  it('a changed default is a change of what uses it', () => {
    const plan = diff(withVariable('192.0.2.1'), withVariable('192.0.2.2'));
    expect(attributeAt(changeAt(plan, www), 'content')).toMatchObject({
      before: '192.0.2.1',
      after: '192.0.2.2',
      unknown: false,
    });
  });

  it('also through a local and inside a function that is not computed here', () => {
    const plan = diff(throughLocal('192.0.2.1'), throughLocal('192.0.2.2'));
    expect(attributeAt(changeAt(plan, www), 'content').unknown).toBe(true);
  });

  it('the default of a sensitive variable is not resolved, but its change is seen', () => {
    const plan = diff(withVariable('one', { sensitive: true }), withVariable('two', { sensitive: true }));
    const change = changeAt(plan, www);
    expect(attributeAt(change, 'content').unknown).toBe(true);
    expect(JSON.stringify(plan)).not.toContain('two');
  });

  it('a literal attribute of another resource is resolved, a computed one is unknown', () => {
    const plan = diff(
      null,
      withRecords({ www: record({ content: '${cloudflare_zone.shop.name}', type: 'CNAME' }) }),
    );
    const change = changeAt(plan, www);
    expect(change.after).toMatchObject({ content: 'shop.example' });
    expect(change.unknown).toEqual([['zone_id']]);
  });

  it('locals that refer to each other stay expressions', () => {
    const plan = diff(
      null,
      withRecords(
        { www: record({ content: '${local.a}' }) },
        { locals: { a: '${local.b}', b: '${local.a}' } },
      ),
    );
    expect(changeAt(plan, www).unknown).toContainEqual(['content']);
  });

  it('a very long chain of locals ends without exhausting the stack', () => {
    const locals: Record<string, Json> = { l0: 'x' };
    for (let level = 1; level < 20_000; level += 1) {
      locals[`l${level}`] = `\${local.l${level - 1}}`;
    }
    const plan = diff(null, withRecords({ www: record({ content: '${local.l19999}' }) }, { locals }));
    expect(changeAt(plan, www).unknown).toContainEqual(['content']);
  });

  it('locals that grow without bound stay expressions', () => {
    const locals: Record<string, Json> = { l0: 'x'.repeat(1000) };
    for (let level = 1; level < 40; level += 1) {
      locals[`l${level}`] = `\${local.l${level - 1}}\${local.l${level - 1}}`;
    }
    const plan = diff(null, withRecords({ www: record({ content: '${local.l39}' }) }, { locals }));
    expect(JSON.stringify(changeAt(plan, www)).length).toBeLessThan(3_000_000);
  });

  it('escaped interpolations are text', () => {
    const plan = diff(null, withRecords({ www: record({ content: 'a $${b} %%{c}' }) }));
    expect(changeAt(plan, www).after).toMatchObject({ content: 'a ${b} %{c}' });
    expect(changeAt(plan, www).unknown).toEqual([['zone_id']]);
  });
});

describe('moves and renames', () => {
  it('a moved block makes a move, and what refers to it under the new name does not change', () => {
    const after = configuration(
      {
        cloudflare_zone: { main: zone.shop },
        cloudflare_dns_record: { www: record({ zone_id: '${cloudflare_zone.main.id}' }) },
      },
      { moved: [{ from: 'cloudflare_zone.shop', to: 'cloudflare_zone.main' }] },
    );
    const plan = diff(withRecords({ www: record() }), after);
    expect(actionsOf(plan)).toEqual(['cloudflare_zone.main: no-op']);
    const change = changeAt(plan, 'cloudflare_zone.main');
    expect(change.movedFrom).toBe('cloudflare_zone.shop');
    expect(changeKind(change)).toBe('move');
  });

  it('a move with another value is an update that says where it came from', () => {
    const after = withRecords(
      { web: record({ content: '192.0.2.2' }) },
      { moved: { from: 'cloudflare_dns_record.a', to: 'cloudflare_dns_record.web' } },
    );
    const chained = {
      ...after,
      moved: [{ from: www, to: 'cloudflare_dns_record.a' }, (after as { moved: Json }).moved],
    };
    const change = changeAt(diff(withRecords({ www: record() }), chained), 'cloudflare_dns_record.web');
    expect(change).toMatchObject({ actions: ['update'], movedFrom: www });
  });

  it('a moved block does nothing while the old address still exists', () => {
    const after = withRecords(
      { www: record(), web: record({ name: 'web' }) },
      { moved: [{ from: www, to: 'cloudflare_dns_record.web' }] },
    );
    expect(actionsOf(diff(withRecords({ www: record() }), after))).toEqual([
      'cloudflare_dns_record.web: create',
    ]);
  });

  it('a removed block that keeps the object is a forget, one that does not is a deletion', () => {
    const after = (destroy: boolean): ReturnType<typeof withRecords> =>
      withRecords({}, { removed: [{ from: www, lifecycle: { destroy } }] });
    expect(actionsOf(diff(withRecords({ www: record() }), after(false)))).toEqual([`${www}: forget`]);
    expect(actionsOf(diff(withRecords({ www: record() }), after(true)))).toEqual([`${www}: delete`]);
  });

  it('a renamed logical id is recognised on both sides, also with one value changed', () => {
    for (const ttl of [1, 300]) {
      const plan = diff(withRecords({ www: record() }), withRecords({ web: record({ ttl }) }));
      expect(changeAt(plan, 'cloudflare_dns_record.web').probableMoveFrom).toBe(www);
      expect(changeAt(plan, www).probableMoveTo).toBe('cloudflare_dns_record.web');
    }
  });

  it.each([
    ['another name', { web: record({ name: 'other.shop.example' }) }],
    ['two that fit', { web: record(), web2: record() }],
    ['another zone', { web: record({ zone_id: 'elsewhere' }) }],
  ])('is not guessed with %s', (_name, records) => {
    const plan = diff(withRecords({ www: record() }), withRecords(records));
    expect(
      plan.changes.filter((change) => (change.probableMoveFrom ?? change.probableMoveTo) !== undefined),
    ).toEqual([]);
  });
});

const recordsForEach = (values: Json): ReturnType<typeof withRecords> =>
  withRecords({ www: record({ for_each: values, name: '${each.key}', content: '${each.value}' }) });

const countedBy = (names: Json): ReturnType<typeof withRecords> =>
  withRecords(
    { www: record({ count: '${length(var.names)}' }) },
    { variable: { names: { default: names } } },
  );

describe('count, for_each and lifecycle', () => {
  it.each([
    ['one more', { a: '1', b: '2' }, { a: '1', b: '2', c: '3' }, '["c"]: create'],
    ['another value', { a: '1' }, { a: '2' }, '["a"]: update'],
    ['one fewer', { a: '1', b: '2' }, { a: '1' }, '["b"]: delete'],
    ['an expression that cannot be read', { a: '1' }, '${var.unknown}', ': delete+create'],
    ['none left', { a: '1' }, {}, '["a"]: delete'],
    ['the first ones', {}, { a: '1' }, '["a"]: create'],
    ['a set in place of a map', { a: 'a' }, '${toset(["a", "b"])}', '["b"]: create'],
  ])('for_each with %s', (_name, before, after, expected) => {
    expect(actionsOf(diff(recordsForEach(before), recordsForEach(after)))).toEqual([`${www}${expected}`]);
  });

  it.each([
    [1, 3, ['[1]: create', '[2]: create']],
    [3, 1, ['[1]: delete', '[2]: delete']],
    [2, 0, ['[0]: delete', '[1]: delete']],
  ])('count from %i to %i', (before, after, expected) => {
    const plan = diff(
      withRecords({ www: record({ count: before }) }),
      withRecords({ www: record({ count: after }) }),
    );
    expect(actionsOf(plan)).toEqual(expected.map((change) => `${www}${change}`));
    expect(plan.totals).toEqual({ before: before + 1, after: after + 1 });
  });

  const stated = { locals: { n: 0, m: {}, two: 2 }, variable: { n: { default: '0' } } };

  it.each<[string, Record<string, Json>, string]>([
    ['count 0 in quotes', { count: '0' }, 'delete'],
    ['count 0 between marks', { count: '${0}' }, 'delete'],
    ['a local of 0', { count: '${local.n}' }, 'delete'],
    ['a default of 0', { count: '${var.n}' }, 'delete'],
    ['for_each over an empty local', { for_each: '${local.m}' }, 'delete'],
    ['the length of an empty list', { count: '${length([])}' }, 'delete'],
    ['a set of nothing', { for_each: '${toset([])}' }, 'delete'],
    ['count that has to be evaluated', { count: '${max(0, 1)}' }, 'delete+create'],
    ['a condition', { count: '${local.n == 0 ? 0 : 1}' }, 'delete+create'],
    ['for_each that has to be evaluated', { for_each: '${merge({}, {})}' }, 'delete+create'],
  ])('a resource that gets %s', (_name, more, expected) => {
    const plan = diff(withRecords({ www: record() }), withRecords({ www: record(more) }, stated));
    expect(actionsOf(plan)).toEqual([`${www}: ${expected}`]);
    const left = expected === 'delete' ? 1 : 2;
    expect([plan.totals.after, plan.zones]).toEqual([
      left,
      [{ zone: 'shop.example', before: 2, after: left }],
    ]);
  });

  it.each<[string, Record<string, Json>, readonly string[]]>([
    ['count 1 in quotes', { count: '1' }, ['[0]: no-op']],
    ['a local of 2', { count: '${local.two}' }, ['[0]: no-op', '[1]: create']],
    ['for_each', { for_each: { a: 1 } }, [': delete', '["a"]: create']],
  ])('a resource that stood once and gets %s', (_name, more, expected) => {
    const plan = diff(withRecords({ www: record() }), withRecords({ www: record(more) }, stated));
    expect(actionsOf(plan)).toEqual(expected.map((change) => `${www}${change}`));
    expect(plan.changes[0]?.movedFrom).toBe(more['for_each'] === undefined ? www : undefined);
  });

  it('a resource whose count becomes 0 elsewhere goes, and comes back', () => {
    const counted = (n: Json): ReturnType<typeof withRecords> =>
      withRecords({ www: record({ count: '${local.n}' }) }, { locals: { n } });
    expect(actionsOf(diff(counted(1), counted(0)))).toEqual([`${www}[0]: delete`]);
    expect(actionsOf(diff(counted(0), counted(1)))).toEqual([`${www}[0]: create`]);
  });

  it('an instance count that depends on a changed default loses the last ones', () => {
    expect(actionsOf(diff(countedBy(['a', 'b']), countedBy(['a'])))).toEqual([`${www}[1]: delete`]);
  });

  it('a lifecycle that changes alone is listed as nothing to do, with both sides', () => {
    const plan = diff(
      withRecords({ www: record({ lifecycle: { prevent_destroy: true } }) }),
      withRecords({ www: record({ lifecycle: [{ ignore_changes: ['content', ' ttl/* as it is */'] }] }) }),
    );
    expect(changeAt(plan, www)).toMatchObject({
      actions: ['no-op'],
      attributes: [],
      lifecycle: {
        before: { preventDestroy: true, createBeforeDestroy: false, ignoreChanges: [] },
        after: { preventDestroy: false, createBeforeDestroy: false, ignoreChanges: ['content', 'ttl'] },
      },
    });
  });

  it('a change of depends_on does nothing, a change of the provider configuration used is an update', () => {
    const plan = diff(
      withRecords({ www: record() }),
      withRecords({ www: record({ depends_on: ['cloudflare_zone.shop'] }) }),
    );
    expect(actionsOf(plan)).toEqual([`${www}: no-op`]);
    const other = diff(
      withRecords({ www: record() }),
      withRecords({ www: record({ provider: 'cloudflare.other' }) }),
    );
    expect(actionsOf(other)).toEqual([`${www}: update`]);
  });
});

const surrounded = (value: string): ReturnType<typeof configuration> =>
  configuration(
    {},
    { provider: { cloudflare: { base_url: value } }, module: { m: { source: './m', x: value } } },
  );

describe('what surrounds the resources', () => {
  it('tells backend, providers, provisioners, data sources and modules', () => {
    const plan = diff(null, {
      terraform: {
        backend: { s3: { bucket: 'b' } },
        required_providers: { cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' } },
      },
      provider: { cloudflare: [{}], random: {} },
      data: { cloudflare_zone: { z: { filter: { name: 'shop.example' } } } },
      module: { m: { source: './m' } },
      resource: { terraform_data: { x: { provisioner: [{ 'local-exec': { command: 'true' } }] } } },
    });
    expect(plan.settings.after?.remainder).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect({ ...plan.settings.after, remainder: null }).toEqual({
      backend: { s3: { bucket: 'b' } },
      providers: [
        { name: 'cloudflare', source: 'registry.terraform.io/cloudflare/cloudflare', version: '5.14.0' },
        { name: 'random', source: 'registry.terraform.io/hashicorp/random', version: null },
      ],
      provisioners: ['terraform_data.x'],
      dataSources: [{ address: 'data.cloudflare_zone.z', type: 'cloudflare_zone' }],
      modules: [{ name: 'm', source: './m' }],
      dangers: [
        'module.m: is configuration that the bundle does not hold',
        'provider.random: only the Cloudflare provider may be configured',
        'terraform_data.x: has a provisioner, which runs commands',
      ],
      remainder: null,
    });
  });

  it('tells that something around the resources changed even when no resource does', () => {
    const { before, after } = diff({ locals: { a: '1' } }, { locals: { a: '2' } }).settings;
    expect(before?.remainder).not.toBe(after?.remainder);
  });

  it('tells the version of a provider once, beside its name, unless that shows only one of several', () => {
    const at = (version: string, source = 'cloudflare/cloudflare') => ({
      terraform: { required_providers: { cloudflare: { source, version } } },
    });
    const raised = diff(at('5.14.0'), at('5.14.1')).settings;
    expect(raised.before?.remainder).toBe(raised.after?.remainder);
    expect(raised.before?.providers).not.toEqual(raised.after?.providers);
    const other = diff(at('5.14.0'), at('5.14.0', 'other/cloudflare')).settings;
    expect(other.before?.remainder).not.toBe(other.after?.remainder);
    const twice = (version: string) => ({ terraform: [at(version).terraform, at('5.14.0').terraform] });
    const hidden = diff(twice('5.14.0'), twice('4.0.0')).settings;
    expect(hidden.before?.remainder).not.toBe(hidden.after?.remainder);
  });

  it('shows a change of a provider configuration and of a module call, whose effect cannot be seen', () => {
    expect(actionsOf(diff(surrounded('https://a'), surrounded('https://b')))).toEqual([
      'module.m: delete+create',
      'provider.cloudflare: update',
    ]);
  });
});
