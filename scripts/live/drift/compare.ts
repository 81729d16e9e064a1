/**
 * Compares an object as it was released with what Cloudflare has of it. Only what somebody can configure counts; defaults,
 * spellings and sets in another order are the same, by the provider's facts, as in a plan. Pure.
 */
import { isObject } from '../../json/json.ts';
import { formatPath } from '../../plan/path.ts';
import { everyChange } from '../../plan/terraform/plan.ts';
import type { StateResource } from '../../plan/terraform/state.ts';
import type { AttributeChange, Json, JsonObject, ResourceChange } from '../../plan/types.ts';
import { configurableNames, configurablePart } from '../../provider/configurable.ts';
import { cloudflareSource, factsOf } from '../../provider/facts.ts';
import type { TypeListing } from '../../provider/entry.ts';
import { isOnTheWay } from '../../provider/pending.ts';
import { withoutSecrets } from '../retained.ts';
import type { DriftedObject } from './types.ts';

/** Members under which Cloudflare gives an object's id, and the provider keeps it. */
const idNames = ['id', 'queue_id', 'consumer_id', 'uuid', 'sitekey', 'network_id'] as const;

/** The id of an object, as a list or a state has it; null where it has none. */
export function idIn(values: JsonObject): string | null {
  const found = idNames
    .map((name) => values[name])
    .find((id) => typeof id === 'string' || typeof id === 'number');
  return found === undefined ? null : String(found);
}

/**
 * Whether the answer tells everything that is set in the released values: what a list leaves out may be as it was or not, and
 * the object itself has to be read.
 */
export function tellsAll({ type, values }: StateResource, row: TypeListing, live: JsonObject): boolean {
  const leftOut = new Set((row.notTold ?? []).map((path) => path.split(/[.[]/)[0]));
  const scope = scopeNames(row);
  return comparedNames(type).every(
    (name) => scope.has(name) || isHollow(values[name]) || (live[name] !== undefined && !leftOut.has(name)),
  );
}

/** Attributes that say where an object is: the path of the request has them, the answer need not. */
function scopeNames({ list }: TypeListing): ReadonlySet<string> {
  const names = [...list.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return new Set([...names, 'zone_id', 'account_id']);
}

/** Attributes that are compared: secrets come back from nowhere. */
function comparedNames(type: string): readonly string[] {
  const facts = factsOf(type, cloudflareSource);
  return (configurableNames(type) ?? []).filter((name) => facts?.attributes.get(name)?.sensitive !== true);
}

export interface LivePair {
  readonly resource: StateResource;
  readonly row: TypeListing;
  /** Null when it is not there any more. */
  readonly live: JsonObject | null;
}

/** What drifted among these objects of one stack. `zones` are the values of its state, from which zones get their names. */
export function driftedOf(stack: string, pairs: readonly LivePair[], zones: Json): readonly DriftedObject[] {
  const document: JsonObject = {
    resource_changes: pairs.map(entryOf),
    prior_state: { values: zones },
  };
  return everyChange(document, stack).flatMap(driftedObject);
}

/** What drifted by a refresh of Terraform's own: `resource_drift` of its plan. */
export function refreshedDrift(stack: string, plan: JsonObject): readonly DriftedObject[] {
  const document: JsonObject = { ...plan, resource_changes: plan['resource_drift'] ?? [] };
  return everyChange(document, stack)
    .filter(({ mode }) => mode === 'managed')
    .map(({ type, ...change }) => ({
      ...change,
      type,
      attributes: change.attributes.filter(isConfigurable(type)),
    }))
    .flatMap(driftedObject);
}

function isConfigurable(type: string): (attribute: AttributeChange) => boolean {
  const names = new Set<unknown>(configurableNames(type) ?? []);
  return ({ path }) => names.has(path[0]);
}

function entryOf({ resource, row, live }: LivePair): JsonObject {
  const { address, mode, type, name, index, provider, values, sensitive } = resource;
  const scope = scopeNames(row);
  return {
    address,
    mode,
    type,
    name,
    ...(index === undefined ? {} : { index }),
    provider_name: provider,
    change: {
      actions: [live === null ? 'delete' : 'update'],
      before: comparedPart(type, (attribute) => values[attribute]),
      after:
        live === null
          ? null
          : comparedPart(type, (attribute) =>
              scope.has(attribute) ? (live[attribute] ?? values[attribute]) : live[attribute],
            ),
      after_unknown: {},
      before_sensitive: sensitive,
      after_sensitive: live === null ? null : sensitive,
    },
  };
}

function comparedPart(type: string, valueOf: (name: string) => Json | undefined): JsonObject {
  const facts = factsOf(type, cloudflareSource);
  return Object.fromEntries(
    comparedNames(type).map((name) => [
      name,
      withoutSecrets(facts?.attributes.get(name), configurablePart(type, name, valueOf(name) ?? null)),
    ]),
  );
}

function driftedObject(change: ResourceChange): readonly DriftedObject[] {
  if (change.after === null) {
    return [{ kind: 'deleted', change }];
  }
  const attributes = change.attributes.filter(
    (attribute) => !isNothing(attribute) && !isArriving(change, attribute),
  );
  return attributes.length === 0 ? [] : [{ kind: 'changed', change: { ...change, attributes } }];
}

/** Nothing in place of nothing: an empty list where there was none. A default is not nothing: a rule that is on, for one. */
function isNothing({ kind, before, after }: AttributeChange): boolean {
  return kind !== 'moved' && isHollow(before) && isHollow(after);
}

function isHollow(value: Json | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (typeof value === 'object' && Object.values(value).every(isHollow))
  );
}

/** Cloudflare reports for a while something else than what is configured: a certificate that is not issued yet. */
function isArriving(change: ResourceChange, { kind, path, before, after }: AttributeChange): boolean {
  return kind === 'changed' && isOnTheWay(change, formatPath(path), { wanted: before, reported: after });
}

/** Whether an object of a list is Cloudflare's own, which nobody can manage: the managed rulesets. */
export function isOfCloudflareItself(object: JsonObject): boolean {
  return object['kind'] === 'managed' || (isObject(object['meta']) && object['meta']['read_only'] === true);
}
