/** Runs one scenario in a world of its own. */
import { openWorld } from './open.ts';
import { refusedBy, weaknesses, type Scenario } from './scenario.ts';

export interface Result {
  readonly id: string;
  readonly attack: string;
  readonly by: string;
  /** Empty when the attack was refused as it should be. */
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** Never throws: a scenario that breaks off has failed. */
export async function runScenario({ id, attack, run }: Scenario): Promise<Result> {
  const began = performance.now();
  const done = (by: string, problems: readonly string[]): Result => ({
    id,
    attack,
    by,
    problems,
    seconds: (performance.now() - began) / 1000,
  });
  try {
    const world = await openWorld();
    try {
      const proof = await run(world);
      return done(refusedBy(proof), weaknesses(proof));
    } finally {
      await world.close();
    }
  } catch (error) {
    return done('', [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  }
}
