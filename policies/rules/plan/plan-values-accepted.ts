import { appliesTo, refusedOf, requiredText } from '../../../scripts/provider/accepted.ts';
import { formatPath } from '../../../scripts/plan/path.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';

export const planValuesAccepted = defineRule({
  id: 'plan-values-accepted',
  title: 'The provider takes every value that is written',
  area: 'plan',
  severity: 'deny',
  why: 'The provider refuses the configuration before it plans anything: what was approved could never be released.',
  fix: 'Write a value that the provider takes; its documentation has the list.',
  since: '2026-11-30',
  source: 'Validators in the sources of cloudflare/cloudflare 5.14.0',
  waivable: false,
  evaluate: ({ plan }) =>
    judgeEach(
      // In a plan of Terraform the provider was asked, and computed values stand beside those that were written.
      (plan.source === 'configuration' ? plan.stacks : []).flatMap(({ changes, settings }) =>
        changes
          .filter((change) => appliesTo(change, settings.after))
          .map((change) => ({ change, settings: settings.after })),
      ),
      'no resource is created or changed in a configuration',
      ({ change, settings }) =>
        refusedOf(change, settings).flatMap((refused) =>
          finding(
            subjectOf(change, formatPath(refused.path)),
            'a value that the provider refuses',
            requiredText(refused),
          ),
        ),
    ),
});
