/** Which attribute a diagnostic of `terraform validate -json` is about: Terraform tells a place in the file, not a path. */
import type { JsonObject } from '../../scripts/plan/types.ts';
import type { Attributes, SchemaShape } from '../../scripts/sandbox/provider/schema.ts';
import { catalogue } from './made.ts';

export interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
  readonly range?: { readonly start: { readonly line: number } };
}

/** JSON with each member on a line of its own. */
export function written(document: JsonObject): string {
  return `${JSON.stringify(document, null, 1)}\n`;
}

/** Paths that were refused, by address; an error of the resource as a whole is at `(resource)`. */
export function refusedPlaces(
  text: string,
  diagnostics: readonly Diagnostic[],
): ReadonlyMap<string, readonly string[]> {
  const places = placesOf(text);
  const found = new Map<string, Set<string>>();
  for (const each of diagnostics.filter(({ severity }) => severity === 'error')) {
    const place = placeOf(each, places);
    if (place !== null) {
      found.set(place.address, (found.get(place.address) ?? new Set()).add(place.path));
    }
  }
  return new Map([...found].map(([address, paths]) => [address, [...paths].toSorted()]));
}

/** Errors that are about no resource. */
export function unplaced(text: string, diagnostics: readonly Diagnostic[]): readonly string[] {
  const places = placesOf(text);
  return diagnostics
    .filter((each) => each.severity === 'error' && placeOf(each, places) === null)
    .map(({ summary, detail = '' }) => `${summary}: ${detail}`);
}

interface Place {
  readonly address: string;
  readonly path: string;
}

/** The line tells the attribute; the text tells what inside of it, where it names a path that begins there. */
function placeOf(
  { range, detail = '', summary }: Diagnostic,
  places: ReadonlyMap<number, Place>,
): Place | null {
  const place = places.get(range?.start.line ?? 0);
  if (place === undefined) {
    return null;
  }
  const [type = ''] = place.address.split('.');
  const attributes = catalogue.resources[type]?.attributes ?? {};
  const named = [...`${summary} ${detail}`.matchAll(/[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*|\[[^\]]*\])*/g)]
    .map(([path]) => path.replaceAll(/\[[^\]]*\]/g, '[]'))
    .find((path) =>
      place.path === whole ? (/^\w+/.exec(path)?.[0] ?? '') in attributes : isInside(path, place.path),
    );
  return named === undefined ? place : { ...place, path: named };
}

function isInside(path: string, outer: string): boolean {
  return path.startsWith(outer) && /^[.[]/.test(path.slice(outer.length));
}

const whole = '(resource)';

/** For each line of the file the attribute that stands on it. */
function placesOf(text: string): ReadonlyMap<number, Place> {
  const places = new Map<number, Place>();
  const open: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const depth = /^ */.exec(line)?.[0].length ?? 0;
    const key = /^ *"((?:[^"\\]|\\.)*)":/.exec(line)?.[1];
    const isEnd = /^ *[\]}]/.test(line);
    open.splice(isEnd ? depth : Math.max(0, depth - 1));
    if (!isEnd) {
      open.push(key ?? '[]');
    }
    const [, type = '', name, ...path] = open;
    if (name !== undefined) {
      places.set(index + 1, { address: `${type}.${name}`, path: pathText(withoutKeys(type, path)) });
    }
  }
  return places;
}

/** Keys of a map are elements, like those of a list. */
function withoutKeys(type: string, path: readonly string[]): readonly string[] {
  let attributes: Attributes | null = catalogue.resources[type]?.attributes ?? {};
  return path.map((part) => {
    const shape: SchemaShape | undefined = attributes === null ? undefined : attributes[part]?.shape;
    if (part === '[]' || shape === undefined) {
      return '[]';
    }
    attributes = shape.kind === 'nested' ? shape.attributes : null;
    return part;
  });
}

function pathText(path: readonly string[]): string {
  return path.length === 0
    ? whole
    : path.map((part, at) => (part === '[]' ? part : `${at === 0 ? '' : '.'}${part}`)).join('');
}
