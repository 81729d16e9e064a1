import type { ReplaySummary, VerdictChange } from '../../../scripts/waf/replay/types.ts';
import { limitsFor, ruleStacks } from '../../reading/rulesets/traffic-scope.ts';
import type { TierLimits } from '../../reading/rulesets/traffic-scope.ts';
import { defineRule, fine, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

const pointer = '/traffic/sample';

export const wafTrafficLimits = defineRule({
  id: 'waf-traffic-limits',
  title: 'Recorded traffic is not stopped or let through beyond the limits',
  area: 'record',
  severity: 'deny',
  why: 'A rule that would have stopped more visitors than was agreed, or that nobody can judge on this sample, needs a second look.',
  fix: 'Narrow the rule or take a better sample; when exactly this is wanted, let somebody who has looked at the requests waive it.',
  since: '2026-11-26',
  source: 'Thresholds traffic.*',
  waivable: true,
  evaluate: ({ index, policy, traffic }) => {
    const { replay } = traffic;
    if (replay === null) {
      return notApplicable('no sample was replayed');
    }
    const changed = [...new Set([...ruleStacks(index.changes), ...traffic.stacks])];
    const limits = limitsFor(policy, changed);
    if (limits === null) {
      return notApplicable('no rule of a production stack changes');
    }
    return judged([
      ...coverage(replay, changed),
      ...size(replay, limits),
      ...shares(replay, limits),
      ...agreement(replay, limits),
    ]);
  },
});

/** The figures are of all stacks that change, and add up: what is missing in them was not looked at. */
function coverage({ stacks, counts, requests }: ReplaySummary, changed: readonly string[]): Judgement {
  const left = changed.filter((stack) => !stacks.includes(stack));
  const sum = Object.values(counts).reduce((total, count) => total + count, 0);
  return [
    ...(left.length === 0
      ? fine
      : finding('traffic/stacks', `${left.join(', ')} not replayed`, 'every stack that changes', {
          pointer,
        })),
    ...(sum === requests
      ? fine
      : finding('traffic/counts', `${sum} verdicts on ${requests} requests`, 'one on each', { pointer })),
  ];
}

function size({ requests, otherHosts, badLines }: ReplaySummary, { tier, limits }: TierLimits): Judgement {
  const lines = requests + otherHosts + badLines;
  const elsewhere = otherHosts === 0 ? '' : `, and ${otherHosts} for hosts of other stacks`;
  return [
    ...(requests >= limits.minRequests
      ? fine
      : finding(
          'traffic/requests',
          `${requests} requests for these stacks${elsewhere}`,
          `at least ${limits.minRequests} in tier ${tier}`,
          { pointer },
        )),
    ...(badLines <= limits.maxBadLineShare * lines
      ? fine
      : finding(
          'traffic/bad-lines',
          `${badLines} of ${lines} lines cannot be read (${percent(badLines, lines)})`,
          `at most ${percent(limits.maxBadLineShare, 1)} in tier ${tier}`,
          { pointer },
        )),
  ];
}

const classes: readonly {
  readonly change: VerdictChange;
  readonly words: string;
  readonly limit: 'maxBlockedShare' | 'maxChallengedShare' | 'maxAllowedShare' | 'maxUndecidableShare';
}[] = [
  { change: 'newly-blocked', words: 'newly blocked', limit: 'maxBlockedShare' },
  { change: 'newly-challenged', words: 'newly challenged', limit: 'maxChallengedShare' },
  { change: 'newly-allowed', words: 'newly allowed', limit: 'maxAllowedShare' },
  { change: 'undecidable', words: 'undecidable', limit: 'maxUndecidableShare' },
];

/** Without requests there is no share; that there are too few is said by `size`. */
function shares(replay: ReplaySummary, { tier, limits }: TierLimits): Judgement {
  const { requests, counts } = replay;
  return classes.flatMap(({ change, words, limit }) =>
    counts[change] <= limits[limit] * requests
      ? fine
      : finding(
          `traffic/${change}`,
          `${counts[change]} of ${requests} requests ${words} (${percent(counts[change], requests)})${where(replay, change)}`,
          `at most ${percent(limits[limit], 1)} in tier ${tier}`,
          { pointer },
        ),
  );
}

/** The rule that answers for most of them, and the paths that are most of them. */
function where({ rules, breakdowns, missing }: ReplaySummary, change: VerdictChange): string {
  const [rule] = rules.filter((one) => one.change === change).toSorted((a, b) => b.count - a.count);
  const paths = breakdowns.find((one) => one.change === change && one.dimension === 'path')?.values ?? [];
  const fields = change === 'undecidable' ? missing.slice(0, 3).map(({ field }) => field) : [];
  return [
    ...(rule === undefined ? [] : [`most by ${rule.rule} of ${rule.ruleset} (${rule.count})`]),
    ...(paths.length === 0
      ? []
      : [
          `on ${paths
            .slice(0, 3)
            .map(({ value }) => value.slice(0, 80))
            .join(', ')}`,
        ]),
    ...(fields.length === 0 ? [] : [`for want of ${fields.join(', ')}`]),
  ]
    .map((part) => `; ${part}`)
    .join('');
}

/** A sample that cannot be compared with what happened proves nothing about the replay itself. */
function agreement({ calibration }: ReplaySummary, { tier, limits }: TierLimits): Judgement {
  if (limits.minAgreement === 0) {
    return fine;
  }
  const required = `agreement of at least ${percent(limits.minAgreement, 1)} in tier ${tier}`;
  if (calibration === null || calibration.compared === 0) {
    return finding(
      'traffic/agreement',
      'nothing recorded that the old rules could be compared with',
      required,
      {
        pointer,
      },
    );
  }
  const { agreed, compared } = calibration;
  return agreed >= limits.minAgreement * compared
    ? fine
    : finding(
        'traffic/agreement',
        `the old rules agree with ${agreed} of ${compared} recorded outcomes (${percent(agreed, compared)})`,
        required,
        { pointer },
      );
}

function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(2)} %`;
}
