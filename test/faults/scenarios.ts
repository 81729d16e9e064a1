/** All of them, in the order in which they are run. */
import { around } from './around.ts';
import { inside } from './inside.ts';
import { kills } from './kills.ts';
import type { FaultScenario } from './scenario.ts';

export const scenarios: readonly FaultScenario[] = [...kills, ...inside, ...around];
