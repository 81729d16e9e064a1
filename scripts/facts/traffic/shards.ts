/**
 * A replay that is split over several machines. Each reads the whole sample, because only so does it know that it is the
 * same one, and replays its share of the parts, which are as cut for one machine; what it counted is written as segments
 * that can be merged with those of the others as if one had counted all of it.
 */
import { InputError } from '../../contract/errors.ts';
import { canonicalJson, sha256Hex } from '../../json/json.ts';
import { fitsInto, mergeTally, newTally } from '../../waf/replay/tally.ts';
import type { ReplayPart } from '../../waf/replay/chunk.ts';
import type { ReplaySides } from '../../waf/replay/replay.ts';
import type { Tally } from '../../waf/replay/tally.ts';
import type { ReadCount, TrafficPart } from '../../waf/traffic/read-part.ts';
import { foundTraffic, trafficParts } from './files.ts';
import type { TrafficSource } from './files.ts';
import { LineCount } from './line-count.ts';
import { digestOf, replayedParts } from './replay-files.ts';
import type { ReplayServices } from './replay-files.ts';

/** One of `of` shares, from 1. */
export interface Shard {
  readonly number: number;
  readonly of: number;
}

/** Consecutive parts, counted together. */
interface Segment {
  readonly tally: Tally;
  readonly read: ReadCount;
}

/** What one share counted, and of what it is a share. */
export interface ShardTally {
  readonly shard: Shard;
  readonly sample: SampleCut;
  /** Digest of the rules of both sides. */
  readonly rules: string;
  readonly stacks: readonly string[];
  readonly notes: readonly string[];
  readonly segments: readonly Segment[];
}

/** The whole sample and where it is cut: shares of one replay agree on it. */
interface SampleCut {
  readonly digest: string;
  readonly parts: number;
  /** Digest of where each part begins. */
  readonly cuts: string;
}

/** Parts of the share: `from` is the first, `to` the first of the next share. */
export function rangeOf(
  { number, of }: Shard,
  parts: number,
): { readonly from: number; readonly to: number } {
  return { from: Math.floor((parts * (number - 1)) / of), to: Math.floor((parts * number) / of) };
}

/** Reads the sample twice: once to know its digest and how many parts it has. */
export async function replayShard(
  services: ReplayServices,
  traffic: TrafficSource,
  sides: ReplaySides,
  shard: Shard,
): Promise<ShardTally> {
  const sample = await services.reporter.step('read the traffic', () => cutOf(services, traffic));
  const { from, to } = rangeOf(shard, sample.parts);
  const found = foundTraffic();
  const segments = new Segments(traffic.paths);
  await services.reporter.step(
    `replay share ${String(shard.number)} of ${String(shard.of)}`,
    async (update) => {
      const jobs = between(trafficParts(services.files, traffic, found), from, to);
      for await (const part of replayedParts(services, sides, jobs)) {
        update(`${segments.add(part).toLocaleString('en')} requests`);
      }
    },
  );
  if (digestOf(found.digests) !== sample.digest) {
    throw new InputError({
      what: `${traffic.paths.join(', ')} changed while it was read.`,
      why: 'Shares of a replay are put together only if all of them are of the same sample.',
      fix: 'Wait until the log is written, then replay every share again.',
      next: 'sluice waf replay --help',
    });
  }
  return {
    shard,
    sample,
    rules: rulesDigest(sides),
    stacks: sides.stacks,
    notes: [...new Set(found.notes)],
    segments: segments.all(),
  };
}

async function cutOf({ files }: ReplayServices, traffic: TrafficSource): Promise<SampleCut> {
  const found = foundTraffic();
  const cuts: string[] = [];
  for await (const { file, firstLine, text } of trafficParts(files, traffic, found)) {
    cuts.push(JSON.stringify([file, firstLine, text.length]));
  }
  return {
    digest: digestOf(found.digests),
    parts: cuts.length,
    cuts: `sha256:${sha256Hex(cuts.join('\n'))}`,
  };
}

/** The parts of one share; the others are read, so that the digest is that of the whole, and left out. */
async function* between(
  jobs: AsyncGenerator<TrafficPart>,
  from: number,
  to: number,
): AsyncGenerator<TrafficPart> {
  let at = 0;
  for await (const job of jobs) {
    if (at >= from && at < to) {
      yield job;
    }
    at += 1;
  }
}

function rulesDigest({ before, after }: ReplaySides): string {
  const sides = [before, after].map((side) => Object.fromEntries(side));
  return `sha256:${sha256Hex(canonicalJson(sides))}`;
}

/** As few as can be: one ends where the next part would not fit in whole. */
class Segments {
  readonly #paths: readonly string[];
  readonly #done: Segment[] = [];
  #tally = newTally();
  #count: LineCount;
  #requests = 0;

  constructor(paths: readonly string[]) {
    this.#paths = paths;
    this.#count = new LineCount(paths);
  }

  /** Requests so far. */
  add(part: ReplayPart): number {
    if (!fitsInto(this.#tally, part.tally)) {
      this.#end();
    }
    mergeTally(this.#tally, part.tally);
    this.#count.addPart(part);
    this.#requests += part.tally.requests;
    return this.#requests;
  }

  all(): readonly Segment[] {
    this.#end();
    return this.#done;
  }

  #end(): void {
    this.#done.push({ tally: this.#tally, read: this.#count.asPart() });
    this.#tally = newTally();
    this.#count = new LineCount(this.#paths);
  }
}
