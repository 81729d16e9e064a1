/** Findings about resources, with the line of the stack code that made them. */
import { isDataOf, sourcePlace, type SourceText } from '../plan/source-place.ts';
import type { Plan, ResourceChange, UnchangedResource } from '../plan/types.ts';
import type { Finding } from '../../policies/model/finding.ts';
import type { PolicySource } from './policy.ts';

interface PlacedPlan {
  readonly plan: Plan;
  readonly unchanged: readonly UnchangedResource[];
}

/** What stack code is read from: the working tree, or the commit that is decided on. */
export async function stackSources(source: PolicySource): Promise<readonly SourceText[]> {
  return source('stacks', (path) => path.endsWith('.ts') && !path.startsWith('stacks/constructs/'));
}

/** The findings as they are; one that has no place of its own gets that of its resource, where it can be told. */
export function withSourcePlaces(
  findings: readonly Finding[],
  { plan, unchanged }: PlacedPlan,
  sources: readonly SourceText[],
): readonly Finding[] {
  const values = new Map<string, Pick<ResourceChange, 'before' | 'after'>>([
    ...unchanged.map(
      ({ stack, address, values: after }) => [`${stack}/${address}`, { before: null, after }] as const,
    ),
    ...plan.stacks.flatMap(({ changes }) =>
      changes.map((change) => [`${change.stack}/${change.address}`, change] as const),
    ),
  ]);
  return findings.map((finding) => {
    if (finding.location !== undefined) {
      return finding;
    }
    const [resource = ''] = finding.subject.split('#');
    const [stack = ''] = resource.split('/');
    const found = values.get(resource);
    const own = sources.filter(({ path }) => isDataOf(path, stack));
    const location =
      found === undefined
        ? null
        : sourcePlace(own, {
            address: finding.subject.slice(stack.length + 1),
            values: found.after ?? found.before ?? {},
          });
    return location === null ? finding : { ...finding, location };
  });
}
