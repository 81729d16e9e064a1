/**
 * Reads from Cloudflare's API through its official client. Reads only: any other verb is refused before it leaves. The
 * token stays in here; no error carries it, and none carries what the server said beyond codes and messages of the API.
 */
import { APIError, Cloudflare } from 'cloudflare';
import { ExternalError } from '../../contract/errors.ts';
import type { Json, JsonObject } from '../../plan/types.ts';
import type { CloudflareReader, LiveListing } from '../../contract/ports.ts';
import { limitedFetch, requirePage } from './limited-fetch.ts';
import { publicApi, trustedApi } from './real-target.ts';
import { redact } from '../../secrets/redact.ts';
import { isObject } from '../../json/json.ts';

export interface CloudflareOptions {
  readonly token: string;
  /** Base of the API; Cloudflare's own by default. Anything else than https is for loopback only. */
  readonly baseUrl?: string;
  /** Of one request; default 30 s. */
  readonly timeoutMs?: number;
  /** Waited for before each request; a request that is repeated because of an answer is waited for once. */
  readonly beforeRequest?: () => Promise<void>;
}

const perPage = 100;
/** 100 objects of the API, rulesets with a thousand rules among them, have less. */
const answers = { server: 'Cloudflare', bytes: 32 * 1024 * 1024, seconds: 60 } as const;

/** Nothing is sent before the first question. @throws UsageError when the base is not an address that a token may go to. */
export function createCloudflareReader(options: CloudflareOptions): CloudflareReader {
  const client = new Cloudflare({
    apiToken: options.token,
    apiKey: null,
    apiEmail: null,
    userServiceKey: null,
    baseURL: trustedApi(options.baseUrl ?? publicApi),
    maxRetries: 3,
    timeout: options.timeoutMs ?? 30_000,
    logLevel: 'off',
    fetch: readOnly,
  });
  const get = async (path: string, query: Readonly<Record<string, string>>): Promise<Envelope> => {
    await options.beforeRequest?.();
    try {
      return envelopeOf(path, await client.get<unknown>(path, { query }));
    } catch (error) {
      const known = [error, error instanceof Error ? error.cause : null].find(
        (each) => each instanceof ExternalError,
      );
      throw known ?? failure(path, error, options.token);
    }
  };
  return {
    list: async (listing) => (await ifThere(readList(listing, get))) ?? [],
    pages: (listing) => readPages(listing, get),
    read: async (path) => {
      const result = (await ifThere(get(path, {})))?.result;
      return isObject(result) ? result : null;
    },
  };
}

/** 404 is an answer: what the path names is not there, so nothing is below it. A token without the right gets 403. */
async function ifThere<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ExternalError && statusOf(error.parts.cause) === 404) {
      return null;
    }
    throw error;
  }
}

function statusOf(error: unknown): number | null {
  return error instanceof APIError && typeof error.status === 'number' ? error.status : null;
}

const readOnly: typeof fetch = async (input, init) => {
  if ((init?.method ?? 'GET').toUpperCase() !== 'GET') {
    throw new Error('only reading is allowed');
  }
  return limitedFetch(answers)(input, { ...init, redirect: 'error' });
};

interface Envelope {
  readonly result: Json;
  readonly info: JsonObject;
}

/** Cloudflare's v4 envelope: https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/ */
function envelopeOf(path: string, body: unknown): Envelope {
  if (!isObject(body) || body['success'] !== true || body['result'] === undefined) {
    throw new ExternalError({
      what: `Cloudflare's answer about ${path} is not complete.`,
      why: 'It does not have the form of the v4 API: success, result.',
      fix: 'Look at https://www.cloudflarestatus.com and run the command again.',
    });
  }
  return { result: body['result'] ?? null, info: isObject(body['result_info']) ? body['result_info'] : {} };
}

type Get = (path: string, query: Readonly<Record<string, string>>) => Promise<Envelope>;

async function readList(listing: LiveListing, get: Get): Promise<readonly JsonObject[]> {
  const objects: JsonObject[] = [];
  for await (const page of readPages(listing, get)) {
    objects.push(...page);
  }
  return objects;
}

/** All pages of a list. One that is not complete is an error, never a shorter list. */
async function* readPages({ path, query }: LiveListing, get: Get): AsyncGenerator<readonly JsonObject[]> {
  const size = query['limit'] === undefined ? { per_page: String(perPage) } : {};
  let next: Readonly<Record<string, string>> | null = {};
  let read = 0;
  for (let page = 1; next !== null; page += 1) {
    requirePage('Cloudflare', path, page);
    const { result, info } = await get(path, { ...query, ...size, ...next });
    const items = Array.isArray(result) ? (result as readonly Json[]).filter(isObject) : null;
    if (items === null) {
      throw new ExternalError({
        what: `Cloudflare's list ${path} is not complete.`,
        why: 'It is not a list.',
        fix: 'Run the command again.',
      });
    }
    read += items.length;
    yield items;
    next = nextPage(info, page, { read, last: items.length });
  }
}

/** Lists are paged by number, by cursor, or not at all; each says so in its result_info. */
function nextPage(
  info: JsonObject,
  page: number,
  count: { readonly read: number; readonly last: number },
): Readonly<Record<string, string>> | null {
  const cursors = isObject(info['cursors']) ? info['cursors'] : {};
  const cursor = cursors['after'] ?? info['cursor'];
  if (typeof cursor === 'string' && cursor !== '') {
    return { cursor };
  }
  const [pages, total] = [info['total_pages'], info['total_count']];
  const isLast =
    typeof pages === 'number'
      ? page >= pages
      : typeof total !== 'number' || count.read >= total || count.last === 0;
  return isLast ? null : { page: String(page + 1) };
}

function failure(path: string, error: unknown, token: string): ExternalError {
  const status = statusOf(error);
  const reason = error instanceof Error ? redact(error.message, [token]).slice(0, 300) : 'it gave no reason';
  return new ExternalError({
    what: `Cloudflare could not be asked about ${path}${status === null ? '' : ` (HTTP ${String(status)})`}.`,
    why: reason,
    fix:
      status === 401 || status === 403
        ? 'Give the token of the release the right to read this, too.'
        : 'Look at https://www.cloudflarestatus.com and run the command again.',
    cause: error,
  });
}
