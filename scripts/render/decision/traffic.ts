/** What the rules of a change do to traffic, for the CAB comment: must-pass cases first, then the replayed sample. */
import type { MustPassResult, TrafficFacts } from '../../../policies/model/traffic.ts';
import { fitLines, fitText } from '../text/bounded.ts';
import { escapeMarkdown } from '../text/escape.ts';
import { renderReplayMarkdown } from '../waf/replay-markdown.ts';
import { caseOrder, casesText } from '../waf/must-pass-words.ts';

const limits = { lines: 8, characters: 1200 };
const lineLength = 400;

/** Empty when no rule and no list changes and no sample is named. */
export function renderTraffic({ stacks, mustPass, withoutCases, replay, problem }: TrafficFacts): string {
  if (stacks.length === 0 && replay === null && problem === null) {
    return '';
  }
  return [
    '**Traffic**',
    cases(mustPass),
    withoutCases.length === 0
      ? ''
      : `**No must-pass case** is written down for ${line(withoutCases.join(', '))}.`,
    problem === null ? '' : `**Not replayed:** ${line(problem)}`,
    replay === null
      ? problem === null
        ? 'No recorded traffic was replayed: no sample is named.'
        : ''
      : renderReplayMarkdown(replay),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What does not pass is shown; what passes is counted. */
function cases(results: readonly MustPassResult[]): string {
  if (results.length === 0) {
    return '';
  }
  const { summary, listed } = casesText(caseOrder(results));
  const { fitting, left } = fitLines(
    listed.map((text) => `- ${line(text)}`),
    limits,
  );
  return [
    summary,
    ...(fitting.length === 0 ? [] : ['', ...fitting]),
    ...(left === 0 ? [] : [`- and **${String(left)} more**`]),
  ].join('\n');
}

function line(text: string): string {
  return fitText(text, lineLength, escapeMarkdown);
}
