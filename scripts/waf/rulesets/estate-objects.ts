/**
 * The resources of several stacks as one estate. Each gets `stack/type.name` as its id, and every whole reference to it
 * (`${type.name.id}`) becomes that id: a zone's rulesets name their zone whatever stack they stand in, and what is said
 * about a rule has the address that a plan shows.
 */
import { isObject } from '../../json/json.ts';
import { addressOf, resourcesOf } from './configured-bundle.ts';
import type { ConfiguredObject } from './configured.ts';
import type { Json, JsonObject } from '../../plan/types.ts';

/** Configurations by stack, in Terraform's JSON syntax as canonical bundles have it; resources of the wanted types. */
export function estateObjects(
  configurations: ReadonlyMap<string, JsonObject>,
  isWanted?: (type: string) => boolean,
): readonly ConfiguredObject[] {
  return [...configurations].flatMap(([stack, configuration]) =>
    resourcesOf(configuration, isWanted).map(({ type, name, attributes }) => ({
      type,
      id: `${stack}/${type}.${name}`,
      attributes: resolved(attributes, stack) as JsonObject,
    })),
  );
}

function resolved(value: Json, stack: string): Json {
  if (typeof value === 'string') {
    const address = addressOf(value);
    return address === null ? value : `${stack}/${address}`;
  }
  if (Array.isArray(value)) {
    return value.map((item: Json) => resolved(item, stack));
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, stack)]))
    : value;
}
