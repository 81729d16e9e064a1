/**
 * The request format: one `TrafficRecord` as one line of JSON. Keys have a fixed order and what has its usual value is left
 * out, so that the same request always gives the same bytes and a sample has one digest. See README.md beside this file.
 */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { FieldInput, RecordedRequest } from '../evaluate/request.ts';
import type { Apart } from './apart.ts';
import type { RecordedOutcome, TrafficRecord } from './record.ts';
import { isObject } from '../../json/json.ts';
import type { JsonObject } from '../../plan/types.ts';

export type ReadRecord = TrafficRecord | { readonly bad: string };
export type ReadLine = ReadRecord | Apart;

const usual = { scheme: 'https', version: 'HTTP/2' } as const;

/** The line, without its end. */
export function writeRecord({ id, at, request, recorded }: TrafficRecord): string {
  return JSON.stringify({
    v: 1,
    id,
    ...(at === null ? {} : { at }),
    method: request.method,
    ...(request.scheme === usual.scheme ? {} : { scheme: request.scheme }),
    host: request.host,
    target: request.target,
    ...(request.httpVersion === usual.version ? {} : { version: request.httpVersion }),
    ...(request.clientAddress === null ? {} : { client: request.clientAddress }),
    headers: request.headers,
    ...(request.hasAllHeaders ? { allHeaders: true } : {}),
    ...(request.body === null ? {} : { body: request.body }),
    ...(request.normalizesUrls ? {} : { normalized: false }),
    ...(Object.keys(request.fields).length === 0 ? {} : { fields: sorted(request.fields) }),
    ...(recorded === null ? {} : { recorded: written(recorded) }),
  });
}

function sorted(fields: RecordedRequest['fields']): RecordedRequest['fields'] {
  return Object.fromEntries(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function written({ actions, ruleIds, refs, sources, status }: RecordedOutcome): object {
  return {
    ...(actions.length === 0 ? {} : { actions }),
    ...(ruleIds.length === 0 ? {} : { ruleIds }),
    ...(refs.length === 0 ? {} : { refs }),
    ...(sources.length === 0 ? {} : { sources }),
    ...(status === null ? {} : { status }),
  };
}

/** Reads a line; one that is not of the format is bad, with the reason. Checks by hand: a million of them are read. */
export function readRecord(line: string): ReadRecord {
  let parsed: unknown;
  try {
    parsed = parseJson(line, limits.line);
  } catch {
    return { bad: 'it is not JSON' };
  }
  return isObject(parsed) ? readMembers(parsed) : { bad: 'it is not a JSON object' };
}

type MemberCheck = (value: unknown) => boolean;

const isText: MemberCheck = (value) => typeof value === 'string';
const isFlag: MemberCheck = (value) => typeof value === 'boolean';
const isTextOrNull: MemberCheck = (value) => value === null || typeof value === 'string';
const isTexts: MemberCheck = (value) => Array.isArray(value) && value.every(isText);
const isHeaders: MemberCheck = (value) =>
  Array.isArray(value) && value.every((pair) => isTexts(pair) && (pair as readonly string[]).length === 2);

const checks: readonly (readonly [string, MemberCheck, string])[] = [
  ['id', isText, 'a text'],
  ['at', isTextOrNull, 'a text'],
  ['method', isText, 'a text'],
  ['scheme', (value) => value === 'http' || value === 'https' || value === null, '"http", "https" or null'],
  ['host', isText, 'a text'],
  ['target', isText, 'a text'],
  ['version', isText, 'a text'],
  ['client', isTextOrNull, 'a text'],
  ['headers', isHeaders, 'a list of pairs of texts'],
  ['allHeaders', isFlag, 'true or false'],
  ['body', isTextOrNull, 'a text'],
  ['normalized', isFlag, 'true or false'],
  ['fields', isObject, 'an object'],
  ['recorded', (value) => value === null || isObject(value), 'an object'],
];

const absent: JsonObject = {
  at: null,
  scheme: usual.scheme,
  version: usual.version,
  client: null,
  allHeaders: false,
  body: null,
  normalized: true,
  fields: {},
  recorded: null,
};

function readMembers(line: JsonObject): ReadRecord {
  if (line['v'] !== 1) {
    return { bad: 'it is not of version 1 of the request format' };
  }
  const given: JsonObject = { ...absent, ...line };
  for (const [name, check, wanted] of checks) {
    if (!check(given[name])) {
      return { bad: `${name} is not ${wanted}` };
    }
  }
  const recorded = given['recorded'] === null ? null : readOutcome(given['recorded'] as JsonObject);
  if (recorded !== null && 'bad' in recorded) {
    return recorded;
  }
  return {
    id: given['id'] as string,
    at: given['at'] as string | null,
    request: {
      method: given['method'] as string,
      scheme: given['scheme'] as RecordedRequest['scheme'],
      host: given['host'] as string,
      target: given['target'] as string,
      httpVersion: given['version'] as string,
      headers: given['headers'] as RecordedRequest['headers'],
      hasAllHeaders: given['allHeaders'] as boolean,
      clientAddress: given['client'] as string | null,
      body: given['body'] as string | null,
      fields: given['fields'] as Readonly<Record<string, FieldInput>>,
      normalizesUrls: given['normalized'] as boolean,
    },
    recorded,
  };
}

function readOutcome(given: JsonObject): RecordedOutcome | { readonly bad: string } {
  const { actions = [], ruleIds = [], refs = [], sources = [], status = null } = given;
  const lists = { actions, ruleIds, refs, sources };
  const wrong = Object.entries(lists).find(([, value]) => !isTexts(value))?.[0];
  if (wrong !== undefined) {
    return { bad: `recorded.${wrong} is not a list of texts` };
  }
  if (status !== null && typeof status !== 'number') {
    return { bad: 'recorded.status is not a number' };
  }
  return { ...(lists as Pick<RecordedOutcome, 'actions' | 'ruleIds' | 'refs' | 'sources'>), status };
}
