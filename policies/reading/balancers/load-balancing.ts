/** Load balancers and pools on one side of a change: whether anything is left that answers, and where requests are sent. */
import { soleReference } from '../../../scripts/plan/expression/parse.ts';
import type { Json, ResourceChange } from '../../../scripts/plan/types.ts';
import { targetsOf } from './targets.ts';
import type { BalancerTarget } from './targets.ts';
import type { Estate } from '../estate.ts';
import { isReference, readList, readValue } from '../values.ts';
import type { Side } from '../values.ts';
import { isObject } from '../../../scripts/json/json.ts';

export const balancerType = 'cloudflare_load_balancer';
export const poolType = 'cloudflare_load_balancer_pool';
export const monitorType = 'cloudflare_load_balancer_monitor';

/** `unknown`: it depends on a value or a pool that is not known. */
export type Liveness = 'live' | 'dead' | 'unknown';

/** A pool answers with at least `minimum_origins` origins that are enabled and have a weight; defaults are the provider's. */
export function poolState(pool: ResourceChange, side: Side): Liveness {
  const enabled = readValue(pool, side, ['enabled']);
  if (enabled.kind === 'known' && enabled.value === false) {
    return 'dead';
  }
  const origins = readList(pool, side, ['origins']);
  const minimum = readValue(pool, side, ['minimum_origins']);
  if (origins === null || enabled.kind === 'unknown') {
    return 'unknown';
  }
  const states = origins.map((_, at) => originState(pool, side, ['origins', at]));
  const needed =
    minimum.kind === 'known' && typeof minimum.value === 'number' ? Math.max(1, minimum.value) : 1;
  if (states.filter((state) => state === 'live').length >= needed) {
    return 'live';
  }
  return states.filter((state) => state !== 'dead').length >= needed ? 'unknown' : 'dead';
}

function originState(pool: ResourceChange, side: Side, at: readonly (string | number)[]): Liveness {
  const enabled = readValue(pool, side, [...at, 'enabled']);
  const weight = readValue(pool, side, [...at, 'weight']);
  const isOff =
    (enabled.kind === 'known' && enabled.value === false) || (weight.kind === 'known' && weight.value === 0);
  return isOff ? 'dead' : enabled.kind === 'unknown' || weight.kind === 'unknown' ? 'unknown' : 'live';
}

export interface BalancerState {
  readonly state: Liveness;
  /** Why it is dead; empty while it is not. */
  readonly why: string;
}

/** A load balancer answers with a pool that does. A pool that is not in the estate is taken for one that stays as it is. */
export function balancerState(balancer: ResourceChange, side: Side, estate: Estate): BalancerState {
  const enabled = readValue(balancer, side, ['enabled']);
  if (enabled.kind === 'known' && enabled.value === false) {
    return { state: 'dead', why: 'enabled = false' };
  }
  if (areAllWeightsZero(balancer, side)) {
    return { state: 'dead', why: 'every pool has the weight 0' };
  }
  const [usual] = targetsOf(balancer, side);
  if (readList(balancer, side, ['default_pools'])?.length === 0) {
    return { state: 'dead', why: 'it has no pool' };
  }
  if (usual !== undefined && isDead(usual, balancer, side, estate)) {
    return { state: 'dead', why: 'none of its pools has an origin that is on' };
  }
  return { state: enabled.kind === 'unknown' || usual?.pools === null ? 'unknown' : 'live', why: '' };
}

/** Requests that nobody is left for, as a message says it; those without a place of their own are `balancerState`'s. */
export function deadTargets(balancer: ResourceChange, side: Side, estate: Estate): readonly string[] {
  return targetsOf(balancer, side)
    .filter((target) => target.what !== '' && isDead(target, balancer, side, estate))
    .map(({ what }) => what);
}

function isDead({ pools }: BalancerTarget, balancer: ResourceChange, side: Side, estate: Estate): boolean {
  return pools?.every((pool) => stateOfNamed(pool, balancer.stack, side, estate) === 'dead') ?? false;
}

/** Of random steering, where nobody has another weight than 0. */
function areAllWeightsZero(balancer: ResourceChange, side: Side): boolean {
  const policy = readValue(balancer, side, ['steering_policy']);
  const usual = readValue(balancer, side, ['random_steering', 'default_weight']);
  const each = readValue(balancer, side, ['random_steering', 'pool_weights']);
  const weights = each.kind === 'known' && isObject(each.value) ? Object.values(each.value) : [];
  const isRandom = policy.kind === 'known' && policy.value === 'random' && each.kind !== 'unknown';
  return isRandom && usual.kind === 'known' && usual.value === 0 && weights.every((weight) => weight === 0);
}

function stateOfNamed(pool: Json, stack: string, side: Side, estate: Estate): Liveness {
  const found = typeof pool === 'string' ? poolNamed(pool, stack, estate) : null;
  if (found === null) {
    return 'unknown';
  }
  return found[side] === null ? 'dead' : poolState(found, side);
}

/** The pool that an id or a reference means; null when it is not in the estate. */
export function poolNamed(text: string, stack: string, estate: Estate): ResourceChange | null {
  const found = isReference(text)
    ? estate.at(stack, soleReference(text)?.target ?? '')
    : estate.withId(poolType, text);
  return found?.type === poolType ? found : null;
}

/** Load balancers that name the pool on a side, wherever they name it. */
export function usersOf(pool: ResourceChange, side: Side, estate: Estate): readonly ResourceChange[] {
  return estate
    .all(balancerType)
    .filter((balancer) =>
      poolsNamed(balancer, side).some((one) => poolNamed(one, balancer.stack, estate) === pool),
    );
}

/** Pools that a load balancer names on a side, wherever it names them. */
export function poolsNamed(balancer: ResourceChange, side: Side): readonly string[] {
  const named = targetsOf(balancer, side).flatMap(({ pools }) => pools ?? []);
  return [...new Set(named.filter((one) => typeof one === 'string'))];
}

/** Pools that name the monitor on either side. */
export function poolsWatchedBy(monitor: ResourceChange, estate: Estate): readonly ResourceChange[] {
  const id = (monitor.before ?? monitor.after)?.['id'];
  return estate.all(poolType).filter((pool) =>
    [pool.before, pool.after].some((values) => {
      const named = values?.['monitor'];
      return (
        typeof named === 'string' &&
        (isReference(named)
          ? estate.at(pool.stack, soleReference(named)?.target ?? '') === monitor
          : named === id)
      );
    }),
  );
}

/** Addresses and host names that a pool sends requests to. */
export function originAddresses(pool: ResourceChange, side: Side): readonly string[] {
  return listOf(pool[side]?.['origins']).flatMap((origin) => {
    const address = isObject(origin) ? origin['address'] : null;
    return typeof address === 'string' ? [address.toLowerCase().replace(/\.$/u, '')] : [];
  });
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
