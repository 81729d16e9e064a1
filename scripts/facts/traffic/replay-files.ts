/** Replays files of recorded traffic through the old and the new rules: read as streams, replayed on several processors. */
import type { Services } from '../../contract/context.ts';
import { InputError } from '../../contract/errors.ts';
import { sha256Hex } from '../../json/json.ts';
import { partReplayer } from '../../waf/replay/chunk.ts';
import type { ReplayPart } from '../../waf/replay/chunk.ts';
import type { ApartCount } from '../../waf/traffic/apart.ts';
import type { BadLine, TrafficPart } from '../../waf/traffic/read-part.ts';
import type { ReplaySides } from '../../waf/replay/replay.ts';
import { summarize } from '../../waf/replay/summarize.ts';
import { mergeTally, newTally } from '../../waf/replay/tally.ts';
import type { Tally } from '../../waf/replay/tally.ts';
import type { ReplaySummary } from '../../waf/replay/types.ts';
import { LineCount } from './line-count.ts';
import { foundTraffic, reportNotes, trafficParts } from './files.ts';
import type { TrafficSource } from './files.ts';

export type ReplayServices = Pick<Services, 'files' | 'reporter' | 'replayThreads'>;

export interface ReplayedFiles {
  readonly summary: ReplaySummary;
  /** The first lines that could not be read. */
  readonly bad: readonly BadLine[];
  readonly apart: ApartCount;
}

/** What was counted, before anything is concluded from it. */
export interface Counted {
  readonly tally: Tally;
  readonly count: LineCount;
  readonly digest: string;
  readonly stacks: readonly string[];
}

/**
 * Replays the files in order. Throws InputError for a file that cannot be read to its end, for too many unreadable lines,
 * and when no request is for a host of the stacks: a verdict on a part would pass for one on the whole.
 */
export async function replayFiles(
  services: ReplayServices,
  traffic: TrafficSource,
  sides: ReplaySides,
): Promise<ReplayedFiles> {
  const found = foundTraffic();
  const jobs = trafficParts(services.files, traffic, found);
  const tally = newTally();
  const count = new LineCount(traffic.paths);
  await services.reporter.step('replay', async (update) => {
    for await (const part of replayedParts(services, sides, jobs)) {
      mergeTally(tally, part.tally);
      count.addPart(part);
      update(`${tally.requests.toLocaleString('en')} requests`);
    }
  });
  const digest = digestOf(found.digests);
  return conclude(services, { tally, count, digest, stacks: sides.stacks }, found.notes);
}

/** What a whole sample says; throws InputError where nothing can be concluded from it. */
export function conclude(
  { reporter }: Pick<Services, 'reporter'>,
  { tally, count, digest, stacks }: Counted,
  notes: readonly string[],
): ReplayedFiles {
  count.refuseUnreadable();
  refuseForeign(tally, stacks);
  count.reportApart(reporter);
  reportNotes(reporter, notes);
  const { badLines, bad, apart } = count;
  return { summary: summarize(tally, { digest, stacks, badLines }), bad, apart };
}

/** One file is named by its own digest, as it is under `.sluice/traffic`; several by that of their digests in order. */
export function digestOf(digests: readonly string[]): string {
  const [only = ''] = digests;
  return digests.length === 1 ? only : `sha256:${sha256Hex(digests.join('\n'))}`;
}

/** A sample of one part is replayed here: a thread takes longer to start than to replay it. */
export async function* replayedParts(
  services: ReplayServices,
  sides: ReplaySides,
  jobs: AsyncGenerator<TrafficPart>,
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

function refuseForeign({ requests, otherHosts }: Tally, stacks: readonly string[]): void {
  if (requests === 0) {
    throw new InputError({
      what: `None of the ${String(otherHosts)} requests is for a host of ${stacks.join(', ')}.`,
      why: 'It is the log of another zone: nothing can be said about these stacks from it.',
      fix: 'Name the log of these zones, or the stack that serves the hosts of this one.',
      next: 'sluice waf replay --help',
    });
  }
}
