import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';
import { carriesTraffic } from '../../reading/traffic.ts';

export const planReplaceTraffic = defineRule({
  id: 'plan-replace-traffic',
  title: 'Resources that carry traffic are not replaced in place',
  area: 'plan',
  severity: 'warn',
  why: 'Between the deletion and the creation the name or pool does not exist, and resolvers remember that.',
  fix: 'Change it without replacement, add the new one first (create_before_destroy), or plan the outage in the record.',
  since: '2026-11-23',
  source: 'Bypass list B29',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.removals.filter((change) => change.actions.includes('create') && carriesTraffic(change)),
      'nothing that carries traffic is replaced',
      (change) =>
        change.actions[0] === 'create'
          ? []
          : finding(subjectOf(change), 'deleted and then created', 'no gap in which it does not exist'),
    ),
});
