import type { ResourceChange } from '../../scripts/plan/types.ts';
import { subjectOf } from '../reading/estate-context.ts';
import { changesOf } from '../reading/plan-index.ts';
import { defineRule, fine, finding, judgeEach } from '../rule.ts';
import type { Judgement } from '../rule.ts';
import { isObject, readList } from '../reading/values.ts';
import type { Side } from '../reading/values.ts';

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
      changesOf(context.index, 'cloudflare_ruleset').filter(
        (change) => change.before !== null && change.after !== null,
      ),
      'no existing ruleset changes',
      judge,
    ),
});

function judge(change: ResourceChange): Judgement {
  const before = refsOf(change, 'before');
  const after = refsOf(change, 'after');
  const stayed = before.filter((ref) => after.includes(ref));
  const now = after.filter((ref) => stayed.includes(ref));
  const at = stayed.findIndex((ref, position) => now[position] !== ref);
  return at === -1
    ? fine
    : finding(
        subjectOf(change, 'rules'),
        `${now[at] ?? ''} now comes before ${stayed[at] ?? ''}`,
        'the same order as before',
      );
}

function refsOf(change: ResourceChange, side: Side): readonly string[] {
  return (readList(change, side, ['rules']) ?? []).flatMap((rule) =>
    isObject(rule) && typeof rule['ref'] === 'string' ? [rule['ref']] : [],
  );
}
