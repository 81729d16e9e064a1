/** Must-pass cases as lines: what does not pass first, the rest as a count. Plain text, unescaped. */
import type { MustPassResult } from '../../../policies/model/traffic.ts';
import { mustPassState, type MustPassState } from '../../../policies/reading/rulesets/must-pass.ts';

const states: readonly MustPassState[] = [
  'stopped',
  'unknown',
  'redirected',
  'was-stopped',
  'was-unknown',
  'passes',
];

const words: Readonly<Record<MustPassState, string>> = {
  stopped: 'stopped by the new rules',
  unknown: 'cannot be told',
  redirected: 'redirected by the new rules',
  'was-stopped': 'stopped, as before',
  'was-unknown': 'cannot be told, as before',
  passes: 'let through',
};

export interface JudgedCase {
  readonly state: MustPassState;
  readonly result: MustPassResult;
}

/** Worst first; within one state in the order of the files. */
export function caseOrder(results: readonly MustPassResult[]): readonly JudgedCase[] {
  return results
    .map((result) => ({ state: mustPassState(result), result }))
    .toSorted((a, b) => states.indexOf(a.state) - states.indexOf(b.state));
}

/** A sentence over all, and a line for each case that does not simply pass. */
export function casesText(cases: readonly JudgedCase[]): {
  readonly summary: string;
  readonly listed: readonly string[];
} {
  const counts = states.flatMap((state) => {
    const count = cases.filter((one) => one.state === state).length;
    return count === 0 ? [] : [`${String(count)} ${words[state]}`];
  });
  const listed = cases.filter(({ state, result }) => state !== 'passes' || result.newlyChecked.length > 0);
  return { summary: `Must-pass cases: ${counts.join(', ')}.`, listed: caseLines(listed) };
}

/** Those that cannot be told for the same reasons are one line, which says the reasons once. */
function caseLines(cases: readonly JudgedCase[]): readonly string[] {
  const groups = new Map<string, JudgedCase[]>();
  for (const one of cases) {
    const { reasons, newlyChecked, client, name } = one.result;
    const key =
      one.state === 'unknown' && newlyChecked.length === 0 ? reasons.join('; ') : `${client}/${name}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group) => {
    const [first, ...others] = group;
    return first === undefined || others.length === 0
      ? group.map(caseLine).join('')
      : `${words[first.state]}, for want of ${first.result.reasons.join('; ')}: ${group.map(({ result: { client, name } }) => `${client}/${name}`).join(', ')}`;
  });
}

function caseLine({ state, result }: JudgedCase): string {
  const { client, name, why, location, before, after, reasons, newlyChecked } = result;
  const because =
    reasons.length === 0 ? '' : `, ${state === 'unknown' ? 'for want of' : 'by'} ${reasons.join('; ')}`;
  const checked = newlyChecked.length === 0 ? '' : `; looked at now by ${newlyChecked.join(', ')}`;
  return `${words[state]}: ${client}/${name} (${why}, ${location.file}:${String(location.line)}): ${before} -> ${after}${because}${checked}`;
}
