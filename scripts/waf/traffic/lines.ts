/** Formats of recorded traffic that have one request per line. Every request is scrubbed before it is given out. */
import { isCombined, readCombined } from './combined.ts';
import { csvCells, csvRow } from './csv.ts';
import { readFirewallEvent, readFirewallEventRow, readHttpRequest, readHttpRequestRow } from './logpush.ts';
import { notesOnColumns, presentName } from './present-columns.ts';
import { readRecord } from './request-line.ts';
import type { ReadLine } from './request-line.ts';
import { parseRow } from './row.ts';
import { scrubRecord } from './scrub.ts';

export type LineFormat = 'sluice' | 'logpush-http-requests' | 'logpush-firewall-events' | 'access-log';

interface LinePlace {
  readonly file: string;
  readonly line: number;
}

export interface LineReader {
  /** Null for a line without a request of its own, such as an empty one. */
  readonly read: (line: string, place: LinePlace) => ReadLine | null;
}

/** Longer lines are not requests: a server refuses a request long before that. Characters. */
const maxLine = 1024 * 1024;

/** The columns of comma-separated lines, in order. */
export interface CsvHead {
  readonly delimiter: string;
  readonly columns: readonly string[];
}

/** `host` is that of access logs which do not name one; `csv` is given for lines that are not JSON. */
export function lineReader(format: LineFormat, host: string | null, csv: CsvHead | null = null): LineReader {
  const read = csv === null ? readerOf(format, host) : csvReader(format, csv);
  return {
    read: (line, place) => {
      if (line.length > maxLine) {
        return { bad: 'it is longer than a request can be' };
      }
      const found = line.trim() === '' ? null : read(line, place);
      return found === null || 'bad' in found || 'apart' in found ? found : scrubRecord(found);
    },
  };
}

function readerOf(format: LineFormat, host: string | null): LineReader['read'] {
  switch (format) {
    case 'sluice':
      return readRecord;
    case 'logpush-http-requests':
      return readHttpRequest;
    case 'logpush-firewall-events':
      return readFirewallEvent;
    case 'access-log':
      return (line, place) => readCombined(line, host, `line ${place.line}`);
    default:
      throw new Error('unexpected format of lines');
  }
}

/** The line that names the columns may come again, where files were put together. */
function csvReader(format: LineFormat, { delimiter, columns }: CsvHead): LineReader['read'] {
  const readRow = format === 'logpush-firewall-events' ? readFirewallEventRow : readHttpRequestRow;
  return (line) => {
    const cells = csvCells(line, delimiter);
    if (cells?.length !== columns.length) {
      return { bad: `it does not have the ${String(columns.length)} columns that the first line names` };
    }
    return cells.every((cell, at) => cell === columns[at]) ? null : readRow(csvRow(columns, cells));
  };
}

/** Lines that are looked at before a format is given up: the first one may be damaged. */
const looked = 20;

/** The format of a text by its first lines; null when none of them is of a known one. */
export function detectLineFormat(text: string): LineFormat | null {
  for (const line of text.split('\n', looked)) {
    const format = formatOf(line.trim());
    if (format !== null) {
      return format;
    }
  }
  return null;
}

function formatOf(line: string): LineFormat | null {
  if (!line.startsWith('{')) {
    return isCombined(line) ? 'access-log' : null;
  }
  if (/"v":1\b/u.test(line) && line.includes('"method":')) {
    return 'sluice';
  }
  const row = parseRow(line);
  return row === null ? null : formatOfColumns(Object.keys(row));
}

/** The dataset that has these columns; null when it is none that holds requests. */
function formatOfColumns(names: readonly string[]): LineFormat | null {
  const present = new Set(names.map(presentName));
  if (present.has('Action') && present.has('ClientRequestPath')) {
    return 'logpush-firewall-events';
  }
  return present.has('ClientRequestURI') || present.has('ClientRequestHost') ? 'logpush-http-requests' : null;
}

const delimiters = [',', ';', '\t', '|'] as const;

/** The columns that the first line of a text names, and the dataset that has them; null when it names none. */
export function detectCsv(text: string): { readonly head: CsvHead; readonly format: LineFormat } | null {
  const first = (text.split('\n', 1)[0] ?? '').trim();
  for (const delimiter of delimiters) {
    const columns = csvCells(first, delimiter) ?? [];
    const format = columns.length > 1 ? formatOfColumns(columns) : null;
    if (format !== null) {
      return { head: { delimiter, columns }, format };
    }
  }
  return null;
}

/** Old names of columns among the first lines, in words; empty for what has no columns. */
export function notesOnLines(text: string, csv: CsvHead | null): readonly string[] {
  const names = text
    .split('\n', looked)
    .flatMap((line) => (line.startsWith('{') ? Object.keys(parseRow(line) ?? {}) : []));
  return notesOnColumns([...names, ...(csv?.columns ?? [])]);
}
