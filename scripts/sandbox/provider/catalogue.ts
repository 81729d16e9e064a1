/** The catalogue of all types: what the bindings say of them, as it was written down, and what only the facts know. */
import { allowedValuesOf } from '../../provider/accepted.ts';
import type { Behaviour } from '../../provider/entry.ts';
import schema from '../../provider/schema.json' with { type: 'json' };
import { providerType } from '../../provider/types.ts';
import type { Json } from '../../plan/types.ts';
import type {
  Attribute,
  Attributes,
  ProviderCatalogue,
  Presence,
  SchemaShape,
  TypeSchema,
} from './schema.ts';
import { attributesOf, type WrittenAttributes } from './written-schema.ts';

/** All types, from the written schema and the facts. Each is worked out when it is first looked at: a run needs a few. */
export function loadCatalogue(): ProviderCatalogue {
  const { configuration, resources, dataSources } = schema;
  return {
    bindings: schema.bindings,
    provider: schema.provider.replace(/^\S+ /, ''),
    providerConfig: { version: 0, attributes: hideCredentials(attributesOf(configuration.cloudflare)) },
    resources: onDemand(resources, withFacts),
    dataSources: onDemand(dataSources, (_name, attributes) => ({ version: 0, attributes })),
  };
}

function onDemand(
  written: Readonly<Record<string, WrittenAttributes>>,
  schemaOf: (name: string, attributes: Attributes) => TypeSchema,
): Readonly<Record<string, TypeSchema>> {
  const known = new Map<string, TypeSchema>();
  const types: Record<string, TypeSchema> = {};
  for (const [name, attributes] of Object.entries(written)) {
    Object.defineProperty(types, name, {
      enumerable: true,
      get: () => known.get(name) ?? known.set(name, schemaOf(name, attributesOf(attributes))).get(name),
    });
  }
  return types;
}

function hideCredentials(attributes: Attributes): Attributes {
  const secret = new Set(['api_key', 'api_token', 'api_user_service_key']);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      secret.has(name) ? { ...attribute, sensitive: true } : attribute,
    ]),
  );
}

/** The part of a catalogue with these types only; the whole of it for null. */
export function ofTypes(catalogue: ProviderCatalogue, types: ReadonlySet<string> | null): ProviderCatalogue {
  if (types === null) {
    return catalogue;
  }
  const those = (all: ProviderCatalogue['resources']): ProviderCatalogue['resources'] =>
    Object.fromEntries(
      Object.keys(all).flatMap((name) => {
        const found = types.has(name) ? all[name] : undefined;
        return found === undefined ? [] : [[name, found]];
      }),
    );
  return {
    ...catalogue,
    resources: those(catalogue.resources),
    dataSources: those(catalogue.dataSources),
  };
}

interface FactSets {
  readonly replace: ReadonlySet<string>;
  readonly replaceIfConfigured: ReadonlySet<string>;
  readonly recomputed: ReadonlySet<string>;
  readonly computed: ReadonlySet<string>;
  readonly sensitive: ReadonlySet<string>;
  readonly sets: ReadonlySet<string>;
  readonly dynamic: ReadonlySet<string>;
  readonly defaults: Readonly<Record<string, Json>>;
  readonly allowed: Readonly<Record<string, readonly string[]>>;
}

function withFacts(name: string, attributes: Attributes): TypeSchema {
  const { schema: own = {}, behaviour: behaves = {}, stateVersion = 0 } = providerType(name) ?? {};
  const sets: FactSets = {
    replace: new Set(own.replace),
    replaceIfConfigured: new Set(behaves.replaceIfConfigured),
    recomputed: recomputedOf(behaves),
    computed: new Set(own.computed),
    sensitive: new Set(own.sensitive),
    sets: new Set(own.sets),
    dynamic: new Set(own.dynamic),
    defaults: own.defaults ?? {},
    allowed: allowedValuesOf(name),
  };
  return {
    version: stateVersion,
    attributes: overlay(attributes, '', sets),
    ...(behaves.conditionalDefaults === undefined
      ? {}
      : { conditionalDefaults: behaves.conditionalDefaults }),
  };
}

function recomputedOf(behaves: Behaviour): ReadonlySet<string> {
  const retained = new Set([...(behaves.retainedByPlan ?? []), ...(behaves.retainedUnlessConcerned ?? [])]);
  const all = [...(behaves.recomputed ?? []), ...(behaves.recomputedUnlessConfigured ?? [])];
  return new Set(all.filter((path) => !retained.has(path)));
}

function overlay(attributes: Attributes, prefix: string, sets: FactSets): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [name, overlayOne(attribute, prefix + name, sets)]),
  );
}

function overlayOne(attribute: Attribute, path: string, sets: FactSets): Attribute {
  const fallback = sets.defaults[path];
  const { oneOf: documented = [], ...rest } = attribute;
  const oneOf = sets.allowed[path] ?? documented;
  return {
    ...rest,
    presence: presenceAt(attribute.presence, path, sets),
    shape: shapeAt(attribute.shape, path, sets),
    ...(sets.replace.has(path) ? { replace: true } : {}),
    ...(sets.replaceIfConfigured.has(path) ? { replaceIfConfigured: true } : {}),
    ...(sets.recomputed.has(path) ? { recomputed: true } : {}),
    ...(sets.sensitive.has(path) ? { sensitive: true } : {}),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(oneOf.length === 0 ? {} : { oneOf }),
  };
}

/** Below a computed parent the bindings say "computed" of everything; the facts list what really is. */
function presenceAt(presence: Presence, path: string, sets: FactSets): Presence {
  if (presence === 'optional' || presence === 'optionalComputed') {
    return sets.computed.has(path) ? 'optionalComputed' : 'optional';
  }
  return presence;
}

function shapeAt(shape: SchemaShape, path: string, sets: FactSets): SchemaShape {
  if (shape.kind === 'nested') {
    const separator = shape.nesting === 'single' ? '.' : '[].';
    const nesting = sets.sets.has(path) ? 'set' : shape.nesting;
    return { kind: 'nested', nesting, attributes: overlay(shape.attributes, path + separator, sets) };
  }
  if (sets.dynamic.has(path)) {
    return { kind: 'plain', type: 'dynamic' };
  }
  if (sets.sets.has(path) && Array.isArray(shape.type)) {
    return { kind: 'plain', type: ['set', shape.type[1]] };
  }
  return shape;
}
