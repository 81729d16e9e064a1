/** Files of recorded traffic as parts of whole lines, with the format of each. */
import { InputError, UsageError } from '../../contract/errors.ts';
import { sha256Hex } from '../../json/json.ts';
import type { Files, Reporter } from '../../contract/ports.ts';
import type { BadLine, TrafficPart } from '../../waf/traffic/read-part.ts';
import { countryFields } from '../../waf/traffic/countries.ts';
import { detectCsv, detectLineFormat, notesOnLines } from '../../waf/traffic/lines.ts';
import type { CsvHead, LineFormat } from '../../waf/traffic/lines.ts';
import type { TrafficRecord } from '../../waf/traffic/record.ts';
import { writeRecord } from '../../waf/traffic/request-line.ts';
import { scrubRecord } from '../../waf/traffic/scrub.ts';
import { isRowDocument, readRowDocument } from './row-documents.ts';
import { readTrafficDocument } from './documents.ts';

export interface TrafficSource {
  readonly paths: readonly string[];
  /** Host of access logs that do not name one, and of regression tests that ask `localhost`. */
  readonly host: string | null;
  /** For documents of requests, whose clients nobody recorded; null when no client is to be assumed. */
  readonly client: AssumedClient | null;
}

/** Who is taken to have sent a request that does not say who did. */
interface AssumedClient {
  readonly address: string | null;
  /** In capitals. */
  readonly country: string | null;
}

/** What is found out while files are read. */
export interface FoundTraffic {
  /** Of each file that was read to its end, in order. */
  readonly digests: string[];
  /** What a person should know of how the files were read. */
  readonly notes: string[];
}

export function foundTraffic(): FoundTraffic {
  return { digests: [], notes: [] };
}

export function reportNotes(reporter: Pick<Reporter, 'warn'>, notes: readonly string[]): void {
  for (const note of new Set(notes)) {
    reporter.warn(note);
  }
}

type FileOrder = Pick<TrafficSource, 'host' | 'client'> & { readonly path: string };

/** The parts of all files in order; each file's digest is added to `found` when it has been read to its end. */
export async function* trafficParts(
  files: Files,
  { paths, host, client }: TrafficSource,
  found: FoundTraffic,
): AsyncGenerator<TrafficPart> {
  for (const path of paths) {
    const isOfRequests = await isDocument(files, path);
    if (client !== null && !isOfRequests) {
      throw new UsageError({
        what: `--client and --country do not go with ${path}.`,
        why: 'A log says who its clients were, or does not know: one for all would be made up. They are for tests and HAR documents.',
        fix: 'Leave them away, or name documents of requests only.',
        next: 'sluice waf replay --help',
      });
    }
    yield* isOfRequests
      ? documentParts(readTrafficDocument(files, path), { path, host, client }, found)
      : lineParts(files, { path, host, client }, found);
  }
}

/** HAR and YAML are told by their names; a folder holds such documents. */
async function isDocument(files: Files, path: string): Promise<boolean> {
  if (/\.(?:har|har\.gz|ya?ml)$/i.test(path)) {
    return true;
  }
  // What is not a folder cannot be listed; whether it can be read is found out where it is read.
  return files.list(path).then(
    () => true,
    () => false,
  );
}

async function* lineParts(
  files: Files,
  { path, host, client }: FileOrder,
  found: FoundTraffic,
): AsyncGenerator<TrafficPart> {
  let detected: Detected | null = null;
  for await (const { text, firstLine, sha256 } of files.readChunks(path)) {
    if (detected === null && isRowDocument(text)) {
      yield* rowParts(files, { path, host, client }, found);
      return;
    }
    if (sha256 !== null) {
      found.digests.push(sha256);
    }
    if (detected === null) {
      detected = formatOf(path, text);
      found.notes.push(...notesOnLines(text, detected.csv).map((note) => `${path}: ${note}.`));
    }
    yield { ...detected, host, file: path, firstLine, text, unreadable: [] };
  }
}

/** Rows of one document become lines; a number of a line is then that of the row, from 1. */
async function* rowParts(
  files: Files,
  { path, host }: FileOrder,
  found: FoundTraffic,
): AsyncGenerator<TrafficPart> {
  const { rows, notes } = await readRowDocument(files, path);
  found.notes.push(...notes);
  const parts: string[] = [];
  for (let at = 0; at < rows.length; at += batch) {
    const text = rows.slice(at, at + batch).join('\n');
    const detected = formatOf(path, text);
    parts.push(sha256Hex(text));
    if (at === 0) {
      found.notes.push(...notesOnLines(text, null).map((note) => `${path}: ${note}.`));
    }
    yield { ...detected, host, file: path, firstLine: at + 1, text, unreadable: [] };
  }
  found.digests.push(`sha256:${sha256Hex(parts.join('\n'))}`);
}

interface Detected {
  readonly format: LineFormat;
  readonly csv: CsvHead | null;
}

function formatOf(path: string, text: string): Detected {
  const format = detectLineFormat(text);
  const csv = format === null ? detectCsv(text) : null;
  if (csv !== null) {
    return { format: csv.format, csv: csv.head };
  }
  if (format === null) {
    throw new InputError({
      what: `${path} is not recorded traffic of a format that is read.`,
      why: 'Its first lines are neither Logpush http_requests or firewall_events (JSON, or CSV whose first line names the columns), nor an access log, nor the request format.',
      fix: 'Name a log as it was delivered, plain or gzip; a HAR file or regression tests by their names (.har, .yaml).',
      next: 'sluice waf replay --help',
    });
  }
  return { format, csv: null };
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

/** What a request says of its client stands. */
function byClient(record: TrafficRecord, client: AssumedClient | null): TrafficRecord {
  if (client === null) {
    return record;
  }
  const { request } = record;
  const { address, country } = client;
  return {
    ...record,
    request: {
      ...request,
      clientAddress: request.clientAddress ?? address,
      fields: { ...(country === null ? {} : countryFields(country)), ...request.fields },
    },
  };
}

/** Requests of a document that are handed on together. */
const batch = 2000;

/** Documents become the request format; their digest is that of what they became. */
async function* documentParts(
  items: ReturnType<typeof readTrafficDocument>,
  { path, host, client }: FileOrder,
  found: FoundTraffic,
): AsyncGenerator<TrafficPart> {
  let lines: string[] = [];
  let unreadable: BadLine[] = [];
  const parts: string[] = [];
  const part = (): TrafficPart => {
    const text = lines.join('');
    const job: TrafficPart = {
      format: 'sluice',
      host: null,
      file: path,
      firstLine: 1,
      text,
      unreadable,
    };
    parts.push(sha256Hex(text));
    lines = [];
    unreadable = [];
    return job;
  };
  for await (const item of items) {
    if ('bad' in item) {
      unreadable.push({ file: path, line: item.line, reason: item.bad });
    } else {
      lines.push(`${writeRecord(scrubRecord(byClient(atHost(item, host), client)))}\n`);
    }
    if (lines.length === batch) {
      yield part();
    }
  }
  yield part();
  found.digests.push(`sha256:${sha256Hex(parts.join('\n'))}`);
}
