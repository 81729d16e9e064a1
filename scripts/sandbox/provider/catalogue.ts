/**
 * The catalogue of all types: bindings plus provider facts, built once per version and kept below the caller's
 * folder, because reading the bindings takes about half a second and every Terraform command asks for the schemas.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allowedValuesOf } from '../../provider/accepted.ts';
import providerBehaviour from '../../provider/behaviour.json' with { type: 'json' };
import type { Behaviour } from '../../provider/behaviour.ts';
import providerFacts from '../../provider/facts.json' with { type: 'json' };
import validators from '../../provider/validators.json' with { type: 'json' };
import type { Json } from '../../plan/types.ts';
import { findBindings, readBindings } from './bindings.ts';
import type { BoundType } from './bindings.ts';
import { writeAtomically } from './disk.ts';
import type { Attribute, Attributes, Catalogue, Presence, Shape, TypeSchema } from './schema.ts';

/** Raised when the derivation changes, so that a cache of an older form is not used. */
const cacheForm = 3;

interface TypeFacts {
  readonly replace?: readonly string[];
  readonly computed?: readonly string[];
  readonly defaults?: Readonly<Record<string, Json>>;
  readonly sensitive?: readonly string[];
  readonly sets?: readonly string[];
  readonly dynamic?: readonly string[];
}

const facts = providerFacts.resources as unknown as Readonly<Record<string, TypeFacts>>;
const behaviour = providerBehaviour.resources as unknown as Readonly<Record<string, Behaviour>>;

/** Types whose state format the provider raised to 1 (provider 5.14.0); all others are at 0. */
const raisedVersions: ReadonlySet<string> = new Set([
  'cloudflare_account_token',
  'cloudflare_api_token',
  'cloudflare_worker_version',
  'cloudflare_workers_script',
]);

/** Loads the catalogue from `folder`/schemas, or derives it from the installed bindings and stores it there. */
export function loadCatalogue(folder: string): Catalogue {
  const bindings = findBindings();
  const key = createHash('sha256')
    .update(JSON.stringify([cacheForm, bindings.version, providerFacts, providerBehaviour, validators]))
    .digest('hex')
    .slice(0, 16);
  const file = join(folder, 'schemas', `${bindings.version}-${key}.json`);
  const cached = readCache(file);
  if (cached !== null) {
    return cached;
  }
  const catalogue = assemble(bindings.version, bindings.providerVersion, readBindings(bindings));
  writeAtomically(file, JSON.stringify(catalogue));
  return catalogue;
}

/** A cache that cannot be read is rebuilt: it holds nothing that cannot be derived again. */
function readCache(file: string): Catalogue | null {
  try {
    const parsed = JSON.parse(readFileSync(file, 'utf8')) as Partial<Catalogue> | null;
    return parsed?.resources !== undefined && parsed.dataSources !== undefined ? (parsed as Catalogue) : null;
  } catch {
    return null;
  }
}

/** Joins what the bindings say with what only the provider facts know. */
function assemble(bindings: string, provider: string, bound: readonly BoundType[]): Catalogue {
  const resources: Record<string, TypeSchema> = {};
  const dataSources: Record<string, TypeSchema> = {};
  let providerConfig: TypeSchema = { version: 0, attributes: {} };
  for (const type of bound) {
    if (type.category === 'resource') {
      resources[type.name] = withFacts(type.name, type.schema);
    } else if (type.category === 'dataSource') {
      dataSources[withoutPrefix(type.name)] = type.schema;
    } else {
      providerConfig = hideCredentials(type.schema);
    }
  }
  return { bindings, provider, providerConfig, resources, dataSources };
}

/** The bindings call the data source of `cloudflare_zone` the same as Terraform does; kept in one place to say so. */
function withoutPrefix(name: string): string {
  return name.replace(/^data_/, '');
}

function hideCredentials(schema: TypeSchema): TypeSchema {
  const secret = new Set(['api_key', 'api_token', 'api_user_service_key']);
  const attributes = Object.fromEntries(
    Object.entries(schema.attributes).map(([name, attribute]) => [
      name,
      secret.has(name) ? { ...attribute, sensitive: true } : attribute,
    ]),
  );
  return { ...schema, attributes };
}

/** The part of a catalogue with these types only; the whole of it for null. */
export function ofTypes(catalogue: Catalogue, types: ReadonlySet<string> | null): Catalogue {
  if (types === null) {
    return catalogue;
  }
  const those = (all: Catalogue['resources']): Catalogue['resources'] =>
    Object.fromEntries(Object.entries(all).filter(([name]) => types.has(name)));
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

function withFacts(name: string, schema: TypeSchema): TypeSchema {
  const own = facts[name] ?? {};
  const behaves = behaviour[name] ?? {};
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
    version: raisedVersions.has(name) ? 1 : 0,
    attributes: overlay(schema.attributes, '', sets),
    ...(behaves.conditionalDefaults === undefined
      ? {}
      : { conditionalDefaults: behaves.conditionalDefaults }),
  };
}

function recomputedOf(behaves: Behaviour): ReadonlySet<string> {
  const kept = new Set([...(behaves.keptByPlan ?? []), ...(behaves.keptUnlessConcerned ?? [])]);
  const all = [...(behaves.recomputed ?? []), ...(behaves.recomputedUnlessConfigured ?? [])];
  return new Set(all.filter((path) => !kept.has(path)));
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

function shapeAt(shape: Shape, path: string, sets: FactSets): Shape {
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
