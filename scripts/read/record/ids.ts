/**
 * Change ids across all refs. An id names one change for ever: two branches that both took CHG-2026-0042 are found
 * before either is merged, and a new record gets a number that no ref has used.
 */

/** One record as it is seen on one ref. */
export interface RecordSighting {
  /** For example `refs/heads/main`. */
  readonly ref: string;
  readonly path: string;
  readonly id: string;
}

export interface DuplicateId {
  readonly id: string;
  /** Sorted by path, then ref. At least two different paths. */
  readonly sightings: readonly RecordSighting[];
}

const idForm = /^CHG-(\d{4})-(\d{4,})$/;

/**
 * Ids that stand in more than one file, sorted by id. The same file on several refs is one record: that is what
 * branches are.
 */
export function findDuplicateIds(sightings: readonly RecordSighting[]): readonly DuplicateId[] {
  const byId = new Map<string, readonly RecordSighting[]>();
  for (const sighting of sightings) {
    byId.set(sighting.id, [...(byId.get(sighting.id) ?? []), sighting]);
  }
  return [...byId]
    .filter(([, group]) => new Set(group.map(({ path }) => path)).size > 1)
    .map(([id, group]) => ({ id, sightings: group.toSorted(compareSightings) }))
    .toSorted((left, right) => compareText(left.id, right.id));
}

/**
 * The next free id of a year: one above the highest number known, so that a gap (a withdrawn record) is never filled
 * again. Ids of other years and malformed ones are ignored.
 */
export function nextId(year: number, knownIds: Iterable<string>): string {
  let highest = 0;
  for (const id of knownIds) {
    const match = idForm.exec(id);
    if (match !== null && Number(match[1]) === year) {
      highest = Math.max(highest, Number(match[2]));
    }
  }
  return `CHG-${year}-${String(highest + 1).padStart(4, '0')}`;
}

function compareSightings(left: RecordSighting, right: RecordSighting): number {
  return compareText(left.path, right.path) || compareText(left.ref, right.ref);
}

function compareText(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}
