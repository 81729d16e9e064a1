/**
 * Counts what a replay finds. A tally is plain data that travels between threads; tallies of consecutive parts of a sample
 * are merged in order, so the result does not depend on how many threads there were. Memory is bounded: only so many
 * different values are kept per class, the others are counted together.
 */
import type { TrafficRecord } from '../traffic/record.ts';
import { calibrate } from './calibrate.ts';
import { actionOf } from './judge.ts';
import type { JudgedRequest, RuleName } from './judge.ts';
import type { TrafficSample, VerdictChange } from './types.ts';

export const verdictChanges = [
  'newly-blocked',
  'newly-challenged',
  'newly-allowed',
  'changed-action',
  'undecidable',
  'unchanged',
] as const satisfies readonly VerdictChange[];

export type Dimension = 'path' | 'country' | 'asn' | 'agent';

export const dimensions = ['path', 'country', 'asn', 'agent'] as const satisfies readonly Dimension[];

/** Counts by value; `rest` is what did not fit any more. */
export interface TallyCounter {
  readonly counts: Map<string, number>;
  rest: number;
}

interface RuleTally extends RuleName {
  readonly change: VerdictChange;
  count: number;
  readonly samples: TrafficSample[];
}

interface CalibrationTally {
  readonly recorded: string;
  readonly replayed: string;
  count: number;
  readonly samples: string[];
}

export interface Tally {
  requests: number;
  otherHosts: number;
  onlyByOrder: number;
  flipsWithMissing: number;
  newlyCounted: number;
  readonly changes: Record<VerdictChange, number>;
  readonly lost: TallyCounter;
  /** By a text of class, ruleset and rule. */
  readonly rules: Map<string, RuleTally>;
  readonly breakdowns: Map<VerdictChange, Readonly<Record<Dimension, TallyCounter>>>;
  readonly missing: TallyCounter;
  compared: number;
  agreed: number;
  /** By a text of both. */
  readonly disagreements: Map<string, CalibrationTally>;
}

/** Distinct values kept per counter. Far more than is shown, so that what is shown is exact in all but absurd samples. */
const maxValues = 20_000;
const maxRules = 2000;
const maxSamples = 5;
/** Characters kept of a path or agent: hostile ones have thousands. */
const maxText = 200;

export function newTally(): Tally {
  return {
    requests: 0,
    otherHosts: 0,
    onlyByOrder: 0,
    flipsWithMissing: 0,
    newlyCounted: 0,
    changes: {
      'newly-blocked': 0,
      'newly-challenged': 0,
      'newly-allowed': 0,
      'changed-action': 0,
      undecidable: 0,
      unchanged: 0,
    },
    lost: newCounter(),
    rules: new Map(),
    breakdowns: new Map(),
    missing: newCounter(),
    compared: 0,
    agreed: 0,
    disagreements: new Map(),
  };
}

function newCounter(): TallyCounter {
  return { counts: new Map(), rest: 0 };
}

/** Adds one judged request. */
export function tallyRequest(into: Tally, record: TrafficRecord, judged: JudgedRequest): void {
  const tally = into;
  tally.requests += 1;
  tally.changes[judged.change] += 1;
  tally.flipsWithMissing += judged.flips ? 1 : 0;
  tally.onlyByOrder += judged.onlyByOrder ? 1 : 0;
  tally.newlyCounted += judged.newlyCounted ? 1 : 0;
  for (const name of judged.lost) {
    add(tally.lost, name, 1);
  }
  tallyCalibration(tally, record, judged);
  if (judged.change === 'unchanged') {
    return;
  }
  for (const cause of judged.causes) {
    add(tally.missing, cause, 1);
  }
  const sample = sampleOf(record, judged);
  tallyRule(tally, judged, sample);
  const counters = countersOf(tally, judged.change);
  for (const dimension of dimensions) {
    const value = sample[dimension];
    add(counters[dimension], value === null ? 'not recorded' : String(value), 1);
  }
}

function tallyRule({ rules }: Tally, { change, responsible }: JudgedRequest, sample: TrafficSample): void {
  const { rule, ruleset } = responsible ?? { rule: '', ruleset: '' };
  const key = `${change} ${ruleset}#${rule}`;
  let tally = rules.get(key);
  if (tally === undefined && rules.size < maxRules) {
    tally = { change, rule, ruleset, count: 0, samples: [] };
    rules.set(key, tally);
  }
  if (tally !== undefined) {
    tally.count += 1;
    if (tally.samples.length < maxSamples) {
      tally.samples.push(sample);
    }
  }
}

