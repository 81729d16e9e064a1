/**
 * `npm run test:attack [-- --runs N] [--seed N] [--only N]`: hostile pull requests against the real gate on the local GitHub, made by a
 * seeded generator and judged by an oracle of its own. Ends with `N passed, N failed`.
 */
import { parseArgs } from 'node:util';
import { openWorld, removePrepared } from '../../bypass/open.ts';
import type { World } from '../../bypass/world.ts';
import { attacks } from './attacks.ts';
import { secrets, type Judged } from './judge.ts';
import { playAttack } from './play.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '500' },
    seed: { type: 'string', default: '20261129' },
    only: { type: 'string' },
  },
});
const all = attacks(Number(values.seed), Number(values.runs));
const wanted = values.only === undefined ? null : Number(values.only);
const queue = [...all.entries()].filter(([index]) => wanted === null || index === wanted);
const done: Judged[] = [];

/** So that a repository does not grow without end. */
const pullsPerWorld = 20;

/** A world that an attack broke is given up with it. */
async function work(): Promise<void> {
  let world: World | null = null;
  let played = 0;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    world ??= await openWorld();
    const [index, attack] = next;
    const began = performance.now();
    const judged = await playAttack(world, attack).catch((error: unknown): Judged => ({
      name: attack.ingredients.map(({ name }) => name).join('; '),
      allowed: false,
      mayBe: false,
      problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    }));
    done.push(judged);
    print(index, judged, (performance.now() - began) / 1000);
    played += 1;
    if (played % pullsPerWorld === 0 || judged.problems.length > 0) {
      await world.close();
      world = null;
    }
  }
  await world?.close();
}

function print(index: number, { name, allowed, mayBe, problems }: Judged, seconds: number): void {
  const verdict = allowed ? 'allowed' : mayBe ? 'refused all the same' : 'refused';
  line(
    `${String(index).padStart(4)}  ${seconds.toFixed(1).padStart(5)} s  ${problems.length === 0 ? verdict : 'NOT OK'}  ${name}`,
  );
  problems.forEach((problem) => line(`      ${problem.replaceAll('\n', '\n      ')}`));
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}

if (Object.entries(secrets).some(([name, value]) => process.env[name] !== value)) {
  line(
    `Start it with npm run test:attack: the secrets must stand in the environment that the process began with.`,
  );
  process.exitCode = 1;
} else {
  await Promise.all([work(), work()]);
  await removePrepared();
  const failed = done.filter(({ problems }) => problems.length > 0).length;
  const allowed = done.filter((judged) => judged.allowed).length;
  const cautious = done.filter((judged) => judged.mayBe && !judged.allowed).length;
  line(
    `${String(allowed)} allowed, of the rest ${String(cautious)} that the oracle would have let through (the risk asked for more)`,
  );
  line(`${String(done.length - failed)} passed, ${String(failed)} failed`);
  process.exitCode = failed === 0 && done.length > 0 ? 0 : 1;
}
