/** What the rules of a change do to traffic, for a terminal. */
import type { TrafficFacts } from '../../../policies/model/traffic.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import { caseOrder, casesText } from './must-pass-words.ts';
import { renderReplayText } from './replay-text.ts';
import type { Style } from '../text/style.ts';

const maxListed = 20;

/** Empty when no rule and no list changes and no sample is named; else it ends with a newline. */
export function renderTrafficText(traffic: TrafficFacts, style: Style): string {
  const { stacks, mustPass, withoutCases, replay, problem } = traffic;
  if (stacks.length === 0 && replay === null && problem === null) {
    return '';
  }
  const { summary, listed } = casesText(caseOrder(mustPass));
  const more = listed.length - maxListed;
  return [
    ...(mustPass.length === 0 ? [] : [style.bold(summary)]),
    ...listed.slice(0, maxListed).map((text) => `  ${escapeTerminalLine(text)}`),
    ...(more > 0 ? [`  and ${String(more)} more`] : []),
    ...withoutCases.map((client) => style.yellow(`No must-pass case for ${escapeTerminalLine(client)}.`)),
    ...(problem === null ? [] : [style.red(`Not replayed: ${escapeTerminalLine(problem)}`)]),
    ...(replay === null && problem === null ? ['No recorded traffic was replayed: no sample is named.'] : []),
    ...(replay === null ? [] : [renderReplayText(replay, style).trimEnd()]),
    '',
  ].join('\n');
}
