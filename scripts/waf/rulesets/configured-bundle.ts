/**
 * The resources of a bundle as configured objects. The id of each is the text that refers to it (`${type.name.id}`), so
 * that what names a zone, a list or a ruleset of the same bundle names its id.
 */
import { soleReference } from '../../plan/expression/parse.ts';
import { cloudflareSource, factsOf } from '../../provider/facts.ts';
import { isObject } from '../../json/json.ts';
import { typedValue } from '../../plan/typed.ts';
import type { Json, JsonObject } from '../../plan/types.ts';
import type { ConfiguredObject } from './configured.ts';

/** Every resource; what is not a resource block is passed over. */
export function configuredObjects(configuration: JsonObject): readonly ConfiguredObject[] {
  return resourcesOf(configuration).map(({ type, name, attributes }) => ({
    type,
    id: referenceTo(type, name),
    attributes,
  }));
}

export interface WrittenResource {
  readonly type: string;
  readonly name: string;
  readonly attributes: JsonObject;
}

/**
 * The resource blocks of a configuration of the wanted types, in the order of their types and names, with their values in
 * the types that Cloudflare gets.
 */
export function resourcesOf(
  configuration: JsonObject,
  isWanted: (type: string) => boolean = () => true,
): readonly WrittenResource[] {
  return members(configuration['resource'])
    .filter(([type]) => isWanted(type))
    .flatMap(([type, blocks]) =>
      members(blocks).map(([name, written]) => ({
        type,
        name,
        attributes: typedValue(factsOf(type, cloudflareSource), written) as JsonObject,
      })),
    );
}

/** The text by which other resources of the bundle name this one. */
function referenceTo(type: string, name: string): string {
  return `\${${type}.${name}.id}`;
}

/** `type.name` of a whole reference; null for any other text. */
export function addressOf(reference: string): string | null {
  const { rest = [], target = null } = soleReference(reference) ?? {};
  return rest.length === 1 && rest[0] === 'id' ? target : null;
}

function members(value: Json | undefined): readonly (readonly [string, JsonObject])[] {
  return isObject(value)
    ? Object.entries(value).flatMap(([key, member]) => (isObject(member) ? [[key, member] as const] : []))
    : [];
}
