/** What emergencies still owe, and until when. */
import type { Overview, OwingEmergency } from '../../questions/types.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import { shortTime } from './lines.ts';

/** `by 2026-12-02 18:00 UTC`. */
export function dueText({ due }: OwingEmergency): string {
  return due === null ? 'overdue' : `by ${shortTime(due)} UTC`;
}

/** One line for each thing that the change owes; none where it owes nothing. */
export function owedLines(changeId: string, { owing }: Overview): readonly string[] {
  const found = owing.find((each) => each.changeId === changeId);
  return found === undefined
    ? []
    : [
        `To be ratified, and closed with what it left out, ${dueText(found)}:`,
        ...found.owed.map(({ item, what }) => escapeTerminalLine(`  ${item.padEnd(22)} ${what}`)),
        '',
      ];
}
