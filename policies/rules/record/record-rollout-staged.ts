import { countsAsProduction } from '../../reading/places/reach.ts';
import { defineRule, finding, judgeRecord, judged, notApplicable } from '../../rule.ts';

export const recordRolloutStaged = defineRule({
  id: 'record-rollout-staged',
  title: 'A change of several production zones goes out in stages',
  area: 'record',
  severity: 'warn',
  why: 'Configuration reaches the whole edge at once; stages are the only way to notice a mistake while it is small.',
  fix: 'Set rollout.kind to staged and list the stages, smallest zone first.',
  since: '2026-11-23',
  source: 'Change record fields: rollout; Cloudflare outages of November and December 2025',
  waivable: true,
  evaluate: (context) =>
    judgeRecord(context, (record) => {
      const zones = new Set(
        context.index.changes
          .filter((change) => countsAsProduction(context, change))
          .map((change) => change.zone)
          .filter((zone) => zone !== null),
      );
      if (zones.size <= 1) {
        return notApplicable('at most one production zone changes');
      }
      return judged(
        (record.rollout?.kind === 'staged' && (record.rollout.stages ?? []).length > 1) ||
          (record.rollout?.waves ?? []).length > 1
          ? []
          : finding('record', `${zones.size} production zones at once`, 'rollout in at least two stages', {
              pointer: record.rollout === undefined ? '' : '/rollout',
            }),
      );
    }),
});
