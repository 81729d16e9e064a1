/** Reads one part of recorded traffic. */
import { lineReader } from './lines.ts';
import type { LineFormat } from './lines.ts';
import type { TrafficRecord } from './record.ts';

/** Whole lines of one file. Plain data: it travels between threads. */
export interface TrafficPart {
  readonly format: LineFormat;
  /** Host of access logs that do not name one. */
  readonly host: string | null;
  readonly file: string;
  /** Number of the first line, from 1. */
  readonly firstLine: number;
  readonly text: string;
  /** What was found unreadable before: entries of a document. */
  readonly unreadable: readonly BadLine[];
}

export interface BadLine {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

export interface ReadCount {
  /** Lines that held a request, readable or not. */
  readonly lines: number;
  readonly badLines: number;
  /** Of these, entries of documents: single ones are no requests on purpose. */
  readonly badEntries: number;
  /** The first few. */
  readonly bad: readonly BadLine[];
}

const maxBadShown = 5;

/** Calls `visit` with every request in order, and counts what is none. */
export function readPart(
  { format, host, file, firstLine, text, unreadable }: TrafficPart,
  visit: (record: TrafficRecord) => void,
): ReadCount {
  const reader = lineReader(format, host);
  const bad: BadLine[] = unreadable.slice(0, maxBadShown);
  let badLines = unreadable.length;
  let lines = badLines;
  let line = firstLine;
  for (let start = 0; start < text.length; line += 1) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const read = reader.read(text.slice(start, end), { file, line });
    start = end + 1;
    if (read === null) {
      continue;
    }
    lines += 1;
    if ('bad' in read) {
      badLines += 1;
      if (bad.length < maxBadShown) {
        bad.push({ file, line, reason: read.bad });
      }
    } else {
      visit(read);
    }
  }
  return { lines, badLines, badEntries: unreadable.length, bad };
}
