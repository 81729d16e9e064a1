/** Floors about what answers visitors: whether anything does, whether that is somebody else, and what cannot be taken back. */
import type { ResourceChange } from '../../scripts/plan/types.ts';
import type { Rule, RuleContext } from '../model/finding.ts';
import type { RiskLevel } from '../model/record.ts';
import {
  balancerType,
  originAddresses,
  poolNamed,
  poolsNamed,
  poolType,
} from '../reading/balancers/load-balancing.ts';
import { changesOf } from '../reading/plan-index.ts';
import { hstsLasting } from '../rules/tls/hsts-lasting.ts';
import { loadBalancingKept } from '../rules/traffic/load-balancing-kept.ts';
import { zoneAuthoritative } from '../rules/dns/zone-authoritative.ts';
import { floorOf } from './floor.ts';
import type { Floor } from './floor.ts';
import { subjectsOf } from './rule-subjects.ts';

/** What these rules find, and cannot rule out, is at least as grave as this. */
const byRule: readonly {
  readonly id: string;
  readonly level: RiskLevel;
  readonly text: string;
  readonly rule: Rule;
}[] = [
  {
    id: 'not-authoritative',
    level: 'critical',
    text: 'Cloudflare stops answering for a zone: every name of it, mail too, depends on somebody else',
    rule: zoneAuthoritative,
  },
  {
    id: 'site-down',
    level: 'high',
    text: 'nothing is left that answers for a site',
    rule: loadBalancingKept,
  },
  {
    id: 'hsts-lasting',
    level: 'high',
    text: 'browsers are told to use HTTPS for months: it cannot be taken back before that',
    rule: hstsLasting,
  },
];

export function serviceFloors(context: RuleContext): readonly Floor[] {
  return [
    ...byRule.flatMap(({ rule, ...floor }) => {
      const subjects = subjectsOf(rule, context);
      return subjects.length === 0 ? [] : [{ ...floor, subjects: [...new Set(subjects)] }];
    }),
    ...originMoved(context),
  ];
}

/** Whoever answers in place of the origin sees every cookie and form of the requests that it is sent. */
function originMoved(context: RuleContext): readonly Floor[] {
  const { estate, index } = context;
  const known = new Set(estate.all(poolType).flatMap((pool) => originAddresses(pool, 'before')));
  const isElsewhere = (pool: ResourceChange): boolean =>
    originAddresses(pool, 'after').some((address) => !known.has(address));
  const moved = [
    ...changesOf(index, poolType).filter((pool) => pool.before !== null && isElsewhere(pool)),
    ...changesOf(index, balancerType).filter((balancer) =>
      newPools(balancer).some((name) => {
        const pool = poolNamed(name, balancer.stack, estate);
        return pool === null || isElsewhere(pool);
      }),
    ),
  ];
  return floorOf('origin-moved', 'high', 'requests are sent to an origin that no pool had before', moved);
}

/** Of a load balancer that is new nobody is used to anything. */
function newPools(balancer: ResourceChange): readonly string[] {
  const before = poolsNamed(balancer, 'before');
  return balancer.before === null
    ? []
    : poolsNamed(balancer, 'after').filter((name) => !before.includes(name));
}
