import type { RuleContext } from '../../model/finding.ts';
import type { ChangeRecord } from '../../model/record.ts';
import { limitsFor, stoppingStacks } from '../../reading/rulesets/traffic-scope.ts';
import type { TierLimits } from '../../reading/rulesets/traffic-scope.ts';
import { defineRule, fine, finding, judged, judgeRecord, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

const pointer = '/traffic/sample';

export const wafTrafficSample = defineRule({
  id: 'waf-traffic-sample',
  title: 'A WAF change is tried on recorded traffic',
  area: 'record',
  severity: 'deny',
  why: 'What a new rule would have done to the traffic of last week is known before the release, or only after it.',
  fix: 'Import logs of the zones (sluice waf traffic import FILES --out .sluice/traffic) and name the digest at traffic.sample.',
  since: '2026-11-26',
  source: 'Threshold traffic.*.withoutSample',
  waivable: true,
  evaluate: (context) =>
    judgeRecord(context, (record) => {
      if (record.traffic !== undefined) {
        return judged(named(record.traffic.sample, context));
      }
      if (context.traffic.replay !== null) {
        return judged(
          finding('record', 'traffic was replayed that the record does not name', 'a named sample'),
        );
      }
      const limits = limitsFor(context.policy, stoppingStacks(context.index, context.traffic.stacks));
      if (limits === null) {
        return notApplicable('no rule of a production stack changes');
      }
      return record.type === 'standard'
        ? notApplicable('a standard change: its catalogue entry bounds what it can do')
        : judged(unnamed(record, limits));
    }),
});

/** A sample that is named has to have been replayed, and it itself: not another one. */
function named(sample: string, { traffic }: RuleContext): Judgement {
  const { replay, problem } = traffic;
  if (problem !== null) {
    return finding('record', problem, 'the named sample, replayed', { pointer });
  }
  if (replay === null) {
    return finding('record', 'the named sample was not replayed', 'the named sample, replayed', { pointer });
  }
  return replay.digest === sample
    ? fine
    : finding('record', `replayed was ${replay.digest}`, `the named sample ${sample}`, { pointer });
}

/** An emergency has no time for it: the CAB is told, and the retrospective asks. */
function unnamed({ type }: ChangeRecord, { tier, limits }: TierLimits): Judgement {
  if (limits.withoutSample === 'allow') {
    return fine;
  }
  const severity = type === 'emergency' ? 'warn' : limits.withoutSample;
  return finding('record', `no sample for a WAF change of tier ${tier}`, 'a sample of recorded traffic', {
    severity,
  });
}
