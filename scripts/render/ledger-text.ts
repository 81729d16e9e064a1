/** The ledger for a person at a terminal. */
import type { StackState } from '../release/state.ts';
import type { LedgerFault, LedgerFolder } from '../release/types.ts';
import { escapeTerminalLine } from './escape.ts';
import type { Style } from './style.ts';

/**
 * One line per release with what became of it since; an unfinished one says what to do about it. `states` are those of
 * the stacks that the releases are of.
 */
export function renderLedgerText(
  folders: readonly LedgerFolder[],
  states: ReadonlyMap<string, StackState>,
  style: Style,
): string {
  if (folders.length === 0) {
    return 'No releases.\n';
  }
  const rows = folders.map(({ intent, entry }) => {
    const result = entry === null ? 'unfinished' : entry.result;
    const colour = result === 'successful' ? style.green : style.red;
    const undoes = intent.undoes.length > 0 ? ` undoes ${escapeTerminalLine(intent.undoes.join(', '))}` : '';
    const changes = entry === null ? '' : ` ${String(entry.completed.length)} change(s)`;
    return [
      escapeTerminalLine(intent.id),
      escapeTerminalLine((entry?.finishedAt ?? intent.startedAt).slice(0, 19).replace('T', ' ')),
      escapeTerminalLine(intent.stack).padEnd(20),
      intent.action.padEnd(8),
      escapeTerminalLine(intent.changeId ?? '-').padEnd(13),
      `${colour(result)}${changes}${undoes}${sinceThen(intent, states.get(intent.stack))}`,
      style.dim(escapeTerminalLine(intent.by)),
    ].join('  ');
  });
  const open = folders.filter((folder) => folder.entry === null);
  const advice = open.map(
    ({ intent }) =>
      `\n${escapeTerminalLine(`${intent.id} was begun and never ended. If nothing is running: sluice rollback ${intent.stack} --abandon ${intent.id} --reason "crashed"`)}\n`,
  );
  return `${rows.join('\n')}\n${advice.join('')}`;
}

function sinceThen({ id }: LedgerFolder['intent'], state: StackState | undefined): string {
  const by = state?.undone.get(id);
  if (by !== undefined) {
    return `, undone by ${escapeTerminalLine(by)}`;
  }
  if (state?.live?.entry.id === id) {
    return ', live';
  }
  return state?.unsettled?.entry.id === id ? ', not settled' : '';
}

/** Every fault with its place; what to do is the same for all of them. */
export function renderLedgerFaults(faults: readonly LedgerFault[], style: Style): string {
  const lines = faults.map(
    (fault) => `  ${style.bold(escapeTerminalLine(fault.place))} ${escapeTerminalLine(fault.what)}`,
  );
  return [
    `${style.red('NOT VERIFIED')}: ${String(faults.length)} fault(s)`,
    ...lines,
    'Treat edited evidence as a security incident: keep this clone, compare it with another, restore from the one that verifies.',
    '',
  ].join('\n');
}
