import { defineRule, finding, judgeRecord, judged, notApplicable } from '../../rule.ts';

export const recordMonitoring = defineRule({
  id: 'record-monitoring',
  title: 'Somebody watches after the change',
  area: 'record',
  severity: 'warn',
  why: 'Most damage of a bad change is done between its end and the moment somebody notices.',
  fix: 'Say what is watched and for how many minutes.',
  since: '2026-11-23',
  source: 'Change record fields: monitoring',
  waivable: true,
  evaluate: (context) =>
    judgeRecord(context, (record) => {
      if (record.type === 'standard') {
        return notApplicable('a standard change is watched as its catalogue entry says');
      }
      const { monitoring } = record;
      if (monitoring === undefined && context.assessment().risk.effective === 'low') {
        return notApplicable('a change of low risk is watched by the probes of its release');
      }
      const isWatched = monitoring !== undefined && monitoring.watch.length > 0 && monitoring.observeMin > 0;
      return judged(
        isWatched
          ? []
          : finding('record', 'nothing is watched', 'what is watched, and for how long', {
              pointer: monitoring === undefined ? '' : '/monitoring',
            }),
      );
    }),
});
