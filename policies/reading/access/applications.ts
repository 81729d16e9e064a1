/** Which Access applications take part in a change, place by place: who decided before, and who decides now. */
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import type { Estate } from '../estate.ts';
import { guardsOn, placesOf } from './places.ts';
import type { AccessPlace } from './places.ts';
import { applicationType, groupType, policyType } from './policies.ts';

/** A place of an application, with what stood in front of it and what stands there now. */
export interface PlaceChange {
  readonly place: AccessPlace;
  readonly before: ResourceChange | null;
  readonly after: ResourceChange | null;
}

/**
 * Places whose protection a change may touch: those of applications that change, and those of all others where a policy or
 * a group changes that they may use.
 */
export function placeChanges(estate: Estate): readonly PlaceChange[] {
  const applications = estate.all(applicationType);
  const isShared = [...estate.all(policyType), ...estate.all(groupType)].some(isChanged);
  const touched = applications.filter((application) => isShared || isChanged(application));
  const places = new Map(
    touched
      .flatMap((application) => [...placesOf(application, 'before'), ...placesOf(application, 'after')])
      .map((place) => [place.text, place]),
  );
  const [before, after] = [guardsOn('before', estate), guardsOn('after', estate)];
  return [...places.values()].map((place) => ({ place, before: before(place), after: after(place) }));
}

export function isChanged({ actions }: ResourceChange): boolean {
  return actions.some((action) => action !== 'no-op' && action !== 'read');
}
