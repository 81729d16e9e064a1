/** The one place where an error becomes text: what, where, why, fix, next. Never a stack trace for a user's mistake. */
import { SluiceError } from '../../contract/errors.ts';
import { exitCodes, type ExitName } from '../../contract/exit-codes.ts';
import { renderDiagnostics } from './diagnostics.ts';
import { escapeTerminalBlock } from '../text/escape.ts';
import type { Style } from '../text/style.ts';

export interface RenderedError {
  readonly exit: ExitName;
  readonly text: string;
}

/** Marks what belongs to the text before it: Terraform's own words may be of several lines. */
const margin = '    | ';

/** `verbose` adds the stack of a bug; errors that a person can act on never show one. */
export function renderError(error: unknown, style: Style, verbose: boolean): RenderedError {
  if (!(error instanceof SluiceError)) {
    return { exit: 'internal', text: renderBug(error, verbose) };
  }
  const { what, why, fix, next, diagnostics } = error.parts;
  const lines = [`${style.red('sluice:')} ${escapeTerminalBlock(what, margin)}`];
  if (diagnostics !== undefined && diagnostics.length > 0) {
    lines.push(renderDiagnostics(diagnostics, { style }).trimEnd());
  }
  for (const [label, text] of [
    ['Why', why],
    ['Fix', fix],
    ['Next', next],
  ] as const) {
    if (text !== undefined) {
      lines.push(`  ${style.bold(`${label}:`)} ${escapeTerminalBlock(text, margin)}`);
    }
  }
  lines.push(style.dim(`  (exit ${String(exitCodes[error.exit])}, ${error.exit})`));
  return { exit: error.exit, text: `${lines.join('\n')}\n` };
}

function renderBug(error: unknown, verbose: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const stack =
    verbose && error instanceof Error && error.stack !== undefined
      ? `${escapeTerminalBlock(error.stack, margin)}\n`
      : '';
  return [
    `sluice: this is a bug in Sluice: ${escapeTerminalBlock(message, margin)}`,
    '  Fix: please report it with the command and the output of the same command with SLUICE_VERBOSE=1.',
    '  (exit 1, internal)',
    stack,
  ].join('\n');
}
