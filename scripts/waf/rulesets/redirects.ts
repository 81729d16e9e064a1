/**
 * Bulk redirects: the first entry of a redirect list that fits a URL, and where it leads. Cloudflare documentation,
 * Rules, Bulk Redirects, "How it works" and "URL redirect parameters" (2026-11). The query of the request takes no part
 * in matching. Of several that fit, the longest host and path win.
 */
import type { ListContent } from '../evaluate/runtime.ts';
import { asciiLower } from '../evaluate/wildcard.ts';

export interface RedirectEntry {
  /** Host and path, scheme optional. */
  readonly source: string;
  readonly target: string;
  readonly status: number;
  readonly includesSubdomains: boolean;
  readonly matchesSubpaths: boolean;
  readonly keepsQuery: boolean;
  readonly keepsPathSuffix: boolean;
}

interface FoundRedirect {
  readonly location: string;
  readonly status: number;
}

interface UrlParts {
  readonly scheme: string | null;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

function partsOf(url: string): UrlParts {
  const [, scheme, host = '', path = '', query = ''] =
    /^(?:([a-z]+):\/\/)?([^/?]*)([^?]*)(?:\?(.*))?$/isu.exec(url) ?? [];
  return {
    scheme: scheme === undefined ? null : asciiLower(scheme),
    host: asciiLower(host),
    path: path === '' ? '/' : path,
    query,
  };
}

interface RedirectSource {
  readonly entry: RedirectEntry;
  readonly scheme: string | null;
  readonly path: string;
}

/** What follows the path of the source; null when the path does not fit. A slash at the end of either does not count. */
function suffixOf(entry: RedirectEntry, source: string, path: string): string | null {
  const base = source.replace(/\/$/u, '');
  if (path === base || path === `${base}/`) {
    return '';
  }
  return entry.matchesSubpaths && path.startsWith(`${base}/`) ? path.slice(base.length) : null;
}

/** Finds where a URL (`https://host/path?query`) is sent; null when no entry fits. */
export type RedirectFinder = (url: string) => FoundRedirect | null;

export function compileRedirects(entries: readonly RedirectEntry[]): RedirectFinder {
  const byHost = new Map<string, RedirectSource[]>();
  for (const entry of entries) {
    const { scheme, host, path } = partsOf(entry.source);
    byHost.set(host, [...(byHost.get(host) ?? []), { entry, scheme, path }]);
  }
  for (const sources of byHost.values()) {
    sources.sort((a, b) => b.path.length - a.path.length);
  }
  return (url) => {
    const requested = partsOf(url);
    const labels = requested.host.split('.');
    for (let skipped = 0; skipped < labels.length; skipped += 1) {
      const sources = byHost.get(labels.slice(skipped).join('.')) ?? [];
      const found = sources.find(
        (source) =>
          (skipped === 0 || source.entry.includesSubdomains) &&
          (source.scheme === null || source.scheme === requested.scheme) &&
          suffixOf(source.entry, source.path, requested.path) !== null,
      );
      if (found !== undefined) {
        const suffix = suffixOf(found.entry, found.path, requested.path) ?? '';
        return { location: targetOf(found.entry, suffix, requested.query), status: found.entry.status };
      }
    }
    return null;
  };
}

function targetOf(entry: RedirectEntry, suffix: string, query: string): string {
  const [base = '', own = ''] = entry.target.split('?', 2);
  const path = entry.keepsPathSuffix && suffix !== '' ? base.replace(/\/$/u, '') + suffix : base;
  const requested = entry.keepsQuery && query !== '' ? query : own;
  return requested === '' ? path : `${path}?${requested}`;
}

/** The list as an expression asks about it. */
export function redirectContent(find: RedirectFinder): ListContent {
  return { contains: (value) => typeof value === 'string' && find(value) !== null };
}
