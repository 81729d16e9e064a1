import { compareText } from '../../../scripts/json/json.ts';
import { categoryOf } from '../../reading/change-category.ts';
import { defineRule, finding, judgeRecord, judged, notApplicable } from '../../rule.ts';

export const recordCategoryMatch = defineRule({
  id: 'record-category-match',
  title: 'The category is that of the change',
  area: 'record',
  severity: 'deny',
  why: 'Freezes and standard changes go by category; a WAF change that calls itself caching slips past them.',
  fix: 'Use a category of the plan; a change of several kinds takes the riskiest of them.',
  since: '2026-11-23',
  source: 'Change record fields: category is cross-checked with the plan',
  waivable: true,
  evaluate: (context) => {
    const { changes } = context.index;
    return judgeRecord(context, (record) => {
      if (changes.length === 0) {
        return notApplicable('nothing changes');
      }
      const categories = [...new Set(changes.map(categoryOf))].toSorted(compareText);
      return judged(
        categories.includes(record.category)
          ? []
          : finding('record', `category ${record.category}`, categories.join(' or '), {
              pointer: '/category',
            }),
      );
    });
  },
});
