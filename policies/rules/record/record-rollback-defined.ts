import type { Rollback } from '../../model/record.ts';
import { defineRule, finding, judgeRecord, judged } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const recordRollbackDefined = defineRule({
  id: 'record-rollback-defined',
  title: 'The way back is defined before the way forward',
  area: 'record',
  severity: 'deny',
  why: 'In the middle of an outage nobody should have to invent how to undo the change.',
  fix: 'Give the strategy, its steps, what triggers it, who decides and how long it may take; `not-possible` needs the reason.',
  since: '2026-11-23',
  source: 'ISO/IEC 20000-1 8.5.1.3: reversal planned; ISO 27001 A.8.32',
  waivable: false,
  evaluate: (context) => judgeRecord(context, (record) => judged(judge(record.rollback))),
});

function judge(rollback: Rollback): Judgement {
  if (rollback.strategy === 'not-possible') {
    const reason = rollback.irreversibleReason?.trim() ?? '';
    return reason.length >= 20
      ? []
      : missing('irreversibleReason', 'why there is no way back, in a sentence');
  }
  return [
    ...(rollback.steps.some((step) => step.trim() !== '') ? [] : missing('steps', 'at least one step')),
    ...(rollback.triggers.some((trigger) => trigger.trim() !== '')
      ? []
      : missing('triggers', 'what makes us roll back')),
    ...((rollback.maxDurationMin ?? 0) > 0
      ? []
      : missing('maxDurationMin', 'the longest time it may take, in minutes')),
    ...((rollback.decider ?? '').trim() === '' ? missing('decider', 'the person who decides') : []),
  ];
}

function missing(field: string, required: string): Judgement {
  return finding('record', `rollback.${field} is missing`, required, { pointer: `/rollback/${field}` });
}
