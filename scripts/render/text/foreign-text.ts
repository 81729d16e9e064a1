/** The one note of `sluice check` about what the gate would not take of a configuration that is not a stack of the estate. */
import { compareText } from '../../json/json.ts';
import type { NotTaken } from '../../../policies/foreign.ts';
import { fitText } from './bounded.ts';
import { escapeTerminalLine } from './escape.ts';
import type { Style } from './style.ts';

/** Every kind of thing is named; of its examples these. */
const maxExamples = 3;
const maxKinds = 30;
/** A doubt tells of every address; the first ones say enough here. */
const textLength = 160;

const notJudged =
  'this is not a stack of the estate. Whose it is, and what stays as it is around its resources, is not a finding here; the gate would not take:';

/** Lines of the note, grouped by what was seen; none where the gate would take everything. */
export function renderNotTaken(notTaken: readonly NotTaken[], style: Style): readonly string[] {
  const lines = kindsOf(notTaken).map((line) => `  ${escapeTerminalLine(line)}`);
  return lines.length === 0 ? [] : [`${style.bold('Not judged:')} ${notJudged}`, ...lines];
}

/** The same as plain text, one line for each kind. */
export function notTakenLines(notTaken: readonly NotTaken[]): readonly string[] {
  return kindsOf(notTaken).map((line) => `Not judged: ${notJudged} ${line}`);
}

function kindsOf(notTaken: readonly NotTaken[]): readonly string[] {
  const groups = new Map<string, { readonly text: string; readonly places: string[] }>();
  for (const { ruleId, subject, seen } of notTaken) {
    const [place, what] = placeAndWhat(subject, seen);
    const key = `${ruleId}\n${what}`;
    const group = groups.get(key) ?? { text: `${ruleId}: ${what}`, places: [] };
    group.places.push(place);
    groups.set(key, group);
  }
  const lines = [...groups]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([, { text, places }]) => `${fitText(text, textLength, (whole) => whole)}${examplesOf(places)}`);
  const left = lines.length - maxKinds;
  return [...lines.slice(0, maxKinds), ...(left > 0 ? [`and ${String(left)} more kinds`] : [])];
}

/** A danger is seen as `place: what`, and its subject ends with the place. */
function placeAndWhat(subject: string, seen: string): readonly [place: string, what: string] {
  const place = subject.slice(subject.indexOf('/') + 1);
  return seen.startsWith(`${place}: `) ? [place, seen.slice(place.length + 2)] : [place, seen];
}

function examplesOf(places: readonly string[]): string {
  const named = [...new Set(places)].filter((place) => place !== '').toSorted(compareText);
  const more = named.length > maxExamples ? ` and ${String(named.length - maxExamples)} more` : '';
  return named.length === 0 ? '' : ` (${named.slice(0, maxExamples).join(', ')}${more})`;
}
