import { subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';

export const planZoneDeletion = defineRule({
  id: 'plan-zone-deletion',
  title: 'A zone is not deleted',
  area: 'plan',
  severity: 'deny',
  why: 'Deleting a zone takes its records, certificates and rules with it, and its name servers may not come back.',
  fix: 'Retire a zone in its own change, after its traffic is gone, under a waiver for the zone.',
  since: '2026-11-23',
  source: 'Bypass list B30: deletion through removal of the zone',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      changesOf(context.index, 'cloudflare_zone').filter(
        (change) => change.actions.includes('delete') || change.actions.includes('forget'),
      ),
      'no zone is deleted',
      (change) =>
        finding(subjectOf(change), `the zone is removed (${change.actions.join(', ')})`, 'the zone stays'),
    ),
});
