/** Replays parts of a sample on as many threads as there are processors, and gives the results back in order. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ExternalError } from '../contract/errors.ts';
import type { ReplayThreads } from '../contract/replay-threads.ts';
import type { ReplayPart } from '../waf/replay/chunk.ts';
import type { TrafficPart } from '../waf/traffic/read-part.ts';
import type { ReplaySides } from '../waf/replay/replay.ts';

export interface ReplayThreadsOptions {
  /** The module that a thread runs: what was built from scripts/adapters/replay-thread.ts. */
  readonly entry: URL;
  /** Threads; as many as there are processors when left away. */
  readonly count?: number;
}

/** Jobs that wait per thread: enough that none is idle while a file is read, few enough that memory stays bounded. */
const waiting = 2;

/**
 * Requests live shorter than a part of a sample: more room for the young would only raise the memory of each thread.
 */
const youngMegabytes = 8;

export function createReplayThreads({
  entry,
  count = availableParallelism(),
}: ReplayThreadsOptions): ReplayThreads {
  return {
    async *run(sides, jobs) {
      const threads = Array.from({ length: count }, () => new Thread(entry, sides));
      try {
        const pending: Promise<ReplayPart>[] = [];
        let given = 0;
        for await (const job of jobs) {
          const part = replayOn(threads, given, job);
          // When an earlier part fails, nobody listens to this one any more.
          part.catch(() => undefined);
          pending.push(part);
          given += 1;
          if (pending.length >= count * waiting) {
            yield await first(pending);
          }
        }
        while (pending.length > 0) {
          yield await first(pending);
        }
      } finally {
        await Promise.all(threads.map(async (thread) => thread.end()));
      }
    },
  };
}

async function replayOn(threads: readonly Thread[], given: number, job: TrafficPart): Promise<ReplayPart> {
  const thread = threads[given % threads.length];
  if (thread === undefined) {
    throw new ExternalError({ what: 'There is no thread to replay on.' });
  }
  return thread.replay(job);
}

async function first(pending: Promise<ReplayPart>[]): Promise<ReplayPart> {
  const next = pending.shift();
  if (next === undefined) {
    throw new ExternalError({ what: 'No part of the sample is being replayed.' });
  }
  return next;
}

interface Waiting {
  readonly resolve: (part: ReplayPart) => void;
  readonly reject: (error: Error) => void;
}

/** One thread. It answers in the order in which it was asked; when it dies, everything that waits for it fails. */
class Thread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #failure: Error | null = null;

  constructor(entry: URL, sides: ReplaySides) {
    this.#worker = new Worker(entry, {
      workerData: sides,
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
    });
    this.#worker.on('message', (part: ReplayPart) => this.#waiting.shift()?.resolve(part));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`it ended with code ${String(code)}`)));
  }

  async replay(job: TrafficPart): Promise<ReplayPart> {
    if (this.#failure !== null) {
      throw this.#failure;
    }
    const answer = new Promise<ReplayPart>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(job);
    return answer;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(cause: unknown): void {
    this.#failure ??= new ExternalError({
      what: 'A thread that replays traffic failed.',
      why: cause instanceof Error ? cause.message : String(cause),
      fix: 'Replay fewer files at once; if it fails again, report it with the output of --help.',
      cause,
    });
    for (const { reject } of this.#waiting.splice(0)) {
      reject(this.#failure);
    }
  }
}
