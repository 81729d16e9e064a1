/** `sluice due` for a person. */
import type { DueChange } from '../../questions/due.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';
import { changeText, shortTime, unknownLines } from './lines.ts';

/** A line for each change, with what happens next. */
export function renderDue(due: readonly DueChange[], unknown: readonly string[], style: Style): string {
  return [
    ...(due.length === 0 ? ['Nothing that is merged waits for its release.'] : []),
    ...due.flatMap((one) => [changeText(one.change, style), `  ${escapeTerminalLine(textOf(one))}`]),
    ...unknownLines(unknown, style),
    '',
  ].join('\n');
}

function textOf({ change, when, slot, next }: DueChange): string {
  const until = slot === null ? '' : ` until ${shortTime(slot.end)} UTC`;
  switch (when) {
    case 'now':
      return `due now${until}: the workflow release takes it, by the number of its pull request`;
    case 'later':
      return `waits until ${slot === null ? 'its slot' : `${shortTime(slot.start)} UTC`}`;
    case 'missed':
      return `its slot is over${slot === null ? '' : ` since ${shortTime(slot.end)} UTC`}; ${next === null ? `why there is no other: sluice schedule next ${change.record.id}` : `the next is ${shortTime(next.start)} to ${shortTime(next.end)} UTC`}. Next: sluice retry ${change.record.id}`;
  }
}
