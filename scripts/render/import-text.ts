/** What became of recorded traffic that was made a sample. */
import { escapeTerminalLine } from './escape.ts';
import type { Style } from './style.ts';

export interface ImportShown {
  readonly path: string;
  readonly sample: string;
  readonly requests: number;
  readonly badLines: number;
  readonly bad: readonly { readonly file: string; readonly line: number; readonly reason: string }[];
}

export function renderImport({ path, sample, requests, badLines, bad }: ImportShown, style: Style): string {
  const left = bad.map(({ file, line, reason }) => `    ${file}:${String(line)}: ${reason}`);
  const lines = [
    `  ${style.bold(requests.toLocaleString('en'))} requests, without their secrets, in ${path}`,
    ...(badLines === 0 ? [] : [`  ${String(badLines)} lines could not be read and are left out:`, ...left]),
    `  In the change record:`,
    `    traffic:`,
    `      sample: ${sample}`,
  ];
  return `${lines.map((line) => escapeTerminalLine(line)).join('\n')}\n`;
}
