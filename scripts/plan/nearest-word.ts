/** "Did you mean": the nearest of a set of words, for messages about misspelt names. */

/**
 * The candidate nearest to `word` by edit distance, ignoring case; else the only one that begins with it, of three
 * letters or more; null when none is close enough to be a likely slip (a third of the word's length, at least 1 and at
 * most 3 edits).
 */
export function nearestWord(word: string, candidates: Iterable<string>): string | null {
  const wanted = word.toLowerCase();
  const allowed = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  const words = [...candidates];
  let best: { readonly candidate: string; readonly distance: number } | null = null;
  for (const candidate of words) {
    const distance = editDistance(wanted, candidate.toLowerCase(), allowed);
    if (distance <= allowed && (best === null || distance < best.distance)) {
      best = { candidate, distance };
    }
  }
  return best?.candidate ?? onlyBeginning(wanted, words);
}

function onlyBeginning(word: string, words: readonly string[]): string | null {
  const found = words.filter((candidate) => candidate.toLowerCase().startsWith(word));
  return word.length >= 3 && found.length === 1 ? (found[0] ?? null) : null;
}

/** Levenshtein distance with adjacent swaps counted as one, or `limit + 1` when it is more than the limit. */
function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) {
    return limit + 1;
  }
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      const replaced = (last[column - 1] ?? 0) + (isSame ? 0 : 1);
      const shifted = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const swapped = isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(replaced, shifted, swapped));
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? limit + 1;
}
