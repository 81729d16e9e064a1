/** How much of a zone is touched, earlier releases included, and from where on it is too much. */
import { describe, expect, it } from 'vitest';
import { judgeShare, zoneShares } from '../../../policies/reading/zone-shares.ts';
import type { Touch, ZoneShare } from '../../../policies/reading/zone-shares.ts';
import type { PastRelease } from '../../../policies/model/facts.ts';
import type { Action } from '../../../scripts/plan/types.ts';
import { aPastRelease, aRuleContext, now } from '../../builders/facts.ts';
import { aPlan } from '../../builders/plan.ts';
import type { PlanBuilder } from '../../builders/plan.ts';
import { aPolicySet } from '../../builders/policy.ts';

const address = 'cloudflare_dns_record.it';
const zone = 'shop.example';
const days = aPolicySet().thresholds.rollingWindowDays;
const daysAgo = (count: number, ms = 0): string =>
  new Date(Date.parse(now) - count * 86_400_000 - ms).toISOString();

function shares(plan: PlanBuilder, touch: Touch, history: readonly PastRelease[] = []): readonly ZoneShare[] {
  return zoneShares(aRuleContext({ plan: plan.build(), history }), touch);
}

describe('what is touched', () => {
  it.each<[readonly Action[], number, number]>([
    [['delete'], 1, 0],
    [['forget'], 1, 0],
    [['delete', 'create'], 1, 0],
    [['update'], 0, 1],
    [['create'], 0, 0],
  ])('by %j: %d deleted, %d updated', (actions, deleted, updated) => {
    const plan = () => aPlan().changing(address, actions);
    expect(shares(plan(), 'deleted')).toHaveLength(deleted);
    expect(shares(plan(), 'updated')).toHaveLength(updated);
  });

  it('is counted by zone and by account, sorted, with the totals of each', () => {
    const plan = aPlan()
      .deleting(address)
      .deleting(address)
      .withZoneTotals('other.example', 7, 6)
      .withZoneTotals(zone, 60, 58)
      .inZone(null)
      .deleting('cloudflare_list.it');
    expect(shares(plan, 'deleted')).toEqual([
      { subject: 'acme-production/account', now: 1, earlier: 0, before: 100, after: 100, isUntold: false },
      { subject: `acme-production/zone/${zone}`, now: 2, earlier: 0, before: 60, after: 58, isUntold: false },
    ]);
  });

  const touching = (parts: Partial<PastRelease> = {}, where = zone): PastRelease =>
    aPastRelease({ at: daysAgo(1), zones: [{ zone: where, deleted: 4, updated: 5 }], ...parts });

  it.each<[string, PastRelease, number]>([
    ['counts', touching(), 4],
    ['of another zone does not', touching({}, 'other.example'), 0],
    ['of the account does not', touching({}, 'acme-production/account'), 0],
    ['counts when it failed: it may have got that far', touching({ result: 'failed' }), 4],
    ['does not when it was rolled back', touching({ result: 'rolled-back' }), 0],
    ['does not when it was a rollback itself', touching({ kind: 'rollback' }), 0],
    ['counts to the last moment of the window', touching({ at: daysAgo(days) }), 4],
    ['does not beyond it', touching({ at: daysAgo(days, 1) }), 0],
  ])('an earlier release %s', (_, release, earlier) => {
    expect(shares(aPlan().deleting(address), 'deleted', [release])).toMatchObject([{ now: 1, earlier }]);
  });

  it('earlier in the account counts for the account, and each kind for itself', () => {
    const plan = () => aPlan().inZone(null).updating('cloudflare_list.it', { a: 1 }, { a: 2 });
    const history = [
      touching({}, 'acme-production/account'),
      touching({}, zone),
      touching({}, 'acme-production/account'),
    ];
    expect(shares(plan(), 'updated', history)).toMatchObject([{ earlier: 10 }]);
  });
});

describe('a share', () => {
  const of = (parts: Partial<ZoneShare>): ZoneShare => ({
    subject: 's',
    now: 6,
    earlier: 0,
    isUntold: false,
    before: 60,
    after: 60,
    ...parts,
  });
  const said = (parts: Partial<ZoneShare>, verb: Touch = 'updated'): string =>
    judgeShare(of(parts), 0.1, 5, verb)
      .map((one) => ('doubt' in one ? `? ${one.doubt}` : one.seen))
      .join();

  it.each<[string, Partial<ZoneShare>, Touch, string]>([
    ['at the limit is fine', {}, 'updated', ''],
    ['above it is not', { before: 59 }, 'updated', '6 of 59 resources updated, 10.2%'],
    ['of few is fine, however large', { now: 5, before: 5 }, 'updated', ''],
    ['of more than few is not', { now: 6, before: 6 }, 'updated', '6 of 6 resources updated, 100%'],
    [
      'counts what came earlier',
      { now: 1, earlier: 6 },
      'updated',
      '7 of 60 resources updated (6 of them by earlier releases), 11.7%',
    ],
    [
      'of what was there at the start',
      { now: 1, earlier: 6, before: 54 },
      'deleted',
      '7 of 60 resources deleted (6 of them by earlier releases), 11.7%',
    ],
    ['of nothing is all', { before: 0 }, 'updated', '6 of 0 resources updated, 100%'],
    [
      'of an unknown number is open',
      { before: null },
      'updated',
      '? 6 resources updated, of how many is not known',
    ],
    ['of few of an unknown number is fine', { now: 5, before: null }, 'updated', ''],
    [
      'that empties the zone is none too few',
      { now: 1, before: 1, after: 0 },
      'deleted',
      'all 1 resources are deleted',
    ],
    ['that updates all of a small zone is fine', { now: 1, before: 1, after: 0 }, 'updated', ''],
  ])('%s', (_, parts, verb, expected) => {
    expect(said(parts, verb)).toBe(expected);
  });
});
