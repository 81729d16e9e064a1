/** Texts for a terminal of a known width. */

/** A word or flag, and what is said about it. */
export type ColumnsRow = readonly [name: string, text: string];

/** Broken between words so that no line is longer than `width`, but for a word that is. Never empty. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/u).filter((part) => part !== '')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

const margin = 2;
/** A name that is longer has its text below it. */
const widest = 30;

/** Two columns, indented: the names as wide as the widest of them (`least` at least), the texts wrapped beside them. */
export function rowsOf(rows: readonly ColumnsRow[], width: number, least = 0): readonly string[] {
  const names = Math.min(widest, Math.max(least, ...rows.map(([name]) => name.length + margin)));
  const indent = ' '.repeat(margin);
  return rows.flatMap(([name, text]) => {
    const lines = wrapped(text, Math.max(20, width - margin - names));
    const beside = lines.map((line) => `${indent}${' '.repeat(names)}${line}`);
    return name.length + margin > names
      ? [`${indent}${name}`, ...beside]
      : [`${indent}${name.padEnd(names)}${lines[0] ?? ''}`.trimEnd(), ...beside.slice(1)];
  });
}

/** Columns of a terminal, within what is read with ease; 100 where there is none. */
export function pageWidth(stream: { readonly isTTY?: boolean; readonly columns?: number }): number {
  return stream.isTTY === true ? Math.min(110, Math.max(60, stream.columns ?? 80)) : 100;
}
