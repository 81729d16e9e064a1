/** Files of recorded traffic as parts of whole lines, with the format of each. */
import { InputError } from '../errors.ts';
import { sha256Hex } from '../plan/json.ts';
import type { Files } from '../ports.ts';
import type { BadLine, TrafficPart } from '../waf/traffic/read-part.ts';
import { detectLineFormat } from '../waf/traffic/lines.ts';
import type { LineFormat } from '../waf/traffic/lines.ts';
import type { TrafficRecord } from '../waf/traffic/record.ts';
import { writeRecord } from '../waf/traffic/request-line.ts';
import { scrubRecord } from '../waf/traffic/scrub.ts';
import { readTrafficDocument } from './traffic-documents.ts';

export interface TrafficSource {
  readonly paths: readonly string[];
  /** Host of access logs that do not name one, and of regression tests that ask `localhost`. */
  readonly host: string | null;
}

interface FileOrder {
  readonly path: string;
  readonly host: string | null;
}

/** The parts of all files in order; each file's digest is added to `digests` when it has been read to its end. */
export async function* trafficParts(
  files: Files,
  { paths, host }: TrafficSource,
  digests: string[],
): AsyncGenerator<TrafficPart> {
  for (const path of paths) {
    yield* (await isDocument(files, path))
      ? documentParts(files, { path, host }, digests)
      : lineParts(files, { path, host }, digests);
  }
}

/** HAR and YAML are told by their names; a folder holds such documents. */
async function isDocument(files: Files, path: string): Promise<boolean> {
  if (/\.(?:har|har\.gz|ya?ml)$/i.test(path)) {
    return true;
  }
  // What is no folder cannot be listed; whether it can be read is found out where it is read.
  return files.list(path).then(
    () => true,
    () => false,
  );
}

async function* lineParts(
  files: Files,
  { path, host }: FileOrder,
  digests: string[],
): AsyncGenerator<TrafficPart> {
  let format: LineFormat | null = null;
  for await (const { text, firstLine, sha256 } of files.readChunks(path)) {
    if (sha256 !== null) {
      digests.push(sha256);
    }
    format ??= formatOf(path, text);
    yield { format, host, file: path, firstLine, text, unreadable: [] };
  }
}

function formatOf(path: string, text: string): LineFormat {
  const format = detectLineFormat(text);
  if (format === null) {
    throw new InputError({
      what: `${path} is no recorded traffic of a format that is read.`,
      why: 'Its first lines are neither Logpush http_requests or firewall_events, nor an access log, nor the request format.',
      fix: 'Name a log as it was delivered, plain or gzip; a HAR file or regression tests by their names (.har, .yaml).',
      next: 'sluice waf replay --help',
    });
  }
  return format;
}

/** Regression tests ask `localhost`: for a replay they are asked of the host that is named. */
function atHost(record: TrafficRecord, host: string | null): TrafficRecord {
  const { request } = record;
  if (host === null || request.host.replace(/:\d+$/, '') !== 'localhost') {
    return record;
  }
  const headers = request.headers.map(([name, value]): readonly [string, string] =>
    name.toLowerCase() === 'host' ? [name, host] : [name, value],
  );
  return { ...record, request: { ...request, host, headers } };
}

/** Requests of a document that are handed on together. */
const batch = 2000;

/** Documents become the request format; their digest is that of what they became. */
async function* documentParts(
  files: Files,
  { path, host }: FileOrder,
  digests: string[],
): AsyncGenerator<TrafficPart> {
  let lines: string[] = [];
  let unreadable: BadLine[] = [];
  const parts: string[] = [];
  const part = (): TrafficPart => {
    const text = lines.join('');
    const job: TrafficPart = { format: 'sluice', host: null, file: path, firstLine: 1, text, unreadable };
    parts.push(sha256Hex(text));
    lines = [];
    unreadable = [];
    return job;
  };
  for await (const item of readTrafficDocument(files, path)) {
    if ('bad' in item) {
      unreadable.push({ file: path, line: item.line, reason: item.bad });
    } else {
      lines.push(`${writeRecord(scrubRecord(atHost(item, host)))}\n`);
    }
    if (lines.length === batch) {
      yield part();
    }
  }
  yield part();
  digests.push(`sha256:${sha256Hex(parts.join('\n'))}`);
}
