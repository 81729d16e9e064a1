import type { MustPassResult } from '../../model/traffic.ts';
import type { RuleContext } from '../../model/finding.ts';
import { caseSubject, caseText, mustPassState } from '../../reading/rulesets/must-pass.ts';
import { ruleStacks } from '../../reading/rulesets/traffic-scope.ts';
import { defineRule, fine, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const wafMustPass = defineRule({
  id: 'waf-must-pass',
  title: 'Requests that must pass still pass',
  area: 'estate',
  severity: 'deny',
  why: 'Offices, monitoring, payment call-backs and health checks are written down because stopping them is an outage.',
  fix: 'Correct the rule that stops the request. If the client no longer needs the case, change it in a pull request of its own.',
  since: '2026-11-26',
  source: 'Must-pass cases at stacks/clients/<client>/traffic/*.yaml of the base branch',
  waivable: false,
  evaluate: (context) => {
    const changed = ruleStacks(context.index.changes);
    if (changed.length === 0) {
      return notApplicable('no rule, list or access rule changes');
    }
    return judged([
      ...changed.flatMap((stack) => notTried(stack, context)),
      ...context.traffic.mustPass.flatMap(judge),
    ]);
  },
});

/** Facts that leave out a stack whose rules change say nothing about its cases. */
function notTried(stack: string, { traffic }: RuleContext): Judgement {
  return traffic.stacks.includes(stack)
    ? fine
    : finding(stack, 'its rules change, and its must-pass cases were not tried', 'every case tried', {
        fix: 'Have the facts gathered again; a saved document without them cannot be decided on.',
      });
}

function judge(result: MustPassResult): Judgement {
  const seen = `${caseText(result)}: ${result.before} before, ${result.after} now${reasonsOf(result)}`;
  const subject = caseSubject(result);
  switch (mustPassState(result)) {
    case 'stopped':
      return finding(subject, seen, 'a request that passes');
    case 'redirected':
      return finding(subject, seen, 'a request that passes', { severity: 'warn' });
    case 'was-stopped':
      return finding(subject, seen, 'a request that passes; the old rules stopped it, too', {
        severity: 'warn',
        fix: 'Correct the rule, or the case: one of them is wrong on the base branch already.',
      });
    case 'passes':
    case 'unknown':
    case 'was-unknown':
      return fine;
  }
}

function reasonsOf({ reasons }: MustPassResult): string {
  return reasons.length === 0 ? '' : `, by ${reasons.join('; ')}`;
}
