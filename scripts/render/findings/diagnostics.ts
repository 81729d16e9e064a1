/** Problems in an input as text for a terminal: `file:line:column: message`, then expected, found and fix. */
import type { Diagnostic, SourceLocation } from '../../plan/types.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';

/**
 * One block per diagnostic, in the order given, each ending in a newline; empty text for no diagnostics. Everything is
 * escaped: a document may hold terminal sequences. The first line has the form that editors and CI turn into links.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  { style }: { readonly style: Style },
): string {
  return diagnostics.map((diagnostic) => `${block(diagnostic, style).join('\n')}\n`).join('');
}

function block({ location, message, expected, found, fix }: Diagnostic, style: Style): readonly string[] {
  const place = location === undefined ? '' : `${style.bold(formatLocation(location))}: `;
  const details = [
    ['expected', expected],
    ['found', found],
    ['fix', fix],
  ] as const;
  return [
    `${place}${escapeTerminalLine(message)}`,
    ...details
      .filter(([, text]) => text !== undefined)
      .map(([label, text]) => `    ${style.dim(`${label}:`.padEnd(9))} ${escapeTerminalLine(text ?? '')}`),
  ];
}

/** `file:line:column` as editors understand it. */
export function formatLocation({ file, line, column }: SourceLocation): string {
  return `${escapeTerminalLine(file)}:${line}:${column}`;
}
