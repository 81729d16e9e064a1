/** When a change is to run and how long it takes, from its record. */
import type { Facts } from '../model/facts.ts';
import type { ChangeRecord } from '../model/record.ts';
import { instantMs, minuteMs } from './instant.ts';

/** Milliseconds. */
export interface Timing {
  readonly now: number;
  /** Null without a schedule. */
  readonly slot: { readonly start: number; readonly end: number } | null;
  /** Sum of the planned steps; 0 when the record lists none. */
  readonly steps: number;
  /** What the change takes without a rollback: its steps, or its whole slot. */
  readonly work: number;
  readonly rollback: number;
}

/** Whether an emergency relaxes this. No other change relaxes anything. */
export function isRelaxed(record: Pick<ChangeRecord, 'type' | 'emergency'>, what: string): boolean {
  return record.type === 'emergency' && record.emergency?.relaxations?.includes(what) === true;
}

/**
 * Times of the change, or why it cannot be scheduled. Only a standard change, and an emergency that relaxes the window, go
 * without a slot of their own; any other change without dates is not schedulable.
 */
export function readTiming(
  facts: Pick<Facts, 'now'>,
  record: Pick<ChangeRecord, 'type' | 'schedule' | 'rollback' | 'plan' | 'emergency' | 'rollout'>,
  /** Of a change of several clients the stacks of one of them: only what is done there takes its time. */
  share: readonly string[] | null = null,
): Timing | string {
  const now = instantMs(facts.now);
  if (now === null) {
    return 'the time of the decision cannot be read';
  }
  const rollback = rollbackMs(record);
  if (rollback === null) {
    return '`rollback.maxDurationMin` is missing: nobody can say whether the window is long enough';
  }
  const steps = stepsMin(record, share) * minuteMs;
  if (record.schedule === undefined) {
    const needsNone = record.type === 'standard' || isRelaxed(record, 'window');
    return needsNone
      ? { now, slot: null, steps, work: steps, rollback }
      : 'the change has no schedule: it cannot be released';
  }
  const { plannedStart, plannedEnd } = record.schedule;
  const [start, end] = [instantMs(plannedStart), instantMs(plannedEnd)];
  if (start === null || end === null || start >= end) {
    return `the slot ${plannedStart} to ${plannedEnd} is none`;
  }
  return { now, slot: { start, end }, steps, work: steps === 0 ? end - start : steps, rollback };
}

/** Watching counts where there is a wave of the client's own; a step that names no stack counts for everybody. */
function stepsMin(record: Pick<ChangeRecord, 'plan' | 'rollout'>, share: readonly string[] | null): number {
  const steps = (record.plan?.steps ?? []).filter(
    ({ stack }) => share === null || stack === undefined || share.includes(stack),
  );
  const waves = (record.rollout?.waves ?? []).filter((wave) => wave.some((stack) => share?.includes(stack)));
  const watched = share === null ? observedMin(record) : (record.rollout?.observeMin ?? 0) * waves.length;
  return steps.reduce((sum, step) => sum + step.durationMin, watched);
}

/** Minutes for which the waves are watched; after the last one the release has ended. */
export function observedMin({ rollout }: Pick<ChangeRecord, 'rollout'>): number {
  return (rollout?.observeMin ?? 0) * Math.max(0, (rollout?.waves ?? []).length - 1);
}

/** Null when the record does not say, though a rollback is possible. */
function rollbackMs(record: Pick<ChangeRecord, 'rollback'>): number | null {
  const { maxDurationMin, strategy } = record.rollback;
  if (maxDurationMin !== undefined) {
    return maxDurationMin * minuteMs;
  }
  return strategy === 'not-possible' ? 0 : null;
}
