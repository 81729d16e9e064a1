/** What the answers to questions have in common: names of people, times, releases, and what could not be known. */
import { nameOf } from '../../../policies/approvals.ts';
import type { KnownRecord } from '../../../policies/record/known.ts';
import type { Roster } from '../../../policies/model/facts.ts';
import type { KnownChange, ListedPull } from '../../questions/types.ts';
import type { LedgerFolder } from '../../release/types.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';

/** `2026-11-30 20:00` in UTC, of a text or of milliseconds since the epoch; what is not a time is shown as it stands. */
export function shortTime(at: string | number): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime())
    ? escapeTerminalLine(String(at))
    : time.toISOString().slice(0, 16).replace('T', ' ');
}

export function personText(roster: Roster, id: string): string {
  const name = nameOf(roster, id);
  return escapeTerminalLine(name === id ? id : `${name} (${id})`);
}

/** `CHG-2026-0004  acme  normal  high  Block card testing`. */
export function changeText({ record }: KnownChange, style: Style): string {
  const { id, client, type, risk, title } = record;
  return `${style.bold(escapeTerminalLine(id))}  ${escapeTerminalLine(client).padEnd(10)} ${type.padEnd(9)} ${(risk?.declared ?? '-').padEnd(8)} ${escapeTerminalLine(title)}`;
}

/** Which stacks a change is for; a record that does not name them leaves it to the plan, which no question has. */
export function stacksText({ stacks }: { readonly stacks?: readonly string[] }): string {
  return stacks?.join(', ') ?? 'the stacks that its plan changes';
}

/** The client and its service; of a change of several their names. */
export function forWhomText({
  client,
  clients,
  service,
}: Pick<KnownRecord, 'client' | 'clients' | 'service'>): string {
  return clients?.join(', ') ?? [client, service].filter((id) => id !== '').join(', ');
}

/** The pull request and what the gate last said on it. */
export function pullText({ number, draft, verdict }: ListedPull): string {
  const gateText =
    verdict === null ? 'no verdict of the gate is on show' : `gate: ${escapeTerminalLine(verdict)}`;
  return `pull request ${String(number)}${draft ? ' (draft)' : ''}, ${gateText}`;
}

/** One release, begun or ended. */
export function releaseText({ intent, entry }: LedgerFolder): string {
  const { id, action, stack, startedAt, by } = intent;
  const ended =
    entry === null
      ? `began ${shortTime(startedAt)} and has not ended`
      : `${entry.result}, ${shortTime(entry.finishedAt)}`;
  return escapeTerminalLine(`${id} ${action} of ${stack}: ${ended}, by ${by}`);
}

export function unknownLines(unknown: readonly string[], style: Style): readonly string[] {
  return unknown.length === 0
    ? []
    : [style.yellow('Not known:'), ...unknown.map((line) => `  ${escapeTerminalLine(line)}`)];
}
