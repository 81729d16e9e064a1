/** The plan as JSON for other programs: canonical, without sensitive values, one newline at the end. */
import { canonicalJson } from '../plan/json.ts';
import type { Plan } from '../plan/types.ts';
import { maskPlan } from './mask.ts';

/**
 * The same plan gives the same bytes. Sensitive values are masked, so the digest of a plan that is read back from this text
 * differs from the original's if it had any: digests are taken before rendering.
 */
export function renderPlanJson(plan: Plan): string {
  return `${canonicalJson(maskPlan(plan))}\n`;
}
