/** What a gate's run leaves where others can read it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, type Pull } from '../../bypass/acts.ts';
import { robot, type World } from '../../bypass/world.ts';

/** Where the gate is told to write, below the repository. */
export const outFolder = '.sluice/attack';

interface Comment {
  readonly body: string;
}

/** Everything that others can read: comments, reviews, check runs with their texts, and the files that become artifacts. */
export async function publishedFor(world: World, pull: Pull): Promise<readonly string[]> {
  const head = world.git('rev-parse', pull.branch);
  const comments = await api<readonly Comment[]>(world, robot, {
    path: `issues/${String(pull.number)}/comments?per_page=100`,
  });
  const reviews = await api<readonly Comment[]>(world, robot, {
    path: `pulls/${String(pull.number)}/reviews?per_page=100`,
  });
  const checks = await api<object>(world, robot, { path: `commits/${head}/check-runs` });
  const files = ['facts.json', 'plan.json'].map((name) => {
    try {
      return readFileSync(join(world.folder, outFolder, name), 'utf8');
    } catch {
      return '';
    }
  });
  return [...comments, ...reviews].map(({ body }) => body).concat(JSON.stringify(checks), files);
}
