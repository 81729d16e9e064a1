/** Reads a request as it goes over the wire in HTTP/1: request line, headers, an empty line, body. */
import type { RecordedRequest } from '../evaluate/request.ts';
import { readAbsoluteUrl } from './absolute-url.ts';
import { decodeChunked, isChunked } from './chunked.ts';

export type ParsedRequest = { readonly request: RecordedRequest } | { readonly bad: string };

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const requestLine = new RegExp(String.raw`^(${token}) (\S+) (HTTP/1\.[01])$`);
const headerLine = new RegExp(String.raw`^(${token}):[ \t]*(.*?)[ \t]*$`);

/**
 * `bytes` has one character per byte. Lines may end in a bare line feed, as senders of tests write them. A request that
 * Cloudflare would not take as one is bad: no rule ever sees it.
 */
export function readRawRequest(bytes: string, scheme: RecordedRequest['scheme']): ParsedRequest {
  const end = /\r?\n\r?\n/.exec(bytes) ?? { index: bytes.length, 0: '' };
  const head = decodeUtf8(bytes.slice(0, end.index).replace(/^(?:\r?\n)+/, ''));
  if (head === null) {
    return { bad: 'its request line or a header is not UTF-8' };
  }
  const [first = '', ...lines] = head.split(/\r?\n/);
  const line = requestLine.exec(first);
  if (line === null) {
    return { bad: 'its first line is not a request line of HTTP/1' };
  }
  const headers = headersOf(lines);
  if (headers === null) {
    return { bad: 'a line among its headers is not a header' };
  }
  return withoutChunks(assembled(line, headers, { scheme, body: bytes.slice(end.index + end[0].length) }));
}

function assembled(
  [, method = '', target = '', httpVersion = '']: RegExpExecArray,
  headers: RecordedRequest['headers'],
  { scheme, body }: Pick<RecordedRequest, 'scheme'> & { readonly body: string },
): ParsedRequest {
  const address = readAbsoluteUrl(target) ?? {
    host: headers.find(([name]) => name.toLowerCase() === 'host')?.[1].toLowerCase() ?? '',
    target,
  };
  if (address.host === '') {
    return { bad: 'it names no host' };
  }
  return {
    request: {
      method,
      scheme,
      host: address.host,
      target: address.target,
      httpVersion,
      headers,
      hasAllHeaders: true,
      clientAddress: null,
      body,
      fields: {},
      normalizesUrls: true,
    },
  };
}

/** A request whose body was sent in chunks has the body that they make; one with a damaged chunk is bad. */
export function withoutChunks(read: ParsedRequest): ParsedRequest {
  if ('bad' in read || read.request.body === null || !isChunked(read.request.headers)) {
    return read;
  }
  const body = decodeChunked(read.request.body);
  return body === null
    ? { bad: 'its chunks are damaged, or the last one is missing' }
    : { request: { ...read.request, body } };
}

function headersOf(lines: readonly string[]): RecordedRequest['headers'] | null {
  const headers = lines
    .filter((line) => line !== '')
    .map((line) => {
      const [, name = '', value = ''] = headerLine.exec(line) ?? [];
      return [name, value] as const;
    });
  return headers.every(([name]) => name !== '') ? headers : null;
}

function decodeUtf8(bytes: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)),
    );
  } catch {
    return null;
  }
}
