/** The plan as JSON for other programs: canonical, without sensitive values, one newline at the end. */
import { canonicalJson } from '../plan/json.ts';
import type { Plan } from '../plan/types.ts';
import { maskPlan } from './mask.ts';

/**
 * Characters that a terminal or an editor would act on. JSON leaves them in texts as they are; outside of texts there are
 * none, so writing them as escapes changes no value.
 */
const invisible = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * The same plan gives the same bytes. Sensitive values are masked, so the digest of a plan that is read back from this text
 * differs from the original's if it had any: digests are taken before rendering.
 */
export function renderPlanJson(plan: Plan): string {
  return `${canonicalJson(maskPlan(plan)).replaceAll(invisible, escaped)}\n`;
}
