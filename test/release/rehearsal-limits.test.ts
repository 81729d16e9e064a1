import { describe, expect, it } from 'vitest';
import type { JsonObject, StackPlan } from '../../scripts/plan/types.ts';
import { compareStates, unprovenOf, type RehearsalEvidence } from '../../scripts/release/rehearsal.ts';
import { renderRehearsal } from '../../scripts/render/release/rehearsal-text.ts';
import { plainStyle } from '../../scripts/render/text/style.ts';
import { aPlan } from '../builders/plan.ts';

function stateOf(type: string, values: JsonObject): JsonObject {
  const resources = [{ address: `${type}.x`, mode: 'managed', type, values }];
  return { values: { root_module: { resources } } };
}

describe('what a rehearsal cannot show', () => {
  const unproven = unprovenOf(
    aPlan()
      .creating('cloudflare_zone_setting.hints')
      .creating('cloudflare_zone_subscription.plan')
      .creating('cloudflare_dns_record.new')
      .updating('cloudflare_page_rule.old')
      .build().stacks[0] as StackPlan,
  );

  it('is what Cloudflare keeps and what is never read back, and nothing else', () => {
    expect(Object.fromEntries(unproven.map(({ address, what }) => [address, what.slice(0, 24)]))).toEqual({
      'cloudflare_page_rule.old': 'sent, not read back: all',
      'cloudflare_zone_setting.hints': 'overwrites what Cloudfla',
      'cloudflare_zone_subscription.plan': 'a rollback does NOT undo',
    });
  });

  it('is named beside the proof', () => {
    const evidence: RehearsalEvidence = {
      kind: 'sluice.rehearsal',
      version: 1,
      stack: 'acme-production',
      effectDigest: 'sha256:0',
      bundles: { base: null, proposed: 'sha256:1' },
      at: '2026-11-24T20:00:00Z',
      terraform: '1.11.0',
      result: 'proven',
      reason: null,
      steps: [],
      differences: [],
    };
    expect(renderRehearsal([evidence], plainStyle)).toBe('acme-production: rollback proven\n');
    expect(renderRehearsal([{ ...evidence, unproven }], plainStyle)).toContain(
      'rollback proven, except for what is named below',
    );
  });
});

describe('DNSSEC after a rehearsed rollback', () => {
  const type = 'cloudflare_zone_dnssec';
  const differences = (start: string, end: string) =>
    compareStates(stateOf(type, { status: start }), stateOf(type, { status: end })).length;

  it('is as it was while it is on the way there, and only then', () => {
    expect([differences('active', 'pending'), differences('pending', 'active')]).toEqual([0, 0]);
    expect([differences('active', 'disabled'), differences('active', 'error')]).toEqual([1, 1]);
  });
});
