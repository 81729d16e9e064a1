/** What became of recorded traffic that was made a sample. */
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';

export interface ImportReport {
  readonly path: string;
  readonly sample: string;
  readonly requests: number;
  readonly badLines: number;
  readonly bad: readonly { readonly file: string; readonly line: number; readonly reason: string }[];
}

export function renderImport({ path, sample, requests, badLines, bad }: ImportReport, style: Style): string {
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

export interface GeneratedReport {
  readonly out: string;
  readonly requests: number;
  readonly kinds: ReadonlyMap<string, number>;
  readonly sha256: string;
}

/** Kinds of visitors, the most frequent first. */
export function renderGenerated({ out, requests, kinds, sha256 }: GeneratedReport): string {
  const shares = [...kinds]
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, count]) => `    ${((100 * count) / requests).toFixed(1).padStart(5)} %  ${kind}`);
  const head = `  ${requests.toLocaleString('en')} made-up requests in ${out} (Logpush http_requests)`;
  return `${[head, ...shares, `  sha256:${sha256}`].map((line) => escapeTerminalLine(line)).join('\n')}\n`;
}
