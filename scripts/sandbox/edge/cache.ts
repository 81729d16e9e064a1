/**
 * A cache in memory that does what the cache rules of the zone say: what is kept, under which key, for how long, and
 * what the browser is told. Cloudflare documentation, Cache, "Default cache behavior" and "Cache Rules settings"
 * (2026-11).
 */
import { objectAt, objectsAt, textAt, textsAt } from '../../waf/rulesets/attributes.ts';
import type { JsonObject } from '../../plan/types.ts';
import type { RequestFields } from '../../waf/evaluate/runtime.ts';
import { numberAt } from './actions.ts';
import type { Answer } from './answer.ts';
import { cookieOf, textField, type EdgeRequest } from './request.ts';

type CacheStatus = 'HIT' | 'MISS' | 'BYPASS' | 'DYNAMIC' | 'EXPIRED';

/** File extensions that are cached without any rule. */
const cachedExtensions: ReadonlySet<string> = new Set(
  (
    '7z avi avif apk bin bmp bz2 class css csv doc docx dmg ejs eot eps exe flac gif gz ico iso jar jpg jpeg js mid ' +
    'midi mkv mp3 mp4 ogg otf pdf pict pls png ppt pptx ps rar svg svgz swf tar tif tiff ttf webm webp woff woff2 ' +
    'xls xlsx zip zst'
  ).split(' '),
);

/** Seconds by status when neither the rule nor the origin says how long. */
const defaultSeconds: Readonly<Record<number, number>> = {
  200: 7200,
  206: 7200,
  301: 7200,
  302: 1200,
  303: 1200,
  403: 60,
  404: 180,
  410: 180,
};

interface StoredAnswer {
  readonly answer: Answer;
  readonly storedAt: number;
  readonly until: number;
}

export interface CachedAnswer {
  readonly answer: Answer;
  readonly status: CacheStatus;
}

/** At most this many answers are kept; the oldest goes first. */
const mostAnswers = 1000;

