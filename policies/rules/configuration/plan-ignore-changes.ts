import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';
import { addedItems } from '../../reading/stack-settings.ts';

export const planIgnoreChanges = defineRule({
  id: 'plan-ignore-changes',
  title: 'No ignore_changes is added',
  area: 'plan',
  severity: 'deny',
  why: 'An ignored attribute can be changed by hand and no plan will ever show it.',
  fix: 'Manage the attribute, or ask for a waiver that says who changes it and how that is controlled.',
  since: '2026-11-23',
  source: 'Bypass list B14 and B28',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.guarded.filter((change) => (change.lifecycle.after?.ignoreChanges.length ?? 0) > 0),
      'no resource ignores changes',
      (change) => {
        const added = addedItems(
          change.lifecycle.before?.ignoreChanges,
          change.lifecycle.after?.ignoreChanges ?? [],
        );
        return added.length === 0
          ? []
          : finding(
              subjectOf(change, 'lifecycle'),
              `ignores changes of ${added.join(', ')}`,
              'nothing more is ignored',
            );
      },
    ),
});
