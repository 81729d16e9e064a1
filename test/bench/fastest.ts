/**
 * Fastest of several runs, in milliseconds: the one least disturbed by the rest of the machine. Small cases run often
 * enough to be past the interpreter. `prepare` is not timed.
 */
export function fastest<T>(prepare: () => T, work: (prepared: T) => void): number {
  let best = Number.POSITIVE_INFINITY;
  let spent = 0;
  for (let run = 0; run < 5 || (spent < 600 && run < 300); run += 1) {
    const prepared = prepare();
    const began = performance.now();
    work(prepared);
    const took = performance.now() - began;
    best = Math.min(best, took);
    spent += took;
  }
  return best;
}

export const nothing = (): null => null;
