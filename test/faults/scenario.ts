/** One thing that goes wrong, and how that is judged. */
import type { Prepared } from './world.ts';

export interface FaultScenario {
  /** `kill: before git update-ref, 3`: unique, and what the command line picks by. */
  readonly name: string;
  /** What was seen, for the table, and what should not be so. Throws for what was not to happen at all. */
  readonly run: (prepared: Prepared) => Promise<Outcome>;
}

export interface Outcome {
  readonly seen: string;
  readonly problems: readonly string[];
}