export class EdgeCache {
  readonly #kept = new Map<string, StoredAnswer>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Answers from the cache or from the origin, as the settings (the merged parameters of the cache rules) say. */
  async serve(
    { request, fields }: { readonly request: EdgeRequest; readonly fields: RequestFields },
    settings: JsonObject,
    ask: () => Promise<Answer>,
  ): Promise<CachedAnswer> {
    const eligible = eligibility(request, fields, settings);
    if (eligible !== 'yes') {
      return { answer: await ask(), status: eligible };
    }
    const key = cacheKey(request, fields, objectAt(settings, 'cache_key'));
    const stored = this.#kept.get(key);
    if (stored !== undefined && stored.until > this.#now()) {
      const headers = new Headers(stored.answer.headers);
      headers.set('age', String(Math.floor((this.#now() - stored.storedAt) / 1000)));
      return { answer: { ...stored.answer, headers }, status: 'HIT' };
    }
    const answer = await ask();
    const seconds = edgeSeconds(answer, objectAt(settings, 'edge_ttl'));
    if (seconds === null || answer.headers.has('set-cookie')) {
      return { answer, status: 'BYPASS' };
    }
    this.#keep(key, answer, seconds);
    return { answer, status: stored === undefined ? 'MISS' : 'EXPIRED' };
  }

  #keep(key: string, answer: Answer, seconds: number): void {
    const storedAt = this.#now();
    this.#kept.delete(key);
    this.#kept.set(key, { answer, storedAt, until: storedAt + seconds * 1000 });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostAnswers && oldest !== undefined) {
      this.#kept.delete(oldest);
    }
  }
}

function eligibility(
  request: EdgeRequest,
  fields: RequestFields,
  settings: JsonObject,
): 'yes' | 'BYPASS' | 'DYNAMIC' {
  if (settings['cache'] === false) {
    return 'BYPASS';
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return 'DYNAMIC';
  }
  const extension = textField(fields, 'http.request.uri.path.extension');
  const isCached = settings['cache'] === true || (extension !== null && cachedExtensions.has(extension));
  return isCached ? 'yes' : 'DYNAMIC';
}

function cacheKey(request: EdgeRequest, fields: RequestFields, configured: JsonObject): string {
  const custom = objectAt(configured, 'custom_key');
  const header = objectAt(custom, 'header');
  const sent = new Map(request.headers.map(([name, value]) => [name.toLowerCase(), value]));
  const path = textField(fields, 'http.request.uri.path') ?? request.target;
  const query = textField(fields, 'http.request.uri.query') ?? '';
  return JSON.stringify([
    request.method,
    request.scheme,
    request.host,
    path,
    keyQuery(query, objectAt(custom, 'query_string'), configured['ignore_query_strings_order'] === true),
    textsAt(header, 'include').map((name) => sent.get(name.toLowerCase()) ?? null),
    textsAt(header, 'check_presence').map((name) => sent.has(name.toLowerCase())),
    textsAt(objectAt(custom, 'cookie'), 'include').map((name) => cookieOf(request, name) ?? null),
    textsAt(objectAt(custom, 'cookie'), 'check_presence').map(
      (name) => cookieOf(request, name) !== undefined,
    ),
    objectAt(custom, 'user')['geo'] === true ? request.country : null,
  ]);
}

function keyQuery(query: string, configured: JsonObject, ignoresOrder: boolean): string {
  const include = objectAt(configured, 'include');
  const exclude = objectAt(configured, 'exclude');
  const included = textsAt(include, 'list');
  const excluded = textsAt(exclude, 'list');
  const pairs = query
    .split('&')
    .map((pair) => ({ pair, name: pair.split('=', 1)[0] ?? '' }))
    .filter(
      ({ name }) =>
        exclude['all'] !== true &&
        !excluded.includes(name) &&
        (included.length === 0 || included.includes(name)),
    )
    .map(({ pair }) => pair);
  return (ignoresOrder ? pairs.toSorted((a, b) => (a < b ? -1 : 1)) : pairs).join('&');
}

/** For how long the answer is kept; null when it is not kept at all. */
function edgeSeconds(answer: Answer, edgeTtl: JsonObject): number | null {
  const ofStatus = objectsAt(edgeTtl, 'status_code_ttl').find((one) => fitsStatus(one, answer.status));
  const value = ofStatus === undefined ? null : numberAt(ofStatus, 'value');
  if (value !== null) {
    return value > 0 ? value : null;
  }
  const mode = textAt(edgeTtl, 'mode');
  const fixed = numberAt(edgeTtl, 'default');
  if (mode === 'override_origin' && fixed !== null) {
    return Object.hasOwn(defaultSeconds, answer.status) ? fixed : null;
  }
  const maxAge = originSeconds(answer.headers.get('cache-control'));
  if (maxAge !== undefined) {
    return maxAge;
  }
  return mode === 'bypass_by_default' ? null : (fixed ?? defaultSeconds[answer.status] ?? null);
}

function fitsStatus(one: JsonObject, status: number): boolean {
  const range = objectAt(one, 'status_code_range');
  const isInRange =
    Object.keys(range).length > 0 &&
    status >= (numberAt(range, 'from') ?? 0) &&
    status <= (numberAt(range, 'to') ?? 999);
  return numberAt(one, 'status_code') === status || isInRange;
}

/** Seconds that the origin allows; null when it forbids keeping, undefined when it says nothing. */
function originSeconds(cacheControl: string | null): number | null | undefined {
  if (cacheControl === null) {
    return undefined;
  }
  if (/\b(?:no-store|no-cache|private)\b/i.test(cacheControl)) {
    return null;
  }
  const seconds =
    /\bs-maxage=(\d{1,9})\b/i.exec(cacheControl)?.[1] ?? /\bmax-age=(\d{1,9})\b/i.exec(cacheControl)?.[1];
  return seconds === undefined ? undefined : seconds === '0' ? null : Number(seconds);
}

/** What the browser is told: the seconds of the rule, else those of the zone when they are more than the origin's. */
export function browserCacheControl(
  { answer, status }: CachedAnswer,
  settings: JsonObject,
  zoneSeconds: unknown,
): string | null {
  if (status === 'DYNAMIC' || status === 'BYPASS') {
    return null;
  }
  const browserTtl = objectAt(settings, 'browser_ttl');
  const mode = textAt(browserTtl, 'mode');
  const fixed = numberAt(browserTtl, 'default');
  if (mode === 'bypass') {
    return 'no-store';
  }
  if (mode === 'override_origin' && fixed !== null) {
    return `max-age=${String(fixed)}`;
  }
  const maxAge = originSeconds(answer.headers.get('cache-control'));
  const isLonger = typeof zoneSeconds === 'number' && zoneSeconds > (maxAge ?? 0);
  return mode !== 'respect_origin' && isLonger ? `max-age=${String(zoneSeconds)}` : null;
}
