/** Which changes of a plan are changes of what happens to requests, and what became of must-pass cases. */
import { describe, expect, it } from 'vitest';
import type { Action, JsonObject, ResourceChange } from '../../../../scripts/plan/types.ts';
import { mustPassState } from '../../../../policies/reading/rulesets/must-pass.ts';
import { indexPlan } from '../../../../policies/reading/plan-index.ts';
import {
  isRuleChange,
  limitsFor,
  ruleStacks,
  stoppingStacks,
} from '../../../../policies/reading/rulesets/traffic-scope.ts';
import { aPlan } from '../../../builders/plan.ts';
import { aPolicySet, aRegister } from '../../../builders/policy.ts';
import { aMustPass } from '../../../builders/traffic.ts';

const words = (text: string): readonly string[] => text.split(/\s+/);

function changed(type: string, before: JsonObject, after: JsonObject): readonly ResourceChange[] {
  const plan = aPlan().updating(`cloudflare_${type}.it`, before, after).build();
  return plan.stacks.flatMap(({ changes }) => changes);
}

const inZone = { zone_id: 'z' };
const sideOf = (side: JsonObject): JsonObject => ({ ...inZone, ...side });

function stopping(
  before: JsonObject | null,
  after: JsonObject | null,
  type = 'cloudflare_ruleset',
): readonly string[] {
  const [address, plan] = [`${type}.it`, aPlan()];
  const built =
    before === null
      ? plan.creating(address, after ?? {})
      : after === null
        ? plan.deleting(address, before)
        : plan.updating(address, before, after);
  return stoppingStacks(indexPlan(built.build()), ['zz-production', 'borough-production']);
}

describe('a change of what happens to requests', () => {
  it.each(words('access_rule list list_item ruleset user_agent_blocking_rule zone_lockdown'))(
    'is one of %s',
    (type) => {
      expect(ruleStacks(changed(type, { name: 'a' }, { name: 'b' }))).toEqual(['acme-production']);
      expect(stopping(inZone, { ...inZone, name: 'b' }, `cloudflare_${type}`)).toEqual(['acme-production']);
    },
  );

  it('is one of a list, whatever phase it claims to be in', () => {
    const claims = { ...inZone, phase: 'http_request_redirect' };
    expect(stopping(claims, { ...claims, name: 'b' }, 'cloudflare_list')).toEqual(['acme-production']);
    expect(stopping(claims, { ...claims, name: 'b' })).toEqual([]);
  });

  it.each(words('dns_record zone zone_setting'))('is not one of %s', (type) => {
    expect(ruleStacks(changed(type, { name: 'a' }, { name: 'b' }))).toEqual([]);
  });

  it.each<[readonly Action[], ResourceChange['mode'], boolean]>([
    [['create'], 'managed', true],
    [['delete'], 'managed', true],
    [['delete', 'create'], 'managed', true],
    [['forget'], 'managed', true],
    [['no-op'], 'managed', false],
    [['read'], 'managed', false],
    [['update', 'read'], 'managed', true],
    [['update', 'no-op'], 'managed', true],
    [[], 'managed', false],
    [['create'], 'data', false],
  ])('with %j of what is %s: %s', (actions, mode, expected) => {
    const [change] = changed('list', { name: 'a' }, { name: 'b' });
    expect(change !== undefined && isRuleChange({ ...change, actions, mode })).toBe(expected);
  });

  it('names stacks once, sorted', () => {
    const [change] = changed('list', { name: 'a' }, { name: 'b' });
    const stacks = ['b', 'a', 'b', 'B'].flatMap((stack) =>
      change === undefined ? [] : [{ ...change, stack }],
    );
    expect(ruleStacks(stacks)).toEqual(['B', 'a', 'b']);
  });
});

