/** Replays one part of a sample; what a thread does for each job that it gets. */
import { lineReader } from '../traffic/lines.ts';
import type { LineFormat } from '../traffic/lines.ts';
import { compileReplay, replayRecord } from './replay.ts';
import type { ReplaySides } from './replay.ts';
import { newTally } from './tally.ts';
import type { Tally } from './tally.ts';

/** Whole lines of one file. Plain data: it travels between threads. */
export interface ReplayJob {
  readonly format: LineFormat;
  readonly file: string;
  /** Number of the first line, from 1. */
  readonly firstLine: number;
  readonly text: string;
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
  /** The first few. */
  readonly bad: readonly BadLine[];
}

const maxBadShown = 5;

/** Compiles the rules of both sides once, for any number of parts. */
export function partReplayer(sides: ReplaySides): (job: ReplayJob) => ReplayPart {
  const zones = compileReplay(sides);
  return ({ format, file, firstLine, text }) => {
    const reader = lineReader(format);
    const tally = newTally();
    const bad: BadLine[] = [];
    let badLines = 0;
    let lines = 0;
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
        replayRecord(zones, read, tally);
      }
    }
    return { tally, lines, badLines, bad };
  };
}
