import { defineRule, finding, judgeRecord, judged, notApplicable } from '../../rule.ts';
import { leadTime } from '../../risk/timing.ts';

export const recordLeadTime = defineRule({
  id: 'record-lead-time',
  title: 'The change is put up early enough',
  area: 'record',
  severity: 'warn',
  why: 'The CAB, the client and the people on call need time to object. Short notice of a medium change is for the change manager to agree to; of a graver one it raises the risk by a level.',
  fix: 'Plan a later start, or let those who are asked agree to the shorter time.',
  since: '2026-11-23',
  source: 'quorum.yaml leadTimeWorkingDays; risk floor short-notice',
  waivable: true,
  evaluate: (context) =>
    judgeRecord(context, (record) => {
      if (record.type !== 'normal') {
        return notApplicable(`a change of type ${record.type} has no lead time`);
      }
      const { days, required } = leadTime(context, context.assessment().beforeRaises);
      return judged(
        days !== null && days >= required
          ? []
          : finding('record', `${days ?? 'no'} working days ahead`, `${required} working days`, {
              pointer: '/schedule/plannedStart',
            }),
      );
    }),
});
