/** How much notice a change gives and whether it stays inside the hours agreed with the client. */
import { instantMs } from '../gate/instant.ts';
import type { RuleInput } from '../model/facts.ts';
import type { RuleContext } from '../model/finding.ts';
import type { RiskLevel } from '../model/record.ts';
import { namedClients } from '../reading/clients.ts';
import { isInsideOpening, roomInside, windowsOfClient } from '../windows.ts';
import { workingDaysBetween } from '../working-days.ts';
import type { Raise } from './floor.ts';

export interface LeadTime {
  /** Working days between the submission and the planned start; null when either cannot be read. */
  readonly days: number | null;
  readonly required: number;
}

/** Lead time of the change against what `quorum.yaml` asks for at the level. Counted from the submission, not from now. */
export function leadTime(input: RuleInput, level: RiskLevel): LeadTime {
  const start = input.record?.record.schedule?.plannedStart;
  const from = input.submittedAt ?? input.now;
  return {
    days: start === undefined ? null : workingDaysBetween(from, start, input.policy.calendar.holidays),
    required: input.policy.quorum[level].leadTimeWorkingDays,
  };
}

/** The reason that asks for the change manager of a medium change, and raises a graver one. */
export const shortNoticeId = 'short-notice';

/**
 * `short-notice` for a normal change that comes later than its level allows. Standard and emergency have no lead time. Less
 * time to object makes no change of one record a grave one: at medium it raises nothing, and the change manager is one of those
 * who agree.
 */
export function shortNotice(input: RuleInput, level: RiskLevel): readonly Raise[] {
  if (input.record?.record.type !== 'normal') {
    return [];
  }
  const { days, required } = leadTime(input, level);
  return days !== null && days >= required
    ? []
    : [
        {
          id: shortNoticeId,
          most: level === 'medium' ? 'medium' : 'critical',
          text: `${days ?? 'no'} working days ahead instead of ${required}${level === 'medium' ? ': the change manager agrees' : ''}`,
        },
      ];
}

/** `peak-time` when the planned time is not wholly inside windows of the client's register. */
export function peakTime(input: Pick<RuleContext, 'record' | 'policy'>): readonly Raise[] {
  const record = input.record?.record;
  if (record?.schedule === undefined) {
    return [];
  }
  const start = instantMs(record.schedule.plannedStart);
  const end = instantMs(record.schedule.plannedEnd);
  const isAgreed =
    start !== null &&
    end !== null &&
    namedClients(record).every((client) => {
      const windows = windowsOfClient(input.policy, client);
      // Of several clients each is released in its own window, somewhere in the slot: which part holds it is for the gate.
      return record.clients === undefined
        ? isInsideOpening(windows, start, end)
        : roomInside(windows, { start, end }, 1) !== null;
    });
  return isAgreed
    ? []
    : [{ id: 'peak-time', most: 'critical', text: 'planned outside the windows agreed with the client' }];
}
