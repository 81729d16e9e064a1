import { isProduction, registerOfStack } from '../../reading/estate-context.ts';
import { stoppingStacks } from '../../reading/rulesets/traffic-scope.ts';
import { defineRule, fine, finding, judgeEach } from '../../rule.ts';

export const wafMustPassPresent = defineRule({
  id: 'waf-must-pass-present',
  title: 'The client has said which requests must pass',
  area: 'estate',
  severity: 'warn',
  why: 'Without a case for an office or a payment call-back nobody notices before the release that it is blocked.',
  fix: 'Add cases at stacks/clients/<client>/traffic/, in a pull request of its own.',
  since: '2026-11-26',
  source: 'Change policy: must-pass cases per client',
  waivable: true,
  evaluate: ({ index, policy, traffic }) =>
    judgeEach(
      stoppingStacks(index, traffic.stacks).filter(
        (stack) => isProduction(policy, stack) && registerOfStack(policy, stack) !== null,
      ),
      'no rule of a production stack that a register knows changes',
      (stack) => {
        const client = registerOfStack(policy, stack)?.client ?? stack;
        return traffic.withoutCases.includes(client)
          ? finding(stack, `${client} has no must-pass case`, 'at least one case for the client')
          : fine;
      },
    ),
});
