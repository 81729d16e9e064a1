/** One case of the benchmark in a process of its own, so that its memory is its own. Prints one JSON line. */
import { factsOfPlan } from './facts.ts';
import { fastest, nothing } from './fastest.ts';
import { policyForBench } from './policy.ts';
import { generateEstate } from './estate.ts';
import { bundleDigest, canonicalBundle } from '../../scripts/plan/bundle.ts';
import { assemblePlan, diffBundles } from '../../scripts/plan/difference/diff.ts';
import { effectDigest } from '../../scripts/plan/digest.ts';
import type { Bundle, JsonObject, StackPlan } from '../../scripts/plan/types.ts';
import { fitComment } from '../../scripts/adapters/github/comment.ts';
import { renderDecisionMarkdown } from '../../scripts/render/decision/markdown.ts';
import { renderPlanMarkdown } from '../../scripts/render/plan/markdown.ts';
import { evaluateRules } from '../../policies/evaluate.ts';
import { decide } from '../../policies/gate.ts';
import { trafficOf } from '../builders/traffic.ts';
import { allRules } from '../../policies/registry.ts';

const [zones = '10', perZone = '100', share = '0.01'] = process.argv.slice(2);
const size = { zones: Number(zones), perZone: Number(perZone) };
const before = JSON.stringify(generateEstate(size, 0));
const after = JSON.stringify(generateEstate(size, Number(share)));

interface Parsed {
  readonly left: JsonObject;
  readonly right: JsonObject;
}

interface Bundles {
  readonly left: Bundle;
  readonly right: Bundle;
}

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
  unchanged: [],
  record: null,
  policy,
  history: [],
  baselines: [],
  incidents: [],
  planned: [],
  traffic: trafficOf(plan),
  changedFiles: [],
  packages: [],
  submittedAt: null,
};
const stack = plan.stacks[0];
const facts = factsOfPlan(policy, plan);
const decision = decide(facts);
const publication = {
  artifact: { name: 'decision-42', file: 'plan.json', sha256: 'ab'.repeat(32) },
  publisher: 'app',
} as const;
const times = {
  parse: fastest(nothing, () => void parseBoth()),
  bundle: fastest(parseBoth, (parsed) => void bundleBoth(parsed)),
  diff: fastest(nothing, () => void diff(bundles)),
  digest: fastest(nothing, () => void effectDigest(plan)),
  rules: fastest(nothing, () => void evaluateRules(allRules, input)),
  render: fastest(nothing, () => void renderPlanMarkdown(plan)),
  comment: fastest(nothing, () => void fitComment(renderDecisionMarkdown(decision, facts, publication))),
};
process.stdout.write(
  `${JSON.stringify({ resources: size.zones * size.perZone, share: Number(share), changes: stack?.changes.length ?? 0, digest, documents: before.length + after.length, highestBytes, peakRss: process.resourceUsage().maxRSS * 1024, times })}\n`,
);
