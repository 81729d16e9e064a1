/** One case of the benchmark in a process of its own, so that its memory is its own. Prints one JSON line. */
import { policyForBench } from './policy.ts';
import { generateEstate } from './estate.ts';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import { assemblePlan, diffBundles } from '../../scripts/plan/diff.ts';
import { effectDigest } from '../../scripts/plan/digest.ts';
import type { JsonObject, StackPlan } from '../../scripts/plan/types.ts';
import { renderPlanMarkdown } from '../../scripts/render/plan-markdown.ts';
import { evaluateRules } from '../../policies/evaluate.ts';
import { allRules } from '../../policies/registry.ts';

const [zones = '10', perZone = '100', share = '0.01'] = process.argv.slice(2);
const size = { zones: Number(zones), perZone: Number(perZone) };
const before = JSON.stringify(generateEstate(size, 0));
const after = JSON.stringify(generateEstate(size, Number(share)));

/** Fastest of several runs, in milliseconds: the one least disturbed by the rest of the machine. */
function fastest(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run += 1) {
    const began = performance.now();
    work();
    best = Math.min(best, performance.now() - began);
  }
  return best;
}

interface Parsed {
  readonly left: JsonObject;
  readonly right: JsonObject;
}

function parseBoth(): Parsed {
  return { left: JSON.parse(before) as JsonObject, right: JSON.parse(after) as JsonObject };
}

function diff({ left, right }: Parsed): StackPlan {
  return diffBundles({ stack: 'bench', before: canonicalBundle('bench', left), after: canonicalBundle('bench', right) });
}

const policy = await policyForBench();
const collect = globalThis.gc ?? (() => undefined);
collect();
const restingBytes = process.memoryUsage().heapUsed;
const parsed = parseBoth();
const plan = assemblePlan([diff(parsed)], 'configuration');
const digest = effectDigest(plan);
const heldBytes = process.memoryUsage().heapUsed - restingBytes;
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
  parse: fastest(() => void parseBoth()),
  bundle: fastest(() => void [canonicalBundle('bench', parsed.left), canonicalBundle('bench', parsed.right)]),
  diff: fastest(() => void diff(parsed)),
  digest: fastest(() => void effectDigest(plan)),
  rules: fastest(() => void evaluateRules(allRules, input)),
  render: fastest(() => void renderPlanMarkdown(plan)),
};
process.stdout.write(
  `${JSON.stringify({ resources: size.zones * size.perZone, share: Number(share), changes: stack?.changes.length ?? 0, digest, documents: before.length + after.length, heldBytes, times })}\n`,
);
