/** One resource's life on real Terraform: created, unchanged, updated, replaced, drifted, imported, destroyed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { sandboxDashboard } from '../../../scripts/sandbox/provider/audit/log.ts';
import { injectDrift } from '../../../scripts/sandbox/provider/drift.ts';
import { startSandbox } from '../../../scripts/sandbox/provider/server.ts';
import type { Sandbox } from '../../../scripts/sandbox/provider/server.ts';
import { readStore } from '../../../scripts/sandbox/provider/store.ts';
import { account, changed, changeOf, flat, freshFolder, later, noon, Stack } from './terraform.ts';

const folder = freshFolder('lifecycle');
const evening = '2026-11-25T19:00:00Z';
let clock = noon;
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ folder, now: () => clock });
});

afterAll(async () => {
  await sandbox.close();
});

const zoneId = '${cloudflare_zone.shop.id}';
const firewall = 'http_request_firewall_custom';

interface Parts {
  readonly record?: JsonObject;
  readonly rules?: readonly JsonObject[];
  readonly more?: JsonObject;
}

function shop(name: string, parts: Parts = {}): JsonObject {
  return {
    resource: {
      cloudflare_zone: { shop: { name, account: { id: account } } },
      cloudflare_dns_record: {
        www: {
          zone_id: zoneId,
          name: `www.${name}`,
          type: 'A',
          content: '192.0.2.1',
          ttl: 300,
          ...parts.record,
        },
      },
      cloudflare_ruleset: {
        waf: {
          zone_id: zoneId,
          name: 'default',
          kind: 'zone',
          phase: firewall,
          rules: parts.rules ?? [rule('block-admin')],
        },
      },
      cloudflare_zone_setting: { tls: { zone_id: zoneId, setting_id: 'min_tls_version', value: '1.2' } },
      ...parts.more,
    },
  };
}

function rule(ref: string, more: JsonObject = {}): JsonObject {
  return { ref, action: 'block', expression: `http.request.uri.path eq "/${ref}"`, ...more };
}

function rulesOf(attributes: JsonObject): readonly JsonObject[] {
  return attributes['rules'] as readonly JsonObject[];
}

test('create fills computed values, an update shows only what changes, a forced attribute replaces', async () => {
  const stack = new Stack(() => sandbox.reattach);
  const created = await stack.deploy(shop('life.example'));
  expect(changeOf(created, 'cloudflare_dns_record.www').unknown).toMatchObject({
    id: true,
    zone_id: true,
    created_on: true,
  });
  const record = await stack.state('cloudflare_dns_record.www');
  expect(record).toMatchObject({
    proxied: false,
    proxiable: true,
    tags: [],
    meta: '{}',
    created_on: noon,
    comment_modified_on: null,
  });
  expect(record['id']).toMatch(/^[0-9a-f]{32}$/);
  expect(await stack.state('cloudflare_zone.shop')).toMatchObject({
    status: 'active',
    type: 'full',
    paused: false,
  });
  expect(await stack.state('cloudflare_ruleset.waf')).toMatchObject({
    version: '1',
    last_updated: noon,
    description: '',
  });

  clock = later;
  const updated = await stack.deploy(
    shop('life.example', { record: { content: '192.0.2.2', comment: 'Moved' } }),
  );
  expect(changed(updated.changes).map(({ address, actions }) => [address, ...actions])).toEqual([
    ['cloudflare_dns_record.www', 'update'],
  ]);
  expect(
    Object.keys(changeOf(updated, 'cloudflare_dns_record.www').unknown)
      .filter((name) => name !== 'tags' && name !== 'settings')
      .toSorted(),
  ).toEqual(['comment_modified_on', 'modified_on']);
  expect(await stack.state('cloudflare_dns_record.www')).toMatchObject({
    id: record['id'],
    created_on: noon,
    modified_on: later,
    comment_modified_on: later,
  });

  const replaced = await stack.deploy(
    shop('life.example', { record: { type: 'CNAME', content: 'life.example' } }),
  );
  const replacement = changeOf(replaced, 'cloudflare_dns_record.www');
  expect(replacement.actions).toEqual(['delete', 'create']);
  expect(replacement.replacePaths).toEqual([['type']]);
  expect((await stack.state('cloudflare_dns_record.www'))['id']).not.toBe(record['id']);
  expect(await stack.pending()).toEqual([]);

  await stack.succeed('destroy', '-auto-approve', '-no-color');
  expect(readStore(folder).filter((object) => object.parent !== 'global')).toEqual([]);
});

test('rules keep their ids when others come, go and move; the version of the ruleset moves on', async () => {
  const stack = new Stack(() => sandbox.reattach);
  const withoutRef = { action: 'log', expression: 'true' };
  await stack.deploy(shop('rules.example', { rules: [rule('a'), rule('b'), withoutRef] }));
  const before = await stack.state('cloudflare_ruleset.waf');
  const ids = new Map(rulesOf(before).map((one) => [one['ref'], one['id']]));
  expect(ids.size).toBe(3);
  expect(rulesOf(before)[2]?.['ref']).toBe(rulesOf(before)[2]?.['id']);

  const plan = await stack.deploy(
    shop('rules.example', { rules: [rule('top'), rule('b', { enabled: false }), rule('a'), withoutRef] }),
  );
  const unknownRules = changeOf(plan, 'cloudflare_ruleset.waf').unknown['rules'] as readonly JsonObject[];
  expect(unknownRules.map((one) => one['id'] === true)).toEqual([true, false, false, false]);
  const after = await stack.state('cloudflare_ruleset.waf');
  expect(after['version']).toBe('2');
  for (const one of rulesOf(after).slice(1)) {
    expect(one['id']).toBe(ids.get(one['ref'] ?? ''));
  }
  expect([...ids.values()]).not.toContain(rulesOf(after)[0]?.['id']);
  expect(await stack.pending()).toEqual([]);
});

test('what the dashboard changed or deleted shows as drift, and is put right', async () => {
  const stack = new Stack(() => sandbox.reattach);
  await stack.deploy(shop('drift.example', { rules: [rule('a'), rule('b')] }));
  injectDrift({
    by: sandboxDashboard,
    folder,
    type: 'cloudflare_dns_record',
    match: { name: 'www.drift.example' },
    set: { content: '203.0.113.9', proxied: true },
    now: evening,
  });
  const zone = readStore(folder).find((object) => object.attributes['name'] === 'drift.example');
  injectDrift({
    by: sandboxDashboard,
    folder,
    type: 'cloudflare_ruleset',
    match: { zone_id: zone?.id ?? '' },
    set: { 'rules[ref=b].enabled': false },
    now: evening,
  });
  injectDrift({
    by: sandboxDashboard,
    folder,
    type: 'cloudflare_zone_setting',
    match: { zone_id: zone?.id ?? '' },
    delete: true,
    now: evening,
  });

  const plan = await stack.plan();
  expect(new Map(plan.drift.map(({ address, actions }) => [address, actions.join()]))).toEqual(
    new Map([
      ['cloudflare_dns_record.www', 'update'],
      ['cloudflare_ruleset.waf', 'update'],
      ['cloudflare_zone_setting.tls', 'delete'],
    ]),
  );
  const record = changeOf(plan, 'cloudflare_dns_record.www');
  expect([record.before?.['content'], record.after?.['content'], record.before?.['modified_on']]).toEqual([
    '203.0.113.9',
    '192.0.2.1',
    evening,
  ]);
  expect(rulesOf(changeOf(plan, 'cloudflare_ruleset.waf').after ?? {}).map((one) => one['enabled'])).toEqual([
    true,
    true,
  ]);
  expect(changeOf(plan, 'cloudflare_zone_setting.tls').actions).toEqual(['create']);
  expect((await stack.apply()).code).toBe(0);
  expect(await stack.pending()).toEqual([]);
});

test('what the provider does not read back shows no drift, and stays what Cloudflare has', async () => {
  const stack = new Stack(() => sandbox.reattach);
  const name = 'unread.example';
  const lockdown = {
    zone_id: zoneId,
    urls: [`${name}/admin*`],
    configurations: [{ target: 'ip', value: '192.0.2.7' }],
    description: 'Offices only',
    priority: 4,
  };
  await stack.deploy(shop(name, { more: { cloudflare_zone_lockdown: { admin: lockdown } } }));
  const edit = (set: JsonObject): void => {
    injectDrift({
      by: sandboxDashboard,
      folder,
      type: 'cloudflare_zone_lockdown',
      match: {},
      set,
      now: evening,
    });
  };
  const live = () => readStore(folder).find(({ type }) => type === 'cloudflare_zone_lockdown')?.attributes;
  edit({ description: 'Everybody' });
  expect((await stack.plan()).drift.map(({ address }) => address)).toEqual([
    'cloudflare_zone_lockdown.admin',
  ]);
  edit({ description: 'Offices only' });
  edit({ priority: 9 });
  const plan = await stack.plan();
  // When it was modified is read back; the priority is not.
  expect([plan.drift.map(({ after }) => after?.['priority']), changed(plan.changes)]).toEqual([[4], []]);
  expect(live()).toMatchObject({ priority: 9 });
});

test('drift that names no object, several, or no attribute is refused', () => {
  const target = { folder, type: 'cloudflare_dns_record', now: evening };
  expect(() =>
    injectDrift({ by: sandboxDashboard, ...target, match: { name: 'nowhere' }, delete: true }),
  ).toThrow(/No object matches cloudflare_dns_record/);
  expect(() => injectDrift({ by: sandboxDashboard, ...target, match: {}, delete: true })).toThrow(
    /\d objects match cloudflare_dns_record/,
  );
  expect(() =>
    injectDrift({
      by: sandboxDashboard,
      ...target,
      match: { name: 'www.drift.example' },
      set: { contnet: 'x' },
    }),
  ).toThrow(/no attribute "contnet"/);
  expect(() =>
    injectDrift({ by: sandboxDashboard, ...target, type: 'cloudflare_dns', match: {}, delete: true }),
  ).toThrow(/no resource type "cloudflare_dns"/);
});

describe('import', () => {
  test('takes the documented forms and leaves nothing to change', async () => {
    const owner = new Stack(() => sandbox.reattach);
    const configuration = shop('import.example', {
      more: {
        cloudflare_zone_dnssec: { shop: { zone_id: zoneId, status: 'active' } },
        cloudflare_list: { office: { account_id: account, name: 'office', kind: 'ip' } },
      },
    });
    await owner.deploy(configuration);
    const zone = await owner.id('cloudflare_zone.shop');
    const ids: Readonly<Record<string, string>> = {
      'cloudflare_zone.shop': zone,
      'cloudflare_dns_record.www': `${zone}/${await owner.id('cloudflare_dns_record.www')}`,
      'cloudflare_ruleset.waf': `zones/${zone}/${await owner.id('cloudflare_ruleset.waf')}`,
      'cloudflare_zone_setting.tls': `${zone}/min_tls_version`,
      'cloudflare_zone_dnssec.shop': zone,
      'cloudflare_list.office': `${account}/${await owner.id('cloudflare_list.office')}`,
    };
    const taker = new Stack(() => sandbox.reattach);
    taker.write({ ...configuration, import: Object.entries(ids).map(([to, value]) => ({ to, id: value })) });
    const plan = await taker.plan();
    expect(changed(plan.changes)).toEqual([]);
    expect((await taker.apply()).stdout).toContain(
      `${Object.keys(ids).length} imported, 0 added, 0 changed, 0 destroyed`,
    );

    taker.write({
      ...shop('import.example'),
      import: [{ to: 'cloudflare_dns_record.www', id: `${'0'.repeat(32)}/nothing` }],
    });
    await taker.succeed('state', 'rm', 'cloudflare_dns_record.www');
    expect(flat(await taker.run('plan', '-no-color'))).toContain(
      'No cloudflare_dns_record answers to the import id',
    );
  });
});
