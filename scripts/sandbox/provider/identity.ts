/**
 * Who an object is: its parent (zone or account), its key in the store, and how its `id` comes about. Most types get
 * a fresh id from Cloudflare; settings and named objects are identified by what the configuration says, which the
 * provider shows as an `id` that forces replacement, or as no `id` at all.
 */
import { createHash } from 'node:crypto';
import { providerType } from '../../provider/types.ts';
import type { Attributes } from './schema.ts';
import { isObject } from './values.ts';
import type { ProviderValue, ValueObject } from './values.ts';

const scopes: ReadonlySet<string> = new Set(['id', 'zone_id', 'account_id']);

/** True when the configuration itself names the object (a setting of a zone, a bucket by name). */
export function isNamedByConfig(type: string, attributes: Attributes): boolean {
  const id = attributes['id'];
  return (
    providerType(type)?.hasGeneratedId !== true &&
    (id === undefined || id.presence === 'required' || id.replace === true)
  );
}

/** True when Cloudflare makes the `id` up: it is never given out twice. */
export function hasGeneratedId(type: string, attributes: Attributes): boolean {
  return attributes['id']?.presence === 'computed' && !isNamedByConfig(type, attributes);
}

/** Zone id, account id or `global`. */
export function parentOf(attributes: ValueObject): string {
  const account = attributes['account'];
  const owner = isObject(account) ? account['id'] : undefined;
  return text(attributes['zone_id']) ?? text(attributes['account_id']) ?? text(owner) ?? 'global';
}

/** The store key of an object whose attributes are known. */
export function keyOf(type: string, schema: Attributes, attributes: ValueObject): string {
  if (!isNamedByConfig(type, schema) || schema['id']?.presence === 'required') {
    return text(attributes['id']) ?? 'unnamed';
  }
  const parts = ownNames(schema).flatMap((name) => text(attributes[name]) ?? []);
  return parts.length > 0 ? parts.join('~') : 'default';
}

/** The `id` of an object that the configuration names: its own name, else the zone's or the account's id. */
export function idFromConfig(schema: Attributes, attributes: ValueObject): string {
  const [own] = ownNames(schema).flatMap((name) => text(attributes[name]) ?? []);
  return own ?? parentOf(attributes);
}

/** Attributes that name an object below its parent: required or filled text that forces replacement. */
function ownNames(schema: Attributes): readonly string[] {
  return Object.entries(schema)
    .filter(
      ([name, attribute]) =>
        attribute.replace === true &&
        !scopes.has(name) &&
        attribute.shape.kind === 'plain' &&
        attribute.shape.type === 'string' &&
        (attribute.presence === 'required' || name.endsWith('_id')),
    )
    .map(([name]) => name)
    .toSorted(byIdentifierFirst);
}

/** `setting_id` before `hostname` before the rest: the provider's own choice for `id`. */
function byIdentifierFirst(left: string, right: string): number {
  return nameRank(left) - nameRank(right) || (left < right ? -1 : 1);
}

function nameRank(name: string): number {
  return name.endsWith('_id') ? 0 : name.endsWith('name') ? 1 : 2;
}

/**
 * An id in Cloudflare's form: 32 hexadecimal digits, or a UUID for Zero Trust. It depends only on what it is made
 * from, never on the order in which Terraform happens to create objects.
 */
export function makeId(type: string, ...seed: readonly string[]): string {
  const hex = digest([type, ...seed].join('\n')).slice(0, 32);
  return type.startsWith('cloudflare_zero_trust_')
    ? [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
    : hex;
}

/** An id for the types that number their objects. */
export function makeNumericId(type: string, ...seed: readonly string[]): string {
  return String(Number.parseInt(digest([type, ...seed].join('\n')).slice(0, 8), 16) + 1);
}

export function digest(seed: string): string {
  return createHash('sha256').update(seed).digest('hex');
}

/** Text of a known, non-empty scalar; null otherwise. */
export function text(value: ProviderValue | undefined): string | null {
  if (typeof value === 'string') {
    return value === '' ? null : value;
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
