/** Recorded traffic as a sample: converted, scrubbed, written under its digest. */
import type { Services } from '../../contract/context.ts';
import type { ApartCount } from '../../waf/traffic/apart.ts';
import type { BadLine } from '../../waf/traffic/read-part.ts';
import { readPart } from '../../waf/traffic/read-part.ts';
import { writeRecord } from '../../waf/traffic/request-line.ts';
import { LineCount } from './line-count.ts';
import { foundTraffic, reportNotes, trafficParts } from './files.ts';
import type { FoundTraffic, TrafficSource } from './files.ts';

export interface ImportedTraffic {
  readonly path: string;
  /** `sha256:…`, what a change record names. */
  readonly sample: string;
  readonly requests: number;
  readonly badLines: number;
  /** The first few. */
  readonly bad: readonly BadLine[];
  readonly apart: ApartCount;
}

/** Throws InputError for a file that cannot be read to its end, and for too many unreadable lines. */
export async function importTraffic(
  services: Services,
  traffic: TrafficSource,
  folder: string,
): Promise<ImportedTraffic> {
  const count = new LineCount(traffic.paths);
  const found = foundTraffic();
  const written = await services.reporter.step('import', async (update) =>
    services.files.writeByDigest(folder, convertedParts(services, traffic, { count, found, update })),
  );
  count.reportApart(services.reporter);
  reportNotes(services.reporter, found.notes);
  return {
    path: written.path,
    sample: written.sha256,
    requests: count.requests,
    badLines: count.badLines,
    bad: count.bad,
    apart: count.apart,
  };
}

interface Progress {
  readonly count: LineCount;
  readonly found: FoundTraffic;
  readonly update: (detail: string) => void;
}

async function* convertedParts(
  services: Services,
  traffic: TrafficSource,
  { count, found, update }: Progress,
): AsyncGenerator<string> {
  for await (const part of trafficParts(services.files, traffic, found)) {
    const lines: string[] = [];
    count.addPart(readPart(part, (record) => lines.push(`${writeRecord(record)}\n`)));
    yield lines.join('');
    update(`${count.requests.toLocaleString('en')} requests`);
  }
  count.refuseUnreadable();
}
