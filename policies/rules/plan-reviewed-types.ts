import { subjectOf } from '../reading/estate-context.ts';
import { countsAsProduction } from '../reading/reach.ts';
import { isReviewedType } from '../reading/reviewed-types.ts';
import { defineRule, finding, judgeEach } from '../rule.ts';

export const planReviewedTypes = defineRule({
  id: 'plan-reviewed-types',
  title: 'Production changes only resource types that were reviewed',
  area: 'plan',
  severity: 'warn',
  why: 'No rule looks into this type, so nothing here can say whether the change takes protection away.',
  fix: 'Let the security seat read the change; a type in regular use gets rules and a place on the list of reviewed types.',
  since: '2026-11-23',
  source: 'policies/reading/reviewed-types.ts',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.changes.filter((change) => countsAsProduction(context, change)),
      'nothing changes in production',
      (change) =>
        isReviewedType(change.type)
          ? []
          : finding(subjectOf(change), `${change.type} changes`, 'a type that rules were written for'),
    ),
});
