/**
 * What each step of the way of a change costs, as ratios to `JSON.parse` of the same two documents in the same run. Runs
 * when it is imported.
 */
import { build } from 'esbuild';
import { line, node, target } from './report.ts';

interface Result {
  readonly resources: number;
  readonly share: number;
  readonly changes: number;
  readonly documents: number;
  /** Live heap at its highest between text and digest. */
  readonly highestBytes: number;
  /** Of the whole process, Node itself and everything not yet collected included. */
  readonly peakRss: number;
  readonly times: Readonly<
    Record<'parse' | 'bundle' | 'diff' | 'digest' | 'rules' | 'render' | 'comment', number>
  >;
}

/** A decision on a change with a crowd of reviews. */
interface GateResult {
  readonly reviews: number;
  readonly commits: number;
  readonly bytes: number;
  readonly times: Readonly<Record<'parse' | 'decide', number>>;
}

const sizes = [
  { zones: 10, perZone: 100 },
  { zones: 500, perZone: 100 },
] as const;
const shares = [0.01, 0.2] as const;

/**
 * The gate has read both documents to come here: of a large plan, what it writes must not cost more than that. Of a small
 * one the parts that every comment has cost more than reading it.
 */
function commentCost({ changes, times }: Result): string {
  const value = times.comment / times.parse;
  return changes < 5000 ? `${value.toFixed(2)}x` : target('CAB comment', value, 1);
}

/**
 * Each review is judged twice (for the quorum, and for whom a waiver may name) and gets a line with its reason, some 30 µs
 * together on a quiet machine. With few reviews, rules and digests cost more than they do: the target is about the crowd.
 */
function decideCost(reviews: number, times: GateResult['times']): string {
  const value = times.decide / times.parse;
  return reviews < 5000 ? `${value.toFixed(2)}x` : target('gate decision', value, 25);
}

/** Bundled as the CLI is: code that a loader rewrites at start runs differently. */
const measure = 'dist/bench/measure.js';
const measureGate = 'dist/bench/measure-gate.js';
await build({
  entryPoints: ['test/bench/measure.ts', 'test/bench/measure-gate.ts'],
  outdir: 'dist/bench',
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  logLevel: 'error',
});

const results: Result[] = [];
for (const size of sizes) {
  for (const share of shares) {
    const args = ['--expose-gc', measure, String(size.zones), String(size.perZone), String(share)];
    results.push(JSON.parse(node(args).stdout) as Result);
  }
}
for (const result of results) {
  const { times } = result;
  const ratio = (ms: number): string => `${(ms / times.parse).toFixed(2)}x`;
  line(
    `\n${String(result.resources)} resources, ${String(result.share * 100)} % changed (${String(result.changes)} changes), documents ${(result.documents / 1e6).toFixed(1)} MB`,
  );
  line(`  JSON.parse of both   ${times.parse.toFixed(1)} ms = 1x`);
  line(`  bundle and digest    ${ratio(times.bundle)}`);
  line(`  diff                 ${ratio(times.diff)}`);
  line(`  digest               ${ratio(times.digest)}`);
  const most = result.resources > 1000 ? { diff: 1.5, rules: 1 } : { diff: 2, rules: 3 };
  line(
    `  diff + digest        ${target('diff + digest', (times.diff + times.digest) / times.parse, most.diff)}`,
  );
  line(`  all rules            ${target('all rules', times.rules / times.parse, most.rules)}`);
  line(`  render (markdown)    ${ratio(times.render)}`);
  line(`  CAB comment          ${commentCost(result)}`);
  line(
    `  memory               ${target('memory', result.highestBytes / result.documents, 4)} of the documents' bytes, live; peak RSS ${(result.peakRss / 1e6).toFixed(0)} MB`,
  );
}

line('\nGrowth: time per resource, 50,000 against 1,000');
for (const share of shares) {
  const [small, large] = results
    .filter((result) => result.share === share)
    .toSorted((a, b) => a.resources - b.resources);
  if (small !== undefined && large !== undefined) {
    const per = (result: Result): number =>
      (result.times.diff + result.times.digest + result.times.rules) / result.resources;
    line(`  ${String(share * 100)} % changed: ${target('growth', per(large) / per(small), 1.3)}`);
  }
}

const crowds = ([500, 5000] as const).map(
  (reviews) => JSON.parse(node([measureGate, String(reviews), '250']).stdout) as GateResult,
);
for (const { reviews, commits, bytes, times } of crowds) {
  line(
    `\nGate decision for ${String(reviews)} reviews and ${String(commits)} commits, facts of ${(bytes / 1e6).toFixed(1)} MB`,
  );
  line(`  JSON.parse of them   ${times.parse.toFixed(1)} ms = 1x`);
  line(`  decide               ${decideCost(reviews, times)}`);
}
const [few, crowd] = crowds;
if (few !== undefined && crowd !== undefined) {
  const per = ({ reviews, times }: GateResult): number => times.decide / reviews;
  // One comparison of every review with every other one would make this ten.
  line(`  growth per review    ${target('growth per review', per(crowd) / per(few), 1.3)}`);
}

line('\nSynth with cdktf (one stack per zone)');
for (const size of sizes) {
  const parse = results.find((result) => result.resources === size.zones * size.perZone)?.times.parse ?? 1;
  const { ms } = node(['--import', 'tsx', 'test/bench/synth.ts', String(size.zones), String(size.perZone)]);
  line(
    `  ${String(size.zones * size.perZone)} resources: ${(ms / 1000).toFixed(1)} s, ${(ms / parse).toFixed(0)}x`,
  );
}

line('\nStart of the CLI');
const best = (args: readonly string[]): number => Math.min(...Array.from({ length: 7 }, () => node(args).ms));
const bare = best(['-e', '0']);
const help = best(['scripts/launch.mjs', '--help']);
line(
  `  sluice --help ${help.toFixed(0)} ms, bare node ${bare.toFixed(0)} ms, ${target('start', help / (2 * bare + 100), 1)} of twice bare node plus 100 ms`,
);
