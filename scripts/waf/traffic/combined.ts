/**
 * Access logs of web servers: the common and the combined format, with or without a leading column for the host. They know
 * the client, path, referer and agent, and nothing that only the edge knows.
 */
import { readIp } from '../language/ip.ts';
import type { RecordedRequest } from '../evaluate/request.ts';
import { cloudflareNetworks, isAddressIn, reservedNetworks } from '../evaluate/special-networks.ts';
import { readAbsoluteUrl } from './absolute-url.ts';
import type { ReadLine } from './request-line.ts';

const quoted = String.raw`"((?:[^"\\]|\\.)*)"`;
const format = new RegExp(
  String.raw`^(?:([^\s"[\]]+|\[[\d:a-fA-F.]+\](?::\d{1,5})?)\s+)?(\S+) \S+ \S+ \[([^\]]{1,40})\] ${quoted} (\d{1,3}|-) (?:\d+|-)(?: ${quoted} ${quoted})?`,
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
  const [, ownHost, client, time, requestText = '', status = '', referer, agent] = found;
  const parts = partsOf(unescaped(requestText));
  if (parts === null) {
    return withoutRequest(requestText, status);
  }
  if (parts.isForServerOnly) {
    return noRequest;
  }
  const servedFor = parts.host ?? hostOfColumns(ownHost, host);
  if (servedFor === null) {
    return { bad: 'it does not say which host was asked: name it with --host' };
  }
  const request = requestOf({ ...parts, client: visitorOf(client ?? ''), host: servedFor, referer, agent });
  return { id: place, at: timeOf(time ?? ''), request, recorded: null };
}

const notOfLog = { bad: 'it is not a line of an access log' } as const;
const noRequest = { apart: 'no-request' } as const;

/** A line of a request that nobody could read; another text in its place is none of a log. */
function withoutRequest(requestText: string, status: string): ReadLine {
  return isUnreadAnswer(status) || isNothing(requestText) ? noRequest : notOfLog;
}

/** What servers write for a connection that ended before a request was sent. */
function isNothing(requestText: string): boolean {
  return requestText === '' || requestText === '-';
}

/** A server answers what it cannot read with an error, or with nothing: no rule of Cloudflare ever sees it. */
function isUnreadAnswer(status: string): boolean {
  return !/^[123]\d\d$/u.test(status);
}

interface RequestLine {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  /** The host that the target names itself. */
  readonly host: string | null;
  /** `CONNECT` and `PRI *`: asked of this server and never through Cloudflare. */
  readonly isForServerOnly: boolean;
}

/** Null for what is not a request line. */
function partsOf(requestText: string): RequestLine | null {
  const [, method, written, version = ''] = requestLine.exec(requestText) ?? [];
  if (method === undefined || written === undefined) {
    return null;
  }
  const address = readAbsoluteUrl(written);
  return {
    method,
    target: address?.target ?? written,
    version,
    host: address === null ? null : withoutServerPort(address.host),
    isForServerOnly: method === 'CONNECT' || method === 'PRI',
  };
}

function hostOfColumns(own: string | undefined, assumed: string | null): string | null {
  return hostOfColumn(own) ?? hostOfColumn(assumed ?? undefined);
}

/** The column of a server without a name holds a dash or an underscore. */
function hostOfColumn(column: string | undefined): string | null {
  return column === undefined || column === '-' || column === '_' ? null : withoutServerPort(column);
}

/** Ports at which Cloudflare takes requests: Cloudflare documentation, network ports, as of 2026-11. */
const edgePorts: ReadonlySet<string> = new Set(
  '80 8080 8880 2052 2082 2086 2095 443 2053 2083 2087 2096 8443'.split(' '),
);
const usualPorts: ReadonlySet<string> = new Set(['80', '443']);

/** Servers write their own port behind the host. A client sends one only when it is not the usual one, and one that the edge has. */
function withoutServerPort(host: string): string {
  const [, name = '', port = ''] = /^(.+):(\d{1,5})$/u.exec(host) ?? [];
  return name === '' || (edgePorts.has(port) && !usualPorts.has(port)) ? host : name;
}

/**
 * The address of the visitor without a port; null when the log has that of Cloudflare or of a proxy before the server:
 * whom it stood for is not known.
 */
function visitorOf(column: string): string | null {
  const written = /^\[([^\]]+)\](?::\d+)?$/u.exec(column)?.[1] ?? column.replace(/^([\d.]+):\d+$/u, '$1');
  // A server that listens to both families at once writes IPv4 as a part of IPv6.
  const text = written.replace(/^::ffff:(?=\d+\.)/iu, '');
  const address = readIp(text);
  return address === null ||
    isAddressIn(address, cloudflareNetworks) ||
    isAddressIn(address, reservedNetworks)
    ? null
    : text;
}

interface Parts extends Omit<RequestLine, 'host'> {
  readonly client: string | null;
  readonly host: string;
  readonly referer: string | undefined;
  readonly agent: string | undefined;
}

function requestOf({ method, target, version, client, host, referer, agent }: Parts): RecordedRequest {
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
