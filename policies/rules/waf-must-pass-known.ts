import { caseSubject, caseText, mustPassState } from '../reading/must-pass.ts';
import { ruleStacks } from '../reading/traffic-scope.ts';
import { defineRule, doubt, fine, judgeEach } from '../rule.ts';

export const wafMustPassKnown = defineRule({
  id: 'waf-must-pass-known',
  title: 'It can be told whether requests that must pass still pass',
  area: 'estate',
  severity: 'deny',
  why: 'A case whose outcome depends on something that nobody wrote down may be stopped on the day of the release.',
  fix: 'Add what is missing to the case, in a pull request of its own, or have somebody who has looked take it on by a waiver.',
  since: '2026-11-26',
  source: 'Must-pass cases at stacks/clients/<client>/traffic/*.yaml of the base branch',
  waivable: true,
  evaluate: ({ index, traffic }) =>
    judgeEach(
      ruleStacks(index.changes).length === 0 ? [] : traffic.mustPass,
      'no rule changes that a must-pass case could be tried on',
      (result) =>
        mustPassState(result) === 'unknown'
          ? doubt(
              caseSubject(result),
              `${caseText(result)} may be stopped; to be known: ${result.reasons.join('; ') || 'not said'}`,
            )
          : fine,
    ),
});
