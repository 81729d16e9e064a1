/** One case of the benchmark in a process of its own, so that its memory is its own. Prints one JSON line. */
import { policyForBench } from './policy.ts';
import { generateEstate } from './estate.ts';
import { bundleDigest, canonicalBundle } from '../../scripts/plan/bundle.ts';
import { assemblePlan, diffBundles } from '../../scripts/plan/diff.ts';
import { effectDigest } from '../../scripts/plan/digest.ts';
import type { Bundle, JsonObject, StackPlan } from '../../scripts/plan/types.ts';
import { renderPlanMarkdown } from '../../scripts/render/plan-markdown.ts';
import { evaluateRules } from '../../policies/evaluate.ts';
import { allRules } from '../../policies/registry.ts';

const [zones = '10', perZone = '100', share = '0.01'] = process.argv.slice(2);
const size = { zones: Number(zones), perZone: Number(perZone) };
const before = JSON.stringify(generateEstate(size, 0));
const after = JSON.stringify(generateEstate(size, Number(share)));

/**
 * Fastest of several runs, in milliseconds: the one least disturbed by the rest of the machine. Small cases run often
 * enough to be past the interpreter. `prepare` is not timed.
 */
function fastest<T>(prepare: () => T, work: (prepared: T) => void): number {
  let best = Number.POSITIVE_INFINITY;
  let spent = 0;
  for (let run = 0; run < 5 || (spent < 600 && run < 300); run += 1) {
    const prepared = prepare();
    const began = performance.now();
    work(prepared);
    const took = performance.now() - began;
    best = Math.min(best, took);
    spent += took;
  }
  return best;
}

interface Parsed {
  readonly left: JsonObject;
  readonly right: JsonObject;
}

interface Bundles {
  readonly left: Bundle;
  readonly right: Bundle;
}

const nothing = (): null => null;

function parseBoth(): Parsed {
  return { left: JSON.parse(before) as JsonObject, right: JSON.parse(after) as JsonObject };
}

/** What the ledger stores: canonical, with its digest. */
function bundleBoth({ left, right }: Parsed): Bundles {
  const bundles = { left: canonicalBundle('bench', left), right: canonicalBundle('bench', right) };
  bundleDigest(bundles.left);
  bundleDigest(bundles.right);
  return bundles;
}

function diff({ left, right }: Bundles): StackPlan {
  return diffBundles({ stack: 'bench', before: left, after: right });
}

const policy = await policyForBench();
// Tables and caches that every run shares are filled before memory is looked at.
const small = generateEstate({ zones: 1, perZone: 10 }, 0.5);
diff(bundleBoth({ left: generateEstate({ zones: 1, perZone: 10 }, 0), right: small }));
const collect = globalThis.gc ?? (() => undefined);
collect();
const restingBytes = process.memoryUsage().heapUsed;
let highestBytes = 0;
/** Live heap: what is still needed, without what the collector has not come to yet. */
const noteHeap = <T>(value: T): T => {
  collect();
  highestBytes = Math.max(highestBytes, process.memoryUsage().heapUsed - restingBytes);
  return value;
};
const bundles = noteHeap(bundleBoth(noteHeap(parseBoth())));
const plan = noteHeap(assemblePlan([diff(bundles)], 'configuration'));
const digest = noteHeap(effectDigest(plan));
const input = {
  now: '2026-11-23T12:00:00Z',
  plan,
  record: null,
  policy,
  history: [],
  incidents: [],
  changedFiles: [],
  submittedAt: null,
};
const stack = plan.stacks[0];
const times = {
  parse: fastest(nothing, () => void parseBoth()),
  bundle: fastest(parseBoth, (parsed) => void bundleBoth(parsed)),
  diff: fastest(nothing, () => void diff(bundles)),
  digest: fastest(nothing, () => void effectDigest(plan)),
  rules: fastest(nothing, () => void evaluateRules(allRules, input)),
  render: fastest(nothing, () => void renderPlanMarkdown(plan)),
};
process.stdout.write(
  `${JSON.stringify({ resources: size.zones * size.perZone, share: Number(share), changes: stack?.changes.length ?? 0, digest, documents: before.length + after.length, highestBytes, peakRss: process.resourceUsage().maxRSS * 1024, times })}\n`,
);
