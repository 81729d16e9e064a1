/**
 * Turns one request into the fields that expressions ask about. What the request does not say is left out, and is then
 * unknown to every expression; nothing is guessed. Texts are byte strings, one character per byte.
 */
import { unreachable } from '../language/exhaustive.ts';
import { readIp } from '../language/ip.ts';
import { toByteString } from '../language/literals.ts';
import { isArray, PartialMap } from './runtime.ts';
import type { RequestFields, RuntimeValue } from './runtime.ts';
import { scrubMark } from './scrub-mark.ts';
import { fieldFact } from '../language/tables.ts';
import { urlDecode } from './text-functions.ts';
import {
  groupPairs,
  joinTarget,
  normalizePath,
  normalizeQuery,
  pathExtension,
  readArguments,
  splitTarget,
} from './uri.ts';
import type { NamedValues, UriParts } from './uri.ts';
import type { ValueType } from '../language/value-type.ts';
import { asciiLower } from './wildcard.ts';

/** Anything that JSON can hold and a field can be; numbers are whole. */
export type FieldInput =
  | boolean
  | number
  | string
  | readonly FieldInput[]
  | { readonly [key: string]: FieldInput };

export interface RecordedRequest {
  readonly method: string;
  /** Null when it was not recorded. */
  readonly scheme: 'http' | 'https' | null;
  /** The Host header, port included when the client sent one. */
  readonly host: string;
  /** Path and query as the client sent them. */
  readonly target: string;
  /** `HTTP/1.1`, `HTTP/2` and so on, empty when it was not recorded: names of headers keep their case on HTTP/1 only. */
  readonly httpVersion: string;
  readonly headers: readonly (readonly [string, string])[];
  /** False when only some headers were recorded; others are then unknown, not absent. */
  readonly hasAllHeaders: boolean;
  /** Text form; null when it was not recorded. */
  readonly clientAddress: string | null;
  /** Body as bytes; null when it was not recorded. */
  readonly body: string | null;
  /** Other fields by name, such as `ip.src.country` or `cf.bot_management.score`. */
  readonly fields: Readonly<Record<string, FieldInput>>;
  /** What the zone's URL normalization does to incoming URLs; Cloudflare's default is on. */
  readonly normalizesUrls: boolean;
}

/** The fields of a request. Entries of `fields` that do not have their field's type are left out. */
export function requestFields(request: RecordedRequest): RequestFields {
  const fields = new Map<string, RuntimeValue>();
  addTarget(fields, request);
  addHeaders(fields, request);
  addBody(fields, request);
  const address = request.clientAddress === null ? null : readIp(request.clientAddress);
  if (address !== null) {
    fields.set('ip.src', address);
  }
  for (const [name, input] of Object.entries(request.fields)) {
    const type = fieldFact(name)?.type;
    const value = type === undefined ? null : valueOfType(input, type);
    if (value !== null) {
      fields.set(name, request.hasAllHeaders ? value : partly(name, value));
    }
  }
  addOlderNames(fields);
  if (hasMark(request)) {
    leaveOutScrubbed(fields);
  }
  return { fields };
}

/** Headers and cookies that a log has by name: others may have been there. */
function partly(name: string, value: RuntimeValue): RuntimeValue {
  const isOfHeaders = name.endsWith('.headers') || name === 'http.request.cookies';
  return isOfHeaders && value instanceof Map
    ? new PartialMap(value as ReadonlyMap<string, RuntimeValue>)
    : value;
}

/** Fields that have a newer name mean the same. */
function addOlderNames(fields: Map<string, RuntimeValue>): void {
  for (const [older, newer] of olderNames) {
    const value = fields.get(newer);
    if (value !== undefined) {
      fields.set(older, value);
    }
  }
}

const olderNames: readonly (readonly [string, string])[] = [
  'ip.geoip.asnum',
  'ip.geoip.country',
  'ip.geoip.continent',
  'ip.geoip.is_in_european_union',
  'ip.geoip.subdivision_1_iso_code',
].flatMap((older) => {
  const newer = fieldFact(older)?.replacedBy ?? null;
  return newer === null ? [] : [[older, newer] as const];
});

