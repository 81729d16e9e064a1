/**
 * Access logs of web servers: the common and the combined format, with or without a leading column for the host. They know
 * the client, path, referer and agent, and nothing that only the edge knows.
 */
import type { RecordedRequest } from '../evaluate/request.ts';
import type { ReadLine } from './request-line.ts';

const text = String.raw`"((?:[^"\\]|\\.)*)"`;
const format = new RegExp(
  String.raw`^(?:([^\s"[\]]+)\s+)?(\S+) \S+ \S+ \[([^\]]{1,40})\] ${text} (\d{3}|-) (?:\d+|-)(?: ${text} ${text})?`,
  'u',
);
const requestLine = /^([A-Za-z!#$%&'*+.^_`|~-]{1,32}) (\S+)(?: (HTTP\/\d(?:\.\d)?))?$/u;

export function isCombined(line: string): boolean {
  return format.test(line);
}

/** `host` is that of lines without a column for it; null when there is none to assume. The log does not tell what the edge did. */
export function readCombined(line: string, host: string | null, place: string): ReadLine {
  const found = format.exec(line);
  if (found === null) {
    return notOfLog;
  }
  const [, ownHost, client = '', time = '', asked = '', , referer, agent] = found;
  const servedFor = ownHost ?? host;
  if (servedFor === null) {
    return { bad: 'it does not say which host was asked: name it with --host' };
  }
  const request = requestOf({ client, host: servedFor, asked: unescaped(asked), referer, agent });
  return request === null ? notOfLog : { id: place, at: timeOf(time), request, recorded: null };
}

const notOfLog = { bad: 'it is not a line of an access log' };

interface Parts {
  readonly client: string;
  readonly host: string;
  /** Method, target and version, as the client sent them. */
  readonly asked: string;
  readonly referer: string | undefined;
  readonly agent: string | undefined;
}

function requestOf({ client, host, asked, referer, agent }: Parts): RecordedRequest | null {
  const [, method, target, version = ''] = requestLine.exec(asked) ?? [];
  if (method === undefined || target === undefined) {
    return null;
  }
  const headers: [string, string][] = [['host', host]];
  const fields: Record<string, string> = {};
  for (const [value, name, field] of [
    [agent, 'user-agent', 'http.user_agent'],
    [referer, 'referer', 'http.referer'],
  ] as const) {
    if (value === '-' || value === '') {
      fields[field] = '';
    } else if (value !== undefined) {
      headers.push([name, unescaped(value)]);
    }
  }
  return {
    method,
    scheme: null,
    host,
    target,
    httpVersion: version,
    headers,
    hasAllHeaders: false,
    clientAddress: client,
    body: null,
    fields,
    normalizesUrls: true,
  };
}

/** `\xHH` and `\"` as servers write them. */
function unescaped(value: string): string {
  return value.includes('\\')
    ? value.replaceAll(/\\x([0-9a-fA-F]{2})|\\(.)/gu, (_, hex: string | undefined, one: string | undefined) =>
        hex === undefined ? (one ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : value;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `10/Oct/2026:13:55:36 +0200` in UTC. */
function timeOf(written: string): string | null {
  const found = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/u.exec(written);
  const [, day = '', month = '', year = '', time = '', hours = '', minutes = ''] = found ?? [];
  const nth = months.indexOf(month) + 1;
  const at = Date.parse(`${year}-${String(nth).padStart(2, '0')}-${day}T${time}${hours}:${minutes}`);
  return found === null || nth === 0 || Number.isNaN(at) ? null : new Date(at).toISOString();
}
