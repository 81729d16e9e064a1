/** What all issues share that tell of something found live. */
import { escapeMarkdownCode, escapeTerminalLine } from '../text/escape.ts';

export interface FoundIssue {
  readonly title: string;
  /** Markdown; null when nothing was found. */
  readonly body: string | null;
  /** Not everything could be looked at: an issue that is open may still be right. */
  readonly isUncertain: boolean;
}

/** GitHub takes 65,536 characters; what is cut, the command tells. */
const mostCharacters = 50_000;

/** Text from outside, one line each, in a fence longer than any run of its own characters within. */
export function fenced(lines: readonly string[]): string {
  const text = lines.map(escapeTerminalLine).join('\n');
  const cut = text.length > mostCharacters ? `${text.slice(0, mostCharacters)}\n(cut)` : text;
  const longest = Math.max(2, ...[...cut.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${cut}\n${fence}`;
}

export function code(text: string): string {
  return `<code>${escapeMarkdownCode(text)}</code>`;
}

export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${String(count)} ${count === 1 ? noun : plural}`;
}
