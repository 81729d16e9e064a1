/** What is known of the traffic of a change: by default that no rule changes. */
import type { Plan } from '../../scripts/plan/types.ts';
import { ruleStacks } from '../../policies/reading/traffic-scope.ts';
import type { MustPassResult, TrafficFacts } from '../../policies/model/traffic.ts';
import type { ReplaySummary, TrafficSample, VerdictChange } from '../../scripts/waf/replay/types.ts';

export function aSample(parts: Partial<TrafficSample> = {}): TrafficSample {
  return {
    id: 'ray-1',
    method: 'GET',
    host: 'shop.example',
    path: '/cart',
    country: 'DE',
    asn: 3320,
    agent: 'Mozilla/5.0',
    before: 'pass',
    after: 'block',
    ...parts,
  };
}

/** 10,000 requests; those of no named class are unchanged. */
export function aReplay(
  counts: Partial<Record<VerdictChange, number>> = {},
  parts: Partial<ReplaySummary> = {},
): ReplaySummary {
  const requests = parts.requests ?? 10_000;
  const changed = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    digest: `sha256:${'5'.repeat(64)}`,
    stacks: ['acme-production'],
    requests,
    otherHosts: 0,
    badLines: 0,
    counts: {
      'newly-blocked': 0,
      'newly-challenged': 0,
      'newly-allowed': 0,
      'changed-action': 0,
      undecidable: 0,
      unchanged: requests - changed,
      ...counts,
    },
    onlyByOrder: 0,
    flipsWithMissing: 0,
    newlyCounted: 0,
    protectionLost: [],
    rules: [],
    breakdowns: [],
    missing: [],
    calibration: { compared: requests, agreed: requests, disagreements: [] },
    ...parts,
  };
}

export function aMustPass(parts: Partial<MustPassResult> = {}): MustPassResult {
  return {
    client: 'acme',
    name: 'office-london',
    why: 'The office in London',
    location: { file: 'stacks/clients/acme/traffic/offices.yaml', line: 4, column: 5 },
    before: 'pass',
    after: 'pass',
    change: 'unchanged',
    reasons: [],
    newlyChecked: [],
    ...parts,
  };
}

export function someTraffic(parts: Partial<TrafficFacts> = {}): TrafficFacts {
  return { stacks: [], mustPass: [], withoutCases: [], replay: null, problem: null, ...parts };
}

/** What the gate finds when the client of a plan has cases that all pass, and the record names no sample. */
export function trafficOf(plan: Plan | undefined): TrafficFacts {
  return someTraffic({
    stacks: plan === undefined ? [] : ruleStacks(plan.stacks.flatMap(({ changes }) => changes)),
  });
}
