/**
 * Regression tests of the OWASP Core Rule Set as requests: what their YAML says once it is decoded. Old and new forms of
 * the format (go-ftw and its predecessor in Python) are read alike; what a test expects of its engine is left out.
 *
 * Source of what a sender adds to a request that is not written whole: go-ftw, `ftwhttp/request.go` (2024).
 */
import { toByteString } from '../language/literals.ts';
import type { RecordedRequest } from '../evaluate/request.ts';
import { readAbsoluteUrl } from './absolute-url.ts';
import { decodeBase64 } from './base64.ts';
import { readRawRequest, withoutChunks } from './raw-request.ts';
import type { ParsedRequest } from './raw-request.ts';
import type { TrafficRecord } from './record.ts';
import { isObject } from '../../json/json.ts';
import type { JsonObject } from '../../plan/types.ts';

/** A stage, or why it is not a request; `pointer` is the JSON pointer of its place in the document. */
export type CrsStage =
  | { readonly record: TrafficRecord }
  | { readonly bad: string; readonly pointer: string };

/**
 * True for what has the shape of a file of tests, a list `tests`, also when all of them are commented out, and of a file
 * that only says what engines answer otherwise, `test_overrides`: it lies beside the tests and holds none.
 */
export function isCrsDocument(value: unknown): value is JsonObject {
  return (
    isObject(value) &&
    (Array.isArray(value['tests']) ||
      (value['tests'] === null && ('rule_id' in value || 'meta' in value)) ||
      Array.isArray(value['test_overrides']))
  );
}

/**
 * Every stage of every test, in order. A record is named as the Core Rule Set names its tests: `942100-1`, and with several
 * stages `942100-1-stage-2`. `fileName` gives the number of the rule when the document does not.
 */
export function readCrs(document: JsonObject, fileName: string): readonly CrsStage[] {
  const rule = scalarText(document['rule_id']) ?? /^\d+/.exec(fileName)?.[0] ?? fileName;
  return listOf(document['tests']).flatMap((test, index) =>
    isObject(test)
      ? stagesOf(test, rule, index)
      : [{ bad: 'the test is not a map', pointer: `/tests/${String(index)}` }],
  );
}

function stagesOf(test: JsonObject, rule: string, index: number): readonly CrsStage[] {
  const number = scalarText(test['test_id']) ?? String(index + 1);
  const title = scalarText(test['test_title']) ?? '';
  const name = title !== '' ? title : `${rule}-${number}`;
  const stages = listOf(test['stages']);
  const at = `/tests/${String(index)}`;
  if (stages.length === 0) {
    return [{ bad: `the test ${name} has no stage`, pointer: at }];
  }
  return stages.map((item, place) => {
    const pointer = `${at}/stages/${String(place)}`;
    const read = readStage(item);
    return 'bad' in read
      ? { bad: `${name}: ${read.bad}`, pointer }
      : { record: recordOf(stages.length === 1 ? name : `${name}-stage-${String(place + 1)}`, read.request) };
  });
}

function recordOf(id: string, request: RecordedRequest): TrafficRecord {
  return { id, at: null, request, recorded: null };
}

/** Older files have one more level: `- stage: { input: … }`. */
function readStage(item: unknown): ParsedRequest {
  const outer = isObject(item) ? item : {};
  const stage = isObject(outer['stage']) ? outer['stage'] : outer;
  const { input } = stage;
  return isObject(input) ? readInput(input) : { bad: 'the stage has no input' };
}

function readInput(input: JsonObject): ParsedRequest {
  const scheme = input['protocol'] === 'https' ? 'https' : 'http';
  const encoded = input['encoded_request'];
  if (typeof encoded === 'string' && encoded !== '') {
    const bytes = decodeBase64(encoded);
    return bytes === null ? { bad: 'encoded_request is not Base64' } : readRawRequest(bytes, scheme);
  }
  const raw = input['raw_request'];
  if (typeof raw === 'string' && raw !== '') {
    return readRawRequest(toByteString(raw), scheme);
  }
  return withoutChunks(written(input, scheme));
}

