/** The machine's clock, the only place that reads it. */
import type { Clock } from '../ports.ts';

export function createClock(): Clock {
  return {
    now: () => new Date().toISOString(),
    monotonicMs: () => performance.now(),
  };
}
