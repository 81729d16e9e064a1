/** Finds the name that was probably meant. Bounded work: names over 64 characters get no suggestion. */

const maxNameLength = 64;

function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

function isSubsequence(parts: readonly string[], of: readonly string[]): boolean {
  let found = 0;
  for (const part of of) {
    found += part === parts[found] ? 1 : 0;
  }
  return found === parts.length;
}

/**
 * The known name closest to `name`: one that has all its dotted parts in order (`http.uri.path` for
 * `http.request.uri.path`), else one at most three edits away; null when there is none.
 */
export function closestName(name: string, known: Iterable<string>): string | null {
  if (name === '' || name.length > maxNameLength) {
    return null;
  }
  const parts = name.split('.');
  let best: { readonly name: string; readonly score: number } | null = null;
  for (const candidate of known) {
    const candidateParts = candidate.split('.');
    const score = isSubsequence(parts, candidateParts)
      ? (candidateParts.length - parts.length) / 10 + candidate.length / 1000
      : Math.abs(candidate.length - name.length) > 3
        ? Number.POSITIVE_INFINITY
        : distance(name, candidate) + 1;
    if (score <= Math.min(4, 1 + name.length / 3) && (best === null || score < best.score)) {
      best = { name: candidate, score };
    }
  }
  return best?.name ?? null;
}
