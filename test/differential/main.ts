/**
 * Our evaluator against the open engine of 2023, on generated pairs of request and expression. Opt-in: it installs
 * firewalker (the engine's library) and koffi (which calls it) into a temporary folder, and nothing depends on either.
 *
 *   npm run test:differential -- [--pairs 50000] [--seed 1] [--engine FOLDER]
 *
 * `--engine` names a folder in which the two are installed already. Exit code 0 when every difference is explained, 1
 * when one is not, 7 when the engine cannot be had here.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare, type Comparison } from './compare.ts';

const packages = ['firewalker@1.0.10', 'koffi@2.16.3'];

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '50000' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string' },
    worker: { type: 'boolean', default: false },
  },
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

class Unavailable extends Error {}

function unavailable(why: string): never {
  throw new Unavailable(why);
}

function install(folder: string): void {
  try {
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder, ...packages];
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    unavailable(
      `npm could not install ${packages.join(' and ')}\n${error instanceof Error ? error.message : ''}`,
    );
  }
}

/** In a process of its own: the engine is native code and may take it down. */
function runWorker(folder: string): Comparison {
  const started = spawnSync(
    process.execPath,
    [
      '--import',
      'tsx',
      fileURLToPath(import.meta.url),
      '--worker',
      '--engine',
      folder,
      '--pairs',
      values.pairs,
      '--seed',
      values.seed,
    ],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (started.status !== 0) {
    unavailable(
      `its process ended with ${String(started.status ?? started.signal)}\n${started.stderr.slice(-2000)}`,
    );
  }
  return JSON.parse(started.stdout) as Comparison;
}

function report(result: Comparison): void {
  const { table } = result;
  say(`${String(result.pairs)} pairs of expressions that both accept: ${String(result.agreed)} agree.`);
  say(
    `${String(result.accepted.both)} expressions are accepted and ${String(result.accepted.neither)} refused by both.`,
  );
  reportKnown(result.explained);
  say(`${String(table.agreed)} lines of the conformance table agree.`);
  reportKnown(table.explained);
  const unexplained = [...result.unexplained, ...table.unexplained];
  say(unexplained.length === 0 ? 'No difference is without an explanation.' : 'Not explained:');
  for (const difference of unexplained) {
    say(`  ${difference}`);
  }
}

function reportKnown(explained: Readonly<Record<string, number>>): void {
  const differences = Object.entries(explained).toSorted(([a], [b]) => a.localeCompare(b));
  say(`${String(differences.reduce((sum, [, count]) => sum + count, 0))} differences are known:`);
  for (const [name, count] of differences) {
    say(`  ${String(count).padStart(6)}  ${name}`);
  }
}

function main(): void {
  const given = values.engine;
  const folder = given ?? mkdtempSync(join(tmpdir(), 'sluice-engine-'));
  try {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      unavailable(`firewalker has no library for ${process.platform} on ${process.arch}`);
    }
    if (given === undefined) {
      install(folder);
    }
    const result = runWorker(folder);
    report(result);
    process.exitCode = result.unexplained.length + result.table.unexplained.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Unavailable)) {
      throw error;
    }
    say(`The engine cannot be had here: ${error.message}`);
    process.exitCode = 7;
  } finally {
    if (given === undefined) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

if (values.worker) {
  process.stdout.write(
    JSON.stringify(compare(values.engine ?? '.', Number(values.pairs), Number(values.seed))),
  );
} else {
  main();
}
