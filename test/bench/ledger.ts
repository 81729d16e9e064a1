/**
 * What a command reads of a long ledger. `npm run bench -- ledger` runs this part alone, and with numbers behind it for ledgers
 * of so many releases: `npm run bench -- ledger 1000 100000`.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { countingGit } from '../release/counting-git.ts';
import { makeLargeLedger } from '../release/large-ledger.ts';
import { line, target } from './report.ts';

const stacks = 50;
const launch = join(process.cwd(), 'scripts/launch.mjs');
const commands = {
  rollback: ['rollback', 'client-3-production', '--dry-run', '--reason', 'outage'],
  'verify from the index': ['ledger', 'verify', '--from-index'],
  'verify the whole': ['ledger', 'verify'],
} as const;

interface LedgerCost {
  readonly bytes: number;
  readonly ms: number;
}

function measured(folder: string, args: readonly string[]): LedgerCost & { readonly objects: number } {
  const counting = countingGit();
  const began = performance.now();
  const run = spawnSync(process.execPath, [launch, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: counting.path },
  });
  const ms = performance.now() - began;
  const read = counting.read();
  rmSync(counting.folder, { recursive: true });
  if (run.status !== 0) {
    throw new Error(`bench: ${args.join(' ')} failed: ${run.stderr}`);
  }
  return { ...read, ms };
}

async function costsOf(releases: number): Promise<ReadonlyMap<string, LedgerCost>> {
  const { folder } = await makeLargeLedger(releases, stacks);
  line(`\nLedger of ${releases.toLocaleString('en')} releases on ${String(stacks)} stacks`);
  const costs = new Map<string, LedgerCost>();
  for (const [name, args] of Object.entries(commands)) {
    // Once to be bundled, and for the file system.
    measured(folder, commands.rollback);
    const cost = measured(folder, args);
    costs.set(name, cost);
    line(
      `  ${name.padEnd(22)} ${String(cost.objects).padStart(7)} answers of git, ${(cost.bytes / 1e6).toFixed(2)} MB, ${(cost.ms / 1000).toFixed(1)} s`,
    );
  }
  rmSync(folder, { recursive: true });
  return costs;
}

export async function benchLedger(sizes: readonly [number, number]): Promise<void> {
  const [few, many] = [await costsOf(sizes[0]), await costsOf(sizes[1])];
  const ratio = (name: keyof typeof commands, of: keyof LedgerCost): number =>
    (many.get(name)?.[of] ?? 0) / (few.get(name)?.[of] ?? 1);
  line(
    `  ${String(sizes[1] / sizes[0])} times the releases: bytes of a rollback ${target('bytes of a rollback', ratio('rollback', 'bytes'), 2)}`,
  );
  line(`  time of a rollback ${target('time of a rollback', ratio('rollback', 'ms'), 1.5)}`);
}
