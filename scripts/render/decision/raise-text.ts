/** The result of `sluice raise`: what was done, or would be, whom it asks and why; what is in the way comes last. */
import type { AskedSeat, ReviewRequests } from '../../../policies/approvals.ts';
import type { Verdict } from '../../../policies/model/decision.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import { whoOf } from './pull-body.ts';
import type { Style } from '../text/style.ts';

export interface RaiseReport {
  readonly branch: string;
  readonly base: string;
  readonly verdict: Verdict;
  readonly dryRun: boolean;
  readonly draft: boolean;
  readonly push: 'new' | 'same' | 'ahead' | 'behind' | 'diverged';
  readonly pull: { readonly number: number; readonly url: string } | null;
  readonly text: 'opened' | 'updated' | 'unchanged';
  readonly asking: ReviewRequests | null;
  readonly requested: readonly {
    readonly name: string;
    readonly seat: string;
    readonly login: string | null;
    readonly refused: string | null;
  }[];
}

/** One line per thing done. A run that changed nothing says so. */
export function renderRaise(report: RaiseReport, style: Style): string {
  const { requested, push, text, draft, dryRun } = report;
  const isNothing = push === 'same' && text === 'unchanged' && requested.length === 0;
  return [
    `${style.bold('Branch:')} ${escapeTerminalLine(report.branch)}, ${pushText(report)}`,
    `${style.bold('Pull request:')} ${pullText(report)}`,
    ...seatLines(report, style),
    ...requested.filter(({ refused }) => refused !== null).map((one) => refusal(one, style)),
    ...wayOut(report.asking, style),
    ...(report.verdict === 'allow' ? [] : [objection(report.verdict, style)]),
    isNothing
      ? 'Nothing new: nothing was pushed, edited or asked.'
      : dryRun
        ? `Nothing was done. Next: ${draft ? 'sluice raise --draft' : 'sluice raise'}`
        : nextOf(report),
    '',
  ].join('\n');
}

function pushText({ push, dryRun }: RaiseReport): string {
  const would = dryRun ? 'would be ' : '';
  switch (push) {
    case 'same':
      return 'on origin already';
    case 'new':
      return `${would}pushed for the first time`;
    case 'ahead':
      return `${would}pushed`;
    case 'diverged':
      return `${would}pushed in place of what origin had; approvals of that are void`;
    case 'behind':
      return 'behind origin';
  }
}

function pullText({ pull, text, draft, dryRun, base }: RaiseReport): string {
  const name = pull === null ? '' : `${String(pull.number)} (${escapeTerminalLine(pull.url)}) `;
  const what = text === 'unchanged' ? 'as it was' : `${dryRun ? 'would be ' : ''}${text}`;
  return `${name}${what}${draft ? ' as a draft' : ''}, to ${escapeTerminalLine(base)}`;
}

function seatLines({ asking, requested, dryRun }: RaiseReport, style: Style): readonly string[] {
  if (asking === null) {
    return [`${style.bold('Seats:')} a draft asks nobody`];
  }
  const now = new Set(requested.filter(({ refused }) => refused === null).map(({ name }) => name));
  const how = (seat: AskedSeat): string => {
    if (seat.isAsked) {
      return 'asked before';
    }
    return seat.name !== null && now.has(seat.name) ? (dryRun ? 'would be asked' : 'asked now') : 'not asked';
  };
  return [
    `${style.bold('Seats:')} ${String(asking.seats.length)} of the ${asking.level} quorum`,
    ...asking.seats.map((seat) => {
      const also =
        seat.alternates.length === 0
          ? ''
          : style.dim(` or ${escapeTerminalLine(seat.alternates.join(', '))}`);
      const who = escapeTerminalLine(whoOf(seat));
      return `  ${seat.seat.padEnd(18)} ${who}${seat.name === null ? '' : ` (${how(seat)})`}${also}`;
    }),
  ];
}

function refusal(one: RaiseReport['requested'][number], style: Style): string {
  const who = `${one.name} (${one.login ?? 'no account'})`;
  return `${style.yellow('Not asked:')} ${escapeTerminalLine(`${who} for ${one.seat}: ${one.refused ?? ''}`)}. Give them access or ask another of the seat.`;
}

function wayOut(asking: ReviewRequests | null, style: Style): readonly string[] {
  const way = asking?.wayOut ?? null;
  return way === null
    ? []
    : [`${style.red('A seat cannot be filled')}, and the gate will not let it through: ${way}.`];
}

function objection(verdict: Verdict, style: Style): string {
  return verdict === 'deny'
    ? `${style.red('Rules deny it')} as it is: a draft may wait like this, a change may not. See: sluice check`
    : `${style.yellow('A rule could not decide')}: a person will have to. See: sluice check`;
}

function nextOf({ pull, draft }: RaiseReport): string {
  return draft
    ? `Next: gh pr ready ${String(pull?.number ?? '')}, then sluice raise`
    : `Next: the people above review it; sluice gate --pr ${String(pull?.number ?? '')} says what is missing.`;
}
