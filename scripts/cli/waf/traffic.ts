import { trafficSource } from './traffic-source.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { configurationsOf, fromFolder, synthesized } from '../../facts/bundles.ts';
import { importTraffic } from '../../facts/traffic/import-traffic.ts';
import { sha256Hex } from '../../json/json.ts';
import { renderGenerated, renderImport } from '../../render/waf/import-text.ts';
import { generateCorpus, profiles } from '../../waf/replay/corpus/generate.ts';

export interface TrafficImportFlags {
  readonly out?: string;
  readonly host?: string;
  readonly client?: string;
  readonly country?: string;
  readonly format: 'text' | 'json';
}

/** `sluice waf traffic import`: recorded traffic of any kind as a sample that a change record can name. */
export async function trafficImport(
  this: SluiceContext,
  flags: TrafficImportFlags,
  ...paths: string[]
): Promise<void> {
  if (paths.length === 0) {
    throw new UsageError({
      what: 'No file is named.',
      fix: 'Name the logs that the sample is made of.',
      next: 'sluice waf traffic import --help',
    });
  }
  const services = await this.services();
  const out = flags.out ?? services.trafficFolder ?? '.sluice/traffic';
  const imported = await importTraffic(services, trafficSource(paths, flags), out);
  this.print(
    flags.format === 'json'
      ? printedJson({ kind: 'sluice.import', version: 1, outcome: 'ok', ...imported })
      : renderImport(imported, this.style),
  );
}

export interface TrafficGenerateFlags {
  readonly requests: number;
  readonly out?: string;
  readonly bundles?: string;
}

/** `sluice waf traffic generate`: a made-up day of an example client, always the same, to try a replay on. */
export async function trafficGenerate(
  this: SluiceContext,
  flags: TrafficGenerateFlags,
  client: string,
): Promise<void> {
  const profile = profiles.find((one) => one.client === client);
  if (profile === undefined) {
    throw new UsageError({
      what: `There is no made-up traffic for ${client}.`,
      why: `There is for: ${profiles.map((one) => one.client).join(', ')}. Traffic of your own is read from logs.`,
      next: 'sluice waf traffic import --help',
    });
  }
  const { files, git, reporter, localSynth } = await this.services();
  const bundles =
    flags.bundles === undefined
      ? await reporter.step('synthesize', async () => synthesized(localSynth, await git.root()))
      : await fromFolder(files, flags.bundles);
  const { lines, kinds } = generateCorpus(profile, flags.requests, configurationsOf(bundles));
  const out = flags.out ?? `.sluice/traffic/${client}.ndjson`;
  const text = `${lines.join('\n')}\n`;
  await files.writeText(out, text);
  this.print(renderGenerated({ out, requests: lines.length, kinds, sha256: sha256Hex(text) }));
}
