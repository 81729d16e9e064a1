/**
 * The resources of a bundle as configured objects. The id of each is the text that refers to it (`${type.name.id}`), so
 * that what names a zone, a list or a ruleset of the same bundle names its id.
 */
import type { Json, JsonObject } from '../../plan/types.ts';
import type { ConfiguredObject } from './configured.ts';

/** Resources in the order of their types and names; what is no resource block is passed over. */
export function configuredObjects(configuration: JsonObject): readonly ConfiguredObject[] {
  return members(configuration['resource']).flatMap(([type, blocks]) =>
    members(blocks).map(([name, attributes]) => ({ type, id: referenceTo(type, name), attributes })),
  );
}

/** The text by which other resources of the bundle name this one. */
export function referenceTo(type: string, name: string): string {
  return `\${${type}.${name}.id}`;
}

/** `type.name` of a whole reference; null for any other text. */
export function addressOf(reference: string): string | null {
  return /^\$\{([a-z0-9_]+\.[A-Za-z0-9_-]+)\.id\}$/u.exec(reference)?.[1] ?? null;
}

function members(value: Json | undefined): readonly (readonly [string, JsonObject])[] {
  return isObject(value)
    ? Object.entries(value).flatMap(([key, member]) => (isObject(member) ? [[key, member] as const] : []))
    : [];
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