describe('a change that may stop requests', () => {
  it.each(
    words(`http_request_sanitize http_request_transform http_request_firewall_custom http_ratelimit
      http_request_firewall_managed http_request_sbfm http_response_firewall_managed ddos_l7 brand_new constructor`),
  )('is one in %s', (phase) => {
    expect(stopping(sideOf({ phase }), sideOf({ phase, name: 'b' }))).toEqual(['acme-production']);
  });

  it.each(
    words(`http_config_settings http_custom_errors http_log_custom_fields http_request_cache_settings
      http_request_cloud_connector http_request_dynamic_redirect http_request_late_transform http_request_origin
      http_request_redirect http_response_cache_settings http_response_compression http_response_headers_transform`),
  )('is none in %s', (phase) => {
    expect(stopping(sideOf({ phase }), sideOf({ phase, name: 'b' }))).toEqual([]);
    expect(stopping(null, sideOf({ phase }))).toEqual([]);
    expect(stopping(sideOf({ phase }), null)).toEqual([]);
  });

  it('is one when either side may stop, or its phase cannot be known', () => {
    const [harmless, custom] = [
      { phase: 'http_request_redirect' },
      { phase: 'http_request_firewall_custom' },
    ];
    expect(stopping(sideOf(harmless), sideOf(custom))).toHaveLength(1);
    expect(stopping(sideOf(custom), sideOf(harmless))).toHaveLength(1);
    expect(stopping(null, sideOf({ phase: '${var.phase}' }))).toHaveLength(1);
    expect(stopping(null, sideOf({ phase: ['http_request_redirect'] }))).toHaveLength(1);
    expect(stopping(null, inZone)).toHaveLength(1);
  });

  it('reaches, when it is of the account on either side, whom the facts name, sorted', () => {
    const phase = { phase: 'http_request_firewall_custom', account_id: 'a' };
    const all = ['acme-production', 'borough-production', 'zz-production'];
    expect(stopping(phase, { ...phase, name: 'b' })).toEqual(all);
    expect(stopping(sideOf(phase), phase)).toEqual(all);
    expect(stopping(null, phase)).toEqual(all);
    expect(stopping(null, { ...phase, zone_id: null })).toEqual(all);
    expect(stopping(null, sideOf(phase))).toEqual(['acme-production']);
  });
});

describe('the limits', () => {
  const inTier = (tier: 1 | 2 | 3, name: string) =>
    aRegister({ client: name, tier, stacks: [{ name, environment: 'production', zones: [] }] });
  const policy = aPolicySet({ registers: [aRegister(), inTier(2, 'second'), inTier(3, 'third')] });
  it.each([
    ['acme-production', 1],
    ['nobody-knows-it', 1],
    ['second', 2],
    ['third', 3],
    ['acme-staging', null],
  ])('of %s are those of tier %s', (stack, tier) => {
    expect(limitsFor(policy, [stack])?.tier ?? null).toBe(tier);
  });

  it('of several are those of the most critical', () => {
    expect(limitsFor(policy, ['third', 'second', 'acme-production'])?.tier).toBe(1);
    expect(limitsFor(policy, ['acme-staging', 'third', 'second'])?.tier).toBe(2);
    expect(limitsFor(policy, [])).toBeNull();
  });
});

describe('a must-pass case', () => {
  it.each([
    ['pass', 'pass', 'unchanged', 'passes'],
    ['block', 'pass', 'newly-allowed', 'passes'],
    ['pass', 'block', 'newly-blocked', 'stopped'],
    ['pass', 'js_challenge', 'newly-challenged', 'stopped'],
    ['redirect', 'challenge', 'newly-challenged', 'stopped'],
    ['managed_challenge', 'serve_error', 'changed-action', 'stopped'],
    ['unknown', 'managed_challenge', 'newly-challenged', 'stopped'],
    ['block', 'challenge', 'changed-action', 'was-stopped'],
    ['serve_error', 'block', 'newly-blocked', 'was-stopped'],
    ['constructor', 'block', 'newly-blocked', 'was-stopped'],
    ['challenge', 'js_challenge', 'changed-action', 'was-stopped'],
    ['pass', 'redirect', 'changed-action', 'redirected'],
    ['unknown', 'redirect', 'changed-action', 'redirected'],
    ['redirect', 'redirect', 'unchanged', 'was-stopped'],
    ['pass', 'unknown', 'undecidable', 'unknown'],
    ['block', 'unknown', 'unchanged', 'unknown'],
    ['unknown', 'unknown', 'undecidable', 'unknown'],
    ['unknown', 'unknown', 'unchanged', 'was-unknown'],
  ] as const)('%s before, %s now, %s: %s', (before, after, change, state) => {
    expect(mustPassState(aMustPass({ before, after, change }))).toBe(state);
  });
});
