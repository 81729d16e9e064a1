import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { placedPairs, ruleLabel, rulesOn } from '../../reading/rulesets/rules.ts';

export const wafOrderKept = defineRule({
  id: 'waf-order-kept',
  title: 'Rules are not put into another order',
  area: 'estate',
  severity: 'warn',
  why: 'Evaluation stops at the first rule that decides: a skip or allow that moves up switches off what now follows it.',
  fix: 'Keep the order, or say in the record which requests are decided differently.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of rule evaluation order',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.rulesets.filter((change) => change.before !== null && change.after !== null),
      'no existing ruleset changes',
      judge,
    ),
});

function judge(change: ResourceChange): Judgement {
  const rules = rulesOn(change, 'after');
  const stayed = placedPairs(change).flatMap(({ before, after }) =>
    before === null || after === null ? [] : [{ before, after }],
  );
  const old = stayed.toSorted((a, b) => a.before - b.before);
  const at = stayed.findIndex((pair, position) => old[position] !== pair);
  const [now, was] = [stayed[at], old[at]].map((pair) => {
    const rule = rules.find(({ position }) => position === pair?.after);
    return rule === undefined ? '' : ruleLabel(rule);
  });
  return at === -1
    ? fine
    : finding(
        subjectOf(change, 'rules'),
        `${now ?? ''} now comes before ${was ?? ''}`,
        'the same order as before',
      );
}
