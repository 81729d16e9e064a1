/** Lines of comma-separated values (RFC 4180), or of values with another delimiter. A value does not go on in the next line. */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { TrafficRow } from './row.ts';

/** The values of a line without their quotes; null when a quote is not closed. */
export function csvCells(line: string, delimiter: string): readonly string[] | null {
  const text = line.replace(/\r$/u, '').replace(/^\uFEFF/u, '');
  const cells: string[] = [];
  let at = 0;
  while (at <= text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, delimiter);
    if (cell === null || (cell.end < text.length && text[cell.end] !== delimiter)) {
      return null;
    }
    cells.push(cell.value);
    at = cell.end + 1;
  }
  return cells;
}

interface CsvCell {
  readonly value: string;
  readonly end: number;
}

function plainCell(text: string, at: number, delimiter: string): CsvCell {
  const found = text.indexOf(delimiter, at);
  const end = found === -1 ? text.length : found;
  return { value: text.slice(at, end), end };
}

const quoted = /"([^"]*(?:""[^"]*)*)"/uy;

function quotedCell(text: string, at: number): CsvCell | null {
  quoted.lastIndex = at;
  const found = quoted.exec(text);
  return found === null ? null : { value: (found[1] ?? '').replaceAll('""', '"'), end: at + found[0].length };
}

/** The cells by their columns. Lists and objects stand in a cell as JSON. */
export function csvRow(columns: readonly string[], cells: readonly string[]): TrafficRow {
  return Object.fromEntries(columns.map((column, at) => [column, valueOf(cells[at] ?? '')]));
}

function valueOf(cell: string): unknown {
  if (!/^(?:\[.*\]|\{.*\})$/su.test(cell)) {
    return cell;
  }
  try {
    return parseJson(cell, limits.line);
  } catch {
    return cell;
  }
}
