import { defineRule, finding, judged, notApplicable } from '../../rule.ts';
import { quantity } from '../../../scripts/plan/quantity.ts';

export const recordAdministrativeEmpty = defineRule({
  id: 'record-administrative-empty',
  title: 'An administrative record releases nothing',
  area: 'record',
  severity: 'deny',
  why: 'Administrative records go without rollback, tests and window, because nothing of a client changes.',
  fix: 'Write a record of kind Change for what the plan does.',
  since: '2026-11-23',
  source: 'Approval case 48',
  waivable: false,
  evaluate: ({ record, index }) => {
    if (record?.record.kind !== 'Administrative') {
      return notApplicable('the record is of kind Change, or there is none');
    }
    return judged(
      index.changes.length === 0
        ? []
        : finding(
            'record',
            quantity(index.changes.length, 'resource changes', 'resources change'),
            'no change of a resource',
            {
              pointer: '/kind',
            },
          ),
    );
  },
});
