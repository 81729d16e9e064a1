/** The machine's clock, the only place that reads it. */
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../contract/ports.ts';

export function createClock(): Clock {
  return {
    now: () => new Date().toISOString(),
    monotonicMs: () => performance.now(),
    wait: (ms) => setTimeout(ms),
  };
}