function hasMark({ target, headers, body, fields }: RecordedRequest): boolean {
  return (
    target.includes(scrubMark) ||
    headers.some(([, value]) => value.includes(scrubMark)) ||
    (body?.includes(scrubMark) ?? false) ||
    fields['http.request.cookies'] !== undefined
  );
}

/** What a secret was taken out of cannot be told any more: the text, the value of the key, the size of the body. */
function leaveOutScrubbed(fields: Map<string, RuntimeValue>): void {
  for (const [name, value] of fields) {
    const remaining = withoutScrubbed(value);
    if (remaining === null) {
      fields.delete(name);
    } else if (remaining !== value) {
      fields.set(name, remaining);
    }
  }
  if (!fields.has('http.request.body.raw')) {
    fields.delete('http.request.body.size');
  }
}

function withoutScrubbed(value: RuntimeValue): RuntimeValue | null {
  if (typeof value === 'string') {
    return value.includes(scrubMark) ? null : value;
  }
  if (isArray(value)) {
    return value.some((item) => withoutScrubbed(item) === null) ? null : value;
  }
  if (value instanceof PartialMap) {
    const remaining = [...value.known].filter(([, item]) => item === null || withoutScrubbed(item) !== null);
    return remaining.length === value.known.size ? value : new PartialMap(new Map(remaining), value.unknown);
  }
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string, RuntimeValue>)];
    const unknown = entries.filter(([, item]) => withoutScrubbed(item) === null).map(([key]) => key);
    const isUnknown = new Set(unknown);
    return unknown.length === 0
      ? value
      : new PartialMap(new Map(entries.filter(([key]) => !isUnknown.has(key))), isUnknown);
  }
  return value;
}

function addTarget(fields: Map<string, RuntimeValue>, request: RecordedRequest): void {
  const host = toByteString(request.host);
  const raw = splitTarget(toByteString(request.target));
  const normal = request.normalizesUrls
    ? { path: normalizePath(raw.path), query: normalizeQuery(raw.query) }
    : raw;
  fields.set('http.request.method', request.method);
  if (request.httpVersion !== '') {
    fields.set('http.request.version', request.httpVersion);
  }
  if (request.scheme !== null) {
    fields.set('ssl', request.scheme === 'https');
  }
  fields.set('http.host', host);
  const origin = request.scheme === null ? null : `${request.scheme}://${host}`;
  addUri(fields, 'http.request', origin, normal);
  addUri(fields, 'raw.http.request', origin, raw);
}

function addUri(
  fields: Map<string, RuntimeValue>,
  prefix: string,
  origin: string | null,
  parts: UriParts,
): void {
  const uri = joinTarget(parts);
  if (origin !== null) {
    fields.set(`${prefix}.full_uri`, origin + uri);
  }
  fields.set(`${prefix}.uri`, uri);
  fields.set(`${prefix}.uri.path`, parts.path);
  fields.set(`${prefix}.uri.path.extension`, pathExtension(parts.path));
  fields.set(`${prefix}.uri.query`, parts.query);
  addNamed(fields, `${prefix}.uri.args`, groupPairs(readArguments(parts.query)));
}

function addNamed(
  fields: Map<string, RuntimeValue>,
  name: string,
  { map, names, values }: NamedValues,
): void {
  fields.set(name, map);
  fields.set(`${name}.names`, names);
  fields.set(`${name}.values`, values);
}

/** Fields that are one header: the value of the first, empty when it is absent. */
const headerFields: readonly (readonly [string, string])[] = [
  ['http.cookie', 'cookie'],
  ['http.referer', 'referer'],
  ['http.user_agent', 'user-agent'],
  ['http.x_forwarded_for', 'x-forwarded-for'],
];

