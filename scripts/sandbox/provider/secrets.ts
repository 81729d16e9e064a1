/** Stored objects as they may be shown: what the provider marks as sensitive is not in them. */
import type { Json, JsonObject } from '../../plan/types.ts';
import type { Attributes, ProviderCatalogue, SchemaShape } from './schema.ts';
import type { StoredObject } from './store.ts';
import { isObject } from '../../json/json.ts';

export const hidden = '(sensitive)';

/** The objects with every sensitive value that is set replaced by a fixed text. Unknown types are hidden whole. */
export function withoutSecrets(
  objects: readonly StoredObject[],
  catalogue: Pick<ProviderCatalogue, 'resources'>,
): readonly StoredObject[] {
  return objects.map((object) => {
    const schema = Object.hasOwn(catalogue.resources, object.type)
      ? catalogue.resources[object.type]
      : undefined;
    return {
      ...object,
      attributes: schema === undefined ? {} : maskObject(object.attributes, schema.attributes),
    };
  });
}

function maskObject(json: JsonObject, attributes: Attributes): JsonObject {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      const value = json[name] ?? null;
      return [
        name,
        attribute.sensitive === true && value !== null ? hidden : maskValue(value, attribute.shape),
      ];
    }),
  );
}

function maskValue(value: Json, shape: SchemaShape): Json {
  if (value === null || shape.kind === 'plain' || typeof value !== 'object') {
    return value;
  }
  const { attributes, nesting } = shape;
  const mask = (element: Json): Json => (isObject(element) ? maskObject(element, attributes) : element);
  if (Array.isArray(value)) {
    return value.map(mask);
  }
  return nesting === 'map' && isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, element]) => [key, mask(element)]))
    : mask(value);
}
