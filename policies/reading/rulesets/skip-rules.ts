/** Which skip rules a plan adds or changes, and which actions stop a request: shared by rules and risk floors. */
import type { PlanIndex } from '../plan-index.ts';
import { ruleText, ruleValue } from './rules.ts';
import type { RulesetRuleChange } from './rules.ts';

/** Actions that keep a request from the origin, at least until a challenge is passed. */
export const stoppingActions: ReadonlySet<string> = new Set([
  'block',
  'challenge',
  'js_challenge',
  'managed_challenge',
]);

/** Skip rules that are added, changed or newly enabled; a disabled skip does nothing and is not among them. */
export function newSkips(index: PlanIndex): readonly RulesetRuleChange[] {
  return index.rulesetRules.filter(isSkip);
}

/** True when the rule skips after the change and is enabled. */
export function isSkip(pair: RulesetRuleChange): boolean {
  return ruleText(pair, 'after', ['action']) === 'skip' && isEnabled(pair, 'after');
}

/** Enabled unless it says otherwise; unknown counts as enabled. */
export function isEnabled(pair: RulesetRuleChange, side: 'before' | 'after'): boolean {
  const enabled = ruleValue(pair, side, ['enabled']);
  return pair[side] !== null && !(enabled.kind === 'known' && enabled.value === false);
}

/** True when the rule stops requests on that side. */
export function isStopping(pair: RulesetRuleChange, side: 'before' | 'after'): boolean {
  return isEnabled(pair, side) && stoppingActions.has(ruleText(pair, side, ['action']) ?? '');
}
