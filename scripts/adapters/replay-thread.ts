/** Entry of a thread: gets the rules once, then parts of a sample, and answers each with what was found in it. */
import { parentPort, workerData } from 'node:worker_threads';
import { partReplayer } from '../waf/replay/chunk.ts';
import type { TrafficPart } from '../waf/traffic/read-part.ts';
import type { ReplaySides } from '../waf/replay/replay.ts';

const replay = partReplayer(workerData as ReplaySides);

parentPort?.on('message', (job: TrafficPart) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(replay(job));
});
