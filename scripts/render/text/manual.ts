/** Pages of documentation for a terminal: what a browser makes of Markdown, in plain text. */
import type { Style } from './style.ts';
import { rowsOf, wrapped } from './columns.ts';

interface Heading {
  readonly level: number;
  readonly title: string;
}

/**
 * The section of a page with this heading, without the heading, with the sections below it; null when the page has no such
 * heading. A heading in a fenced block is none.
 */
export function sectionOf(page: string, title: string): string | null {
  const lines = page.split('\n');
  const headings = headingsOf(lines);
  const from = headings.findIndex((heading) => heading?.title === title);
  const level = headings[from]?.level ?? 0;
  if (from === -1) {
    return null;
  }
  const after = headings.findIndex((heading, at) => at > from && heading !== null && heading.level <= level);
  return lines
    .slice(from + 1, after === -1 ? undefined : after)
    .join('\n')
    .trim();
}

function headingsOf(lines: readonly string[]): readonly (Heading | null)[] {
  let isFenced = false;
  return lines.map((line) => {
    isFenced = isFence(line) ? !isFenced : isFenced;
    const [, marks = '', title = ''] = isFenced ? [] : (/^(#+) (.*)$/u.exec(line) ?? []);
    return marks === '' ? null : { level: marks.length, title };
  });
}

function isFence(line: string): boolean {
  return line.startsWith('```');
}

/** Markdown as a terminal shows it: paragraphs wrapped, tables in columns, headings bold, blocks indented. */
export function renderManual(markdown: string, style: Style, width: number): string {
  const blocks = blocksOf(markdown).map((block) => renderBlock(block, style, width));
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** Lines that belong together: a fenced block, or lines up to an empty one. */
function blocksOf(markdown: string): readonly (readonly string[])[] {
  const blocks: string[][] = [[]];
  let isFenced = false;
  for (const line of markdown.split('\n')) {
    const last = blocks.at(-1) ?? [];
    if (isFence(line)) {
      isFenced = !isFenced;
      blocks.push(isFenced ? [line] : []);
    } else if (isFenced || line !== '') {
      last.push(line);
    } else {
      blocks.push([]);
    }
  }
  return blocks;
}

function renderBlock(lines: readonly string[], style: Style, width: number): readonly string[] {
  const [first = ''] = lines;
  if (isFence(first)) {
    return first.startsWith('```mermaid') ? [] : lines.slice(1).map((line) => `    ${line}`.trimEnd());
  }
  if (first.startsWith('#')) {
    return lines.map((line) => style.bold(plain(line.replace(/^#+ /u, ''))));
  }
  if (first.startsWith('|')) {
    return tableOf(lines, width);
  }
  const items = /^(?:-|\d+\.) /u;
  if (items.test(first)) {
    return itemsOf(lines).flatMap((item) => hanging(plain(item), width));
  }
  return first === '' ? [] : wrapped(plain(lines.join(' ')), width);
}

function itemsOf(lines: readonly string[]): readonly string[] {
  const items: string[] = [];
  for (const line of lines) {
    if (/^(?:-|\d+\.) /u.test(line) || items.length === 0) {
      items.push(line);
    } else {
      items.push(`${items.pop() ?? ''} ${line.trim()}`);
    }
  }
  return items;
}

function hanging(item: string, width: number): readonly string[] {
  const [first = '', ...rest] = wrapped(item, width - 4);
  return [`  ${first}`, ...rest.map((line) => `    ${line}`)];
}

/** The first column beside all others, which stand one below the other. */
function tableOf(lines: readonly string[], width: number): readonly string[] {
  const [head = '', , ...body] = lines;
  const titles = cellsOf(head);
  return rowsOf(
    body.map((line) => {
      const [name = '', ...rest] = cellsOf(line);
      const isLabelled = rest.length > 1;
      const padded = rest.map((cell, at) => {
        const title = titles[at + 1] ?? '';
        return isLabelled && title !== '' && at > 0 ? `${title}: ${cell}` : cell;
      });
      return [name, padded.filter((cell) => cell !== '').join('; ')];
    }),
    width,
  );
}

/** Without the marks of Markdown; a link keeps its text, and its address where it leads out of the repository. */
function plain(text: string): string {
  return text
    .replaceAll(/\[([^\]]+)\]\((https?:[^)]+)\)/gu, '$1 ($2)')
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/gu, '$1')
    .replaceAll(/\*\*([^*]+)\*\*/gu, '$1')
    .replaceAll('`', '');
}

function cellsOf(row: string): readonly string[] {
  return row
    .replace(/^\||\|$/gu, '')
    .split(/(?<!\\)\|/u)
    .map((cell) => plain(cell.trim()).replaceAll('\\|', '|'));
}
