import { isLifted } from '../../emergency/lifted.ts';
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { defineRule, doubt, fine, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { isInPhase, ruleText, ruleValue } from '../../reading/rulesets/rules.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { isEnabled } from '../../reading/rulesets/skip-rules.ts';
import type { Value } from '../../reading/values.ts';

export const rateLimitKept = defineRule({
  id: 'rate-limit-kept',
  title: 'Rate limits are not removed or loosened',
  area: 'estate',
  severity: 'deny',
  why: 'A looser limit on login or checkout lets password guessing and card testing through.',
  fix: 'Keep threshold per period, action and mitigation time at least as strict as before, or ask security for a waiver.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of rate limiting rules',
  protects: 'security',
  waivable: true,
  evaluate: (context) => {
    const pairs = context.index.rulesetRules.filter(
      (pair) => isInPhase(pair, 'http_ratelimit') && isEnabled(pair, 'before') && !isLifted(pair, context),
    );
    const removed = changesOf(context.index, 'cloudflare_rate_limit').filter(
      (change) => change.after === null,
    );
    if (pairs.length === 0 && removed.length === 0) {
      return notApplicable('no rate limit that was in force changes');
    }
    return judged([...pairs.flatMap(judge), ...removed.flatMap(judgeRemoved)]);
  },
});

function judgeRemoved(change: ResourceChange): Judgement {
  return finding(subjectOf(change), 'the rate limit is removed', 'the rate limit stays');
}

const strictness = ['log', 'managed_challenge', 'js_challenge', 'challenge', 'block'] as const;

function judge(pair: RulesetRuleChange): Judgement {
  const required = 'the limit stays at least as strict';
  if (!isEnabled(pair, 'after')) {
    return finding(
      pair.subject,
      pair.after === null ? 'the limit is removed' : 'the limit is disabled',
      required,
    );
  }
  const rateNow = rate(pair, 'after');
  if (rateNow === 'unknown') {
    return doubt(pair.subject, 'the rate is known only after apply');
  }
  const rateThen = rate(pair, 'before');
  if (typeof rateThen === 'number' && rateNow > rateThen) {
    return finding(
      pair.subject,
      `${perMinute(rateThen)} -> ${perMinute(rateNow)} requests a minute`,
      required,
    );
  }
  return judgeMitigation(pair, required);
}

function judgeMitigation(pair: RulesetRuleChange, required: string): Judgement {
  if (actionRank(pair, 'after') < actionRank(pair, 'before')) {
    return finding(
      pair.subject,
      `action ${ruleText(pair, 'before', ['action']) ?? ''} -> ${ruleText(pair, 'after', ['action']) ?? '(unknown)'}`,
      required,
    );
  }
  const timeoutThen = numberOf(ruleValue(pair, 'before', ['ratelimit', 'mitigation_timeout'])) ?? 0;
  const timeoutNow = numberOf(ruleValue(pair, 'after', ['ratelimit', 'mitigation_timeout'])) ?? 0;
  return timeoutNow < timeoutThen
    ? finding(pair.subject, `mitigation ${timeoutThen} -> ${timeoutNow} s`, required)
    : fine;
}

/** Requests per second that pass; infinite when the rule has no threshold. */
function rate(pair: RulesetRuleChange, side: 'before' | 'after'): number | 'unknown' {
  const requests = ruleValue(pair, side, ['ratelimit', 'requests_per_period']);
  const score = ruleValue(pair, side, ['ratelimit', 'score_per_period']);
  const period = ruleValue(pair, side, ['ratelimit', 'period']);
  if ([requests, score, period].some((value) => value.kind === 'unknown')) {
    return 'unknown';
  }
  const amount = numberOf(requests) ?? numberOf(score);
  const seconds = numberOf(period);
  return amount === null || seconds === null || seconds <= 0 ? Number.POSITIVE_INFINITY : amount / seconds;
}

function perMinute(perSecond: number): string {
  return Number.isFinite(perSecond) ? String(Math.round(perSecond * 600) / 10) : 'unlimited';
}

function actionRank(pair: RulesetRuleChange, side: 'before' | 'after'): number {
  const action = ruleText(pair, side, ['action']);
  return strictness.findIndex((one) => one === action);
}

function numberOf(value: Value): number | null {
  return value.kind === 'known' && typeof value.value === 'number' ? value.value : null;
}
