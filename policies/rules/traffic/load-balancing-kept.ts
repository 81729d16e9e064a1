import { sameJson } from '../../../scripts/json/json.ts';
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import type { RuleContext } from '../../model/finding.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { answerText, newAnswers } from '../../reading/balancers/targets.ts';
import type { Estate } from '../../reading/estate.ts';
import {
  balancerState,
  balancerType,
  deadTargets,
  poolState,
  poolType,
  usersOf,
} from '../../reading/balancers/load-balancing.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { readValue } from '../../reading/values.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const loadBalancingKept = defineRule({
  id: 'load-balancing-kept',
  title: 'Load balancers keep an origin that answers',
  area: 'estate',
  severity: 'deny',
  why: 'With every origin, every pool or the load balancer itself off, nobody answers for the site: it is down.',
  fix: 'Leave one pool with an origin on, or move the traffic first and retire the load balancer after it.',
  since: '2026-11-30',
  source: 'Cloudflare documentation of load balancers, pools and fallback pools; provider 5.14.0',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      changesOf(context.index, balancerType, poolType).filter((change) => change.after !== null),
      'no load balancer or pool is created or changed',
      (change) => (change.type === poolType ? judgePool(change, context) : judgeBalancer(change, context)),
    ),
});

/** A pool that goes down matters where nothing else answers in its place; who uses it may not be known. */
function judgePool(pool: ResourceChange, { estate }: RuleContext): Judgement {
  if (pool.before === null || poolState(pool, 'before') === 'dead') {
    return fine;
  }
  const is = poolState(pool, 'after');
  if (is === 'unknown') {
    return poolState(pool, 'before') === 'unknown'
      ? fine
      : doubt(subjectOf(pool, 'origins'), 'whether any of its origins stays on is known only after apply');
  }
  const users = usersOf(pool, 'after', estate);
  const dead = users.filter((balancer) => losses(balancer, estate).length > 0);
  if (is === 'live' || (users.length > 0 && dead.length === 0)) {
    return fine;
  }
  const names = dead
    .slice(0, 3)
    .map((balancer) => `${nameOf(balancer)} is down${losses(balancer, estate).slice(0, 3).join(' and')}`);
  return finding(
    subjectOf(pool, 'origins'),
    `none of its origins is on any more; ${names.length === 0 ? 'which load balancers use it is not known' : names.join(', ')}`,
    'an origin that is enabled and has a weight',
  );
}

/** Which requests nobody answers any more: each with a space before it, empty for all of them. */
function losses(balancer: ResourceChange, estate: Estate): readonly string[] {
  if (balancerState(balancer, 'after', estate).state === 'dead') {
    return [''];
  }
  const before = balancer.before === null ? [] : deadTargets(balancer, 'before', estate);
  return deadTargets(balancer, 'after', estate)
    .filter((target) => !before.includes(target))
    .map((target) => ` ${target}`);
}

function judgeBalancer(balancer: ResourceChange, { estate, index }: RuleContext): Judgement {
  const after = balancerState(balancer, 'after', estate);
  const before = balancer.before === null ? null : balancerState(balancer, 'before', estate);
  const subject = subjectOf(balancer);
  const name = nameOf(balancer);
  if (after.state === 'dead') {
    return before?.state === 'dead'
      ? fine
      : finding(subject, `${name} is down: ${after.why}`, 'a pool that answers');
  }
  return [
    ...untold(balancer),
    ...losses(balancer, estate).flatMap((lost) =>
      finding(
        subject,
        `${name} is down${lost}: none of its pools there has an origin that is on`,
        'a pool that answers',
      ),
    ),
    ...newAnswers(balancer, index.expressions)
      .filter(({ isForAll }) => isForAll)
      .flatMap((answer) =>
        finding(
          subject,
          `${answerText(answer)} every request to ${name}: no origin is asked any more`,
          'requests that reach an origin',
        ),
      ),
    ...(fallbackLost(balancer)
      ? finding(
          subjectOf(balancer, 'fallback_pool'),
          `${name} has no pool of last resort any more`,
          'a fallback pool',
        )
      : fine),
  ];
}

/** What decides whether it answers, where the change makes that something only apply tells. */
function untold(balancer: ResourceChange): Judgement {
  return ['enabled', 'default_pools'].flatMap((name) => {
    const isAsBefore =
      balancer.before !== null &&
      readValue(balancer, 'before', [name]).kind === 'unknown' &&
      sameJson(balancer.before[name] ?? null, balancer.after?.[name] ?? null);
    return isAsBefore || readValue(balancer, 'after', [name]).kind !== 'unknown'
      ? fine
      : doubt(
          subjectOf(balancer, name),
          `whether ${nameOf(balancer)} still answers is known only after apply: ${name}`,
        );
  });
}

function fallbackLost(balancer: ResourceChange): boolean {
  const is = readValue(balancer, 'after', ['fallback_pool']);
  const isNone = is.kind === 'absent' || (is.kind === 'known' && is.value === '');
  return isNone && readValue(balancer, 'before', ['fallback_pool']).kind !== 'absent';
}

function nameOf(balancer: ResourceChange): string {
  const name = readValue(balancer, 'after', ['name']);
  return name.kind === 'known' && typeof name.value === 'string' ? name.value : balancer.address;
}
