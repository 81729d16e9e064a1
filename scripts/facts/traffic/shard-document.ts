/** The file that a share of a replay is handed on in. Counted by value, in the order in which the values came. */
import { InputError } from '../../contract/errors.ts';
import type { Files } from '../../contract/ports.ts';
import type { Json } from '../../plan/types.ts';
import { checkSchema } from '../../read/schema/schema.ts';
import { dimensions } from '../../waf/replay/tally.ts';
import type { Dimension, Tally, TallyCounter } from '../../waf/replay/tally.ts';
import { readJsonDocument } from '../bundles.ts';
import type { ShardTally } from './shards.ts';
import schema from './shard-tally.schema.json' with { type: 'json' };

interface WrittenCounter {
  readonly counts: readonly (readonly [string, number])[];
  readonly rest: number;
}

type Entries<M> = M extends ReadonlyMap<infer K, infer V> ? readonly (readonly [K, V])[] : never;
type ByDimension<C> = Readonly<Record<Dimension, C>>;
type WrittenTally = Omit<Tally, 'lost' | 'missing' | 'rules' | 'breakdowns' | 'disagreements'> & {
  readonly lost: WrittenCounter;
  readonly missing: WrittenCounter;
  readonly rules: Entries<Tally['rules']>;
  readonly disagreements: Entries<Tally['disagreements']>;
  readonly breakdowns: readonly (readonly [keyof Tally['changes'], ByDimension<WrittenCounter>])[];
};
type WrittenShard = Omit<ShardTally, 'segments'> & {
  readonly segments: readonly {
    readonly tally: WrittenTally;
    readonly read: ShardTally['segments'][number]['read'];
  }[];
};

export async function writeShardTally(files: Files, path: string, given: ShardTally): Promise<void> {
  const written: WrittenShard = {
    ...given,
    segments: given.segments.map(({ tally, read }) => ({ tally: asWritten(tally), read })),
  };
  await files.writeText(path, `${JSON.stringify({ kind: 'sluice.replay-tally', version: 1, ...written })}\n`);
}

/** Throws InputError for what is no such file. */
export async function readShardTally(files: Files, path: string): Promise<ShardTally> {
  const document = await readJsonDocument(files, path);
  const read = checkSchema<WrittenShard & { readonly kind: Json; readonly version: Json }>(schema, document);
  if (!read.ok) {
    throw new InputError({
      what: `${path} is not the tally of a share of a replay.`,
      diagnostics: read.diagnostics,
      fix: 'Name files that `sluice waf replay --shard --tally` wrote, of this version of Sluice.',
      next: 'sluice waf tally merge --help',
    });
  }
  const { kind: _kind, version: _version, ...shard } = read.value;
  return {
    ...shard,
    segments: shard.segments.map((segment) => ({ read: segment.read, tally: asTally(segment.tally) })),
  };
}

function asWritten(tally: Tally): WrittenTally {
  return {
    ...tally,
    lost: writtenCounter(tally.lost),
    missing: writtenCounter(tally.missing),
    rules: [...tally.rules],
    disagreements: [...tally.disagreements],
    breakdowns: [...tally.breakdowns].map(([change, counters]) => [
      change,
      each((dimension) => writtenCounter(counters[dimension])),
    ]),
  };
}

function asTally(written: WrittenTally): Tally {
  return {
    ...written,
    lost: asCounter(written.lost),
    missing: asCounter(written.missing),
    rules: new Map(written.rules),
    disagreements: new Map(written.disagreements),
    breakdowns: new Map(
      written.breakdowns.map(([change, counters]) => [
        change,
        each((dimension) => asCounter(counters[dimension])),
      ]),
    ),
  };
}

function writtenCounter({ counts, rest }: TallyCounter): WrittenCounter {
  return { counts: [...counts], rest };
}

function asCounter({ counts, rest }: WrittenCounter): TallyCounter {
  return { counts: new Map(counts), rest };
}

function each<T>(of: (dimension: Dimension) => T): ByDimension<T> {
  return Object.fromEntries(dimensions.map((dimension) => [dimension, of(dimension)])) as ByDimension<T>;
}
