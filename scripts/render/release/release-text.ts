/** What a release did, one line per stack. */
import type { PendingValue } from '../../provider/pending.ts';
import { sentText, type SentOnly } from '../../provider/read-back.ts';
import type { RecordedProbe } from '../../release/probes.ts';
import type { ReleaseEntry, WaitingStack } from '../../release/types.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';

/** Entries in the order in which they were carried out. */
export function renderReleased(entries: readonly ReleaseEntry[], style: Style): string {
  const lines = entries.map((entry) => {
    const seconds = (Date.parse(entry.finishedAt) - Date.parse(entry.startedAt)) / 1000;
    const passed = entry.verification.probes.filter(({ ok }) => ok).length;
    const probes = entry.verification.probes.length > 0 ? `, ${String(passed)} probe(s) passed` : '';
    const older = entry.verification.probes.filter(({ counts }) => counts === false);
    const { pending = [], unread = [] } = entry.verification;
    const left =
      pending.length + unread.length === 0 ? 'no changes left' : 'no changes left that a plan shows';
    const colour = entry.result === 'successful' ? style.green : style.red;
    const line = `${escapeTerminalLine(entry.id)}  ${escapeTerminalLine(entry.stack).padEnd(20)} ${colour(entry.result)}  ${String(entry.completed.length)} change(s) in ${seconds.toFixed(1)} s, ${left}${probes}  ${style.dim(escapeTerminalLine(entry.changeId ?? entry.action))}`;
    return [
      line,
      ...older.map(olderText),
      ...cut(pending.map(pendingText)),
      ...cut(unread.map(unreadText)),
    ].join('\n');
  });
  return lines.length === 0 ? 'Nothing to release.\n' : `${lines.join('\n')}\n`;
}

/** What the windows of its clients did not let in yet. */
export function renderWaiting(waiting: readonly WaitingStack[], pull: number | null): string {
  const lines = waiting.map(({ stack, why }) => `waits: ${escapeTerminalLine(`${stack}: ${why}`)}`);
  const next = `Next: sluice release${pull === null ? '' : ` --pr ${String(pull)}`}, when the window is open; sluice due names it then.`;
  return lines.length === 0 ? '' : `${[...lines, next].join('\n')}\n`;
}

/** One line for each; what failed already before the change is named as that. */
export function renderProbes(probes: readonly RecordedProbe[], style: Style): string {
  const lines = probes.map((probe) => {
    const state = probe.ok ? style.green('passed') : style.red('failed');
    const line = `${state}  ${escapeTerminalLine(`${probe.name}: ${probe.detail}`)}`;
    return probe.counts === false ? `${line}\n${olderText(probe)}` : line;
  });
  return lines.length === 0 ? 'No probe says anything of it yet.\n' : `${lines.join('\n')}\n`;
}

function olderText({ name, detail, before }: RecordedProbe): string {
  return `  not held against the change: ${escapeTerminalLine(`the probe "${name}" fails (${detail}), as it did before the release (${before?.detail ?? ''})`)}`;
}

function pendingText({ address, path, reported, wanted }: PendingValue): string {
  const requested = wanted === null ? '' : `, asked for is ${wanted}`;
  return `  pending at Cloudflare: ${escapeTerminalLine(`${address}: ${path} is ${reported}${requested}`)}`;
}

function unreadText(sent: SentOnly): string {
  return `  sent, not read back: ${escapeTerminalLine(`${sent.address}: ${sentText(sent)}`)}`;
}

const most = 20;

/** The ledger has all of them. */
function cut(lines: readonly string[]): readonly string[] {
  return lines.length > most ? [...lines.slice(0, most), `  and ${String(lines.length - most)} more`] : lines;
}
