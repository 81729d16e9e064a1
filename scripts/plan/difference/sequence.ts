/** The longest run of elements that kept their order, so that as few as possible count as moved. */

/**
 * Positions (into `values`) of one longest strictly increasing subsequence, as a set. O(n log n). The values must be
 * distinct, which positions in a list are.
 */
export function longestIncreasing(values: readonly number[]): ReadonlySet<number> {
  // tails[k] is the position of the smallest value that ends an increasing run of length k + 1.
  const tails: number[] = [];
  const previous: number[] = [];
  for (let position = 0; position < values.length; position += 1) {
    const value = values[position] ?? 0;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((values[tails[middle] ?? 0] ?? 0) < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    previous.push(low > 0 ? (tails[low - 1] ?? -1) : -1);
    tails[low] = position;
  }
  const unmoved = new Set<number>();
  for (let position = tails.at(-1) ?? -1; position >= 0; position = previous[position] ?? -1) {
    unmoved.add(position);
  }
  return unmoved;
}
