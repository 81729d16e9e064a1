/** Formats of recorded traffic that have one request per line. */
import { readRecord } from './request-line.ts';
import type { ReadLine } from './request-line.ts';

export type LineFormat = 'sluice';

export interface Place {
  readonly file: string;
  readonly line: number;
}

export interface LineReader {
  /** Null for a line without a request, such as an empty one. */
  readonly read: (line: string, place: Place) => ReadLine | null;
}

export function lineReader(_format: LineFormat): LineReader {
  return { read: (line) => (line.trim() === '' ? null : readRecord(line)) };
}
