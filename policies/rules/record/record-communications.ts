import { defineRule, finding, judgeRecord, judged, notApplicable } from '../../rule.ts';

export const recordCommunications = defineRule({
  id: 'record-communications',
  title: 'An expected outage is announced',
  area: 'record',
  severity: 'deny',
  why: 'An outage that users were told about is maintenance; one they were not told about is an incident.',
  fix: 'Add an entry to communications: to whom, through which channel, when.',
  since: '2026-11-23',
  source: 'ISO/IEC 20000-1 8.5.1.3: interested parties are told',
  waivable: true,
  evaluate: (context) =>
    judgeRecord(context, (record) => {
      // ISO 8601 durations without any non-zero digit last no time at all.
      if (!/[1-9]/.test(record.impact.expectedOutage)) {
        return notApplicable('no outage is expected');
      }
      return judged(
        (record.communications ?? []).length > 0
          ? []
          : finding(
              'record',
              `outage ${record.impact.expectedOutage}, nobody is told`,
              'at least one notice',
              {
                pointer: '/impact/expectedOutage',
              },
            ),
      );
    }),
});
