import { defineRule, judgeEach } from '../../rule.ts';
import { judgeShare, zoneShares } from '../../reading/zone-shares.ts';

export const planUpdateShare = defineRule({
  id: 'plan-update-share',
  title: 'A change does not update a large part of a zone',
  area: 'plan',
  severity: 'deny',
  why: 'Pointing every record elsewhere does the same damage as deleting them.',
  fix: 'Check that the updates are meant; then ask for a waiver for the zone named, or do them in stages.',
  since: '2026-11-23',
  source: 'Thresholds updateShare, updateFloor, rollingWindowDays; 30 % as in octoDNS',
  waivable: true,
  evaluate: (context) => {
    const { updateShare, updateFloor } = context.policy.thresholds;
    return judgeEach(zoneShares(context, 'updated'), 'nothing is updated', (share) =>
      judgeShare(share, updateShare, updateFloor, 'updated'),
    );
  },
});