function tallyCalibration(into: Tally, record: TrafficRecord, judged: JudgedRequest): void {
  const tally = into;
  const result = record.recorded === null ? null : calibrate(record.recorded, judged.before);
  if (result === null) {
    return;
  }
  tally.compared += 1;
  if (result.agrees) {
    tally.agreed += 1;
    return;
  }
  const { recorded, replayed } = result;
  const key = `${recorded}\n${replayed}`;
  const found = tally.disagreements.get(key) ?? { recorded, replayed, count: 0, samples: [] };
  found.count += 1;
  if (found.samples.length < maxSamples) {
    found.samples.push(record.id);
  }
  tally.disagreements.set(key, found);
}

function sampleOf({ id, request }: TrafficRecord, { before, after }: JudgedRequest): TrafficSample {
  const country = request.fields['ip.src.country'];
  const asn = request.fields['ip.src.asnum'];
  const question = request.target.indexOf('?');
  return {
    id,
    method: request.method,
    host: request.host.slice(0, maxText),
    path: (question === -1 ? request.target : request.target.slice(0, question)).slice(0, maxText),
    country: typeof country === 'string' && country !== '' ? country : null,
    asn: typeof asn === 'number' ? asn : null,
    agent: agentOf(request.headers)?.slice(0, maxText) ?? null,
    before: actionOf(before),
    after: actionOf(after),
  };
}

function agentOf(headers: readonly (readonly [string, string])[]): string | undefined {
  return headers.find(([name]) => name.length === 10 && name.toLowerCase() === 'user-agent')?.[1];
}

function add(counter: TallyCounter, value: string, count: number): void {
  const { counts } = counter;
  const now = counts.get(value);
  if (now !== undefined || counts.size < maxValues) {
    counts.set(value, (now ?? 0) + count);
  } else {
    counter.rest += count;
  }
}

function countersOf({ breakdowns }: Tally, change: VerdictChange): Readonly<Record<Dimension, TallyCounter>> {
  let counters = breakdowns.get(change);
  if (counters === undefined) {
    counters = { path: newCounter(), country: newCounter(), asn: newCounter(), agent: newCounter() };
    breakdowns.set(change, counters);
  }
  return counters;
}

/** Adds the tally of the part that comes next. */
export function mergeTally(into: Tally, next: Tally): void {
  const tally = into;
  tally.requests += next.requests;
  tally.otherHosts += next.otherHosts;
  tally.onlyByOrder += next.onlyByOrder;
  tally.flipsWithMissing += next.flipsWithMissing;
  tally.newlyCounted += next.newlyCounted;
  tally.compared += next.compared;
  tally.agreed += next.agreed;
  for (const change of verdictChanges) {
    tally.changes[change] += next.changes[change];
  }
  mergeCounter(tally.lost, next.lost);
  mergeCounter(tally.missing, next.missing);
  for (const [change, counters] of next.breakdowns) {
    const own = countersOf(tally, change);
    dimensions.forEach((dimension) => mergeCounter(own[dimension], counters[dimension]));
  }
  mergeSampled(tally.rules, next.rules);
  mergeSampled(tally.disagreements, next.disagreements);
}

/**
 * Whether nothing of either would be left out for want of room, were `next` merged into `tally`. Only then is a merged tally
 * as good as the two: merging it into another one gives what merging one after the other gives.
 */
export function fitsInto(tally: Tally, next: Tally): boolean {
  return (
    fits(tally.lost, next.lost) &&
    fits(tally.missing, next.missing) &&
    tally.rules.size + next.rules.size <= maxRules &&
    tally.disagreements.size + next.disagreements.size <= maxRules &&
    [...next.breakdowns].every(([change, counters]) =>
      dimensions.every((dimension) => fits(tally.breakdowns.get(change)?.[dimension], counters[dimension])),
    )
  );
}

function fits(own: TallyCounter | undefined, more: TallyCounter): boolean {
  return (own?.counts.size ?? 0) + more.counts.size <= maxValues;
}

function mergeCounter(counter: TallyCounter, next: TallyCounter): void {
  for (const [value, count] of next.counts) {
    add(counter, value, count);
  }
  counter.rest += next.rest;
}

interface Sampled {
  count: number;
  readonly samples: unknown[];
}

function mergeSampled<T extends Sampled>(into: Map<string, T>, next: ReadonlyMap<string, T>): void {
  for (const [key, tally] of next) {
    const found = into.get(key);
    if (found !== undefined) {
      found.count += tally.count;
      found.samples.push(...tally.samples.slice(0, maxSamples - found.samples.length));
    } else if (into.size < maxRules) {
      into.set(key, { ...tally, samples: tally.samples.slice(0, maxSamples) });
    }
  }
}
