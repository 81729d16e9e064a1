import type { SluiceContext } from '../context.ts';
import { UsageError } from '../errors.ts';
import { importTraffic } from '../gather/import-traffic.ts';
import { canonicalJson } from '../plan/json.ts';
import { renderImport } from '../render/import-text.ts';

export interface TrafficImportFlags {
  readonly out?: string;
  readonly host?: string;
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
  const imported = await importTraffic(services, { paths, host: flags.host ?? null }, out);
  this.print(
    flags.format === 'json'
      ? `${canonicalJson({ kind: 'sluice.import', version: 1, outcome: 'ok', ...imported })}\n`
      : renderImport(imported, this.style),
  );
}
