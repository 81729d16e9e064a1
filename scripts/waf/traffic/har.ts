/**
 * Reads HAR documents (HTTP Archive 1.2: `log.entries`, each with a `request`) as parts of text, without holding what was
 * answered. A request that a browser answered itself, of a `data:` or `blob:` address for example, is none.
 */
import { toByteString } from '../language/literals.ts';
import type { RecordedRequest } from '../evaluate/request.ts';
import { readAbsoluteUrl } from './absolute-url.ts';
import type { RequestAddress } from './absolute-url.ts';
import type { BadEntry } from './bad-entry.ts';
import { decodeBase64 } from './base64.ts';
import { jsonEntries } from './json-entries.ts';
import type { EntryShape, JsonEntry, EntryValue } from './json-entries.ts';
import { tooLong } from './json-tokens.ts';
import type { JsonFlaw } from './json-tokens.ts';
import type { TrafficRecord } from './record.ts';

export interface HarReader {
  /** The requests that end in this part. After a flaw the document is to be refused: what was read is a part of it. */
  readonly push: (part: string) => {
    readonly requests: readonly (TrafficRecord | BadEntry)[];
    readonly flaw: JsonFlaw | null;
  };
  /** To be called once, after the last part. */
  readonly end: () => JsonFlaw | null;
}

/** In characters. A longer body is not kept, and is then not known; a longer header makes the entry a bad one. */
const maxText = 128 * 1024;
/** Headers of a request that a server takes are some tens of kilobytes at most. */
const maxEntry = 1024 * 1024;

const shape: EntryShape = {
  list: ['log', 'entries'],
  entry: {
    members: {
      startedDateTime: 'scalar',
      request: {
        members: {
          method: 'scalar',
          url: 'scalar',
          httpVersion: 'scalar',
          headers: { each: { members: { name: 'scalar', value: 'scalar' } } },
          postData: { members: { text: 'scalar', encoding: 'scalar', _encoding: 'scalar' } },
          bodySize: 'scalar',
        },
      },
    },
  },
  maxText,
  maxEntry,
};

/** `name` is what the ids of the requests begin with: `<name>#1` is the first entry. */
export function harReader(name: string): HarReader {
  const entries = jsonEntries(shape);
  let count = 0;
  return {
    push: (part) => {
      const read = entries.push(part);
      const requests = read.entries.flatMap((entry) => {
        count += 1;
        return readEntry(entry, `${name}#${String(count)}`);
      });
      return { requests, flaw: read.flaw };
    },
    end: () => entries.end(),
  };
}

type HarMembers = ReadonlyMap<string, EntryValue>;

const nothing: HarMembers = new Map();

function membersOf(value: EntryValue | undefined): HarMembers {
  return value instanceof Map ? value : nothing;
}

/** Empty for what is not text that was kept. */
function textOf(members: HarMembers, name: string): string {
  const value = members.get(name);
  return typeof value === 'string' ? value : '';
}

function readEntry(
  { line, value, isTooLarge }: JsonEntry,
  id: string,
): readonly (TrafficRecord | BadEntry)[] {
  if (isTooLarge) {
    return [{ bad: 'its headers are larger than any server takes', line }];
  }
  const entry = membersOf(value);
  const request = membersOf(entry.get('request'));
  const url = textOf(request, 'url');
  if (textOf(request, 'method') === '' || url === '') {
    return [{ bad: 'the entry has no request with a method and an url', line }];
  }
  const address = readAbsoluteUrl(url);
  if (address === null) {
    return isOfNoServer(url) ? [] : [{ bad: 'request.url is not an absolute address', line }];
  }
  const headers = headersOf(request.get('headers'));
  return headers === null
    ? [{ bad: 'request.headers is not a list of names and values that can be kept', line }]
    : [
        {
          id,
          at: timeOf(textOf(entry, 'startedDateTime')),
          request: recordedRequest(request, address, headers),
          recorded: null,
        },
      ];
}

function isOfNoServer(url: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(url) && !/^(?:https?|wss?):/i.test(url);
}

function recordedRequest(
  request: HarMembers,
  address: RequestAddress,
  headers: RecordedRequest['headers'],
): RecordedRequest {
  const method = textOf(request, 'method');
  const httpVersion = versionOf(textOf(request, 'httpVersion'), headers);
  const sent = headers.filter(([name]) => !name.startsWith(':'));
  const hasHost = sent.some(([name]) => name.toLowerCase() === 'host');
  const host = [httpVersion.startsWith('HTTP/1') ? 'Host' : 'host', address.host] as const;
  return {
    method,
    ...address,
    httpVersion,
    headers: hasHost ? sent : [host, ...sent],
    hasAllHeaders: sent.some(([name]) => isCredential(name)),
    clientAddress: null,
    body: bodyOf(method, request),
    fields: {},
    normalizesUrls: true,
  };
}

/** Null when a name or value is missing or was too long: half of the headers would pass for all of them. */
function headersOf(value: EntryValue | undefined): RecordedRequest['headers'] | null {
  if (!Array.isArray(value)) {
    return value === undefined ? [] : null;
  }
  const headers = value.flatMap((item: EntryValue) => {
    const name = textOf(membersOf(item), 'name');
    const text = membersOf(item).get('value');
    return typeof text === 'string' && name !== '' ? [[name, text] as const] : [];
  });
  return headers.length === value.length ? headers : null;
}

/**
 * Browsers leave Cookie and Authorization out of what they export, unless they are told otherwise. A document with one
 * of them is not such an export; of any other nobody can tell which headers are missing.
 */
function isCredential(name: string): boolean {
  return ['cookie', 'authorization'].includes(name.toLowerCase());
}

/** Browsers write `h2`, `HTTP/2.0` and `http/2`; where none is written, names in capitals were sent by HTTP/1.1. */
function versionOf(written: string, headers: RecordedRequest['headers']): string {
  const number = /^(?:https?\/|h)([123])(?:\.([01]))?/i.exec(written);
  if (number === null) {
    return headers.some(([name]) => /^[A-Z]/.test(name)) ? 'HTTP/1.1' : 'HTTP/2';
  }
  const [, major = '', minor = '1'] = number;
  return major === '1' ? `HTTP/1.${minor}` : `HTTP/${major}`;
}

/** Body as bytes; null when it was not kept whole. A text with replacement characters was not text. */
function bodyOf(method: string, request: HarMembers): string | null {
  const posted = membersOf(request.get('postData'));
  const text = posted.get('text');
  if (typeof text === 'string' && text !== '') {
    const isBase64 = [posted.get('encoding'), posted.get('_encoding')].includes('base64');
    return isBase64 ? decodeBase64(text) : text.includes('\uFFFD') ? null : toByteString(text);
  }
  if (text === tooLong) {
    return null;
  }
  return request.get('bodySize') === 0 || method === 'GET' || method === 'HEAD' ? '' : null;
}

/** A time without an offset is of nobody knows which zone. */
function timeOf(written: string): string | null {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$/.test(written)
    ? Date.parse(written)
    : Number.NaN;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
