/** Two compared expressions for a person at a terminal. */
import type { ComparisonReport, ExampleReport } from '../../waf/reason/compare/show.ts';
import type { ComparedOnTraffic } from '../../waf/replay/compare-on-traffic.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';

const meanings: Readonly<Record<ComparisonReport['relation'], string>> = {
  equivalent: 'both match the same requests',
  narrower: 'the second matches less',
  wider: 'the second matches more',
  different: 'each matches something that the other does not',
  unknown: 'not proven, and no request found that decides it',
};

const verdicts = { yes: 'yes', no: 'no (proven)', unknown: 'could not be told' } as const;

/** The relation first, then an example for each difference, then the tests that come and go. */
export function renderComparison(report: ComparisonReport, style: Style): string {
  return [
    `${style.bold(report.relation)}: ${meanings[report.relation]}`,
    `  matches something new: ${verdicts[report.gains]}`,
    `  no longer matches something: ${verdicts[report.loses]}`,
    ...report.examples.flatMap((example) => exampleLines(example, style)),
    ...tests('Tests that come', '+', report.added, style),
    ...tests('Tests that go', '-', report.removed, style),
    '',
  ].join('\n');
}

function exampleLines(example: ExampleReport, style: Style): readonly string[] {
  const heading = example.matches === 'after' ? 'Only the second matches' : 'Only the first matches';
  return [
    '',
    style.bold(`${heading}:`),
    `  ${escapeTerminalLine(example.text)}`,
    ...(example.curl === null ? [] : [`  ${escapeTerminalLine(example.curl)}`]),
  ];
}

function tests(heading: string, sign: string, words: readonly string[], style: Style): readonly string[] {
  return words.length === 0
    ? []
    : ['', style.bold(`${heading}:`), ...words.map((text) => `  ${sign} ${escapeTerminalLine(text)}`)];
}

export interface TrafficReport extends Pick<
  ComparedOnTraffic,
  'requests' | 'both' | 'neither' | 'onlyBefore' | 'onlyAfter' | 'undecided' | 'examples'
> {
  readonly missing: readonly string[];
}

/** What the two do on recorded requests: shown beside what reasoning says, and where it cannot say. */
export function renderOnTraffic(found: TrafficReport, style: Style): string {
  const lines = [
    '',
    style.bold(`On ${found.requests.toLocaleString('en')} recorded requests:`),
    count('both match', found.both),
    count('neither matches', found.neither),
    count('only the first', found.onlyBefore),
    ...found.examples.onlyBefore.map((text) => `    ${escapeTerminalLine(text)}`),
    count('only the second', found.onlyAfter),
    ...found.examples.onlyAfter.map((text) => `    ${escapeTerminalLine(text)}`),
    count('cannot be told', found.undecided),
    ...(found.missing.length === 0
      ? []
      : [`    not recorded: ${escapeTerminalLine(found.missing.join(', '))}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function count(label: string, of: number): string {
  return `  ${label.padEnd(22)} ${String(of).padStart(9)}`;
}
