/** Edits of what people read and Cloudflare does nothing with: names, descriptions, comments, tags, pictures. */
import type { ResourceChange } from '../../scripts/plan/types.ts';
import { providerType } from '../../scripts/provider/types.ts';

/** True for an update that changes labels and nothing else that a plan lists. What a label will be makes no difference. */
export function isLabelEdit({ actions, attributes, type }: ResourceChange): boolean {
  const labels: readonly unknown[] = providerType(type)?.labels ?? [];
  return (
    actions.length === 1 &&
    actions[0] === 'update' &&
    attributes.length > 0 &&
    attributes.every(({ path }) => labels.includes(path[0]))
  );
}
