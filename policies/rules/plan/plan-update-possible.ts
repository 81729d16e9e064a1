import { behaviourOf } from '../../../scripts/provider/behaviour.ts';
import { changeKind } from '../../../scripts/provider/kind.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';

export const planUpdatePossible = defineRule({
  id: 'plan-update-possible',
  title: 'What changes in place can be changed in place',
  area: 'plan',
  severity: 'deny',
  why: 'For these types the provider sends nothing, or fails: the state would say what Cloudflare does not have.',
  fix: 'Give the new one another name in the configuration, so that the old one is deleted and the new one created.',
  since: '2026-11-30',
  source: 'Update functions in the sources of cloudflare/cloudflare 5.14.0: empty, or an error',
  waivable: false,
  evaluate: ({ plan }) =>
    judgeEach(
      plan.stacks
        .flatMap(({ changes }) => changes)
        .filter((change) => change.mode === 'managed' && changeKind(change) === 'update'),
      'nothing is updated',
      (change) =>
        behaviourOf(change.type, change.provider)?.update !== undefined
          ? finding(
              subjectOf(change),
              `${change.type} is updated, which never reaches Cloudflare`,
              'a deletion and a creation',
            )
          : [],
    ),
});
