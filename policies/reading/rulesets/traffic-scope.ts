/** Which stacks of a plan change what happens to requests: by their rules, lists or access rules. */
import { rulesetType } from '../../../scripts/provider/ruleset-type.ts';
import { compareText } from '../../../scripts/json/json.ts';
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { decidingTypes } from '../../../scripts/waf/rulesets/configured.ts';
import type { PolicySet } from '../../model/facts.ts';
import type { TrafficLimits } from '../../model/traffic.ts';
import { isProduction, registerOfStack } from '../estate-context.ts';
import type { PlanIndex } from '../plan-index.ts';
import { readValue } from '../values.ts';
import type { Side } from '../values.ts';

/**
 * Phases whose rules neither stop a request nor change what a later rule sees of it; Cloudflare documentation, ruleset
 * engine, phases list, as of 2026-11.
 */
const harmlessPhases: ReadonlySet<string> = new Set([
  'http_config_settings',
  'http_custom_errors',
  'http_log_custom_fields',
  'http_request_cache_settings',
  'http_request_cloud_connector',
  'http_request_dynamic_redirect',
  'http_request_late_transform',
  'http_request_origin',
  'http_request_redirect',
  'http_response_cache_settings',
  'http_response_compression',
  'http_response_headers_transform',
]);

/** Stacks with a change of a rule, a list or an access rule, sorted. */
export function ruleStacks(changes: readonly ResourceChange[]): readonly string[] {
  return stacksOf(changes.filter(isRuleChange));
}

/**
 * Stacks in which requests may be stopped that passed, or the other way round, sorted. A phase that is not known may stop. A
 * change for a whole account may do so wherever the facts say that it reaches.
 */
export function stoppingStacks(index: PlanIndex, reached: readonly string[]): readonly string[] {
  const stopping = index.changes.filter(
    (change) => isRuleChange(change) && (change.type !== rulesetType || !isHarmless(change)),
  );
  const stacks = stacksOf(stopping);
  return stopping.some(isOfAccount) ? [...new Set([...stacks, ...reached])].toSorted(compareText) : stacks;
}

/** Lists, rulesets and access rules of an account have no zone. */
function isOfAccount(change: ResourceChange): boolean {
  return [change.before, change.after].some((side) => side !== null && (side['zone_id'] ?? null) === null);
}

/** True for a change of a rule, a list or an access rule; moves and reads change nothing. */
export function isRuleChange(change: ResourceChange): boolean {
  return (
    change.mode === 'managed' &&
    decidingTypes.has(change.type) &&
    change.actions.some((action) => action !== 'no-op' && action !== 'read')
  );
}

function isHarmless(change: ResourceChange): boolean {
  const sides: readonly Side[] = ['before', 'after'];
  return sides.every((side) => {
    const phase = readValue(change, side, ['phase']);
    return (
      change[side] === null ||
      (phase.kind === 'known' && typeof phase.value === 'string' && harmlessPhases.has(phase.value))
    );
  });
}

function stacksOf(changes: readonly ResourceChange[]): readonly string[] {
  return [...new Set(changes.map(({ stack }) => stack))].toSorted(compareText);
}

export interface TierLimits {
  readonly tier: 1 | 2 | 3;
  readonly limits: TrafficLimits;
}

/** Limits of the most critical client of the stacks that are not known to be staging; null when all of them are. */
export function limitsFor(
  policy: Pick<PolicySet, 'registers' | 'thresholds'>,
  stacks: readonly string[],
): TierLimits | null {
  const tiers = stacks
    .filter((stack) => isProduction(policy, stack))
    .map((stack) => registerOfStack(policy, stack)?.tier ?? 1);
  const { tier1, tier2, tier3 } = policy.thresholds.traffic;
  if (tiers.length === 0) {
    return null;
  }
  if (tiers.includes(1)) {
    return { tier: 1, limits: tier1 };
  }
  return tiers.includes(2) ? { tier: 2, limits: tier2 } : { tier: 3, limits: tier3 };
}
