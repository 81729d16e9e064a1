/** Replays one part of a sample; what a thread does for each job that it gets. */
import { eachLine } from '../traffic/each-line.ts';
import { lineReader } from '../traffic/lines.ts';
import type { LineFormat } from '../traffic/lines.ts';
import { compileReplay, replayRecord } from './replay.ts';
import type { ReplaySides } from './replay.ts';
import { newTally } from './tally.ts';
import type { Tally } from './tally.ts';

/** Whole lines of one file. Plain data: it travels between threads. */
export interface ReplayJob {
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

export interface ReplayPart {
  readonly tally: Tally;
  /** Lines that held a request, readable or not. */
  readonly lines: number;
  readonly badLines: number;
  /** Of these, entries of documents: single ones are no requests on purpose. */
  readonly badEntries: number;
  /** The first few. */
  readonly bad: readonly BadLine[];
}

const maxBadShown = 5;

/** Compiles the rules of both sides once, for any number of parts. */
export function partReplayer(sides: ReplaySides): (job: ReplayJob) => ReplayPart {
  const zones = compileReplay(sides);
  return ({ format, host, file, firstLine, text, unreadable }) => {
    const reader = lineReader(format, host);
    const tally = newTally();
    const bad: BadLine[] = unreadable.slice(0, maxBadShown);
    let badLines = unreadable.length;
    let lines = badLines;
    eachLine(text, firstLine, (content, line) => {
      const read = reader.read(content, { file, line });
      if (read === null) {
        return;
      }
      lines += 1;
      if ('bad' in read) {
        badLines += 1;
        if (bad.length < maxBadShown) {
          bad.push({ file, line, reason: read.bad });
        }
      } else {
        replayRecord(zones, read, tally);
      }
    });
    return { tally, lines, badLines, badEntries: unreadable.length, bad };
  };
}
