/**
 * Follows redirects as a browser does: from URL to URL, through whatever the estate has that redirects. Who asks stays the
 * same on the way, only the URL changes. What cannot be computed ends the way, and is said.
 */
import type { CompiledTest } from '../evaluate/compile.ts';
import type { CompiledValue } from '../evaluate/compile-values.ts';
import { requestFields } from '../evaluate/request.ts';
import type { RecordedRequest } from '../evaluate/request.ts';
import type { RequestFields } from '../evaluate/runtime.ts';
import { Unknown } from '../evaluate/runtime.ts';

/** Where a URL is sent; null where this one does not redirect it; unknown where that, or the target, cannot be computed. */
export type RedirectAnswer = { readonly to: string } | 'unknown' | null;

export interface Redirector {
  /** What it is called in a message. */
  readonly name: string;
  /** The domain whose hosts it acts on; null for every host of the account. */
  readonly domain: string | null;
  readonly answer: (url: URL, request: RequestFields) => RedirectAnswer;
}

interface Hop {
  readonly by: Redirector;
  readonly from: string;
  readonly to: string;
}

export interface RedirectWay {
  /** `loop`: a URL comes again. `endless`: as many hops as are followed, and no end. */
  readonly end: 'page' | 'elsewhere' | 'loop' | 'endless' | 'unknown';
  readonly hops: readonly Hop[];
  /** Of a loop: the hops that come again and again. */
  readonly circle: readonly Hop[];
}

/** Browsers give up after 20. */
const maxHops = 20;

/** The way of a request through redirectors in the order in which Cloudflare asks them. */
export function follow(
  start: RecordedRequest,
  redirectors: readonly Redirector[],
  hosts: HostTest,
): RedirectWay {
  const hops: Hop[] = [];
  const seen = new Map<string, number>();
  let url = urlOf(start);
  for (;;) {
    if (url === null || !hosts(url.hostname)) {
      return { end: url === null ? 'unknown' : 'elsewhere', hops, circle: [] };
    }
    const at = seen.get(url.href);
    if (at !== undefined) {
      return { end: 'loop', hops, circle: hops.slice(at) };
    }
    if (hops.length >= maxHops) {
      return { end: 'endless', hops, circle: hops.slice(-2) };
    }
    seen.set(url.href, hops.length);
    const hop = next(url, start, redirectors);
    if (hop === null || hop === 'unknown') {
      return { end: hop === null ? 'page' : 'unknown', hops, circle: [] };
    }
    hops.push(hop);
    url = parsed(hop.to, hop.from);
  }
}

/** Whether a host is one of the estate's. */
export type HostTest = (host: string) => boolean;

function next(url: URL, start: RecordedRequest, redirectors: readonly Redirector[]): Hop | 'unknown' | null {
  const request = requestFields(nextRequest(start, url));
  for (const by of redirectors.filter(({ domain }) => isWithin(url.hostname, domain))) {
    const answer = by.answer(url, request);
    if (answer !== null) {
      return answer === 'unknown'
        ? answer
        : { by, from: url.href, to: parsed(answer.to, url.href)?.href ?? answer.to };
    }
  }
  return null;
}

function isWithin(host: string, domain: string | null): boolean {
  return domain === null || host === domain || host.endsWith(`.${domain}`);
}

function urlOf({ scheme, host, target }: RecordedRequest): URL | null {
  return parsed(`${scheme ?? 'https'}://${host}${target}`);
}

/** Without a fragment: no server sees it. */
function parsed(text: string, base?: string): URL | null {
  if (!URL.canParse(text, base)) {
    return null;
  }
  const url = new URL(text, base);
  url.hash = '';
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
}

/** The request of the same client for another URL. */
export function nextRequest(start: RecordedRequest, url: URL): RecordedRequest {
  const headers = start.headers.filter(([name]) => name.toLowerCase() !== 'host');
  return {
    ...start,
    scheme: url.protocol === 'http:' ? 'http' : 'https',
    host: url.host,
    target: `${url.pathname}${url.search}`,
    headers: [...headers, ['host', url.host]],
  };
}

export interface RedirectRule {
  readonly test: CompiledTest;
  /** The target; null where it is not known. */
  readonly target: CompiledValue | string | null;
  readonly keepsQuery: boolean;
}

/** A redirect by an expression to a fixed or computed address. */
export function ruleAnswer({ test, target, keepsQuery }: RedirectRule): Redirector['answer'] {
  return (url, request) => {
    const truth = test(request);
    if (truth === false) {
      return null;
    }
    const value = typeof target === 'string' || target === null ? target : target(request);
    if (truth instanceof Unknown || typeof value !== 'string') {
      return 'unknown';
    }
    const hasOwn = value.includes('?');
    return { to: keepsQuery && !hasOwn ? value + url.search : value };
  };
}

/**
 * A page rule that forwards: `*` in its pattern is any text, and `$1` in its target what the first one stood for. Without
 * a scheme it is for both. Cloudflare documentation, page rules, wildcards.
 */
export function patternAnswer(pattern: string, target: string): Redirector['answer'] {
  const [, scheme, rest = ''] = /^(?:(https?):\/\/)?(.*)$/isu.exec(pattern) ?? [];
  const full = rest.includes('/') ? rest : `${rest}/`;
  const source = full
    .split('*')
    .map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/gu, String.raw`\$&`))
    .join('(.*)');
  const test = new RegExp(`^${source}$`, 'iu');
  return (url) => {
    const found = test.exec(`${url.host}${url.pathname}${url.search}`);
    const isOfScheme = scheme === undefined || `${scheme.toLowerCase()}:` === url.protocol;
    return found === null || !isOfScheme
      ? null
      : { to: target.replaceAll(/\$(\d)/gu, (_, number: string) => found[Number(number)] ?? '') };
  };
}
