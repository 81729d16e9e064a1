import { readTiming } from '../../gate/timing.ts';
import type { RuleContext } from '../../model/finding.ts';
import type { UpcomingChange } from '../../model/prerequisite.ts';
import type { ChangeRecord } from '../../model/record.ts';
import {
  collisionOf,
  footprintOf,
  footprintOfPlan,
  meets,
  occupied,
  type Collision,
} from '../../reading/collision.ts';
import { defineRule, fine, finding, judgeEach, judgeRecord, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import type { Opening } from '../../windows.ts';

export const recordCollision = defineRule({
  id: 'record-collision',
  title: 'No other approved change meets this one in its slot',
  area: 'record',
  severity: 'deny',
  kinds: ['resource', 'near'],
  why: 'Of two changes at the same time on the same thing nobody can tell which one broke it, or roll back only one.',
  fix: 'Plan it for another time: sluice schedule next <change> finds one. The CAB decides whether both may go.',
  since: '2026-11-30',
  source:
    'Rules of collision: slots that overlap, with the time for a rollback; those that only touch do not',
  waivable: true,
  evaluate: (context) =>
    judgeRecord(context, (record) => {
      const slot = slotOf(context, record);
      return slot === null
        ? notApplicable('the change has no slot of its own')
        : judgeEach(
            context.planned.filter((other) => meets(other, slot) && !comesFirst(record, other)),
            'no approved change is planned for the same time',
            (other) => judge(context, record, other),
          );
    }),
});

function slotOf({ now }: RuleContext, record: ChangeRecord): Opening | null {
  const timing = readTiming({ now }, record);
  return typeof timing === 'string' ? null : occupied(timing);
}

/** What this change waits for is released before it: the gate's check of the ledger holds that. */
function comesFirst({ dependsOn = [] }: ChangeRecord, { changeId }: UpcomingChange): boolean {
  return dependsOn.includes(changeId);
}

function judge({ index, policy }: RuleContext, record: ChangeRecord, other: UpcomingChange): Judgement {
  const collision = collisionOf(footprintOfPlan(record, index, policy), footprintOf(other, policy), policy);
  return collision === null ? fine : say(record, other, collision);
}

/** An emergency does not wait for a plan: it is told. */
function say(
  record: ChangeRecord,
  { changeId, start, end }: UpcomingChange,
  { kind, what }: Collision,
): Judgement {
  const isWarning = kind === 'near' || record.type === 'emergency';
  return finding('record', `${changeId} is planned from ${start} to ${end}, ${what}`, 'a time of its own', {
    kind,
    pointer: '/schedule/plannedStart',
    ...(isWarning ? { severity: 'warn' as const } : {}),
    fix: `Plan it for another time: sluice schedule next ${record.id}. Whether it may go beside ${changeId} is for the CAB to decide${isWarning ? '' : ', by a waiver'}.`,
  });
}
