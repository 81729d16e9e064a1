import { defineRule, finding, judged, notApplicable } from '../../rule.ts';
import { isApartFromResources } from '../../reading/places/control-files.ts';
import { quantity } from '../../../scripts/plan/quantity.ts';

export const policyChangeAlone = defineRule({
  id: 'policy-change-alone',
  title: 'Policies are not changed together with the estate',
  area: 'plan',
  severity: 'deny',
  why: 'Whoever changes the estate must not change, in the same breath, the rules that judge it.',
  fix: 'Move the policy, roster, workflow or tool change into a pull request of its own.',
  since: '2026-11-23',
  source: 'Approval case 52; bypass list B10',
  waivable: false,
  evaluate: ({ changedFiles, index }) => {
    const control = changedFiles.filter(isApartFromResources);
    if (control.length === 0) {
      return notApplicable('no policy, workflow or tool file changes');
    }
    return judged(
      index.changes.length === 0
        ? []
        : finding(
            'plan',
            `${control.slice(0, 3).join(', ')} with ${quantity(index.changes.length, 'resource change')}`,
            'one or the other',
          ),
    );
  },
});
