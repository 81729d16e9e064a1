import { defineRule, finding, judgeEach } from '../../rule.ts';

export const planStackKept = defineRule({
  id: 'plan-stack-kept',
  title: 'A released stack does not disappear',
  area: 'plan',
  severity: 'deny',
  why: 'A stack that is no longer synthesized would be destroyed whole, or stay live with nobody managing it.',
  fix: 'Restore the stack; retire one in its own change under a waiver for the stack.',
  since: '2026-11-23',
  source: 'Bypass list B24 and B25: the set of stacks is fixed',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.plan.stacks.filter((stack) => stack.bundles.before !== null),
      'no stack was released before',
      (stack) =>
        stack.bundles.after === null && stack.settings.after === null
          ? finding(stack.stack, 'the stack is not there any more', 'the stack stays')
          : [],
    ),
});
