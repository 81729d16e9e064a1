/** `sluice changes` for a person: one line each. */
import type { KnownChange } from '../../questions/types.ts';
import { timeOf } from '../../questions/select.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';
import { changeText, shortTime, unknownLines } from './lines.ts';

/** The state of each, when it was or is to be made, and where its releases stand; times are in UTC. */
export function renderChanges(
  changes: readonly KnownChange[],
  unknown: readonly string[],
  style: Style,
): string {
  const rows = changes.map((change) => {
    const at = timeOf(change);
    const when = at === null ? '' : shortTime(at);
    const late = change.state.isOverdue ? style.yellow(' overdue') : '';
    const releases = change.releases.map(({ intent }) => intent.id).join(', ');
    return `${when.padEnd(16)}  ${change.state.state.padEnd(12)}  ${changeText(change, style)}${releases === '' ? '' : style.dim(`  ${escapeTerminalLine(releases)}`)}${late}`;
  });
  const count = changes.length === 0 ? 'No change fits.' : `${String(changes.length)} change(s).`;
  return [...rows, count, ...unknownLines(unknown, style), ''].join('\n');
}
