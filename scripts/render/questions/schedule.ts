/** `sluice schedule` for a person, and `sluice schedule next`. */
import type { NextSlot } from '../../questions/next-slot.ts';
import type { Schedule, ScheduledChange } from '../../questions/schedule.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';
import { changeText, shortTime, unknownLines } from './lines.ts';

interface ScheduleView {
  /** Whose windows are listed: those of everybody would hide what is planned. */
  readonly client: string | null;
  readonly unknown: readonly string[];
  readonly style: Style;
}

/** By day; times are in UTC. */
export function renderSchedule(schedule: Schedule, { client: one, unknown, style }: ScheduleView): string {
  const windows = schedule.windows.filter((window) => window.client === one);
  const rows = schedule.changes.flatMap((each) => rowOf(each, style));
  const lossy = schedule.services.filter(({ outage }) => outage > 0);
  return [
    style.bold(`From ${shortTime(schedule.from)} to ${shortTime(schedule.to)} UTC`),
    ...(rows.length === 0 ? ['Nothing is planned.'] : rows),
    '',
    ...schedule.freezes.map(({ id, kind, start, end, reason }) =>
      escapeTerminalLine(`${kind} freeze ${id}: ${shortTime(start)} to ${shortTime(end)}, ${reason}`),
    ),
    ...(windows.length === 0
      ? []
      : [
          style.bold(`Windows of ${one ?? ''}`),
          ...windows.map(({ start, end }) => `  ${shortTime(start)} to ${shortTime(end)}`),
        ]),
    style.bold('Planned loss of service'),
    ...(lossy.length === 0
      ? ['  none: 100 % of every service, as far as these changes go']
      : lossy.map(({ client, service, outage, availability }) =>
          escapeTerminalLine(
            `  ${client} ${service}: ${String(Math.ceil(outage / 60_000))} min, availability at most ${availability.toFixed(3)} %`,
          ),
        )),
    ...unknownLines(unknown, style),
    '',
  ].join('\n');
}

function rowOf(
  { change, start, end, status, outage, collisions }: ScheduledChange,
  style: Style,
): readonly string[] {
  const lost =
    outage === null
      ? ', loss of service not said'
      : outage === 0
        ? ''
        : `, ${String(Math.ceil(outage / 60_000))} min loss of service`;
  return [
    `${shortTime(start)} to ${shortTime(end).slice(11)}  ${status.padEnd(9)}  ${changeText(change, style)}${lost}`,
    ...collisions.map((text) => style.yellow(`    collides with ${escapeTerminalLine(text)}`)),
  ];
}

/** The slot, and every opening before it with why it will not do. */
export function renderNextSlot(
  id: string,
  next: NextSlot,
  { style, isSet }: { readonly style: Style; readonly isSet: boolean },
): string {
  const found =
    next.slot === null
      ? style.yellow(`no slot of ${String(next.minutes)} min within ${String(next.searchedDays)} days`)
      : style.green(`${shortTime(next.slot.start)} to ${shortTime(next.slot.end)} UTC`);
  return [
    `${style.bold(escapeTerminalLine(id))}: ${found} (${String(next.minutes)} min with its rollback)`,
    ...next.refused.map(({ start, end, why }) =>
      escapeTerminalLine(`  not ${shortTime(start)} to ${shortTime(end)}: ${why}`),
    ),
    ...(next.slot === null || isSet ? [] : [escapeTerminalLine(`Next: sluice schedule next ${id} --set`)]),
    '',
  ].join('\n');
}
