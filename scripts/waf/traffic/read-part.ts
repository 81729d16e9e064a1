/** Reads one part of recorded traffic. */
import { lineReader } from './lines.ts';
import { noneApart } from './apart.ts';
import type { ApartCount, ApartKind } from './apart.ts';
import type { CsvHead, LineFormat } from './lines.ts';
import type { TrafficRecord } from './record.ts';

/** Whole lines of one file. Plain data: it travels between threads. */
export interface TrafficPart {
  readonly format: LineFormat;
  /** Of lines whose columns the first line of the file names. */
  readonly csv?: CsvHead | null;
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
  /** Lines that held a request of a visitor, readable or not. */
  readonly lines: number;
  readonly badLines: number;
  /** Of these, entries of documents: single ones are not requests on purpose. */
  readonly badEntries: number;
  /** Lines beside `lines` that hold no request of a visitor. */
  readonly apart: ApartCount;
  /** The first few. */
  readonly bad: readonly BadLine[];
}

const maxBadLines = 5;

/** Calls `visit` with every request in order, and counts what is none. */
export function readPart(
  { format, csv, host, file, firstLine, text, unreadable }: TrafficPart,
  visit: (record: TrafficRecord) => void,
): ReadCount {
  const reader = lineReader(format, host, csv);
  const bad: BadLine[] = unreadable.slice(0, maxBadLines);
  let badLines = unreadable.length;
  let lines = badLines;
  const apart: Record<ApartKind, number> = { ...noneApart };
  let line = firstLine;
  for (let start = 0; start < text.length; line += 1) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const read = reader.read(text.slice(start, end), { file, line });
    start = end + 1;
    if (read === null) {
      continue;
    }
    if ('apart' in read) {
      apart[read.apart] += 1;
      continue;
    }
    lines += 1;
    if ('bad' in read) {
      badLines += 1;
      if (bad.length < maxBadLines) {
        bad.push({ file, line, reason: read.bad });
      }
    } else {
      visit(read);
    }
  }
  return { lines, badLines, badEntries: unreadable.length, apart, bad };
}
