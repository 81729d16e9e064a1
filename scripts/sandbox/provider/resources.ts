/**
 * The life of a resource in the local Cloudflare: create, update, delete, read, import. Works on values; the protocol
 * is `server.ts`'s business.
 */
import { checkDelete, checkWrite, dependents } from './conflicts.ts';
import { ApiError } from './diagnostics.ts';
import { chooseId, fillUnknown } from './fill.ts';
import { hasGeneratedId, isNamedByConfig, keyOf, parentOf, text } from './identity.ts';
import type { Attributes, TypeSchema } from './schema.ts';
import type { Store, StoredObject } from './store.ts';
import { canonical, fromJson, sameValue, toJson } from './values.ts';
import type { ProviderValue, ValueObject } from './values.ts';
import { cloudflareSource } from '../../provider/facts.ts';
import { behaviourOf } from '../../provider/behaviour.ts';
import type { Behaviour } from '../../provider/entry.ts';
import { ExternalError } from '../../contract/errors.ts';
import { keepsValue } from '../../provider/kind.ts';
import type { JsonObject } from '../../plan/types.ts';

/** One resource type in one store at one moment. */
export interface ResourceContext {
  readonly store: Store;
  readonly type: string;
  readonly schema: TypeSchema;
  /** RFC 3339. */
  readonly now: string;
}

/** @throws ApiError when the API would refuse. */
export function createResource(context: ResourceContext, planned: ValueObject): ValueObject {
  const { store, type, schema } = context;
  const parent = parentOf(planned);
  checkWrite(store, { type, schema: schema.attributes, parent, attributes: planned, id: null });
  const seed = canonical(planned, { kind: 'nested', nesting: 'single', attributes: schema.attributes });
  for (let attempt = 0; ; attempt += 1) {
    const fill = { ...fillInput(context, planned), revision: 1, prior: null };
    const id = chooseId(fill, `${parent}\n${seed}`, attempt);
    const filled = fillUnknown({ ...fill, id });
    const object = {
      type,
      parent,
      id: keyOf(type, schema.attributes, withId(filled, id)),
      attributes: stored(filled),
    };
    if (isNamedByConfig(type, schema.attributes)) {
      store.put(object);
      return filled;
    }
    if (store.create(object)) {
      return filled;
    }
    if (text(planned['id']) !== null) {
      throw new ApiError(409, `A ${type} with the id ${id} already exists.`, [{ attribute: 'id' }]);
    }
  }
}

/** @throws ApiError when the object is gone or the API would refuse. */
export function updateResource(
  context: ResourceContext,
  prior: ValueObject,
  planned: ValueObject,
): ValueObject {
  const { store, type, schema } = context;
  const existing = find(context, prior);
  if (existing === null) {
    throw new ApiError(
      404,
      `The ${type} ${keyOf(type, schema.attributes, prior)} does not exist any more. Run a new plan.`,
    );
  }
  checkWrite(store, {
    type,
    schema: schema.attributes,
    parent: existing.parent,
    attributes: planned,
    id: existing.id,
  });
  const filled = fillUnknown({
    ...fillInput(context, planned),
    id: text(prior['id']) ?? existing.id,
    revision: existing.revision + 1,
    prior,
  });
  const unsent = behaviourOf(type, cloudflareSource)?.update;
  if (unsent !== undefined) {
    return notSent(context, { prior, filled }, unsent);
  }
  store.put({ ...existing, attributes: stored(filled) });
  return filled;
}

/** What the provider answers to an update that it does not send. Nothing changes at Cloudflare. */
function notSent(
  { type }: ResourceContext,
  { prior, filled }: { readonly prior: ValueObject; readonly filled: ValueObject },
  how: NonNullable<Behaviour['update']>,
): ValueObject {
  switch (how) {
    case 'empty':
      return prior;
    case 'copies-modules':
      return { ...prior, modules: filled['modules'] ?? null };
    case 'error':
      throw new ExternalError({
        what: `A ${type} cannot be updated`,
        why: 'the provider has no request for it: it can only be created and deleted',
      });
  }
}

/** Deleting what is gone is not an error: the goal is reached. */
export function deleteResource(context: ResourceContext, prior: ValueObject): void {
  const existing = find(context, prior);
  if (existing === null || keepsValue({ type: context.type, provider: cloudflareSource })) {
    return;
  }
  checkDelete(context.store, existing);
  for (const child of dependents(context.store, existing)) {
    context.store.remove(child, false);
  }
  context.store.remove(existing, hasGeneratedId(context.type, context.schema.attributes));
}

/**
 * What the provider's read takes over of the object as it is now; null when it does not exist and the provider looks. Values that
 * did not change keep their exact form. Attributes inside of others are read back as a whole.
 */
