/** Edits of what people read and Cloudflare does nothing with: names, descriptions, comments, tags, pictures. */
import type { PathSegment, ResourceChange } from '../../scripts/plan/types.ts';

/**
 * Attributes that decide nothing, by type: no request and no log-in goes another way for them. What is not named counts.
 * Source: Cloudflare's documentation of the types, 2026-11-30.
 */
const labels: Readonly<Record<string, ReadonlySet<PathSegment | undefined>>> = {
  cloudflare_dns_record: new Set(['comment', 'tags']),
  cloudflare_ruleset: new Set(['description', 'name']),
  cloudflare_zero_trust_access_application: new Set(['logo_url', 'name', 'tags']),
  cloudflare_zero_trust_access_group: new Set(['name']),
  cloudflare_zero_trust_access_policy: new Set(['name']),
};

/** True for an update that changes labels and nothing else that a plan lists. What a label will be makes no difference. */
export function isLabelEdit({ actions, attributes, type }: ResourceChange): boolean {
  return (
    actions.length === 1 &&
    actions[0] === 'update' &&
    attributes.length > 0 &&
    attributes.every(({ path }) => labels[type]?.has(path[0]) === true)
  );
}