function written(input: JsonObject, scheme: RecordedRequest['scheme']): ParsedRequest {
  const given = dataOf(input);
  const headers = headersOf(input['headers']);
  if (given === null || headers === null) {
    return { bad: given === null ? 'encoded_data is not Base64' : 'a header is not text' };
  }
  const data = withMultipartLines(headers, given);
  const method = scalarText(input['method']) ?? 'GET';
  const { headers: sent, body } = isCompleted(input)
    ? completed(method, headers, data)
    : { headers, body: data };
  const uri = scalarText(input['uri']) ?? '/';
  const { host, target } = readAbsoluteUrl(uri) ?? {
    host: (headerOf(headers, 'host') ?? hostOf(input, scheme)).toLowerCase(),
    target: uri,
  };
  return {
    request: {
      method,
      scheme,
      host,
      target,
      httpVersion: scalarText(input['version']) ?? 'HTTP/1.1',
      headers: sent,
      hasAllHeaders: true,
      clientAddress: null,
      body,
      fields: {},
      normalizesUrls: true,
    },
  };
}

/** Bytes; null when they cannot be decoded. A list is the lines of a body. */
function dataOf(input: JsonObject): string | null {
  const encoded = input['encoded_data'];
  if (typeof encoded === 'string') {
    return decodeBase64(encoded);
  }
  const { data } = input;
  return toByteString(
    Array.isArray(data)
      ? data.map((line: unknown) => scalarText(line) ?? '').join('\r\n')
      : (scalarText(data) ?? ''),
  );
}

function headersOf(value: unknown): RecordedRequest['headers'] | null {
  const pairs = Array.isArray(value)
    ? value.map((item: unknown) => (isObject(item) ? [item['name'], item['value']] : []))
    : Object.entries(isObject(value) ? value : {});
  const headers = pairs.flatMap(([name, text]) => {
    const words = text === null ? '' : scalarText(text);
    return typeof name === 'string' && words !== null ? [[name, words] as const] : [];
  });
  return headers.length === pairs.length ? headers : null;
}

function hostOf(input: JsonObject, scheme: RecordedRequest['scheme']): string {
  const address = scalarText(input['dest_addr']) ?? 'localhost';
  const port = scalarText(input['port']);
  const isUsual = port === null || port === (scheme === 'https' ? '443' : '80');
  return isUsual ? address : `${address}:${port}`;
}

/** Two older names say the opposite of the present one. */
function isCompleted(input: JsonObject): boolean {
  return (
    input['autocomplete_headers'] !== false &&
    input['no_autocomplete_headers'] !== true &&
    input['stop_magic'] !== true
  );
}

interface Sent {
  readonly headers: RecordedRequest['headers'];
  readonly body: string;
}

const formType = 'application/x-www-form-urlencoded';

function completed(method: string, headers: RecordedRequest['headers'], data: string): Sent {
  const type = headerOf(headers, 'content-type');
  const body = data !== '' && (type ?? formType) === formType ? encodedForm(data) : data;
  const hasLength = data !== '' || /^(?:POST|PUT|PATCH|DELETE)$/.test(method);
  const added: RecordedRequest['headers'] = [
    ...(data === '' ? [] : [['Content-Type', formType] as const]),
    ['Connection', 'close'],
    ...(hasLength ? [['Content-Length', String(body.length)] as const] : []),
  ];
  return {
    headers: [...headers, ...added.filter(([name]) => headerOf(headers, name) === null)],
    body,
  };
}

/** A form whose text holds no escape is one that nobody escaped: names and values are, each by itself. */
function encodedForm(data: string): string {
  if (/[%+]/.test(data)) {
    return data;
  }
  return data
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals === -1
        ? escaped(pair)
        : `${escaped(pair.slice(0, equals))}=${escaped(pair.slice(equals + 1))}`;
    })
    .join('&');
}

function escaped(bytes: string): string {
  return bytes.replaceAll(/[^A-Za-z0-9._~-]/g, (byte) =>
    byte === ' ' ? '+' : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** Lines of multipart bodies end in CR LF, however the YAML ends its own. */
function withMultipartLines(headers: RecordedRequest['headers'], body: string): string {
  const isMultipart = headerOf(headers, 'content-type')?.startsWith('multipart/form-data;') === true;
  return isMultipart ? body.replaceAll(/\r?\n/g, '\r\n') : body;
}

function headerOf(headers: RecordedRequest['headers'], wanted: string): string | null {
  return headers.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1] ?? null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Numbers and truth values are what YAML makes of a text without quotes. */
function scalarText(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : null;
}
