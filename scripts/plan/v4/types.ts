/**
 * Types and arguments of version 4 of the Cloudflare provider by the names that version 5 has for them, so that plan, rules
 * and floors know one kind of each thing. Addresses stay as they are written.
 *
 * The table is derived from the provider's upgrade guide and migration patterns and its docs of v4.52.8, beside its schema of
 * 5.14.0 (2026-11-30). An argument is read as one of version 4 by its name or shape, which version 5 does not take: which
 * version a file was written for need not be known, and a body of version 5 comes back as the same object.
 */
import { isList, isObject, own, setOwn } from '../../json/json.ts';
import { pathsThrough } from './marks.ts';
import { withBindings } from './bindings.ts';
import { shapeFor, shaped, withLists } from './shapes.ts';
import table from './types.json' with { type: 'json' };
import type { Json, JsonObject, Path, PathSegment } from '../types.ts';
import { valuesOfKind } from './values.ts';

interface TypeEntry {
  /** The type in version 5, where it has another name. */
  readonly kind?: string;
  /** Arguments by their paths in version 5; `account.id` is a member of an object. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Arguments that version 5 has nothing for: what a change of them does is not known. */
  readonly without?: readonly string[];
}

const entries = table.types as Readonly<Record<string, TypeEntry>>;
const noEntry: TypeEntry = {};

function entryOf(type: string): TypeEntry {
  return Object.hasOwn(entries, type) ? (entries[type] ?? noEntry) : noEntry;
}

/** Types that became two: which one it is, its arguments say. */
const byContent: Readonly<Record<string, (body: JsonObject) => string>> = {
  cloudflare_dlp_profile: dlpProfile,
  cloudflare_zero_trust_dlp_profile: dlpProfile,
  cloudflare_fallback_domain: fallbackDomain,
  cloudflare_zero_trust_local_fallback_domain: fallbackDomain,
};

function dlpProfile(body: JsonObject): string {
  return own(body, 'type') === 'predefined'
    ? 'cloudflare_zero_trust_dlp_predefined_profile'
    : 'cloudflare_zero_trust_dlp_custom_profile';
}

function fallbackDomain(body: JsonObject): string {
  const profile = (own(body, 'policy_id') ?? null) === null ? 'default' : 'custom';
  return `cloudflare_zero_trust_device_${profile}_profile_local_domain_fallback`;
}

/** The type in version 5; the same for a type that version 5 has, and for what nothing is known of. */
export function v5Type(type: string, body: JsonObject | null): string {
  const choose = Object.hasOwn(byContent, type) ? byContent[type] : undefined;
  return choose === undefined ? (entryOf(type).kind ?? type) : choose(body ?? {});
}

/** How the body was written. */
export interface WrittenType {
  /** For version 4, where JSON may leave out the list around a block that stands once. */
  readonly isOlder: boolean;
}

/** The arguments by their names and in their shapes in version 5; the same object where nothing of version 4 is in it. */
export function v5Body(
  type: string,
  body: JsonObject,
  { isOlder }: WrittenType = { isOlder: false },
): JsonObject {
  const kind = v5Type(type, body);
  const { rename } = entryOf(type);
  const shape = shapeFor(kind);
  const listed = (value: JsonObject) => (isOlder ? (withLists(value, shape) as JsonObject) : value);
  const plain = listed(withDefaults(type, rename === undefined ? body : renamed(body, rename, false)));
  const known = shaped(withBindings(kind, valuesOfKind(kind, plain)), shape) as JsonObject;
  return rename === undefined || !hasInner(rename)
    ? known
    : (shaped(listed(renamed(known, rename, true)), shape) as JsonObject);
}

/** True for the name of a type that version 5 has under another name. */
export function isOlderType(type: string): boolean {
  return v5Type(type, null) !== type;
}

/** True for a version constraint that holds to an older version of the provider than 5. */
export function isOlderVersion(constraint: string): boolean {
  return /^(?:=|~>)?\s*[0-4]\.\d/u.test(constraint.trim());
}

/** What Cloudflare sets where version 4 leaves it out and version 5 asks for it. Docs of v4.52.8: `ttl` is automatic, 1. */
const defaults: Readonly<Record<string, JsonObject>> = { cloudflare_record: { ttl: 1 } };

function withDefaults(type: string, body: JsonObject): JsonObject {
  return Object.hasOwn(defaults, type) ? { ...defaults[type], ...body } : body;
}

/** Paths into the arguments as they were written, as paths into those of version 5. What goes is left out. */
export function v5Paths(type: string, body: JsonObject, paths: readonly Path[]): readonly Path[] {
  return v5Body(type, body) === body && !renamesAny(type, paths)
    ? paths
    : pathsThrough(body, paths, (marked) => v5Body(type, marked));
}

/** Type of the resource at an address, by the name that is written there; empty for what is not a resource. */
export function writtenType(address: string): string {
  return /(?:^|\.)([a-z][a-z0-9_]*)\.[^.[\]]+(?:\[.*\])?$/.exec(address)?.[1] ?? '';
}

/** True for an argument of version 4 that version 5 has nothing for. */
export function isWithoutCounterpart(type: string, argument: PathSegment | undefined): boolean {
  return typeof argument === 'string' && entryOf(type).without?.includes(argument) === true;
}

/** A value that is known only after apply is absent, and its mark has a name all the same. */
function renamesAny(type: string, paths: readonly Path[]): boolean {
  const { rename = {} } = entryOf(type);
  return paths.some(([first]) => typeof first === 'string' && Object.hasOwn(rename, first));
}

function hasInner(rename: Readonly<Record<string, string>>): boolean {
  return Object.keys(rename).some((from) => from.includes('.'));
}

/** `inner`: of names inside objects, which stand in their objects only once these have their shape. */
function renamed(body: JsonObject, rename: Readonly<Record<string, string>>, inner: boolean): JsonObject {
  let result = body;
  for (const [from, to] of Object.entries(rename)) {
    const path = from.split('.');
    const value = from.includes('.') === inner ? memberAt(result, path) : undefined;
    if (value !== undefined) {
      const rest = withMember(result, path, undefined);
      const target = to.split('.');
      const isThere = value === null || (memberAt(rest, target) ?? null) !== null;
      result = isThere ? rest : withMember(rest, target, value);
    }
  }
  return result;
}

function memberAt(value: Json | undefined, [first, ...rest]: readonly string[]): Json | undefined {
  if (first === undefined) {
    return value;
  }
  return isObject(value) ? memberAt(own(value, first), rest) : undefined;
}

/** A copy with the member set, or without it. An object on the way that is none is left alone. */
function withMember(
  object: JsonObject,
  [first = '', ...rest]: readonly string[],
  value: Json | undefined,
): JsonObject {
  const copy: Record<string, Json> = { ...object };
  const inner = own(object, first) ?? {};
  if (rest.length > 0) {
    if (isObject(inner) && !isList(inner)) {
      const left = withMember(inner, rest, value);
      setOwn(copy, first, left);
      // A block of which every argument has gone elsewhere is gone too.
      if (value === undefined && Object.keys(left).length === 0) {
        delete copy[first];
      }
    }
  } else if (value === undefined) {
    delete copy[first];
  } else {
    setOwn(copy, first, value);
  }
  return copy;
}
