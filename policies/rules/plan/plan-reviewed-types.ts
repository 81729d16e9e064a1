import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { providerType } from '../../../scripts/provider/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { countsAsProduction } from '../../reading/places/reach.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';

export const planReviewedTypes = defineRule({
  id: 'plan-reviewed-types',
  title: 'Production changes only resource types that were reviewed',
  area: 'plan',
  severity: 'warn',
  why: 'No rule says of this type whether a change takes protection away, opens a way in, or puts other code or another origin before visitors.',
  fix: 'Let the security seat read what the finding names; a type in regular use gets rules, and the day of its review in the table of types.',
  since: '2026-11-23',
  source: 'scripts/provider/types.json',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.changes.filter((change) => countsAsProduction(context, change)),
      'nothing changes in production',
      (change) =>
        // A type that is not known was not reviewed either.
        providerType(change.type)?.reviewed !== undefined
          ? []
          : finding(
              subjectOf(change),
              `${change.type} ${changed(change)}: a person has to see ${toReview(change.type)}`,
              'a review by the security seat',
            ),
    ),
});

function toReview(type: string): string {
  return providerType(type)?.review ?? 'whom it lets in, what it opens, and where it sends requests or data';
}

function changed({ before, after }: ResourceChange): string {
  return before === null ? 'is new' : after === null ? 'goes away' : 'changes';
}
