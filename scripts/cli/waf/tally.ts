import type { SluiceContext } from '../../contract/context.ts';
import { mergeShards, type NamedTally } from '../../facts/traffic/merge-shards.ts';
import { readShardTally } from '../../facts/traffic/shard-document.ts';
import { printReplay } from './print-replay.ts';

/** `sluice waf tally merge`: the result of a replay that was split, as if one machine had replayed all of it. */
export async function tallyMerge(
  this: SluiceContext,
  { format }: { readonly format: 'text' | 'json' | 'markdown' },
  ...paths: readonly string[]
): Promise<void> {
  const services = await this.services();
  const tallies: NamedTally[] = [];
  for (const file of paths) {
    tallies.push({ file, tally: await readShardTally(services.files, file) });
  }
  await printReplay(this, format, mergeShards(services, tallies));
}
