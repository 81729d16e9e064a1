import { describe, expect, it } from 'vitest';

import { changeKind } from '../../../scripts/provider/kind.ts';
import { readTerraformPlan } from '../../../scripts/plan/terraform/plan.ts';
import type { Json, JsonObject, ResourceChange } from '../../../scripts/plan/types.ts';
import { v5Body, v5Type } from '../../../scripts/plan/v4/types.ts';
import { actionsOf, changeAt, configuration, diff, pathsOf } from '../configurations.ts';

type Body = Record<string, Json>;
const zone_id = '5'.repeat(32);

function one(type: string, body: Body, more: Body = {}): JsonObject {
  return configuration({ [type]: { it: { zone_id, ...body } } }, more);
}

const moved = (from: string, to: string): Body => ({ moved: [{ from: `${from}.it`, to: `${to}.it` }] });

describe('a move to the type of version 5', () => {
  it.each<[string, string, Body, string, Body]>([
    [
      'a record',
      'cloudflare_record',
      { name: 'api', type: 'AAAA', value: '2001:db8::7', proxied: true },
      'cloudflare_dns_record',
      { name: 'api', type: 'AAAA', content: '2001:db8::7', proxied: true, ttl: 1 },
    ],
    [
      'a record with data',
      'cloudflare_record',
      { name: 's', type: 'SRV', ttl: 60, data: [{ port: 5060, target: 'sip.example', weight: 1 }] },
      'cloudflare_dns_record',
      { name: 's', type: 'SRV', ttl: 60, data: { port: 5060, target: 'sip.example', weight: 1 } },
    ],
    [
      'an Access group',
      'cloudflare_access_group',
      { name: 'g', include: [{ email: ['a@x.example', 'b@x.example'], azure: [{ id: ['1', '2'] }] }] },
      'cloudflare_zero_trust_access_group',
      {
        name: 'g',
        include: [
          { azure_ad: { id: '1' } },
          { azure_ad: { id: '2' } },
          { email: { email: 'a@x.example' } },
          { email: { email: 'b@x.example' } },
        ],
      },
    ],
    [
      'a tunnel configuration',
      'cloudflare_tunnel_config',
      { tunnel_id: 't', config: [{ ingress_rule: [{ hostname: 'a.example', service: 'http://a' }] }] },
      'cloudflare_zero_trust_tunnel_cloudflared_config',
      { tunnel_id: 't', config: { ingress: [{ hostname: 'a.example', service: 'http://a' }] } },
    ],
    [
      'a route of a Worker',
      'cloudflare_worker_route',
      { pattern: 'a.example/*', script_name: 'w' },
      'cloudflare_workers_route',
      { pattern: 'a.example/*', script: 'w' },
    ],
    [
      'transforms',
      'cloudflare_managed_headers',
      { managed_request_headers: [{ id: 'x', enabled: true }] },
      'cloudflare_managed_transforms',
      { managed_request_headers: [{ id: 'x', enabled: true }] },
    ],
  ])('%s that stays the same is a move and nothing else', (...[, old, before, now, after]) => {
    const plan = diff(one(old, before), one(now, after, moved(old, now)));
    const change = changeAt(plan, `${now}.it`);
    expect([plan.changes.length, changeKind(change), change.movedFrom]).toEqual([1, 'move', `${old}.it`]);
    expect(pathsOf(change)).toEqual([]);
    // Without the block both happen.
    expect(actionsOf(diff(one(old, before), one(now, after))).length).toBe(2);
  });

  it('says what changes besides, under the new names', () => {
    const before = one('cloudflare_record', { name: 'api', type: 'A', value: '192.0.2.1', proxied: true });
    const after = one(
      'cloudflare_dns_record',
      { name: 'api', type: 'A', content: '192.0.2.2', proxied: false, ttl: 1 },
      moved('cloudflare_record', 'cloudflare_dns_record'),
    );
    const change = changeAt(diff(before, after), 'cloudflare_dns_record.it');
    expect([change.actions, pathsOf(change)]).toEqual([['update'], ['changed content', 'changed proxied']]);
  });

  it('drops what version 5 has nothing for, and says so', () => {
    const before = one('cloudflare_access_service_token', { name: 't', min_days_for_renewal: 30 });
    const after = one(
      'cloudflare_zero_trust_access_service_token',
      { name: 't' },
      moved('cloudflare_access_service_token', 'cloudflare_zero_trust_access_service_token'),
    );
    const change = changeAt(diff(before, after), 'cloudflare_zero_trust_access_service_token.it');
    expect([changeKind(change), pathsOf(change)]).toEqual(['move', ['removed min_days_for_renewal']]);
  });

  it('to a type of another kind is none', () => {
    const before = one('cloudflare_record', { name: 'api', type: 'A', value: '192.0.2.1' });
    const after = one(
      'cloudflare_list',
      { name: 'l', kind: 'ip' },
      moved('cloudflare_record', 'cloudflare_list'),
    );
    expect(actionsOf(diff(before, after))).toEqual([
      'cloudflare_list.it: create',
      'cloudflare_record.it: delete',
    ]);
  });
});

