import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';

export const planProbableRename = defineRule({
  id: 'plan-probable-rename',
  title: 'A renamed resource is moved, not destroyed',
  area: 'plan',
  severity: 'deny',
  why: 'Without a moved block a renamed resource is deleted and made anew: an outage for nothing.',
  fix: 'Add the moved block that `sluice plan` prints. If they really are two things, ask for a waiver.',
  since: '2026-11-23',
  source: 'Bypass list B29: delete and create through a rename',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.changes.filter((change) => change.probableMoveFrom !== undefined),
      'nothing looks renamed',
      (change) =>
        finding(
          subjectOf(change),
          `looks like ${change.probableMoveFrom ?? ''} under a new name`,
          'a moved block',
          {
            fix: `moved { from = ${change.probableMoveFrom ?? ''}, to = ${change.address} }`,
          },
        ),
    ),
});
