import { trafficSource } from './traffic-source.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { configurationsOf, selectStacks } from '../../facts/bundles.ts';
import { gatherPlan } from '../../facts/plan.ts';
import { replayFiles } from '../../facts/traffic/replay-files.ts';
import { writeShardTally } from '../../facts/traffic/shard-document.ts';
import { replayShard, type Shard } from '../../facts/traffic/shards.ts';
import { printReplay } from './print-replay.ts';

export interface WafReplayFlags {
  readonly traffic?: readonly string[];
  readonly stack?: readonly string[];
  readonly host?: string;
  readonly client?: string;
  readonly country?: string;
  readonly base: string;
  readonly bundles?: string;
  readonly shard?: string;
  readonly tally?: string;
  readonly format: 'text' | 'json' | 'markdown';
}

/** `sluice waf replay`: what the proposed rules would do to recorded traffic that the old ones did not. */
export async function wafReplay(this: SluiceContext, flags: WafReplayFlags): Promise<void> {
  const paths = flags.traffic ?? [];
  if (paths.length === 0) {
    throw new UsageError({
      what: 'No traffic is named.',
      fix: 'Name the files with --traffic.',
      next: 'sluice waf replay --help',
    });
  }
  const share = shareOf(flags);
  const services = await this.services();
  const { base, bundles } = flags;
  const gathered = await gatherPlan(services, {
    stacks: [],
    base,
    ...(bundles === undefined ? {} : { bundles }),
  });
  const before = configurationsOf(gathered.base);
  const after = configurationsOf(gathered.proposed);
  const stacks = selectStacks([...new Set([...before.keys(), ...after.keys()])], flags.stack ?? []);
  const [traffic, sides] = [trafficSource(paths, flags), { before, after, stacks }];
  if (share === null) {
    await printReplay(this, flags.format, await replayFiles(services, traffic, sides));
    return;
  }
  const counted = await replayShard(services, traffic, sides, share.shard);
  await writeShardTally(services.files, share.file, counted);
  const requests = counted.segments.reduce((sum, { tally }) => sum + tally.requests, 0);
  const { number, of } = share.shard;
  this.print(
    `share ${String(number)} of ${String(of)}: ${requests.toLocaleString('en')} requests counted in ${share.file}\nNext, with those of all shares: sluice waf tally merge <files>\n`,
  );
}

interface Share {
  readonly shard: Shard;
  readonly file: string;
}

/** At most: a replay has no more parts that are worth a machine. */
const mostShards = 10_000;

/** What is to be counted into a file; null to print the whole. */
function shareOf({ shard, tally, format }: WafReplayFlags): Share | null {
  if (shard === undefined && tally === undefined) {
    return null;
  }
  if (shard === undefined || tally === undefined || format !== 'text') {
    throw new UsageError({
      what:
        format === 'text'
          ? '--shard and --tally go together.'
          : `--format ${format} does not go with --shard: a share is counted, not printed.`,
      why: 'What one share says is no result; it is put together with the others.',
      fix: 'Name the share and the file for what it counts.',
      next: 'sluice waf replay --traffic <file> --shard 1/4 --tally tally-1.json',
    });
  }
  return { shard: shardOf(shard), file: tally };
}

function shardOf(text: string): Shard {
  const [, number, of] = /^([1-9]\d{0,4})\/([1-9]\d{0,4})$/u.exec(text)?.map(Number) ?? [];
  if (number === undefined || of === undefined || number > of || of > mostShards) {
    throw new UsageError({
      what: `--shard ${JSON.stringify(text)} is not a share.`,
      fix: `Give its number and how many there are, such as 2/8: from 1, at most ${String(mostShards)}.`,
      next: 'sluice waf replay --help',
    });
  }
  return { number, of };
}