describe('a change in place of version 4', () => {
  it.each<[string, string, Body, Body, readonly string[], readonly string[]]>([
    [
      'a record',
      'cloudflare_record',
      { name: 'a', type: 'A', value: '192.0.2.1' },
      { name: 'a', type: 'A', value: '192.0.2.9' },
      ['update'],
      ['changed content'],
    ],
    [
      'a rule of a ruleset',
      'cloudflare_ruleset',
      { kind: 'zone', name: 'n', phase: 'p', rules: [rule({ host_header: 'a.example' })] },
      { kind: 'zone', name: 'n', phase: 'p', rules: [rule({ host_header: 'b.example' })] },
      ['update'],
      ['changed rules[0].action_parameters.host_header'],
    ],
    [
      'a pool',
      'cloudflare_load_balancer_pool',
      { name: 'p', load_shedding: [{ default_percent: 0 }] },
      { name: 'p', load_shedding: [{ default_percent: 50 }] },
      ['update'],
      ['changed load_shedding.default_percent'],
    ],
    [
      'what version 5 replaces',
      'cloudflare_record',
      { name: 'a', type: 'A', value: '192.0.2.1' },
      { name: 'a', type: 'CNAME', value: '192.0.2.1' },
      ['delete', 'create'],
      ['changed type'],
    ],
    [
      'what nothing is known of',
      'cloudflare_access_policy',
      { name: 'p', application_id: '1' },
      { name: 'p', application_id: '2' },
      ['delete', 'create'],
      ['changed application_id'],
    ],
  ])('%s', (...[, type, before, after, actions, paths]) => {
    const change = changeAt(diff(one(type, before), one(type, after)), `${type}.it`);
    expect([change.type, change.actions, pathsOf(change)]).toEqual([v5Type(type, null), actions, paths]);
  });

  function rule(parameters: Body): Body {
    return { action: 'route', expression: 'true', action_parameters: [parameters] };
  }
});

describe('the arguments of version 5', () => {
  it.each<[string, Body]>([
    ['cloudflare_dns_record', { name: 'a', data: { port: 1 }, content: 'x', value: 1 }],
    ['cloudflare_ruleset', { rules: [{ action_parameters: { headers: { a: { operation: 'remove' } } } }] }],
    [
      'cloudflare_zero_trust_access_policy',
      { include: [{ email: { email: 'a@x.example' }, everyone: null }] },
    ],
    ['cloudflare_list', { items: [{ ip: '192.0.2.1' }] }],
    ['cloudflare_zone', { name: 'shop.example', account: { id: 'a' } }],
  ])('of %s come back as the same object', (type, body) => {
    expect(v5Body(type, body)).toBe(body);
  });
});

