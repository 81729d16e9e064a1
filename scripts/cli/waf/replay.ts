import { trafficSource } from './traffic-source.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { configurationsOf, selectStacks } from '../../facts/bundles.ts';
import { gatherPlan } from '../../facts/plan.ts';
import { replayFiles } from '../../facts/traffic/replay-files.ts';
import { renderReplayMarkdown } from '../../render/waf/replay-markdown.ts';
import { renderReplayText } from '../../render/waf/replay-text.ts';

export interface WafReplayFlags {
  readonly traffic?: readonly string[];
  readonly stack?: readonly string[];
  readonly host?: string;
  readonly client?: string;
  readonly country?: string;
  readonly base: string;
  readonly bundles?: string;
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
  const { summary, bad, apart } = await replayFiles(services, trafficSource(paths, flags), {
    before,
    after,
    stacks,
  });
  for (const { file, line, reason } of bad) {
    services.reporter.warn(`${file}:${String(line)}: left out, ${reason}`);
  }
  switch (flags.format) {
    case 'text':
      this.print(renderReplayText(summary, this.style));
      break;
    case 'json':
      this.print(printedJson({ kind: 'sluice.replay', version: 1, outcome: 'ok', ...summary, bad, apart }));
      break;
    case 'markdown':
      this.print(renderReplayMarkdown(summary));
      break;
  }
}
