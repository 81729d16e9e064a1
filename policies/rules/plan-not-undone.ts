import { undoOf } from '../../scripts/plan/undo.ts';
import { subjectOf } from '../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../rule.ts';

export const planNotUndone = defineRule({
  id: 'plan-not-undone',
  title: 'What a rollback cannot undo is known beforehand',
  area: 'plan',
  severity: 'warn',
  why: 'Deleting such an object changes nothing at Cloudflare, and what was there before cannot be read: a rollback leaves what was set.',
  fix: 'Write down what is there now and how to set it again by hand in the record, or say `rollback.strategy: not-possible` and why.',
  since: '2026-11-30',
  source: 'Delete functions of cloudflare/cloudflare 5.14.0; ISO/IEC 20000-1 8.5.1.3: reversal planned',
  waivable: true,
  evaluate: (context) => {
    const strategy = context.record?.record.rollback.strategy;
    const made = context.index.changes.filter((change) => undoOf(change) !== null);
    return judgeEach(made, 'nothing is made', (change) =>
      undoOf(change) === 'leaves' && strategy !== 'not-possible' && strategy !== 'forward-fix'
        ? finding(
            subjectOf(change),
            'a rollback does not undo it: Cloudflare keeps what is set, and what was there before cannot be read',
            'a way back that does not rest on deleting it',
          )
        : [],
    );
  },
});