describe('settings that version 4 says together', () => {
  const override = (settings: Body): JsonObject =>
    one('cloudflare_zone_settings_override', { settings: [settings] });
  const address = 'cloudflare_zone_settings_override.it.settings';

  it('are one resource each, with the value of version 5', () => {
    const plan = diff(
      override({ ssl: 'strict', brotli: 'on', security_header: [{ enabled: true, max_age: 9 }] }),
      override({ ssl: 'off', zero_rtt: 'on', security_header: [{ enabled: true, max_age: 1 }] }),
    );
    expect(actionsOf(plan)).toEqual([
      `${address}.brotli: delete`,
      `${address}.security_header: update`,
      `${address}.ssl: update`,
      `${address}.zero_rtt: create`,
    ]);
    expect(plan.totals).toEqual({ before: 3, after: 3 });
    const ssl = changeAt(plan, `${address}.ssl`);
    expect([ssl.type, ssl.after]).toEqual([
      'cloudflare_zone_setting',
      { zone_id, setting_id: 'ssl', value: 'off' },
    ]);
    expect(changeAt(plan, `${address}.zero_rtt`).after).toMatchObject({ setting_id: '0rtt', value: 'on' });
    expect(pathsOf(changeAt(plan, `${address}.security_header`))).toEqual([
      'changed value.strict_transport_security.max_age',
    ]);
  });

  it('of a plan are those that differ, and those that only the apply tells', () => {
    const side = (ssl: string): Body => ({
      zone_id,
      settings: [{ ssl, brotli: 'on', ciphers: [], http3: null }],
    });
    const entry = {
      address: 'cloudflare_zone_settings_override.it',
      mode: 'managed',
      type: 'cloudflare_zone_settings_override',
      name: 'it',
      provider_name: 'registry.terraform.io/cloudflare/cloudflare',
      change: {
        actions: ['update'],
        before: side('strict'),
        after: side('flexible'),
        after_unknown: { settings: [{ brotli: true }] },
      },
    };
    const result = readTerraformPlan({ format_version: '1.2', resource_changes: [entry] }, 's');
    const changes = result.ok ? (result.value.stacks[0]?.changes ?? []) : [];
    expect(changes.map((change) => [change.address, change.actions, change.unknown])).toEqual([
      [`${address}.brotli`, ['update'], [['value']]],
      [`${address}.ssl`, ['update'], []],
    ]);
  });

  it('of argo are its two types', () => {
    const plan = diff(
      one('cloudflare_argo', { smart_routing: 'on' }),
      one('cloudflare_argo', { tiered_caching: 'on' }),
    );
    expect(plan.changes.map((change) => `${change.actions.join('+')} ${change.type}`)).toEqual([
      'delete cloudflare_argo_smart_routing',
      'create cloudflare_argo_tiered_caching',
    ]);
  });
});

describe('a plan of version 4', () => {
  const all = { everyone: true, email: [], geo: null };
  const staff = { everyone: false, email: ['a@x.example'], geo: null };

  function read(change: JsonObject): ResourceChange {
    const entry = {
      address: 'cloudflare_access_policy.it',
      mode: 'managed',
      type: 'cloudflare_access_policy',
      name: 'it',
      provider_name: 'registry.terraform.io/cloudflare/cloudflare',
      change: { actions: ['update'], ...change },
    };
    const result = readTerraformPlan({ format_version: '1.2', resource_changes: [entry] }, 's');
    return (result.ok ? result.value.stacks[0]?.changes[0] : undefined) as ResourceChange;
  }

  it('is read by the names and in the shapes of version 5', () => {
    const change = read({ before: { include: [staff] }, after: { include: [all] } });
    expect([change.type, change.before, change.after]).toEqual([
      'cloudflare_zero_trust_access_policy',
      { include: [{ email: { email: 'a@x.example' } }] },
      { include: [{ everyone: {} }] },
    ]);
  });

  it('keeps what is unknown, sensitive and replacing in its place', () => {
    const change = read({
      actions: ['delete', 'create'],
      before: { include: [staff], approval_group: [{ approvals_needed: 1 }] },
      after: { include: [{ ...staff, email: ['a@x.example', null] }], approval_group: [{}] },
      after_unknown: { include: [{ email: [false, true] }], approval_group: [{ approvals_needed: true }] },
      after_sensitive: { include: [{ email: [true, false] }] },
      replace_paths: [['approval_group', 0, 'approvals_needed']],
    });
    expect(change.unknown).toEqual([
      ['include', 1, 'email', 'email'],
      ['approval_groups', 0, 'approvals_needed'],
    ]);
    expect(change.sensitive).toContainEqual(['include', 0, 'email', 'email']);
    expect(change.replacePaths).toEqual([['approval_groups', 0, 'approvals_needed']]);
  });
});
