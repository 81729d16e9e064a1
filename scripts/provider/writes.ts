/** Which types a request to Cloudflare's API may have written an object of, by the requests of their entries. */
import { behaviourOf } from './behaviour.ts';
import { cloudflareSource } from './facts.ts';
import { keepsValue } from './kind.ts';
import { providerType, providerTypes } from './types.ts';

/** Whether the provider sends a request for it: not where it forgets an object only, nor for an update that it does not do. */
export function isRequested(type: string, action: 'create' | 'update' | 'delete'): boolean {
  if (providerType(type) === null) {
    return false;
  }
  return action === 'delete'
    ? !keepsValue({ type, provider: cloudflareSource })
    : action === 'create' || behaviourOf(type, cloudflareSource)?.update === undefined;
}

interface WritePath {
  readonly type: string;
  readonly segments: readonly string[];
  /** More of them make a path the closer one: `custom_hostnames/fallback_origin` is no custom hostname. */
  readonly literals: number;
}

let known: ReadonlyMap<string, readonly WritePath[]> | null = null;

/**
 * `uri` with or without the API's base and a query. More than one where types share a request; empty where none of the table's
 * makes it.
 */
export function typesWrittenBy(method: string, uri: string): readonly string[] {
  known ??= writePaths();
  const segments = segmentsOf(uri.replace(/[?#].*$/, '').replace(/^(?:https:\/\/[^/]+)?\/client\/v4/, ''));
  const fitting = (known.get(keyOf(method, segments)) ?? []).filter((path) => fits(path, segments));
  const most = Math.max(...fitting.map(({ literals }) => literals));
  return [...new Set(fitting.flatMap(({ type, literals }) => (literals === most ? [type] : [])))];
}

function writePaths(): ReadonlyMap<string, readonly WritePath[]> {
  const paths = new Map<string, WritePath[]>();
  for (const [type, { writes = [] }] of providerTypes()) {
    for (const write of writes) {
      const [method = '', pattern = ''] = write.split(' ');
      const forms = pattern.startsWith('/{scope}/')
        ? ['zones', 'accounts'].map((scope) => pattern.replace('/{scope}/', `/${scope}/{id}/`))
        : [pattern];
      for (const segments of forms.map(segmentsOf)) {
        const literals = segments.filter((segment) => !isPlace(segment)).length;
        const key = keyOf(method, segments);
        paths.set(key, [...(paths.get(key) ?? []), { type, segments, literals }]);
      }
    }
  }
  return paths;
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function keyOf(method: string, segments: readonly string[]): string {
  return `${method.toUpperCase()} ${String(segments.length)}`;
}

function isPlace(segment: string): boolean {
  return segment.startsWith('{');
}

function fits(path: WritePath, segments: readonly string[]): boolean {
  return path.segments.every((segment, index) => isPlace(segment) || segment === segments[index]);
}
