/** Replaying recorded traffic on several processors. */
import type { ReplayPart } from '../waf/replay/chunk.ts';
import type { ReplaySides } from '../waf/replay/replay.ts';
import type { TrafficPart } from '../waf/traffic/read-part.ts';

export interface ReplayThreads {
  /**
   * Replays parts of a sample on several processors at once and yields the results in the order of the parts, holding few
   * of them at a time. Fails when a thread does: no part is ever left out.
   */
  run(sides: ReplaySides, jobs: AsyncIterable<TrafficPart>): AsyncIterable<ReplayPart>;
}
