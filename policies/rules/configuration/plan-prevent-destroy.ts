import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';

export const planPreventDestroy = defineRule({
  id: 'plan-prevent-destroy',
  title: 'prevent_destroy is not removed',
  area: 'plan',
  severity: 'deny',
  why: 'The guard was put there because losing the resource hurts; removing it and the resource together is how it gets lost.',
  fix: 'Keep the guard. Remove it in one change and the resource in a later one, each with its own reason.',
  since: '2026-11-23',
  source: 'Bypass list B14',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.guarded.filter((change) => change.lifecycle.before?.preventDestroy === true),
      'no resource that prevents its destruction changes',
      (change) =>
        change.lifecycle.after?.preventDestroy === true
          ? []
          : finding(
              subjectOf(change, 'lifecycle'),
              change.lifecycle.after === null
                ? 'a guarded resource is removed'
                : 'prevent_destroy is dropped',
              'prevent_destroy stays',
            ),
    ),
});
