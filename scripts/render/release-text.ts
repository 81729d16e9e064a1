/** What a release did, one line per stack. */
import type { ReleaseEntry } from '../release/types.ts';
import { escapeTerminalLine } from './escape.ts';
import type { Style } from './style.ts';

/** Entries in the order in which they were carried out. */
export function renderReleased(entries: readonly ReleaseEntry[], style: Style): string {
  const lines = entries.map((entry) => {
    const seconds = (Date.parse(entry.finishedAt) - Date.parse(entry.startedAt)) / 1000;
    const probes =
      entry.verification.probes.length > 0
        ? `, ${String(entry.verification.probes.length)} probe(s) passed`
        : '';
    const colour = entry.result === 'successful' ? style.green : style.red;
    return `${escapeTerminalLine(entry.id)}  ${escapeTerminalLine(entry.stack).padEnd(20)} ${colour(entry.result)}  ${String(entry.completed.length)} change(s) in ${seconds.toFixed(1)} s, no changes left${probes}  ${style.dim(escapeTerminalLine(entry.changeId ?? entry.action))}`;
  });
  return lines.length === 0 ? 'Nothing to release.\n' : `${lines.join('\n')}\n`;
}
