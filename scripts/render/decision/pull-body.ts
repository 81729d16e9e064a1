/**
 * The text of a pull request, made from the record: what an approver needs to see before anything else, whom it waits
 * for and why. People write below a mark, and what they write stays. Nothing is decided from this text.
 */
import type { AskedSeat, ReviewRequests } from '../../../policies/approvals.ts';
import type { Risk } from '../../../policies/model/assessment.ts';
import type { ChangeRecord, CompleteRecord } from '../../../policies/model/record.ts';
import { forWhomText } from '../questions/lines.ts';
import { fitLines, fitText } from '../text/bounded.ts';
import { escapeMarkdown, escapeMarkdownCell, escapeTerminalLine } from '../text/escape.ts';

const first =
  '<!-- sluice:raise: written by sluice raise from the change record, edits above the next mark are lost -->';
const last = '<!-- sluice:yours: everything below this line is kept -->';
/** As escaped text cannot hold a comment, this is never in what a record says. */
const lastMark = /<!-- sluice:yours[^\n]*?-->/;

/** GitHub takes 65,536 characters; what people wrote gets the rest. */
const limits = { lines: 40, characters: 7_000 } as const;
const titleLength = 200;

/** `CHG-2026-0042: what it is`, on one line, with nothing in it that cannot be seen. */
export function renderPullTitle({ id, title }: Pick<ChangeRecord, 'id' | 'title'>): string {
  return `${id}: ${fitText(title.trim(), titleLength, escapeTerminalLine)}`;
}

/** `asking` is null for a draft, which asks nobody. */
export function renderPullBody(located: CompleteRecord, risk: Risk, asking: ReviewRequests | null): string {
  const { record } = located;
  return [
    first,
    card(located, risk),
    section('What and why', [
      ...paragraph(record.reason),
      ...labelled('Benefit', record.benefit),
      ...labelled('If it is not done', record.consequenceIfNot),
    ]),
    section('Implementation plan', planOf(record)),
    section('Risk and impact', riskOf(record, risk)),
    section('Way back', wayBack(record)),
    section('Whom it asks', asking === null ? ['A draft asks nobody.'] : seatsOf(asking)),
    'The gate decides from the record, the plan and the reviews, never from this text.',
    last,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The new text with what people wrote in the old one. A text without the mark is all theirs. */
export function withNotes(body: string, before: string): string {
  const old = before.replaceAll('\r\n', '\n');
  const mark = lastMark.exec(old);
  const notes = (mark === null ? old : old.slice(mark.index + mark[0].length)).trim();
  return notes === '' ? body : `${body}\n\n${notes}`;
}

/** Whether GitHub shows the same: it keeps line ends as the browser sent them. */
export function isSameText(one: string, other: string): boolean {
  return one.replaceAll('\r\n', '\n').trim() === other.replaceAll('\r\n', '\n').trim();
}

function line(text: string): string {
  return fitText(text, 600, escapeMarkdown);
}

function cell(text: string): string {
  return fitText(text, 280, escapeMarkdownCell);
}

function bounded(lines: readonly string[]): string {
  const { fitting, left } = fitLines(lines, limits);
  return left === 0 ? fitting.join('\n') : `${fitting.join('\n')}\n\nand ${String(left)} more, in the record`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `### ${title}\n\n${bounded(lines)}`;
}

function paragraph(text: string): readonly string[] {
  return [fitText(text, 2_000, escapeMarkdown)];
}

function labelled(label: string, text: string | undefined): readonly string[] {
  return text === undefined ? [] : ['', `${label}: ${line(text)}`];
}

function card({ file, record, computed }: CompleteRecord, risk: Risk): string {
  const { schedule, impact } = record;
  const time =
    schedule === undefined
      ? 'not planned yet'
      : `${schedule.plannedStart} to ${schedule.plannedEnd}${schedule.window === undefined ? '' : `, window ${schedule.window}`}`;
  const rows: readonly (readonly [string, string])[] = [
    ['Number', `${record.id} (${file})`],
    ['Requested by', record.requester],
    ['Implemented by', record.implementer ?? 'nobody yet'],
    ['Owner', record.owner],
    ['Client and service', forWhomText(record)],
    ['Configuration items', [...record.stacks, ...(record.configurationItems ?? [])].join(', ')],
    ['Type', [record.type, record.model, record.category].filter((text) => text !== undefined).join(', ')],
    ['Planned', time],
    ['Risk', `${risk.effective}${record.risk === undefined ? '' : ` (declared ${record.risk.declared})`}`],
    [
      'Impact',
      `${impact.level === undefined ? '' : `level ${String(impact.level)}; `}${impact.users}; outage ${impact.expectedOutage}`,
    ],
    ...(computed.length === 0
      ? []
      : [['Computed, not written', computed.map(({ field }) => field).join(', ')] as const]),
  ];
  return ['| Change | |', '|---|---|', ...rows.map(([name, text]) => `| ${name} | ${cell(text)} |`)].join(
    '\n',
  );
}

function planOf(record: ChangeRecord): readonly string[] {
  return (record.plan?.steps ?? []).map(
    (step) =>
      `${String(step.n)}. ${line(step.action)} (${line(step.actor)}${step.durationMin === 0 ? '' : `, ${String(step.durationMin)} min`}). Expected: ${line(step.expected)}`,
  );
}

function riskOf(record: ChangeRecord, risk: Risk): readonly string[] {
  const reasons = risk.reasons.map(({ level, text }) => `- ${level}: ${line(text)}`);
  const answers = Object.entries(record.riskAnswers ?? {}).map(
    ([question, answer]) => `- ${line(question)}: ${line(answer)}`,
  );
  return [...reasons, ...answers, `- security: ${line(record.securityImpact.summary)}`];
}

function wayBack({ rollback }: ChangeRecord): readonly string[] {
  const most =
    rollback.maxDurationMin === undefined ? '' : `, at most ${String(rollback.maxDurationMin)} min`;
  return [
    `${rollback.strategy}${most}`,
    '',
    ...rollback.steps.map((step) => `- ${line(step)}`),
    ...labelled('When', rollback.triggers.join('; ')),
    ...labelled('Decided by', rollback.decider),
    ...labelled('Cannot be undone', rollback.irreversibleReason),
  ];
}

function seatsOf(asking: ReviewRequests): readonly string[] {
  if (asking.seats.length === 0) {
    return [`The ${asking.level} quorum asks nobody.`];
  }
  return [
    `The ${asking.level} quorum has ${String(asking.seats.length)} seat(s), each filled by another person who took no part in the change.`,
    '',
    '| Seat | Asked | Could also |',
    '|---|---|---|',
    ...asking.seats.map(
      (seat) => `| ${cell(seat.seat)} | ${cell(whoOf(seat))} | ${cell(seat.alternates.join(', '))} |`,
    ),
    ...(asking.wayOut === null ? [] : ['', `**A seat cannot be filled**: ${line(asking.wayOut)}.`]),
  ];
}

/** Who is asked for a seat, in plain words; not escaped. */
export function whoOf({ name, onBehalfOf }: AskedSeat): string {
  const behalf = onBehalfOf === null ? '' : ` on behalf of ${onBehalfOf}`;
  return name === null ? 'nobody can fill it' : `${name}${behalf}`;
}
