/** When emergency moves end. The day stands in the description of the rule, where it is live as well. */
import { dayMs, instantMs } from '../gate/instant.ts';
import type { Thresholds } from '../model/facts.ts';

export interface EmergencyEnd {
  readonly incident: string;
  /** Last day, YYYY-MM-DD in UTC. */
  readonly expires: string;
}

/** Days that a move holds, where the estate says nothing else: a week has a working day of everybody. */
const usualDays = 7;

export function emergencyDays({ emergencyDays: days = usualDays }: Thresholds): number {
  return days;
}

/** Null for a rule of no emergency. */
export function endIn(description: string): EmergencyEnd | null {
  const found = /; expires (?<expires>\d{4}-\d{2}-\d{2}), (?<incident>INC-[1-9]\d*)$/.exec(
    description,
  )?.groups;
  const { expires = '', incident = '' } = found ?? {};
  return expires === '' ? null : { expires, incident };
}

/** Whole days since the last day was over; 0 before that, and for what is no day. */
export function daysOver({ expires }: EmergencyEnd, at: string): number {
  const [last, now] = [Date.parse(`${expires}T00:00:00Z`), instantMs(at)];
  return now === null || !Number.isFinite(last) ? 0 : Math.max(0, Math.ceil((now - last - dayMs) / dayMs));
}
