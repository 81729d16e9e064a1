import type { MustPassResult } from '../../model/traffic.ts';
import { caseSubject, caseText, mustPassState } from '../../reading/rulesets/must-pass.ts';
import { ruleStacks } from '../../reading/rulesets/traffic-scope.ts';
import { quantity } from '../../../scripts/plan/quantity.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { defineRule, doubt, fine, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

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
  evaluate: ({ index, traffic }) => {
    const cases = ruleStacks(index.changes).length === 0 ? [] : traffic.mustPass;
    const broken = index.rulesetRules.filter(isBroken);
    const left = (pair: RulesetRuleChange): readonly MustPassResult[] =>
      cases.filter((result) => mustPassState(result) === 'unknown' && waitsFor(result, pair));
    const waiting = new Set(broken.flatMap(left));
    return cases.length === 0
      ? notApplicable('no rule changes that a must-pass case could be tried on')
      : judged([
          ...broken.flatMap((pair) => untold(pair, left(pair))),
          ...cases.filter((result) => !waiting.has(result)).flatMap(judge),
        ]);
  },
});

/** An expression that Cloudflare would refuse: what is wrong with it is told by `waf-expression-valid`. */
function isBroken(pair: RulesetRuleChange): boolean {
  const reading = pair.expression();
  return (
    reading.kind === 'known' && reading.analysis.diagnostics.some(({ severity }) => severity === 'error')
  );
}

function waitsFor({ reasons }: MustPassResult, { ref, change }: RulesetRuleChange): boolean {
  const rule = `whether ${ref ?? ''} of ${change.stack}/${change.address} matches`;
  return ref !== null && reasons.includes(rule);
}

/** Once for the rule, and not for each case. */
function untold({ subject }: RulesetRuleChange, cases: readonly MustPassResult[]): Judgement {
  return cases.length === 0
    ? fine
    : doubt(
        subject,
        `${quantity(cases.length, 'must-pass case')} cannot be tried before its expression is valid`,
      );
}

function judge(result: MustPassResult): Judgement {
  const subject = caseSubject(result);
  const state = mustPassState(result);
  const open = `${caseText(result)} may be stopped; to be known: ${result.reasons.join('; ') || 'not said'}`;
  if (state === 'unknown') {
    return doubt(subject, open);
  }
  if (state === 'was-unknown') {
    return finding(subject, `${open}; the same rules left it open before`, 'a case that can be told', {
      severity: 'warn',
    });
  }
  return state === 'passes' && result.newlyChecked.length > 0
    ? finding(
        subject,
        `${caseText(result)} is looked at now by ${result.newlyChecked.join(', ')}, whose verdict cannot be told`,
        'a case that can be told',
        { severity: 'warn', fix: 'Release it in log mode first, and look whether the case is in the log.' },
      )
    : fine;
}
