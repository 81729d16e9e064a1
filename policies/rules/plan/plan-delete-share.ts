import { defineRule, judgeEach } from '../../rule.ts';
import { judgeShare, zoneShares } from '../../reading/zone-shares.ts';

export const planDeleteShare = defineRule({
  id: 'plan-delete-share',
  title: 'A change does not delete a large part of a zone',
  area: 'plan',
  severity: 'deny',
  why: 'Most deletions of a third of a zone are mistakes in code or in the plan, not intentions.',
  fix: 'Check that the deletions are meant; then ask for a waiver for the zone named, or spread them beyond the rolling window.',
  since: '2026-11-23',
  source: 'Thresholds deleteShare, deleteFloor, rollingWindowDays; 30 % as in octoDNS',
  waivable: true,
  evaluate: (context) => {
    const { deleteShare, deleteFloor } = context.policy.thresholds;
    return judgeEach(zoneShares(context, 'deleted'), 'nothing is deleted', (share) =>
      judgeShare(share, deleteShare, deleteFloor, 'deleted'),
    );
  },
});