export function readResource(context: ResourceContext, current: ValueObject): ValueObject | null {
  const { type, schema } = context;
  const behaviour = behaviourOf(type, cloudflareSource);
  if (behaviour?.refresh === 'none') {
    return current;
  }
  const existing = find(context, current);
  if (existing === null) {
    return null;
  }
  const isRead = readsBack(behaviour, schema.attributes, current);
  return refresh(schema.attributes, { json: existing.attributes, current, isRead });
}

/** Which attributes a read takes over. Right after an import there is nothing that could be kept instead. */
function readsBack(
  behaviour: Behaviour | null,
  attributes: Attributes,
  current: ValueObject,
): (name: string) => boolean {
  if (behaviour?.refresh === 'existence') {
    return () => false;
  }
  const isUnset = (name: string): boolean => (current[name] ?? null) === null;
  if (behaviour?.refresh === 'computed') {
    return (name) => {
      const presence = attributes[name]?.presence;
      return presence === 'computed' || (presence === 'optionalComputed' && isUnset(name));
    };
  }
  const unread = new Set(behaviour?.notRefreshed ?? []);
  return (name) => !unread.has(name) || isUnset(name);
}

interface Refreshed {
  readonly json: JsonObject;
  readonly current: ValueObject;
  readonly isRead: (name: string) => boolean;
}

function refresh(attributes: Attributes, { json, current, isRead }: Refreshed): ValueObject {
  const fresh = fromJson(json, attributes);
  const result: Record<string, ProviderValue> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    const before = current[name] ?? null;
    const after = fresh[name] ?? null;
    result[name] = !isRead(name) || sameValue(before, after, attribute.shape) ? before : after;
  }
  return result;
}

/**
 * Finds an object by an import id: `<zone or account>/<id>`, `<id>`, `zones/<zone>/<id>`, `accounts/<account>/<id>`,
 * or `<zone or account>` for what exists once per zone or account.
 * @throws ApiError when nothing matches, or several do.
 */
export function importResource(context: ResourceContext, importId: string): ValueObject {
  const { store, type, schema } = context;
  const segments = importId.split('/').filter((part) => part !== '');
  const names = segments.length > 1 && scopeWords.has(segments[0] ?? '') ? segments.slice(1) : segments;
  const matches = store.list(type).filter((object) => answersTo(object, names, schema.attributes));
  const [match] = matches;
  if (match === undefined) {
    throw new ApiError(404, `No ${type} answers to the import id "${importId}". ${importForms}`);
  }
  if (matches.length > 1) {
    throw new ApiError(
      400,
      `${matches.length} objects answer to the import id "${importId}". ${importForms}`,
    );
  }
  return fromJson(match.attributes, schema.attributes);
}

const scopeWords: ReadonlySet<string> = new Set(['zones', 'accounts', 'zone', 'account']);
const importForms =
  'Forms: <zone_id>/<id>, <account_id>/<id>, <id>, zones/<zone_id>/<id>, accounts/<account_id>/<id>, or <zone_id> for settings that a zone has once.';

function answersTo(object: StoredObject, names: readonly string[], attributes: Attributes): boolean {
  const last = names.at(-1);
  if (last === undefined || !names.every((name) => identifiers(object, attributes).has(name))) {
    return false;
  }
  const isSingleton =
    names.length === 1 && last === object.parent && isNamedByConfig(object.type, attributes);
  const isNamed = last === object.id || last === object.attributes['id'] || object.id.endsWith(`~${last}`);
  return isSingleton || isNamed;
}

/** Everything an import id may mention: the ids of the object and its parent, and what else identifies it. */
function identifiers(object: StoredObject, attributes: Attributes): ReadonlySet<string> {
  const texts = Object.entries(object.attributes).flatMap(([name, value]) =>
    typeof value === 'string' && (name === 'id' || attributes[name]?.replace === true) ? [value] : [],
  );
  return new Set([object.id, object.parent, ...texts]);
}

function find({ store, type, schema }: ResourceContext, state: ValueObject): StoredObject | null {
  return store.get(type, parentOf(state), keyOf(type, schema.attributes, state));
}

function fillInput(context: ResourceContext, planned: ValueObject) {
  const { store, type, schema, now } = context;
  return {
    type,
    attributes: schema.attributes,
    now,
    planned,
    zoneName: zoneNameOf(store, text(planned['zone_id'])),
  };
}

function zoneNameOf(store: Store, zone: string | null): string | null {
  if (zone === null) {
    return null;
  }
  const name = store.list('cloudflare_zone').find((object) => object.id === zone)?.attributes['name'];
  return typeof name === 'string' ? name : null;
}

function withId(filled: ValueObject, id: string): ValueObject {
  return 'id' in filled ? { ...filled, id } : filled;
}

function stored(value: ValueObject): JsonObject {
  return toJson(value) as JsonObject;
}
