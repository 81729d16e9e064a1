import { instantMs, minuteMs } from '../../gate/instant.ts';
import { observedMin } from '../../gate/timing.ts';
import type { ChangeRecord } from '../../model/record.ts';
import { defineRule, finding, judgeRecord, judged, notApplicable } from '../../rule.ts';
import { windowLength, windowsOfClient } from '../../windows.ts';
import type { RuleContext } from '../../model/finding.ts';

export const recordRollbackFits = defineRule({
  id: 'record-rollback-fits',
  title: 'The change and its rollback fit into the planned time',
  area: 'record',
  severity: 'deny',
  why: 'A rollback that starts when the window closes runs into the time the client was promised as quiet.',
  fix: 'Plan a longer time, a longer window, or a shorter change.',
  since: '2026-11-23',
  source: 'Change policy: window at least duration plus rollback',
  waivable: true,
  evaluate: (context) =>
    judgeRecord(context, (record) => {
      if (record.clients !== undefined) {
        return notApplicable('the gate looks at the window of each client');
      }
      const planned = plannedMs(record);
      if (planned === null) {
        return notApplicable('the record has no readable schedule');
      }
      const work = (record.plan?.steps ?? []).reduce(
        (sum, step) => sum + step.durationMin,
        observedMin(record),
      );
      const rollback =
        record.rollback.strategy === 'not-possible' ? 0 : (record.rollback.maxDurationMin ?? 0);
      const neededMs = (work + rollback) * minuteMs;
      const room = Math.min(planned, windowMs(context, record) ?? planned);
      return judged(
        neededMs <= room
          ? []
          : finding(
              'record',
              `steps ${work} min and rollback ${rollback} min in ${Math.floor(room / minuteMs)} min`,
              'steps and rollback inside the planned time and the window',
              { pointer: '/schedule' },
            ),
      );
    }),
});

function plannedMs(record: ChangeRecord): number | null {
  const start = instantMs(record.schedule?.plannedStart ?? '');
  const end = instantMs(record.schedule?.plannedEnd ?? '');
  return start === null || end === null ? null : end - start;
}

/** Length of the agreed window by its wall clock; null when the record names none that is known. */
function windowMs(context: RuleContext, record: ChangeRecord): number | null {
  const window = windowsOfClient(context.policy, record.client).find(
    (one) => one.id === record.schedule?.window,
  );
  return window === undefined ? null : windowLength(window);
}
