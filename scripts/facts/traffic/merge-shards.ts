/** Puts the tallies of all shares of a replay together: exactly what one machine would have counted. */
import type { Services } from '../../contract/context.ts';
import { InputError } from '../../contract/errors.ts';
import { canonicalJson } from '../../json/json.ts';
import { mergeTally, newTally } from '../../waf/replay/tally.ts';
import { LineCount } from './line-count.ts';
import { conclude } from './replay-files.ts';
import type { ReplayedFiles } from './replay-files.ts';
import type { ShardTally } from './shards.ts';

export interface NamedTally {
  readonly file: string;
  readonly tally: ShardTally;
}

/** Throws InputError unless they are all the shares of one replay, each once. */
export function mergeShards(
  services: Pick<Services, 'reporter'>,
  given: readonly NamedTally[],
): ReplayedFiles {
  const shares = given.toSorted((a, b) => a.tally.shard.number - b.tally.shard.number);
  const [first] = shares;
  if (first === undefined) {
    throw refused('No tally is named.', 'Name the files that `sluice waf replay --shard --tally` wrote.');
  }
  refuseStrangers(shares, first);
  refuseGaps(shares, first.tally.shard.of);
  const tally = newTally();
  const count = new LineCount(given.map(({ file }) => file));
  for (const segment of shares.flatMap((share) => share.tally.segments)) {
    mergeTally(tally, segment.tally);
    count.addPart(segment.read);
  }
  const { sample, stacks } = first.tally;
  const notes = shares.flatMap((share) => share.tally.notes);
  return conclude(services, { tally, count, digest: sample.digest, stacks }, notes);
}

/** What all shares of one replay have in common, in words. */
const common: readonly (readonly [string, (tally: ShardTally) => unknown])[] = [
  ['another number of shares', ({ shard }) => shard.of],
  ['another sample', ({ sample }) => sample],
  ['other rules', ({ rules }) => rules],
  ['other stacks', ({ stacks }) => stacks],
];

function refuseStrangers(shares: readonly NamedTally[], first: NamedTally): void {
  for (const { file, tally } of shares) {
    const other = common.find(([, of]) => canonicalJson([of(tally)]) !== canonicalJson([of(first.tally)]));
    if (other !== undefined) {
      throw refused(
        `${file} is of ${other[0]} than ${first.file}.`,
        'Name the tallies of one replay: the same files of traffic, the same rules, the same stacks, the same number of shares.',
      );
    }
  }
}

function refuseGaps(shares: readonly NamedTally[], of: number): void {
  const numbers = shares.map(({ tally }) => tally.shard.number);
  const twice = numbers.find((number, at) => numbers.indexOf(number) !== at);
  if (twice !== undefined) {
    throw refused(`Share ${String(twice)} of ${String(of)} is named twice.`, 'Name each share once.');
  }
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter((number) => !numbers.includes(number));
  if (missing.length > 0) {
    throw refused(
      `Of ${String(of)} shares ${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ', …' : ''} ${missing.length === 1 ? 'is' : 'are'} missing.`,
      'Replay what is missing, then name all of them.',
    );
  }
}

function refused(what: string, fix: string): InputError {
  return new InputError({
    what,
    why: 'A part of the traffic says nothing about the rest: what is printed would pass for the whole.',
    fix,
    next: 'sluice waf tally merge --help',
  });
}
