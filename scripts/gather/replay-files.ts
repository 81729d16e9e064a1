/** Replays files of recorded traffic through the old and the new rules: read as streams, replayed on several processors. */
import type { Services } from '../context.ts';
import { InputError } from '../errors.ts';
import type { Files } from '../ports.ts';
import { sha256Hex } from '../plan/json.ts';
import { partReplayer } from '../waf/replay/chunk.ts';
import type { BadLine, ReplayJob, ReplayPart } from '../waf/replay/chunk.ts';
import type { ReplaySides } from '../waf/replay/replay.ts';
import { summarize } from '../waf/replay/summarize.ts';
import { mergeTally, newTally } from '../waf/replay/tally.ts';
import type { Tally } from '../waf/replay/tally.ts';
import type { ReplaySummary } from '../waf/replay/types.ts';

export interface ReplayedFiles {
  readonly summary: ReplaySummary;
  /** The first lines that could not be read. */
  readonly bad: readonly BadLine[];
}

/** Above this share of unreadable lines nothing is concluded from the rest. */
const maxBadShare = 0.01;
const maxBadShown = 5;

/**
 * Replays the files in order. Throws InputError for a file that cannot be read to its end, for too many unreadable lines,
 * and when no request is for a host of the stacks: a verdict on a part would pass for one on the whole.
 */
export async function replayFiles(
  services: Services,
  paths: readonly string[],
  sides: ReplaySides,
): Promise<ReplayedFiles> {
  const digests: string[] = [];
  const jobs = jobsOf(services.files, paths, digests);
  const total = { tally: newTally(), lines: 0, badLines: 0, bad: [] as BadLine[] };
  await services.reporter.step('replay', async (update) => {
    for await (const part of replayedParts(services, sides, jobs)) {
      mergeTally(total.tally, part.tally);
      total.lines += part.lines;
      total.badLines += part.badLines;
      total.bad.push(...part.bad.slice(0, maxBadShown - total.bad.length));
      update(`${total.tally.requests.toLocaleString('en')} requests`);
    }
  });
  refuseUnreadable(paths, total);
  const { tally, badLines, bad } = total;
  refuseForeign(tally, sides);
  return { summary: summarize(tally, { digest: digestOf(digests), stacks: sides.stacks, badLines }), bad };
}

/** One file is named by its own digest, as it is under `.sluice/traffic`; several by that of their digests in order. */
function digestOf(digests: readonly string[]): string {
  const [only = ''] = digests;
  return digests.length === 1 ? only : `sha256:${sha256Hex(digests.join('\n'))}`;
}

async function* jobsOf(files: Files, paths: readonly string[], digests: string[]): AsyncGenerator<ReplayJob> {
  for (const file of paths) {
    for await (const { text, firstLine, sha256 } of files.readChunks(file)) {
      if (sha256 !== null) {
        digests.push(sha256);
      }
      yield { format: 'sluice', file, firstLine, text };
    }
  }
}

/** A sample of one part is replayed here: a thread takes longer to start than to replay it. */
async function* replayedParts(
  services: Services,
  sides: ReplaySides,
  jobs: AsyncGenerator<ReplayJob>,
): AsyncGenerator<ReplayPart> {
  const first = await jobs.next();
  const second = first.done === true ? first : await jobs.next();
  if (first.done !== true && second.done !== true) {
    yield* services.replayThreads.run(sides, continued([first.value, second.value], jobs));
  } else if (first.done !== true) {
    yield partReplayer(sides)(first.value);
  }
}

async function* continued<T>(begun: readonly T[], rest: AsyncGenerator<T>): AsyncGenerator<T> {
  yield* begun;
  yield* rest;
}

interface Read {
  readonly lines: number;
  readonly badLines: number;
  readonly bad: readonly BadLine[];
}

function refuseUnreadable(paths: readonly string[], { lines, badLines, bad }: Read): void {
  if (lines > 0 && badLines <= lines * maxBadShare) {
    return;
  }
  const names = paths.join(', ');
  throw new InputError({
    what:
      lines === 0
        ? `${names} has no request.`
        : `${String(badLines)} of ${String(lines)} lines of ${names} cannot be read.`,
    why: `With more than ${String(maxBadShare * 100)} % of the lines missing, what the others say is not what the traffic was.`,
    diagnostics: bad.map(({ file, line, reason }) => ({
      location: { file, line, column: 1 },
      message: reason,
    })),
    fix: 'Check that these are the files you meant, whole and of a format that is read.',
    next: 'sluice waf replay --help',
  });
}

function refuseForeign({ requests, otherHosts }: Tally, { stacks }: ReplaySides): void {
  if (requests === 0) {
    throw new InputError({
      what: `None of the ${String(otherHosts)} requests is for a host of ${stacks.join(', ')}.`,
      why: 'It is the log of another zone: nothing can be said about these stacks from it.',
      fix: 'Name the log of these zones, or the stack that serves the hosts of this one.',
      next: 'sluice waf replay --help',
    });
  }
}
