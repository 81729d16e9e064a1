/** A clock that stands still until it is told to move. */
import type { Clock } from '../../scripts/contract/ports.ts';

export interface FakeClock extends Clock {
  /** Moves both the time of day and the monotonic clock. */
  advance(ms: number): void;
}

export function fixedClock(now: string): FakeClock {
  const start = Date.parse(now);
  let passed = 0;
  return {
    now: () => new Date(start + passed).toISOString(),
    monotonicMs: () => passed,
    wait: (ms) => {
      passed += ms;
      return Promise.resolve();
    },
    advance: (ms) => {
      passed += ms;
    },
  };
}
