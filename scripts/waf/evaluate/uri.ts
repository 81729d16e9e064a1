/**
 * Parts of a request's URI as the fields show them. Nothing is decoded except what URL normalization decodes; values of
 * arguments stay as sent.
 */

export interface UriParts {
  readonly path: string;
  readonly query: string;
}

/** Splits a request target at the first `?`. A fragment does not reach a server. */
export function splitTarget(target: string): UriParts {
  const mark = target.indexOf('?');
  return mark === -1
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** Path and query joined as `http.request.uri` has them. */
export function joinTarget({ path, query }: UriParts): string {
  return query === '' ? path : `${path}?${query}`;
}

/**
 * Cloudflare's URL normalization of incoming URLs (the default setting): backslashes and double slashes become one
 * slash, dot segments go, escapes of unreserved characters are decoded and the others written in capitals.
 */
export function normalizePath(path: string): string {
  const slashes = decodeUnreserved(path.replaceAll('\\', '/')).replaceAll(/\/{2,}/gu, '/');
  return removeDotSegments(slashes);
}

/** Only the escapes of a query are normalized. */
export function normalizeQuery(query: string): string {
  return decodeUnreserved(query);
}

function decodeUnreserved(text: string): string {
  return text.replaceAll(/%[0-9a-fA-F]{2}/gu, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9._~-]/u.test(character) ? character : escape.toUpperCase();
  });
}

function removeDotSegments(path: string): string {
  const remaining: string[] = [];
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === '..' && remaining.length > 1) {
      remaining.pop();
    }
    if (segment !== '.' && segment !== '..') {
      remaining.push(segment);
    } else if (isLast) {
      remaining.push('');
    }
  }
  return remaining.join('/');
}

/** Lower-case extension of the last segment without its dot; empty for none, for dot-files and for a trailing dot. */
export function pathExtension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}

export interface NamedValues {
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** Values by name, in order. */
  readonly map: ReadonlyMap<string, readonly string[]>;
}

/** Groups pairs by name, keeping their order. */
export function groupPairs(pairs: readonly (readonly [string, string])[]): NamedValues {
  const map = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = map.get(name);
    if (values === undefined) {
      map.set(name, [value]);
    } else {
      values.push(value);
    }
  }
  return { names: pairs.map(([name]) => name), values: pairs.map(([, value]) => value), map };
}

/** Arguments of a query or form body; an argument without `=` has an empty value. */
export function readArguments(text: string): readonly (readonly [string, string])[] {
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      return equals === -1 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
    });
}
