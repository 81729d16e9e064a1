/** What it costs to evaluate rules and to replay traffic through them. */
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { atLeast, line, node, target } from './report.ts';

interface Evaluation {
  readonly evaluations: number;
  readonly characters: number;
  readonly times: Readonly<Record<'compiled' | 'byHand' | 'parse', number>>;
}

interface Replay {
  readonly requests: number;
  readonly ms: number;
  readonly peakRss: number;
}

const requests = 1_000_000;

/** Bundled as the CLI is. */
export async function benchWaf(): Promise<void> {
  await build({
    entryPoints: [
      'test/bench/measure-evaluation.ts',
      'test/bench/measure-replay.ts',
      'scripts/adapters/replay-thread.ts',
    ],
    outdir: 'dist/bench',
    entryNames: '[name]',
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  const { evaluations, characters, times } = JSON.parse(
    node(['dist/bench/measure-evaluation.js']).stdout,
  ) as Evaluation;
  line('\nRules language, 100 rules on a mixed day, one processor');
  line(
    `  evaluations          ${atLeast('evaluations per second', evaluations / (times.compiled / 1000), 1_000_000)} a second`,
  );
  line(`  against by hand      ${target('against by hand', times.compiled / times.byHand, 4)}`);
  line(`  parse, ${String(characters)} characters ${target('milliseconds to parse', times.parse, 1)} ms`);
  line(`  comparing            ${node(['--import', 'tsx', 'test/bench/measure-compare.ts']).stdout.trim()}`);
  const [one, two] = [1, 2].map(replayed);
  if (one !== undefined && two !== undefined) {
    line(`\nReplay of ${requests.toLocaleString('en')} requests through 100 rules on either side`);
    line(`  one thread           ${(one.ms / 1000).toFixed(1)} s`);
    line(
      `  two threads          ${(two.ms / 1000).toFixed(1)} s, ${target('two threads', two.ms / one.ms, 0.7)} of one`,
    );
    line(
      `  memory               ${target('memory of a replay', two.peakRss / 300e6, 1)} of 300 MB, peak RSS`,
    );
  }
}

function replayed(threads: number): Replay {
  const entry = pathToFileURL('dist/bench/replay-thread.js').href;
  return JSON.parse(
    node(['dist/bench/measure-replay.js', String(requests), String(threads), entry]).stdout,
  ) as Replay;
}
