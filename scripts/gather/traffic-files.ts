/** Files of recorded traffic as parts of whole lines, with the format of each. */
import { InputError } from '../errors.ts';
import type { Files } from '../ports.ts';
import type { ReplayJob } from '../waf/replay/chunk.ts';
import { detectLineFormat } from '../waf/traffic/lines.ts';
import type { LineFormat } from '../waf/traffic/lines.ts';

export interface TrafficOrder {
  readonly paths: readonly string[];
  /** Host of access logs that do not name one. */
  readonly host: string | null;
}

/** The parts of all files in order; each file's digest is added to `digests` when it has been read to its end. */
export async function* trafficParts(
  files: Files,
  { paths, host }: TrafficOrder,
  digests: string[],
): AsyncGenerator<ReplayJob> {
  for (const file of paths) {
    let format: LineFormat | null = null;
    for await (const { text, firstLine, sha256 } of files.readChunks(file)) {
      if (sha256 !== null) {
        digests.push(sha256);
      }
      format ??= formatOf(file, text);
      yield { format, host, file, firstLine, text };
    }
  }
}

function formatOf(file: string, text: string): LineFormat {
  const format = detectLineFormat(text);
  if (format === null) {
    throw new InputError({
      what: `${file} is no recorded traffic of a format that is read.`,
      why: 'Its first lines are neither Logpush http_requests or firewall_events, nor an access log, nor the request format.',
      fix: 'Name a log as it was delivered, plain or gzip; a HAR file or regression tests by their names (.har, .yaml).',
      next: 'sluice waf replay --help',
    });
  }
  return format;
}
