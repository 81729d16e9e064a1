/** `sluice who-can` for a person. */
import type { ReviewRequests } from '../../../policies/approvals.ts';
import type { ReviewerLine } from '../../../policies/model/decision.ts';
import type { KnownChange, Overview } from '../../questions/types.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import { whoOf } from '../decision/pull-body.ts';
import type { Style } from '../text/style.ts';
import { personText, unknownLines } from './lines.ts';

export interface WhoCanReport {
  readonly from: 'pull' | 'record';
  readonly risk: string;
  readonly asking: ReviewRequests;
  readonly excluded: ReadonlyMap<string, string>;
  readonly reviewers: readonly ReviewerLine[];
  readonly missing: readonly string[] | null;
}

/** Each seat with who is proposed for it and who else could fill it; then who may not, and what became of the reviews. */
export function renderWhoCan(
  change: KnownChange,
  report: WhoCanReport,
  { policy: { roster }, unknown }: Overview,
  style: Style,
): string {
  const { asking, excluded, reviewers } = report;
  const basis =
    report.from === 'pull'
      ? `pull request ${String(change.pull?.number ?? '')}, risk ${report.risk}`
      : `risk ${report.risk} as the record declares it; the gate computes its own, and asks for more where that is higher`;
  return [
    style.bold(
      escapeTerminalLine(
        `${change.record.id}: the ${asking.level} quorum, ${String(asking.seats.length)} seat(s)`,
      ),
    ),
    `From ${basis}.`,
    ...asking.seats.map((seat) => {
      const also = seat.alternates.length === 0 ? '' : ` or ${seat.alternates.join(', ')}`;
      const requested = seat.isAsked ? ' (asked)' : '';
      return escapeTerminalLine(`  ${seat.seat.padEnd(24)} ${whoOf(seat)}${requested}${also}`);
    }),
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
