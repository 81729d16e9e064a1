/** `sluice who-can` for a person. */
import type { ReviewerLine } from '../../../policies/model/decision.ts';
import type { KnownChange, Overview } from '../../questions/types.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';
import { basisOf, seatLines, type ForeseenReport } from './foreseen.ts';
import { personText, unknownLines } from './lines.ts';

export interface WhoCanReport extends ForeseenReport {
  readonly excluded: ReadonlyMap<string, string>;
  readonly reviewers: readonly ReviewerLine[];
}

/** Each seat with who is proposed for it and who else could fill it; then who may not, and what became of the reviews. */
export function renderWhoCan(
  change: KnownChange,
  report: WhoCanReport,
  { policy: { roster }, unknown }: Overview,
  style: Style,
): string {
  const { asking, excluded, reviewers } = report;
  return [
    style.bold(
      escapeTerminalLine(
        `${change.record.id}: the ${asking.level} quorum, ${String(asking.seats.length)} seat(s)`,
      ),
    ),
    basisOf(change, report),
    ...seatLines(asking),
    ...(asking.wayOut === null
      ? []
      : [`${style.red('A seat cannot be filled')}: ${escapeTerminalLine(asking.wayOut)}.`]),
    ...(excluded.size === 0
      ? []
      : [
          style.bold('May not, because they took part'),
          ...[...excluded].map(([id, what]) => `  ${personText(roster, id)} ${escapeTerminalLine(what)}`),
        ]),
    ...(reviewers.length === 0
      ? []
      : [style.bold('Reviews so far'), ...reviewers.map((line) => `  ${reviewText(line)}`)]),
    ...(report.missing === null || report.missing.length === 0
      ? []
      : [style.bold('The gate says'), ...report.missing.map((line) => `  ${escapeTerminalLine(line)}`)]),
    ...unknownLines(unknown, style),
    '',
  ].join('\n');
}

function reviewText({ login, counted, reason, wouldCountIf }: ReviewerLine): string {
  const how = counted === null ? 'does not count' : `counts as ${counted}`;
  const way = wouldCountIf === undefined ? '' : `; it would count if ${wouldCountIf}`;
  return escapeTerminalLine(`${login} ${how}: ${reason}${way}`);
}
