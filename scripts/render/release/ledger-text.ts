/** The ledger for a person at a terminal. */
import type { StackState } from '../../release/state.ts';
import type { Derivation } from '../../release/ledger/derive.ts';
import type { LedgerFault, LedgerFolder } from '../../release/types.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';

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

/** Every fault with its place and, where there is one, its own next command. */
export function renderLedgerFaults(faults: readonly LedgerFault[], style: Style): string {
  const lines = faults.map(
    ({ place, what, next }) =>
      `  ${style.bold(escapeTerminalLine(place))} ${escapeTerminalLine(what)}${next === undefined ? '' : `\n    Next: ${escapeTerminalLine(next)}`}`,
  );
  return [
    `${style.red('NOT VERIFIED')}: ${String(faults.length)} fault(s)`,
    ...lines,
    'Treat edited evidence as a security incident: keep this clone, compare it with another, restore from the one that verifies.',
    '',
  ].join('\n');
}

/** What became of making every bundle again. */
export function renderDerivations(derivations: readonly Derivation[], style: Style): string {
  const rows = derivations.map(({ id, stack, state, why }) => {
    const colour = state === 'derived' ? style.green : style.red;
    return `${escapeTerminalLine(id)}  ${escapeTerminalLine(stack).padEnd(20)}  ${colour(state.padEnd(8))}  ${escapeTerminalLine(why)}\n`;
  });
  return rows.join('');
}

/** The public half of a new key, and where each half goes. The private one is in `path` and nowhere else. */
export function renderNewKey(key: {
  readonly id: string;
  readonly publicKey: string;
  readonly from: string;
  readonly path: string;
}): string {
  const path = escapeTerminalLine(key.path);
  return `The private half is in ${path}, readable for you alone. Store it in the environment of each stack, then delete the file:

    gh secret set SLUICE_LEDGER_KEY --env <stack> < ${path}

The public half goes under keys in policies/ledger-keys.yaml, in a pull request of its own:

  - id: ${key.id}
    publicKey: ${key.publicKey}
    from: "${key.from}"
`;
}
