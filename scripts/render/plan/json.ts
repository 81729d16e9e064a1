/** A plan as JSON, for other programs. */
import type { Plan } from '../../plan/types.ts';
import { maskPlan } from '../text/mask.ts';
import { printedJson } from '../text/printed-json.ts';

/**
 * The same plan gives the same bytes. Sensitive values are masked, so the digest of a plan that is read back from this text
 * differs from the original's if it had any: digests are taken before rendering. `hosts`: that the plan concerns.
 */
export function renderPlanJson(plan: Plan, { hosts }: Pick<Plan, 'hosts'> = {}): string {
  return printedJson({ ...maskPlan(plan), ...(hosts !== undefined && { hosts }) });
}
