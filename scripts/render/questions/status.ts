/** `sluice status` for a person: what happens next comes first. */
import type { Overview } from '../../questions/types.ts';
import {
  requestedOf,
  type NextWindow,
  type Status,
  type StatusGroup,
  type StatusLine,
} from '../../questions/status.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';
import { dueText } from './owed.ts';
import { changeText, pullText, releaseText, shortTime, unknownLines } from './lines.ts';

const titles: Readonly<Record<StatusGroup, string>> = {
  running: 'Being released',
  approval: 'Waiting for approval',
  scheduled: 'Approved or merged, not released',
  review: 'Released, waiting to be closed',
  draft: 'On a branch, not raised',
};

/** Times are in UTC. */
export function renderStatus(status: Status, overview: Overview, style: Style): string {
  const groups = Object.entries(titles).flatMap(([group, title]) => {
    const lines = status.lines.filter((line) => line.group === group);
    return lines.length === 0
      ? []
      : [
          `${style.bold(title)} (${String(lines.length)})`,
          ...lines.flatMap((line) => lineText(line, style)),
          '',
        ];
  });
  const others = overview.otherPulls ?? [];
  return [
    ...unfinished(overview, style),
    ...(groups.length === 0 ? ['No change is open.', ''] : groups),
    ...(others.length === 0
      ? []
      : [
          style.bold('Pull requests without a change record'),
          ...others.map(
            (pull) =>
              `  ${escapeTerminalLine(pull.title)}: ${pullText(pull)}, ${waitingFor(requestedOf(pull, overview))}`,
          ),
          '',
        ]),
    ...owing(overview, style),
    ...overMoves(overview, style),
    style.bold('Next window'),
    ...status.windows.map((window) => windowText(window, style)),
    '',
    ...unknownLines(overview.unknown, style),
    '',
  ]
    .join('\n')
    .replace(/\n+$/u, '\n');
}

function owing(overview: Overview, style: Style): readonly string[] {
  return overview.owing.length === 0
    ? []
    : [
        style.yellow(`Emergencies that owe something (${String(overview.owing.length)})`),
        ...overview.owing.map((each) =>
          escapeTerminalLine(
            `  ${each.changeId}  ${dueText(each)}: ${each.owed.map(({ item }) => item).join(', ')}; sluice show ${each.changeId}`,
          ),
        ),
        '',
      ];
}

function overMoves({ over }: Overview, style: Style): readonly string[] {
  return over.length === 0
    ? []
    : [
        style.yellow(`Emergency moves that are over (${String(over.length)})`),
        ...over.map(({ address, description, days }) =>
          escapeTerminalLine(`  ${address}: ${description}, ${String(days)} day(s) ago`),
        ),
        style.dim('    Take them out: sluice lift CHG-…; or let them stay: sluice keep CHG-….'),
        '',
      ];
}

function unfinished({ unfinished: folders }: Overview, style: Style): readonly string[] {
  return folders.length === 0
    ? []
    : [
        style.red(`Begun and not ended (${String(folders.length)})`),
        ...folders.flatMap((folder) => [
          `  ${releaseText(folder)}`,
          style.dim(
            escapeTerminalLine(
              `    If nothing is running: sluice rollback ${folder.intent.stack} --abandon ${folder.intent.id} --reason "crashed"`,
            ),
          ),
        ]),
        '',
      ];
}

function lineText({ change, group, waitsFor }: StatusLine, style: Style): readonly string[] {
  const { state, pull, branch, record } = change;
  const late = state.isOverdue ? style.yellow(' OVERDUE') : '';
  const start = record.schedule === undefined ? '' : `planned ${shortTime(record.schedule.plannedStart)}, `;
  const where =
    pull === null ? (branch === null ? state.reasons.join('; ') : `branch ${branch}`) : pullText(pull);
  const whom =
    group === 'approval'
      ? waitingFor(waitsFor)
      : waitsFor.length === 0
        ? ''
        : `waits for ${waitsFor.join(', ')}`;
  return [
    `  ${changeText(change, style)}${late}`,
    style.dim(`    ${escapeTerminalLine(`${start}${where}${whom === '' ? '' : `; ${whom}`}`)}`),
  ];
}

function waitingFor(names: readonly string[]): string {
  return names.length === 0 ? 'nobody is asked for a review' : `waits for ${names.join(', ')}`;
}

function windowText({ client, opening, freezes }: NextWindow, style: Style): string {
  const window =
    opening === null
      ? style.yellow('no window opens')
      : `${opening.isOpen ? `${style.green('open')} until ${shortTime(opening.end)}` : `${shortTime(opening.start)} to ${shortTime(opening.end)}`} UTC`;
  const frozen = freezes.map(
    ({ id, kind, start, end }) => `; ${kind} freeze ${id} from ${shortTime(start)} to ${shortTime(end)}`,
  );
  return `  ${escapeTerminalLine(client).padEnd(12)} ${window}${escapeTerminalLine(frozen.join(''))}`;
}
