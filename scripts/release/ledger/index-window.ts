/**
 * How much of a stack has to be read. A window is a number of releases up to the newest, such that what its own releases
 * say of each other is said completely: whatever is undone in it was released in it, and it begins with a state that was
 * reached. Everything that is told of a release inside is then the same as with the whole history; only what is older is missing.
 */
import type { IndexedRelease } from './index-form.ts';

/** At least so many releases that ended: enough for what a rollback at night asks. */
const usual = 4;
/** States that were reached: the one that is live, and the one to go back to. */
const fewestReached = 2;

export interface KnownLines {
  /** Those that were read so far, up to the newest. */
  readonly lines: readonly IndexedRelease[];
  /** Whether there are none before them. */
  readonly isAll: boolean;
  /** Releases that somebody asks about. */
  readonly ids: readonly string[] | 'all';
}

/** Where the window begins in `lines`; null when the lines before them have to be read first. Pure. */
export function windowStart({ lines, isAll, ids }: KnownLines): number | null {
  if (ids === 'all') {
    return isAll ? 0 : null;
  }
  const places = new Map(lines.map(({ id }, at) => [id, at]));
  const placesOf = (wanted: readonly string[]): readonly number[] =>
    wanted.map((id) => places.get(id) ?? (isAll ? lines.length : -1));
  // Before what is asked about there is a state to go back to.
  const first = Math.min(lines.length, ...placesOf(ids));
  let start = Math.min(lines.length - usual, first - 1);
  while (start > 0) {
    const inside = lines.slice(start);
    const undone = Math.min(start, ...placesOf(inside.flatMap(({ undoes }) => undoes)));
    const next = Math.min(undone, isEnough(inside) ? start : start - 1);
    if (next === start) {
      return start;
    }
    start = next;
  }
  return isAll ? 0 : null;
}

function isEnough(lines: readonly IndexedRelease[]): boolean {
  const reached = lines.filter(({ result }) => result === 'successful').length;
  return lines[0]?.result === 'successful' && reached >= fewestReached;
}
