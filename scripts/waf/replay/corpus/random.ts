/** Numbers that look random and are the same every time: a sample has one digest. */

export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** One of the entries, each as often as its weight says. */
  weighted<T extends { readonly weight: number }>(entries: readonly T[]): T;
  one<T>(entries: readonly T[]): T;
}

/** xorshift32 (Marsaglia, 2003). `seed` is not 0. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  return {
    below,
    one: (entries) => entryAt(entries, below(entries.length)),
    weighted: (entries) => {
      const total = entries.reduce((sum, { weight }) => sum + weight, 0);
      const wanted = below(total);
      let passed = 0;
      return entryAt(
        entries,
        entries.findIndex(({ weight }) => {
          passed += weight;
          return passed > wanted;
        }),
      );
    },
  };
}

function entryAt<T>(entries: readonly T[], index: number): T {
  const entry = entries[index];
  if (entry === undefined) {
    throw new Error('nothing to choose from');
  }
  return entry;
}
