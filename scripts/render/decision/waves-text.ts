/** The waves of a change in words. */
import type { ChangeRecord } from '../../../policies/model/record.ts';

/** `acme-staging, then acme-production and borough-production, each watched for 30 min before the next`. */
export function wavesText(waves: readonly (readonly string[])[], rollout?: ChangeRecord['rollout']): string {
  const watched = rollout?.observeMin ?? 0;
  const between = watched === 0 ? '' : `, each watched for ${String(watched)} min before the next`;
  return `${waves.map((wave) => wave.join(' and ')).join(', then ')}${between}`;
}