function addHeaders(fields: Map<string, RuntimeValue>, request: RecordedRequest): void {
  const keepsCase = request.httpVersion.startsWith('HTTP/1');
  const pairs = request.headers.map(([name, value]) => [toByteString(name), toByteString(value)] as const);
  const lower = groupPairs(pairs.map(([name, value]) => [asciiLower(name), value]));
  if (request.hasAllHeaders) {
    fields.set('http.request.headers', lower.map);
    fields.set('http.request.headers.names', keepsCase ? pairs.map(([name]) => name) : lower.names);
    fields.set('http.request.headers.values', lower.values);
    fields.set('http.request.headers.truncated', false);
  } else {
    fields.set('http.request.headers', new PartialMap(lower.map));
  }
  for (const [field, header] of headerFields) {
    const value = lower.map.get(header)?.join(header === 'cookie' ? '; ' : ', ');
    if (value !== undefined || request.hasAllHeaders) {
      fields.set(field, value ?? '');
    }
  }
  addHeaderDetails(fields, lower.map, request.hasAllHeaders);
}

function addHeaderDetails(
  fields: Map<string, RuntimeValue>,
  headers: ReadonlyMap<string, readonly string[]>,
  hasAllHeaders: boolean,
): void {
  const cookies = headers.get('cookie');
  if (cookies !== undefined || hasAllHeaders) {
    fields.set('http.request.cookies', groupPairs((cookies ?? []).flatMap(readCookies)).map);
  }
  const languages = headers.get('accept-language');
  if (languages !== undefined || hasAllHeaders) {
    fields.set('http.request.accepted_languages', readLanguages((languages ?? []).join(',')));
  }
}

/** Cookies of one header: names are URL-decoded, values are not. */
function readCookies(header: string): readonly (readonly [string, string])[] {
  return header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      return equals === -1
        ? [urlDecode(part, ''), '']
        : [urlDecode(part.slice(0, equals), ''), part.slice(equals + 1)];
    });
}

/** Language tags, best first; `*` is left out. */
function readLanguages(header: string): readonly string[] {
  return header
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.trim().split(';');
      const quality = /^\s*q=([0-9.]+)$/u.exec(rest.join(';'))?.[1];
      return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag }) => tag !== '' && tag !== '*')
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}

function addBody(fields: Map<string, RuntimeValue>, { body, headers }: RecordedRequest): void {
  const contentType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const mime = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (mime !== undefined) {
    fields.set('http.request.body.mime', mime);
  }
  if (body === null) {
    return;
  }
  fields.set('http.request.body.raw', body);
  fields.set('http.request.body.size', body.length);
  fields.set('http.request.body.truncated', false);
  const isForm = mime === 'application/x-www-form-urlencoded';
  addNamed(fields, 'http.request.body.form', groupPairs(isForm ? readArguments(body) : []));
}

/** The input as a value of the type; null when it does not fit. */
function valueOfType(input: FieldInput, type: ValueType): RuntimeValue | null {
  if (type.kind === 'array') {
    return Array.isArray(input) ? allOfType(input as readonly FieldInput[], type.of) : null;
  }
  if (type.kind === 'map') {
    const isObject = typeof input === 'object' && !Array.isArray(input);
    return isObject ? mapOfType(input as Readonly<Record<string, FieldInput>>, type.of) : null;
  }
  return scalarOfType(input, type.kind);
}

function scalarOfType(
  input: FieldInput,
  kind: Exclude<ValueType['kind'], 'array' | 'map'>,
): RuntimeValue | null {
  switch (kind) {
    case 'bool':
      return typeof input === 'boolean' ? input : null;
    case 'int':
      return typeof input === 'number' && Number.isSafeInteger(input) ? input : null;
    case 'string':
      return typeof input === 'string' ? toByteString(input) : null;
    case 'ip':
      return typeof input === 'string' ? readIp(input) : null;
    case 'unknown':
      return null;
    default:
      return unreachable(kind);
  }
}

function allOfType(inputs: readonly FieldInput[], type: ValueType): RuntimeValue | null {
  const values = inputs.map((input) => valueOfType(input, type));
  return values.every((value) => value !== null) ? values : null;
}

function mapOfType(inputs: Readonly<Record<string, FieldInput>>, type: ValueType): RuntimeValue | null {
  const map = new Map<string, RuntimeValue>();
  for (const [key, input] of Object.entries(inputs)) {
    const value = valueOfType(input, type);
    if (value === null) {
      return null;
    }
    map.set(toByteString(key), value);
  }
  return map;
}
