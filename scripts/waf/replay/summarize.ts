/** Turns a tally into what is shown: sorted, the most frequent first, equal counts by name. */
import { fieldFact } from '../language/tables.ts';
import { verdictChanges } from './tally.ts';
import type { Counter, Dimension, Tally } from './tally.ts';
import type {
  Calibration,
  CountedValue,
  MissingField,
  ReplaySummary,
  ResponsibleRule,
  TrafficBreakdown,
  VerdictChange,
} from './types.ts';

export interface SampleFacts {
  readonly digest: string;
  readonly stacks: readonly string[];
  readonly badLines: number;
}

const maxShown = 10;
const maxRulesShown = 50;

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
    protectionLost: sorted(tally.lost).slice(0, maxShown),
    rules: rulesOf(tally),
    breakdowns: breakdownsOf(tally),
    missing: missingOf(tally),
    calibration: tally.compared === 0 ? null : calibrationOf(tally),
  };
}

function sorted({ counts }: Counter): readonly CountedValue[] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

function rulesOf({ rules }: Tally): readonly ResponsibleRule[] {
  return [...rules]
    .map(([key, { count, samples }]) => {
      const [change = '', name = ''] = split(key, ' ');
      const [ruleset = '', rule = ''] = split(name, '#');
      return { change: change as VerdictChange, rule, ruleset, count, samples };
    })
    .toSorted(
      (a, b) =>
        verdictChanges.indexOf(a.change) - verdictChanges.indexOf(b.change) ||
        b.count - a.count ||
        (`${a.ruleset}#${a.rule}` < `${b.ruleset}#${b.rule}` ? -1 : 1),
    )
    .slice(0, maxRulesShown);
}

function split(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function breakdownsOf({ breakdowns }: Tally): readonly TrafficBreakdown[] {
  return [...breakdowns]
    .map(([key, counter]) => {
      const [change = '', dimension = ''] = split(key, ' ');
      const values = sorted(counter);
      const shown = values.slice(0, maxShown);
      const hidden = values.slice(maxShown).reduce((sum, { count }) => sum + count, counter.rest);
      return {
        change: change as VerdictChange,
        dimension: dimension as Dimension,
        values: shown,
        rest: hidden,
      };
    })
    .toSorted(
      (a, b) =>
        verdictChanges.indexOf(a.change) - verdictChanges.indexOf(b.change) ||
        dimensionOrder.indexOf(a.dimension) - dimensionOrder.indexOf(b.dimension),
    );
}

const dimensionOrder: readonly Dimension[] = ['path', 'country', 'asn', 'agent'];

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
    disagreements: [...disagreements]
      .map(([key, { count, samples }]) => {
        const [recorded = '', replayed = ''] = key.split('\n');
        return { recorded, replayed, count, samples };
      })
      .toSorted((a, b) => b.count - a.count || (a.recorded < b.recorded ? -1 : 1))
      .slice(0, maxShown),
  };
}
