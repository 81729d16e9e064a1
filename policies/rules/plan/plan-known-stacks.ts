import { registerOfStack } from '../../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';

export const planKnownStacks = defineRule({
  id: 'plan-known-stacks',
  title: 'Every changed stack stands in a service register',
  area: 'plan',
  severity: 'warn',
  why: 'Without a register there is no client, no tier and no window; the stack is treated as production of the highest tier.',
  fix: 'Add the stack to stacks/clients/<client>/service.yaml, or check the spelling of its name.',
  since: '2026-11-23',
  source: 'Bypass list B26: wrong tenant by fall-through',
  waivable: true,
  evaluate: (context) =>
    judgeEach(context.index.changedStacks, 'nothing changes', (stack) =>
      registerOfStack(context.policy, stack) === null
        ? finding(stack, 'in no service register', 'a registered stack')
        : [],
    ),
});
