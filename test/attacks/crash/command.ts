/** One command line in a process of its own, so that it can be killed. Stack code was run before: its result is in a file. */
import { readFileSync } from 'node:fs';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { runIn } from '../../scenarios/small-estate.ts';

const [folder = '', kept = '', now = '', ...args] = process.argv.slice(2);
const bundles = new Map(Object.entries(JSON.parse(readFileSync(kept, 'utf8')) as Record<string, JsonObject>));
const ended = await runIn(folder, args, { TEST_NOW: now }, (services) => ({
  ...services,
  synth: { synth: async () => bundles },
  localSynth: { synthCached: async () => bundles },
}));
process.stdout.write(JSON.stringify(ended));
