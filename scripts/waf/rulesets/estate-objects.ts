/**
 * The resources of several stacks as one estate. Each gets `stack/type.name` as its id, and every whole reference to it
 * (`${type.name.id}`) becomes that id: a zone's rulesets name their zone whatever stack they stand in, and what is said
 * about a rule has the address that a plan shows.
 */
import type { ConfiguredObject } from './configured.ts';
import type { Json, JsonObject } from '../../plan/types.ts';

/** Configurations by stack, in Terraform's JSON syntax as canonical bundles have it. */
export function estateObjects(configurations: ReadonlyMap<string, JsonObject>): readonly ConfiguredObject[] {
  return [...configurations].flatMap(([stack, configuration]) => objectsOf(stack, configuration));
}

function objectsOf(stack: string, configuration: JsonObject): readonly ConfiguredObject[] {
  const types = configuration['resource'];
  if (!isObject(types)) {
    return [];
  }
  return Object.entries(types).flatMap(([type, blocks]) =>
    isObject(blocks)
      ? Object.entries(blocks).flatMap(([name, body]) =>
          isObject(body)
            ? [{ type, id: `${stack}/${type}.${name}`, attributes: resolved(body, stack) as JsonObject }]
            : [],
        )
      : [],
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

const wholeReference = /^\$\{([a-z0-9_]+\.[A-Za-z0-9_-]+)\.id\}$/u;

function resolved(value: Json, stack: string): Json {
  if (typeof value === 'string') {
    const address = wholeReference.exec(value)?.[1];
    return address === undefined ? value : `${stack}/${address}`;
  }
  if (Array.isArray(value)) {
    return value.map((item: Json) => resolved(item, stack));
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, stack)]))
    : value;
}
