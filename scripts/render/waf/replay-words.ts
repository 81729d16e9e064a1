/** What the figures of a replay are called, in which order they stand, and what they cannot tell. Plain text, unescaped. */
import type {
  ReplaySummary,
  TrafficBreakdown,
  TrafficSample,
  VerdictChange,
} from '../../waf/replay/types.ts';
import { quantity } from '../../plan/quantity.ts';

/** Worst first: what stops visitors, what lets attackers in, what nobody knows. */
export const changesByGravity: readonly VerdictChange[] = [
  'newly-blocked',
  'newly-challenged',
  'newly-allowed',
  'undecidable',
  'changed-action',
  'unchanged',
];

export const changeWords: Readonly<Record<VerdictChange, string>> = {
  'newly-blocked': 'newly blocked',
  'newly-challenged': 'newly challenged',
  'newly-allowed': 'newly allowed',
  undecidable: 'undecidable',
  'changed-action': 'another action',
  unchanged: 'unchanged',
};

export const dimensionWords: Readonly<Record<TrafficBreakdown['dimension'], string>> = {
  path: 'paths',
  country: 'countries',
  asn: 'ASNs',
  agent: 'user agents',
};

/** `12.34 %`. What is more than nothing is never shown as 0, and what is less than all never as 100. */
export function shareText(count: number, total: number): string {
  if (total === 0) {
    return '–';
  }
  const percent = (count / total) * 100;
  const rounded = percent.toFixed(2);
  if (count > 0 && rounded === '0.00') {
    return '< 0.01 %';
  }
  if (count < total && rounded === '100.00') {
    return '> 99.99 %';
  }
  return `${rounded} %`;
}

/** `GET shop.example/cart from DE, AS3320, Mozilla/5.0: pass -> block`. */
export function sampleText(sample: TrafficSample): string {
  const { id, method, host, path, country, asn, agent, before, after } = sample;
  const from = [country, asn === null ? null : `AS${String(asn)}`, agent].filter((part) => part !== null);
  const source = from.length === 0 ? '' : ` from ${from.join(', ')}`;
  return `${id}: ${method} ${host}${path}${source}: ${before} -> ${after}`;
}

/** The most frequent values, with what is not listed as a count. */
export function breakdownText({ values, rest }: TrafficBreakdown, most: number): string {
  const listed = values.slice(0, most).map(({ value, count }) => `${value} (${String(count)})`);
  const left = values.slice(most).reduce((sum, { count }) => sum + count, rest);
  return [...listed, ...(left > 0 ? [`others (${String(left)})`] : [])].join(', ');
}

/** The agreement with what Cloudflare recorded, as a sentence. */
export function calibrationText(summary: ReplaySummary): string {
  const { calibration, requests } = summary;
  if (calibration === null) {
    return 'The sample does not say what happened to its requests, so the replay could not be checked against it.';
  }
  const { compared, agreed } = calibration;
  return compared === 0
    ? 'No recorded outcome could be compared with the old rules.'
    : `The old rules replayed agree with what Cloudflare recorded for ${String(agreed)} of ${String(compared)} requests (${shareText(agreed, compared)}); ${String(requests - compared)} could not be compared.`;
}

/** What is counted beside the verdicts, and what no replay can tell: read before the figures are trusted. */
export function limitsOfReplay(summary: ReplaySummary): readonly string[] {
  const { onlyByOrder, flipsWithMissing, newlyCounted, badLines, otherHosts } = summary;
  const counted: readonly (readonly [number, string])[] = [
    [onlyByOrder, 'changed only because rules have another order'],
    [flipsWithMissing, 'decided by what `ne` says about a missing value'],
    [newlyCounted, 'counted by a rate limit now and not before; whether it stops them depends on counters'],
  ];
  return [
    ...counted.filter(([count]) => count > 0).map(([count, what]) => `${requestsText(count)}: ${what}.`),
    ...(badLines > 0
      ? [`${String(badLines)} lines of the sample could not be read and are in no figure.`]
      : []),
    ...(otherHosts > 0 ? [`${requestsText(otherHosts)} for hosts of other stacks are in no figure.`] : []),
    'The sample holds who came while the old rules ran: who they stopped may have stayed away or have tried something else.',
    'Managed rules are not public and are not replayed. Rate limits are bounds: counters are not replayed.',
  ];
}

/** `execute-managed of RULESET: 12 requests`: what looked at requests and does not any more. */
export function lostText({ value, count }: ReplaySummary['protectionLost'][number]): string {
  return `${value}: ${requestsText(count)}`;
}

export function requestsText(count: number): string {
  return quantity(count, 'request');
}

/** Which columns of the log would settle open verdicts. */
export function missingText({ field, column, count }: ReplaySummary['missing'][number]): string {
  const way = column === null ? 'no log column carries it' : `switch on the log column ${column}`;
  return `${field}: open in ${requestsText(count)}; ${way}`;
}
