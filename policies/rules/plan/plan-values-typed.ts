import { factsOf } from '../../../scripts/provider/facts.ts';
import { formatPath } from '../../../scripts/plan/path.ts';
import { mistypedIn } from '../../../scripts/plan/typed.ts';
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const planValuesTyped = defineRule({
  id: 'plan-values-typed',
  title: 'Switches and amounts are booleans and numbers',
  area: 'plan',
  severity: 'deny',
  why: 'What is neither true nor false, or not a number, is refused by Terraform, and no other rule can judge it.',
  fix: 'Write true, false or the number, without quotes.',
  since: '2026-11-30',
  source: 'Terraform documentation of type conversion; schema of the pinned provider',
  waivable: false,
  evaluate: ({ plan }) =>
    judgeEach(
      plan.stacks
        .flatMap(({ changes }) => changes)
        .filter(({ mode, after }) => mode === 'managed' && after !== null),
      'no resource is created or changed',
      judge,
    ),
});

function judge(change: ResourceChange): Judgement {
  return mistypedIn(factsOf(change.type, change.provider), change.after).flatMap(({ path, type }) =>
    finding(
      subjectOf(change, formatPath(path)),
      `not a ${names[type]}`,
      `a ${names[type]}, as the provider asks for`,
    ),
  );
}

const names = { bool: 'boolean', number: 'number' } as const;
