/**
 * Cloudflare's HTTP API over the sandbox's store, as far as Sluice asks it: lists of the types that it can tell by name,
 * and objects that are always there, its audit log, and edits of single objects past Terraform. On loopback, in the v4 envelope
 * (https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/: result, success, errors, messages, and
 * result_info for lists). Any token is taken; none is refused with code 10000, as Cloudflare does.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '../../contract/errors.ts';
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import { providerTypes } from '../../provider/types.ts';
import { valueAt } from '../../live/inquiry.ts';
import { behaviourOf } from '../../provider/behaviour.ts';
import { cloudflareSource } from '../../provider/facts.ts';
import { liveValueRows } from '../../provider/live-values.ts';
import type { Json, JsonObject } from '../../plan/types.ts';
import { defaultSetting } from './default-settings.ts';
import { auditPage } from './audit/page.ts';
import { sandboxToken } from './audit/log.ts';
import { injectDrift } from './drift.ts';
import type { Store, StoredObject } from './store.ts';

export interface Api {
  /** Base of the paths, for CLOUDFLARE_BASE_URL. */
  readonly url: string;
  close(): Promise<void>;
}

const base = '/client/v4';
/** Cloudflare's page size for lists that do not say another. */
const defaultPerPage = 20;

/** Serves the store on a free port of loopback. What is answered is what is there at that moment. */
export async function startApi(store: Store, now: () => string): Promise<Api> {
  const server = createServer((request, response) => {
    void answered(request, store, now).then((answer) => send(response, answer));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface ApiAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

async function answered(request: IncomingMessage, store: Store, now: () => string): Promise<ApiAnswer> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const path = url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : '';
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (request.method !== 'GET') {
    const named = token === undefined ? null : editedObject(request.method ?? '', path, store);
    return named === null
      ? refusal(405, 10405, 'Method not allowed for this authentication scheme')
      : edit(named, { text: await bodyOf(request), token: token ?? '', now: now() }, store);
  }
  return token === undefined
    ? refusal(403, 10000, 'Authentication error')
    : answerTo(path, url.searchParams, store);
}

function answerTo(path: string, query: URLSearchParams, store: Store): ApiAnswer {
  try {
    return (
      auditAt(path, query, store) ??
      objectAt(path, store) ??
      listAt(path, query, store) ??
      listedObjectAt(path, store) ??
      noRoute(path)
    );
  } catch (error) {
    // A broken store is the sandbox's failure, not an empty Cloudflare.
    return refusal(500, 10001, error instanceof InputError ? error.parts.what : 'Internal server error');
  }
}

function noRoute(path: string): ApiAnswer {
  return refusal(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`);
}

function refusal(status: number, code: number, message: string): ApiAnswer {
  return { status, body: { result: null, success: false, errors: [{ code, message }], messages: [] } };
}

/**
 * One object by its path. What Cloudflare always has is there with the values that were set last, whoever manages it now.
 */
function objectAt(path: string, store: Store): ApiAnswer | null {
  for (const [type, { read, values }] of liveValueRows()) {
    const names = namesIn(read, path);
    const set = names === null ? undefined : valuesOf(store, type, names);
    if (names !== null && values !== undefined) {
      return type === 'cloudflare_zone_setting' ? zoneSetting(names, set) : storedObject(path, set, values);
    }
    if (set !== undefined) {
      return ok(set);
    }
  }
  return null;
}

function valuesOf(store: Store, type: string, names: ReadonlyMap<string, string>): JsonObject | undefined {
  return store
    .list(type)
    .find(({ attributes }) => [...names].every(([name, value]) => attributes[name] === value))?.attributes;
}

function zoneSetting(names: ReadonlyMap<string, string>, set: JsonObject | undefined): ApiAnswer {
  const id = names.get('setting_id') ?? '';
  const value = set?.['value'] ?? defaultSetting(id);
  return value === undefined
    ? refusal(404, 1003, `Unknown setting ${id}`)
    : ok({ id, editable: true, value });
}

function storedObject(path: string, set: JsonObject | undefined, values: readonly string[]): ApiAnswer {
  return set === undefined
    ? noRoute(path)
    : ok(Object.fromEntries(values.map((name) => [name, set[name] ?? null])));
}

/** The attributes that a path of this pattern names; null when it is another path. */
function namesIn(pattern: string, path: string): ReadonlyMap<string, string> | null {
  const names = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const form = pattern.replace('{scope}', '(zones/[^/]+|accounts/[^/]+)').replaceAll(/\{\w+\}/g, '([^/]+)');
  const match = new RegExp(`^${form}$`).exec(path);
  return match === null
    ? null
    : new Map(
        names.map((name, index) => {
          const part = decodeURIComponent(match[index + 1] ?? '');
          const [scope = '', id = ''] = part.split('/');
          return name === 'scope' ? [scope === 'zones' ? 'zone_id' : 'account_id', id] : [name, part];
        }),
      );
}

function ok(result: Json): ApiAnswer {
  return { status: 200, body: { result, success: true, errors: [], messages: [] } };
}

function listAt(path: string, query: URLSearchParams, store: Store): ApiAnswer | null {
  for (const [type, { listing, identity }] of providerTypes()) {
    const names = listing === undefined ? null : namesIn(listing.list, path);
    if (listing !== undefined && names !== null) {
      const filters = Object.entries(identity?.filter ?? {});
      const objects = store
        .list(type, parentIn(listing.list, path))
        .map(({ id, attributes }): JsonObject => ({ id, ...attributes }))
        .filter((object) => [...names].every(([name, value]) => object[name] === value))
        .filter((object) =>
          filters.every(([name, parameter]) => {
            const wanted = query.get(parameter);
            return wanted === null || valueAt(object, name) === wanted;
          }),
        );
      return page(
        objects.map((object) => told(type, object, listing.notTold ?? [])),
        query,
      );
    }
  }
  return null;
}

/** One object of a type that is listed, by the path at which it is read whole. */
function listedObjectAt(path: string, store: Store): ApiAnswer | null {
  const found = objectIn(path, store);
  return found === null ? null : ok(told(found.type, { id: found.id, ...found.attributes }, []));
}

function objectIn(path: string, store: Store): StoredObject | null {
  for (const [type, { listing }] of providerTypes()) {
    const names = listing?.object === undefined ? null : namesIn(listing.object, path);
    const found =
      names === null
        ? undefined
        : store
            .list(type)
            .find(({ id, attributes }) =>
              [...names].every(([name, value]) => (name === 'id' ? id : attributes[name]) === value),
            );
    if (found !== undefined) {
      return found;
    }
  }
  return null;
}

interface ApiEdit {
  readonly method: 'PATCH' | 'DELETE';
  readonly object: StoredObject;
}

/** What a request writes; null for what the API here does not let anybody write. */
function editedObject(method: string, path: string, store: Store): ApiEdit | null {
  const object = method === 'PATCH' || method === 'DELETE' ? objectIn(path, store) : null;
  return object === null ? null : { method: method === 'DELETE' ? 'DELETE' : 'PATCH', object };
}

/** An edit past Terraform, with a token of somebody's own: what it sets are attributes as the provider names them. */
function edit(
  { method, object }: ApiEdit,
  { text, token, now }: { readonly text: string; readonly token: string; readonly now: string },
  store: Store,
): ApiAnswer {
  const { type, id } = object;
  const about = { folder: store.folder, type, match: { id }, now, by: sandboxToken(token) };
  try {
    injectDrift(
      method === 'DELETE'
        ? { ...about, delete: true }
        : { ...about, set: parseJson(text, limits.line) as JsonObject },
    );
    return ok(
      method === 'DELETE' ? { id } : { id, ...store.list(type).find((one) => one.id === id)?.attributes },
    );
  } catch (error) {
    return refusal(400, 9000, error instanceof Error ? error.message : 'Bad request');
  }
}

function auditAt(path: string, query: URLSearchParams, store: Store): ApiAnswer | null {
  const found = auditPage(path, query, store);
  if (found === null || typeof found === 'string') {
    return found === null ? null : refusal(400, 10400, found);
  }
  const { status, body } = ok(found.result);
  return { status, body: { ...body, result_info: found.info } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * An object as the API tells it: without what a list leaves out, and without what is never given back (`notRefreshed` of the
 * provider's behaviour).
 */
function told(type: string, object: JsonObject, leftOut: readonly string[]): JsonObject {
  const never = behaviourOf(type, cloudflareSource)?.notRefreshed ?? [];
  const absent = new Set([...leftOut, ...never].filter((name) => !/[.[]/.test(name)));
  return Object.fromEntries(Object.entries(object).filter(([name]) => !absent.has(name)));
}

/** The first id in a path of this pattern, below which objects are kept; undefined for a list without any. */
function parentIn(pattern: string, path: string): string | undefined {
  const form = pattern.replace('{scope}', '(?:zones|accounts)/{id}').replaceAll(/\{\w+\}/g, '([^/]+)');
  const parent = new RegExp(`^${form}$`).exec(path)?.[1];
  return parent === undefined ? undefined : decodeURIComponent(parent);
}

function page(objects: readonly JsonObject[], query: URLSearchParams): ApiAnswer {
  const [number, size] = [numberIn(query, 'page', 1), numberIn(query, 'per_page', defaultPerPage)];
  const onPage = objects.slice((number - 1) * size, number * size);
  const { status, body } = ok(onPage);
  const info = {
    page: number,
    per_page: size,
    count: onPage.length,
    total_count: objects.length,
    total_pages: Math.ceil(objects.length / size),
  };
  return { status, body: { ...body, result_info: info } };
}

function numberIn(query: URLSearchParams, name: string, fallback: number): number {
  const value = Number(query.get(name) ?? fallback);
  return Number.isInteger(value) && value > 0 ? value : fallback;
}

function send(response: ServerResponse, { status, body }: ApiAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
