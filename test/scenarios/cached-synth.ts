/**
 * Stack code is run once for the same sources: several commands of one test need its result, and running it is most of
 * their time. What is kept is what the real synthesizer gave; tests of stack code itself do not use this.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Services } from '../../scripts/contract/context.ts';
import type { JsonObject } from '../../scripts/plan/types.ts';

const kept = new Map<string, Promise<ReadonlyMap<string, JsonObject>>>();

/** The same services with a synthesizer that remembers. */
export function withKeptSynth(services: Services): Services {
  const synth = async (folder: string): Promise<ReadonlyMap<string, JsonObject>> => {
    const key = sourcesOf(folder);
    const known = kept.get(key) ?? services.synth.synth(folder);
    kept.set(key, known);
    try {
      return await known;
    } catch (error) {
      kept.delete(key);
      throw error;
    }
  };
  return { ...services, synth: { synth }, localSynth: { synthCached: synth } };
}

function sourcesOf(folder: string): string {
  const hash = createHash('sha256');
  const paths = readdirSync(join(folder, 'stacks'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  for (const path of paths.toSorted()) {
    hash.update(`${path}\0${readFileSync(join(folder, 'stacks', path), 'utf8')}\0`);
  }
  return hash.digest('hex');
}
