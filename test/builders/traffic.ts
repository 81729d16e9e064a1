/** What is known of the traffic of a change: by default that no rule changes. */
import type { Plan } from '../../scripts/plan/types.ts';
import { ruleStacks } from '../../policies/reading/rulesets/traffic-scope.ts';
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

const classes = [
  'newly-blocked',
  'newly-challenged',
  'newly-allowed',
  'changed-action',
  'undecidable',
] as const;
const copies = <T>(count: number, one: T): readonly T[] => Array.from({ length: count }, () => one);

/** A replay in which every text is this one, and of everything there is too much. */
export function aReplayOf(value: string): ReplaySummary {
  const counted = { value, count: 1 };
  const samples = copies(
    9,
    aSample({
      id: value,
      method: value,
      host: value,
      path: value,
      country: value,
      agent: value,
      before: value,
      after: value,
    }),
  );
  return aReplay(Object.fromEntries(classes.map((change) => [change, 100])), {
    digest: value,
    stacks: copies(50, value),
    rules: classes.flatMap((change) =>
      copies(50, { change, rule: value, ruleset: value, count: 2, samples }),
    ),
    breakdowns: classes.flatMap((change) =>
      (['path', 'country', 'asn', 'agent'] as const).map((dimension) => ({
        change,
        dimension,
        values: copies(90, counted),
        rest: 1,
      })),
    ),
    missing: copies(90, { field: value, column: value, count: 1 }),
    protectionLost: copies(90, counted),
    onlyByOrder: 1,
    flipsWithMissing: 1,
    newlyCounted: 1,
    badLines: 1,
    otherHosts: 1,
    calibration: {
      compared: 9,
      agreed: 0,
      disagreements: copies(90, { recorded: value, replayed: value, count: 1, samples: [value] }),
    },
  });
}

/** The same for all that is known of traffic. */
export function trafficSaying(value: string): TrafficFacts {
  const location = { file: value, line: 1, column: 1 };
  const texts = copies(9, value);
  return {
    stacks: copies(50, value),
    mustPass: copies(
      90,
      aMustPass({
        client: value,
        name: value,
        why: value,
        location,
        before: value,
        after: value,
        reasons: texts,
        newlyChecked: texts,
      }),
    ),
    withoutCases: copies(50, value),
    replay: aReplayOf(value),
    problem: value,
  };
}
