/**
 * Changes made behind Terraform's back: what a person clicks together in the dashboard, or what another tool does.
 * Edits the store as the API would: times and versions move on, and only attributes that exist can be set.
 */
import { UsageError } from '../../contract/errors.ts';
import type { Json, JsonObject } from '../../plan/types.ts';
import { writeAuditEntry, type SandboxActor } from './audit/log.ts';
import { loadCatalogue } from './catalogue.ts';
import { hasGeneratedId } from './identity.ts';
import type { Attributes, SchemaShape, TypeSchema } from './schema.ts';
import { Store } from './store.ts';
import type { StoredObject } from './store.ts';
import { objectOf } from '../../json/json.ts';
import { rulesetType } from '../../provider/ruleset-type.ts';

interface DriftTarget {
  /** The sandbox's folder. */
  readonly folder: string;
  readonly type: string;
  /** Attribute values that select exactly one object, for example `{ name: 'www.shop.example', type: 'A' }`. */
  readonly match: Readonly<Record<string, Json>>;
  /** RFC 3339. */
  readonly now: string;
  /** Who does it, for the audit log. */
  readonly by: SandboxActor;
}

/**
 * `set` maps paths to values: `content`, `settings.flatten_cname`, `rules[0].enabled`, `rules[ref=block-admin].action`.
 */
export type Drift = DriftTarget &
  ({ readonly set: Readonly<Record<string, Json>> } | { readonly delete: true });

const movedOn: readonly string[] = ['modified_on', 'modified_at', 'updated_at', 'last_updated', 'modified'];

/**
 * Applies one drift and returns the object as it was before.
 * @throws UsageError when the type or a path is unknown, or when not exactly one object matches.
 */
export function injectDrift(drift: Drift): StoredObject {
  const schema = schemaOf(drift);
  const store = new Store(drift.folder);
  const object = findOne(store, drift);
  const { by, now } = drift;
  if ('delete' in drift) {
    writeAuditEntry(store, { action: 'delete', object, by, now });
    store.remove(object, hasGeneratedId(drift.type, schema.attributes));
    return object;
  }
  let attributes: JsonObject = object.attributes;
  for (const [path, value] of Object.entries(drift.set)) {
    attributes = setAt(attributes, parsePath(path, schema.attributes, drift.type), value) as JsonObject;
  }
  writeAuditEntry(store, { action: 'update', object, by, now });
  store.put({ ...object, attributes: { ...attributes, ...stamps(schema, object, now) } });
  return object;
}

function schemaOf({ type }: DriftTarget): TypeSchema {
  const { resources } = loadCatalogue();
  const schema = Object.hasOwn(resources, type) ? resources[type] : undefined;
  if (schema === undefined) {
    throw new UsageError({
      what: `There is no resource type "${type}"`,
      fix: 'Use the name as it stands in the configuration, for example cloudflare_dns_record.',
    });
  }
  return schema;
}

function findOne(store: Store, { type, match }: DriftTarget): StoredObject {
  const matching = store
    .list(type)
    .filter((object) =>
      Object.entries(match).every(([name, value]) => sameJson(valueOf(object, name), value)),
    );
  const [found] = matching;
  if (found === undefined || matching.length > 1) {
    throw new UsageError({
      what: `${matching.length === 0 ? 'No object matches' : `${matching.length} objects match`} ${type} ${JSON.stringify(match)}`,
      fix: 'Give attributes that only this object has, for example its name and type, or its id.',
    });
  }
  return found;
}

function valueOf(object: StoredObject, name: string): Json {
  return object.attributes[name] ?? (name === 'id' ? object.id : null);
}

function sameJson(left: Json, right: Json): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function stamps(schema: TypeSchema, object: StoredObject, now: string): JsonObject {
  const result: Record<string, Json> = {};
  for (const name of movedOn) {
    if (schema.attributes[name] !== undefined) {
      result[name] = now;
    }
  }
  if (object.type === rulesetType) {
    result['version'] = String(object.revision + 1);
  }
  return result;
}

type DriftStep =
  | { readonly name: string }
  | { readonly index: number }
  | { readonly by: string; readonly is: string };

/** Splits a path and checks each name against the schema, so that a misspelt drift is not silently nothing. */
function parsePath(path: string, attributes: Attributes, type: string): readonly DriftStep[] {
  const steps: DriftStep[] = [];
  let shape: SchemaShape = { kind: 'nested', nesting: 'single', attributes };
  for (const part of path.matchAll(/([^.[\]]+)|\[(?:(\d+)|(\w+)=([^\]]*))\]/g)) {
    const [, name, index, by, is] = part;
    if (name !== undefined) {
      const next: SchemaShape | null = childOf(shape, name);
      if (next === null) {
        throw new UsageError({
          what: `${type} has no attribute "${path}"`,
          why: `"${name}" is not known there`,
        });
      }
      shape = next;
      steps.push({ name });
    } else {
      shape = shape.kind === 'nested' ? { ...shape, nesting: 'single' } : shape;
      steps.push(index === undefined ? { by: by ?? '', is: is ?? '' } : { index: Number(index) });
    }
  }
  if (steps.length === 0) {
    throw new UsageError({ what: `"${path}" is not a path`, fix: 'Write for example rules[0].enabled.' });
  }
  return steps;
}

function childOf(shape: SchemaShape, name: string): SchemaShape | null {
  if (shape.kind === 'plain') {
    return typeof shape.type === 'string' && shape.type !== 'dynamic'
      ? null
      : { kind: 'plain', type: 'dynamic' };
  }
  if (shape.nesting === 'map') {
    return { ...shape, nesting: 'single' };
  }
  return shape.nesting === 'single' && Object.hasOwn(shape.attributes, name)
    ? (shape.attributes[name]?.shape ?? null)
    : null;
}

function setAt(json: Json, steps: readonly DriftStep[], value: Json): Json {
  const [step, ...rest] = steps;
  if (step === undefined) {
    return value;
  }
  if ('name' in step) {
    const object = objectOf(json);
    return { ...object, [step.name]: setAt(object[step.name] ?? null, rest, value) };
  }
  const list: readonly Json[] = Array.isArray(json) ? (json as readonly Json[]) : [];
  const at = 'index' in step ? step.index : list.findIndex((element) => hasValue(element, step.by, step.is));
  if (at < 0 || at >= list.length) {
    const wanted = 'index' in step ? `index ${step.index}` : `${step.by}=${step.is}`;
    throw new UsageError({
      what: `There is no element with ${wanted}`,
      why: `the list has ${list.length} elements`,
    });
  }
  return list.map((element, index) => (index === at ? setAt(element, rest, value) : element));
}

function hasValue(element: Json, by: string, is: string): boolean {
  return typeof element === 'object' && element !== null && (element as JsonObject)[by] === is;
}
