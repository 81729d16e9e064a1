/**
 * Rows of a log that lie in one JSON document in place of one on each line: a list of them, or an answer of Cloudflare's
 * GraphQL API. Sums (`…Groups`) are not requests, and refused by their name.
 */
import { InputError } from '../../contract/errors.ts';
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { Files } from '../../contract/ports.ts';
import { isList, isObject } from '../../json/json.ts';
import type { Json, JsonObject } from '../../plan/types.ts';

export interface RowDocument {
  /** Each row as one line of JSON. */
  readonly rows: readonly string[];
  /** What a person should know of them. */
  readonly notes: readonly string[];
}

/** True for the beginning of a list, or of an object that holds one: of an answer, not of a row, nor of an address in brackets. */
export function isRowDocument(text: string): boolean {
  return /^\uFEFF?\s*(?:\[(?![\d:a-fA-F.]+\])|\{\s*"(?:data|result|errors|success)"\s*:)/u.test(
    text.slice(0, 2000),
  );
}

/** Throws InputError for a document that is damaged, too large, or holds no rows. */
export async function readRowDocument(files: Files, path: string): Promise<RowDocument> {
  const document = parsed(await wholeText(files, path), path);
  if (Array.isArray(document)) {
    return { rows: linesOf(document), notes: [] };
  }
  const { data, result } = isObject(document) ? document : {};
  if (Array.isArray(result)) {
    return { rows: linesOf(result), notes: [] };
  }
  return graphqlRows(isObject(data) ? data : {}, path);
}

async function wholeText(files: Files, path: string): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const { text } of files.readChunks(path)) {
    length += text.length;
    if (length > limits.json.bytes) {
      throw refused(path, `It is larger than ${String(limits.json.bytes / 1024 / 1024)} MB.`);
    }
    parts.push(text);
  }
  return parts.join('').replace(/^\uFEFF/u, '');
}

function parsed(text: string, path: string): unknown {
  try {
    return parseJson(text, limits.json);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw refused(path, `It is not a JSON document that can be read to its end: ${error.message}.`);
    }
    throw error;
  }
}

const asLines = "Give one request per line: jq -c '.[]' makes lines of a list.";

function refused(path: string, why: string, fix = asLines): InputError {
  return new InputError({
    what: `${path} is not a list of requests that can be read.`,
    why,
    fix,
    next: 'sluice waf replay --help',
  });
}

function linesOf(rows: readonly unknown[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row));
}

/** `data.viewer.zones[].<dataset>` or `data.viewer.accounts[].<dataset>`, under the names that the query gave. */
function graphqlRows(data: JsonObject, path: string): RowDocument {
  const viewer = isObject(data['viewer']) ? data['viewer'] : {};
  const sets = Object.values(viewer)
    .flatMap((scopes) => (isList(scopes) ? scopes : []))
    .flatMap((scope) => (isObject(scope) ? Object.entries(scope) : []))
    .filter((entry): entry is [string, readonly Json[]] => isList(entry[1]));
  const sums = sets.find(([name, rows]) => name.endsWith('Groups') || rows.some(isSum));
  if (sums !== undefined) {
    throw refused(
      path,
      `${sums[0]} of the GraphQL API holds sums, not requests.`,
      'Ask the API for firewallEventsAdaptive, or take the log of Logpush.',
    );
  }
  const rows = sets.flatMap(([, found]) => found);
  if (rows.length === 0) {
    throw refused(path, 'It is an answer of an API without rows of requests.');
  }
  return {
    rows: linesOf(rows),
    notes: [`${path}: what the GraphQL API answers is a sample of the requests, and at most 10,000 of them.`],
  };
}

function isSum(row: unknown): boolean {
  return isObject(row) && ('dimensions' in row || 'sum' in row || 'count' in row);
}
