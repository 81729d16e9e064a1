/** Replays one part of a sample; what a thread does for each job that it gets. */
import { readPart } from '../traffic/read-part.ts';
import type { ReadCount, TrafficPart } from '../traffic/read-part.ts';
import { compileReplay, replayRecord } from './replay.ts';
import type { ReplaySides } from './replay.ts';
import { newTally } from './tally.ts';
import type { Tally } from './tally.ts';

export interface ReplayPart extends ReadCount {
  readonly tally: Tally;
}

/** Compiles the rules of both sides once, for any number of parts. */
export function partReplayer(sides: ReplaySides): (part: TrafficPart) => ReplayPart {
  const zones = compileReplay(sides);
  return (part) => {
    const tally = newTally();
    return { tally, ...readPart(part, (record) => replayRecord(zones, record, tally)) };
  };
}
