/** Turns a tally into what is shown: sorted, the most frequent first, equal counts by name. */
import { fieldFact } from '../language/tables.ts';
import { dimensions, verdictChanges } from './tally.ts';
import type { TallyCounter, Tally } from './tally.ts';
import type {
  Calibration,
  CountedValue,
  MissingField,
  ReplaySummary,
  ResponsibleRule,
  TrafficBreakdown,
} from './types.ts';

export interface SampleFacts {
  readonly digest: string;
  readonly stacks: readonly string[];
  readonly badLines: number;
}

const maxListed = 10;
const maxRulesListed = 50;

export function summarize(tally: Tally, { digest, stacks, badLines }: SampleFacts): ReplaySummary {
  return {
    digest,
    stacks,
    requests: tally.requests,
    otherHosts: tally.otherHosts,
    badLines,
    counts: { ...tally.changes },
    onlyByOrder: tally.onlyByOrder,
    flipsWithMissing: tally.flipsWithMissing,
    newlyCounted: tally.newlyCounted,
    protectionLost: sorted(tally.lost).slice(0, maxListed),
    rules: rulesOf(tally),
    breakdowns: breakdownsOf(tally),
    missing: missingOf(tally),
    calibration: tally.compared === 0 ? null : calibrationOf(tally),
  };
}

function sorted({ counts }: TallyCounter): readonly CountedValue[] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

function rulesOf({ rules }: Tally): readonly ResponsibleRule[] {
  return [...rules.values()]
    .toSorted(
      (a, b) =>
        verdictChanges.indexOf(a.change) - verdictChanges.indexOf(b.change) ||
        b.count - a.count ||
        (`${a.ruleset}#${a.rule}` < `${b.ruleset}#${b.rule}` ? -1 : 1),
    )
    .slice(0, maxRulesListed);
}

function breakdownsOf({ breakdowns }: Tally): readonly TrafficBreakdown[] {
  return verdictChanges.flatMap((change) => {
    const counters = breakdowns.get(change);
    return counters === undefined
      ? []
      : dimensions.map((dimension) => ({ change, dimension, ...mostOf(counters[dimension]) }));
  });
}

function mostOf(counter: TallyCounter): Pick<TrafficBreakdown, 'values' | 'rest'> {
  const values = sorted(counter);
  const rest = values.slice(maxListed).reduce((sum, { count }) => sum + count, counter.rest);
  return { values: values.slice(0, maxListed), rest };
}

/** A cause is a field, a field with a key (`http.request.headers["x"]`), a list or a function. */
function missingOf({ missing }: Tally): readonly MissingField[] {
  return sorted(missing).map(({ value, count }) => ({
    field: value,
    column: fieldFact(value.replace(/\[.*$/u, ''))?.log ?? null,
    count,
  }));
}

function calibrationOf({ compared, agreed, disagreements }: Tally): Calibration {
  return {
    compared,
    agreed,
    disagreements: [...disagreements.values()]
      .toSorted((a, b) => b.count - a.count || (a.recorded < b.recorded ? -1 : 1))
      .slice(0, maxListed),
  };
}
