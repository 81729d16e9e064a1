/**
 * Two questions about a path that a pull request touches, each with one meaning.
 *
 * Control: does it decide how changes are judged or released? Everything does but the team's own places, so that a file
 * that some program finds by its name is not forgotten. The process owner has to agree, and the risk is high.
 *
 * Separate: must it not share a pull request with a change of infrastructure? What decides must not change together with
 * what is decided. What is only control is so because everything is made of it: packages and the code that all stacks
 * run. Its effect is the plan, and a pull request without the plan could not be judged at all.
 */
import { placeOf, recordIdAt, clientAt, type Place } from './places.ts';

const teams: ReadonlySet<Place> = new Set([
  'record',
  'evidence',
  'clientStack',
  'documentation',
  'expectation',
]);
const made: ReadonlySet<Place> = new Set(['sharedStack', 'packages']);

export function isControlFile(path: string): boolean {
  return !teams.has(placeOf(path));
}

export function isSeparateFile(path: string): boolean {
  return isControlFile(path) && !made.has(placeOf(path));
}

/** True for what must not come with changed resources: all that is separate, and packages, whose effect is settings. */
export function isApartFromResources(path: string): boolean {
  return isSeparateFile(path) || placeOf(path) === 'packages';
}

/** Records that a pull request adds, edits or deletes beside its own, at `changes/<client>/<id>.yaml`. */
export function otherRecords(
  paths: readonly string[],
  own: { readonly client: string; readonly id: string },
): readonly string[] {
  return paths.filter(
    (path) =>
      placeOf(path) === 'record' && (recordIdAt(path) !== own.id || clientAt(path, 'record') !== own.client),
  );
}
