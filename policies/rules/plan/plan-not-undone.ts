import { leftByRollback, undoOf } from '../../../scripts/provider/undo.ts';
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const planNotUndone = defineRule({
  id: 'plan-not-undone',
  title: 'What a rollback cannot undo is known beforehand',
  area: 'plan',
  severity: 'warn',
  why: 'Deleting such an object, or taking such an attribute out of the code again, changes nothing at Cloudflare: a rollback leaves what was set.',
  fix: 'Write down what is there now and how to set it again by hand in the record, or say `rollback.strategy: not-possible` and why.',
  since: '2026-11-30',
  source:
    'Delete functions and optional computed attributes of cloudflare/cloudflare 5.14.0; ISO/IEC 20000-1 8.5.1.3: reversal planned',
  waivable: true,
  evaluate: (context) => {
    const strategy = context.record?.record.rollback.strategy;
    const isPlanned = strategy === 'not-possible' || strategy === 'forward-fix';
    const judged = context.index.changes.filter(
      (change) => undoOf(change) !== null || leftByRollback(change).length > 0,
    );
    return judgeEach(judged, 'nothing is made, and no update begins to set an attribute', (change) =>
      isPlanned ? [] : judge(change),
    );
  },
});

function judge(change: ResourceChange): Judgement {
  if (undoOf(change) === 'leaves') {
    return finding(
      subjectOf(change),
      'a rollback does not undo it: Cloudflare keeps what is set, and what was there before cannot be read',
      'a way back that does not rest on deleting it',
    );
  }
  return leftByRollback(change).flatMap((path) =>
    finding(
      subjectOf(change, path),
      'a rollback does not set it back: the code did not set it before, and Cloudflare keeps what is set, or chooses',
      'the value that it has now, written into the record or set in the code first',
    ),
  );
}
