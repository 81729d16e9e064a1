/** What a change of rules would have done to recorded traffic, for a terminal. Values of the sample are hostile text. */
import type { ReplaySummary, VerdictChange } from '../../waf/replay/types.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import {
  breakdownText,
  calibrationText,
  changesByGravity,
  changeWords,
  dimensionWords,
  limitsOfReplay,
  lostText,
  missingText,
  requestsText,
  sampleText,
  shareText,
} from './replay-words.ts';
import type { Style } from '../text/style.ts';

const limits = {
  rules: 5,
  samples: 3,
  values: 5,
  missing: 10,
  lost: 5,
  disagreements: 5,
  stacks: 10,
} as const;
const lineLength = 400;

/** Figures worst first, then per class the rules, values and samples, then what the figures cannot tell. */
export function renderReplayText(summary: ReplaySummary, style: Style): string {
  const { requests, digest, stacks } = summary;
  const head = `${style.bold('Traffic:')} ${requestsText(requests)} replayed for ${line(listed(stacks))}, sample ${line(digest)}`;
  if (requests === 0) {
    return [
      head,
      style.red('  No request is for a host of these stacks: this says nothing.'),
      ...notes(summary),
      '',
    ].join('\n');
  }
  return [
    head,
    ...changesByGravity.map((change) => figure(summary, change, style)),
    ...changesByGravity.flatMap((change) =>
      change === 'unchanged' || summary.counts[change] === 0
        ? []
        : ['', ...classLines(summary, change, style)],
    ),
    ...missing(summary, style),
    ...lost(summary, style),
    '',
    ...notes(summary),
    '',
  ].join('\n');
}

function line(text: string): string {
  return escapeTerminalLine(text.length <= lineLength ? text : `${text.slice(0, lineLength)}…`);
}

function listed(stacks: readonly string[]): string {
  const more = stacks.length - limits.stacks;
  return `${stacks.slice(0, limits.stacks).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

function figure({ counts, requests }: ReplaySummary, change: VerdictChange, style: Style): string {
  const count = counts[change];
  const text = `  ${changeWords[change].padEnd(17)} ${String(count).padStart(9)}  ${shareText(count, requests).padStart(9)}`;
  return count === 0 || change === 'unchanged' ? text : colourOf(change, style)(text);
}

function colourOf(change: VerdictChange, style: Style): (text: string) => string {
  return change === 'newly-blocked' || change === 'newly-allowed' ? style.red : style.yellow;
}

function classLines(summary: ReplaySummary, change: VerdictChange, style: Style): readonly string[] {
  const rules = summary.rules.filter((rule) => rule.change === change).toSorted((a, b) => b.count - a.count);
  const breakdowns = summary.breakdowns.filter((one) => one.change === change);
  return [
    style.bold(`${changeWords[change]}:`),
    ...rules
      .slice(0, limits.rules)
      .flatMap(({ rule, ruleset, count, samples }) => [
        `  ${line(`${rule} of ${ruleset}`)}: ${requestsText(count)}`,
        ...samples.slice(0, limits.samples).map((sample) => `    ${line(sampleText(sample))}`),
      ]),
    ...(rules.length > limits.rules ? [`  and ${String(rules.length - limits.rules)} more rules`] : []),
    ...breakdowns.map(
      (one) => `  ${dimensionWords[one.dimension].padEnd(11)} ${line(breakdownText(one, limits.values))}`,
    ),
  ];
}

function missing(summary: ReplaySummary, style: Style): readonly string[] {
  const all = summary.missing;
  if (all.length === 0) {
    return [];
  }
  const more = all.length - limits.missing;
  return [
    '',
    style.bold('What would settle the undecidable ones:'),
    ...all.slice(0, limits.missing).map((field) => `  ${line(missingText(field))}`),
    ...(more > 0 ? [`  and ${String(more)} more fields`] : []),
  ];
}

function lost({ protectionLost: all }: ReplaySummary, style: Style): readonly string[] {
  if (all.length === 0) {
    return [];
  }
  const more = all.length - limits.lost;
  return [
    '',
    style.red('Managed rules and rate limits that do not look at requests any more:'),
    ...all.slice(0, limits.lost).map((one) => `  ${line(lostText(one))}`),
    ...(more > 0 ? [`  and ${String(more)} more`] : []),
  ];
}

function notes(summary: ReplaySummary): readonly string[] {
  const disagreements = summary.calibration?.disagreements ?? [];
  return [
    calibrationText(summary),
    ...disagreements
      .slice(0, limits.disagreements)
      .map(
        ({ recorded, replayed, count, samples }) =>
          `  ${line(`recorded ${recorded}, replayed ${replayed}: ${String(count)} (${samples.slice(0, limits.samples).join(', ')})`)}`,
      ),
    ...limitsOfReplay(summary),
  ];
}
