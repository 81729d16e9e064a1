import { show, subjectOf } from '../../reading/estate-context.ts';
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import type { RuleContext } from '../../model/finding.ts';
import { answerText, newAnswers, targetsOf } from '../../reading/balancers/targets.ts';
import {
  balancerType,
  monitorType,
  poolType,
  poolsWatchedBy,
} from '../../reading/balancers/load-balancing.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { readList, readValue } from '../../reading/values.ts';
import { defineRule, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { isObject } from '../../../scripts/json/json.ts';

export const loadBalancingSteering = defineRule({
  id: 'load-balancing-steering',
  title: 'Who is sent where, and who counts as up, changes knowingly',
  area: 'estate',
  severity: 'warn',
  why: 'Another steering sends visitors to other origins at once, and another health check can take every origin out together.',
  fix: 'Say in the record that it is meant, and that the origins were asked the new question before the change.',
  since: '2026-11-30',
  source: 'Cloudflare documentation of traffic steering, session affinity and monitors; provider 5.14.0',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      changesOf(context.index, balancerType, monitorType, poolType).filter(({ before }) => before !== null),
      'no load balancer, pool or monitor changes',
      (change) => judge(change, context),
    ),
});

function judge(change: ResourceChange, context: RuleContext): Judgement {
  if (change.type === monitorType) {
    return judgeMonitor(change, context);
  }
  if (change.after === null) {
    return fine;
  }
  return change.type === poolType ? judgePool(change) : judgeBalancer(change, context);
}

function judgeBalancer(balancer: ResourceChange, { index }: RuleContext): Judgement {
  const places = new Set(targetsOf(balancer, 'after').map(({ what }) => what));
  const lost = targetsOf(balancer, 'before').filter(({ what }) => !places.has(what));
  const affinity = changed(balancer, ['session_affinity'], 'none');
  return [
    ...judgementOf(balancer, ['steering_policy'], 'off', 'visitors are sent to other pools'),
    ...(affinity?.[1] === 'none'
      ? judgementOf(
          balancer,
          ['session_affinity'],
          'none',
          'a session may meet another origin with each request',
        )
      : []),
    // An answer for some paths, of a health check for example, takes nothing away; an error for them does.
    ...newAnswers(balancer, index.expressions)
      .filter(({ isForAll, status }) => !isForAll && (status === null || status >= 400))
      .flatMap((answer) =>
        finding(
          subjectOf(balancer, 'rules'),
          `${answerText(answer)} some of the requests`,
          'requests that reach an origin',
        ),
      ),
    ...lost.flatMap(({ what }) =>
      finding(
        subjectOf(balancer),
        `has no pools of its own any more ${what}`,
        'pools for it, or a record that says so',
      ),
    ),
  ];
}

function judgePool(pool: ResourceChange): Judgement {
  const isUnwatched =
    readValue(pool, 'before', ['monitor']).kind !== 'absent' &&
    readValue(pool, 'after', ['monitor']).kind === 'absent';
  return [
    ...(isUnwatched
      ? finding(
          subjectOf(pool, 'monitor'),
          'has no monitor any more: an origin that fails keeps its requests',
          'a monitor',
        )
      : fine),
    ...hostHeaders(pool),
  ];
}

/** Another Host header is another site of the same origin. */
function hostHeaders(pool: ResourceChange): Judgement {
  const headersOn = (side: 'before' | 'after'): ReadonlyMap<string, string> =>
    new Map(
      (readList(pool, side, ['origins']) ?? []).flatMap((origin) => {
        const header = isObject(origin) ? (origin['header'] ?? null) : null;
        const address = isObject(origin) ? origin['address'] : null;
        return typeof address === 'string'
          ? [[address, JSON.stringify(isObject(header) ? (header['host'] ?? []) : [])] as const]
          : [];
      }),
    );
  const before = headersOn('before');
  return [...headersOn('after')].flatMap(([address, host]) => {
    const was = before.get(address);
    return was === undefined || was === host
      ? []
      : finding(
          subjectOf(pool, 'origins'),
          `Host header for ${show(address)}: ${was} → ${host}`,
          'the site that the origin answers with',
        );
  });
}

/** What a health check asks and expects; how often and how long is no question of up or down. */
const required = [
  'allow_insecure',
  'expected_body',
  'expected_codes',
  'header',
  'method',
  'path',
  'port',
  'type',
];

function judgeMonitor(monitor: ResourceChange, { estate }: RuleContext): Judgement {
  const pools = poolsWatchedBy(monitor, estate).map(({ address }) => address);
  const named = pools.length === 0 ? '' : `: ${pools.slice(0, 3).join(', ')}${pools.length > 3 ? ', …' : ''}`;
  if (monitor.after === null) {
    return pools.length === 0
      ? fine
      : finding(subjectOf(monitor), `is deleted while pools name it${named}`, 'pools that are watched');
  }
  return required.flatMap((attribute) =>
    judgementOf(monitor, [attribute], null, `origins that answer otherwise count as down${named}`),
  );
}

/** The old and the new text of an argument, with the default filled in; null where it is the same, or where nothing is known. */
function changed(
  change: ResourceChange,
  path: readonly string[],
  usual: string | null,
): readonly [string, string] | null {
  const [was, is] = (['before', 'after'] as const).map((side) => {
    const found = readValue(change, side, path);
    if (found.kind === 'unknown') {
      return 'not known before apply';
    }
    const value = found.kind === 'absent' || found.value === '' ? usual : found.value;
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
  return was === undefined || is === undefined || was === is ? null : [was, is];
}

function judgementOf(
  change: ResourceChange,
  path: readonly string[],
  usual: string | null,
  what: string,
): Judgement {
  const pair = changed(change, path, usual);
  return pair === null
    ? fine
    : finding(
        subjectOf(change, path.join('.')),
        `${show(pair[0])} → ${show(pair[1])}: ${what}`,
        'a change that the record names',
      );
}
