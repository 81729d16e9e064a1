/**
 * What an Access application stands in front of: hosts with paths, and private destinations. Of several applications that
 * cover a place the most specific one decides, and nothing is inherited from the others (documentation of application
 * paths). A wildcard covers its own level only.
 */
import type { Json, JsonObject, ResourceChange } from '../../../scripts/plan/types.ts';
import type { Estate } from '../estate.ts';

import { includesTarget } from './targets.ts';
import type { Side } from '../values.ts';
import { applicationType, valuesOn } from './policies.ts';
import { isObject } from '../../../scripts/json/json.ts';

/** A host with a path, or one text for what is neither. */
export interface AccessPlace {
  readonly text: string;
  /** Labels of the host and segments of the path; null for a private destination, and for an application of no place. */
  readonly parts: { readonly host: readonly string[]; readonly path: readonly string[] } | null;
  /** What a private destination is, argument by argument. */
  readonly target?: JsonObject;
}

/** A link to another place protects nothing here. */
const linking = 'bookmark';

/** Everything that the application stands in front of on one side; of an application without hosts, itself. */
export function placesOf(application: ResourceChange, side: Side): readonly AccessPlace[] {
  const values = valuesOn(application, side);
  if (values === null || values['type'] === linking) {
    return [];
  }
  const destinations = listOf(values['destinations']).filter(isObject);
  const hosts = [
    values['domain'],
    ...listOf(values['self_hosted_domains']),
    ...destinations.map((destination) => destination['uri']),
  ].flatMap((text) => (typeof text === 'string' && text !== '' ? [placeOf(text)] : []));
  const found = [...hosts, ...destinations.filter(isPrivate).map(privatePlace)];
  const unique = [...new Map(found.map((place) => [place.text, place])).values()];
  return unique.length > 0 ? unique : [{ text: `${application.stack}/${application.address}`, parts: null }];
}

/** Which application decides about a place on one side; null where none stands in front of it. */
export type Guards = (place: AccessPlace) => ResourceChange | null;

/** Goes through all applications once: hosts without a wildcard are looked up, the others are tried one by one. */
export function guardsOn(side: Side, estate: Estate): Guards {
  const exact = new Map<string, Guard[]>();
  const patterns: Guard[] = [];
  for (const application of estate.all(applicationType)) {
    for (const place of placesOf(application, side)) {
      const key = keyOf(place);
      const isPattern = key.includes('*') || place.target !== undefined;
      const group = isPattern ? patterns : (exact.get(key) ?? []);
      group.push({ application, place, rank: specificity(place) });
      if (group !== patterns) {
        exact.set(key, group);
      }
    }
  }
  return (place) => {
    const candidates = [...(exact.get(keyOf(place)) ?? []), ...patterns];
    const covering = candidates.filter((guard) => includesPlace(guard.place, place));
    const [best] = covering.toSorted((a, b) => b.rank - a.rank);
    return best?.application ?? null;
  };
}

interface Guard {
  readonly application: ResourceChange;
  readonly place: AccessPlace;
  readonly rank: number;
}

/** The host, or the whole text of what has none. */
function keyOf({ text, parts }: AccessPlace): string {
  return parts === null ? text : parts.host.join('.');
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function isPrivate(destination: JsonObject): boolean {
  return (destination['uri'] ?? null) === null;
}

function privatePlace(destination: JsonObject): AccessPlace {
  const target = Object.fromEntries(Object.entries(destination).filter(([, value]) => value !== null));
  const { hostname, cidr, port_range: ports, l4_protocol: protocol, type: _type, ...rest } = target;
  const words = [
    hostname ?? cidr ?? 'private destination',
    ...(ports === undefined ? [] : ['port', ports]),
    ...(protocol === undefined ? [] : [protocol]),
    ...Object.entries(rest).flat(),
  ];
  return { text: words.map(String).join(' '), parts: null, target };
}

/** A host, with a path or without one. */
export function placeOf(text: string): AccessPlace {
  const [host = '', ...path] = text
    .toLowerCase()
    .replace(/^https?:\/\//u, '')
    .split('/');
  const segments = path.filter((segment) => segment !== '');
  const isOpenEnded = segments.at(-1) === '*';
  const parts = { host: host.split('.'), path: isOpenEnded ? segments.slice(0, -1) : segments };
  return { text: [parts.host.join('.'), ...parts.path].join('/'), parts };
}

function includesPlace(outer: AccessPlace, inner: AccessPlace): boolean {
  if (outer.target !== undefined && inner.target !== undefined) {
    return includesTarget(outer.target, inner.target);
  }
  if (outer.parts === null || inner.parts === null) {
    return outer.text === inner.text;
  }
  const [host, path] = [outer.parts.host, outer.parts.path];
  return (
    host.length === inner.parts.host.length &&
    path.length <= inner.parts.path.length &&
    matchEach(host, inner.parts.host) &&
    matchEach(path, inner.parts.path)
  );
}

function matchEach(patterns: readonly string[], texts: readonly string[]): boolean {
  return patterns.every((pattern, at) => matches(pattern, texts[at] ?? ''));
}

/** A `*` in the text is a character like any other: it is covered by a `*` only. */
function matches(pattern: string, text: string): boolean {
  const [start = '', ...rest] = pattern.split('*');
  const end = rest.at(-1);
  if (end === undefined) {
    return pattern === text;
  }
  const isAround = text.startsWith(start) && text.endsWith(end) && text.length >= start.length + end.length;
  return isAround && rest.slice(0, -1).every((part) => text.includes(part));
}

/** Exact labels count most, then segments of the path, then length. */
function specificity({ text, parts }: AccessPlace): number {
  const exact = parts?.host.filter((label) => !label.includes('*')).length ?? 0;
  return exact * 1_000_000 + (parts?.path.length ?? 0) * 1000 + Math.min(text.length, 999);
}
