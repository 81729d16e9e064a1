import { instantMs } from '../../gate/instant.ts';
import type { ChangeRecord } from '../../model/record.ts';
import { defineRule, finding, judgeRecord, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const recordSchedule = defineRule({
  id: 'record-schedule',
  title: 'Planned start and end are given, in order, with their offset',
  area: 'record',
  severity: 'deny',
  why: 'A change without dates cannot be announced, checked against freezes, or kept inside a window.',
  fix: 'Write plannedStart and plannedEnd as 2026-12-07T20:00:00+00:00, the end after the start and not in the past.',
  since: '2026-11-23',
  source: 'ISO/IEC 20000-1 8.5.1.3; approval case 62',
  waivable: false,
  evaluate: (context) =>
    judgeRecord(context, (record) =>
      record.type === 'standard' && record.schedule === undefined
        ? notApplicable('a standard change may go without dates')
        : judged(judge(record, instantMs(context.now))),
    ),
});

function judge(record: ChangeRecord, now: number | null): Judgement {
  const { schedule } = record;
  if (schedule === undefined) {
    return finding('record', 'no schedule', 'plannedStart and plannedEnd', { pointer: '' });
  }
  const start = instantMs(schedule.plannedStart);
  const end = instantMs(schedule.plannedEnd);
  if (start === null || end === null) {
    const field = start === null ? 'plannedStart' : 'plannedEnd';
    return finding('record', schedule[field], 'a date and time with an offset', {
      pointer: `/schedule/${field}`,
    });
  }
  if (end <= start) {
    return finding('record', `ends ${schedule.plannedEnd}, not after its start`, 'an end after the start', {
      pointer: '/schedule/plannedEnd',
    });
  }
  return now === null || end <= now
    ? finding('record', `ended ${schedule.plannedEnd}`, 'an end in the future', {
        pointer: '/schedule/plannedEnd',
      })
    : [];
}
