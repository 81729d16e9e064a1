/** Which resources that do not change have to be seen beside a change. */
import type { Plan } from '../../scripts/plan/types.ts';

interface Beside {
  /** When one of these changes, */
  readonly when: readonly string[];
  /** what does not change of these is looked at. */
  readonly seen: readonly string[];
}

/** What decides about a request, or says where it goes: each acts through the others. */
const requestTypes = [
  'cloudflare_list',
  'cloudflare_list_item',
  'cloudflare_page_rule',
  'cloudflare_ruleset',
  'cloudflare_zone',
  'cloudflare_zone_setting',
] as const;

const table: readonly Beside[] = [
  { when: requestTypes, seen: [...requestTypes, 'cloudflare_zero_trust_access_application'] },
];

/** Types of the unchanged resources that the rules want to see beside the changes of a plan. */
export function typesBeside(plan: Plan): ReadonlySet<string> {
  const changed = new Set(plan.stacks.flatMap(({ changes }) => changes.map(({ type }) => type)));
  return new Set(
    table.filter(({ when }) => when.some((type) => changed.has(type))).flatMap(({ seen }) => seen),
  );
}
