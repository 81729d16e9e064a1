/**
 * Data sources, answered from the store. A data source named like a resource type finds one object; its plural lists
 * them. What the configuration sets selects; `filter` counts like attributes. What is not in the store is not found.
 */
import type { Json, JsonObject } from '../../plan/types.ts';
import { ApiError } from './diagnostics.ts';
import type { TypeSchema } from './schema.ts';
import type { Store, StoredObject } from './store.ts';
import { fromJson, isObject, toJson } from './values.ts';
import type { ProviderValue, ValueObject } from './values.ts';

export interface LookupContext {
  readonly store: Store;
  readonly type: string;
  readonly schema: TypeSchema;
  /** Names of the resource types of the catalogue. */
  readonly resourceTypes: readonly string[];
}

/** @throws ApiError when nothing matches, several do, or the local Cloudflare has no answer for this data source. */
export function readDataSource(context: LookupContext, config: ValueObject): ValueObject {
  if (context.type === 'cloudflare_ip_ranges') {
    return answer(context, config, ipRanges);
  }
  const isPlural = context.schema.attributes['result'] !== undefined;
  const type = isPlural ? singular(context) : context.type;
  if (type === null || !context.resourceTypes.includes(type)) {
    throw new ApiError(404, `The local Cloudflare has no answer for the data source ${context.type}.`);
  }
  const found = candidates(context.store, type, config).filter((object) => selects(config, object));
  if (isPlural) {
    return answer(context, config, { result: found.map((object) => object.attributes) });
  }
  const [one] = found;
  if (one === undefined || found.length > 1) {
    const problem = found.length === 0 ? 'No object matches' : `${found.length} objects match`;
    throw new ApiError(404, `${problem} ${context.type} ${JSON.stringify(criteria(config))}.`);
  }
  return answer(context, config, one.attributes);
}

/** Accounts need not be managed to exist: every account that something belongs to, or that is asked for, does. */
function candidates(store: Store, type: string, config: ValueObject): readonly LookupCandidate[] {
  const managed = store.list(type);
  if (type !== 'cloudflare_account') {
    return managed;
  }
  const wanted = config['account_id'];
  const mentioned = store.all().flatMap((object) => accountOf(object.attributes) ?? []);
  const ids = new Set([...mentioned, ...(typeof wanted === 'string' ? [wanted] : [])]);
  const seen = [...ids].filter((id) => managed.every((object) => object.id !== id)).toSorted();
  return [
    ...managed,
    ...seen.map((id) => ({
      type,
      id,
      attributes: { id, name: `Account ${id.slice(0, 8)}`, type: 'standard' },
    })),
  ];
}

function accountOf(attributes: JsonObject): string | null {
  const owner = attributes['account'] as JsonObject | null | undefined;
  const id = attributes['account_id'] ?? owner?.['id'];
  return typeof id === 'string' ? id : null;
}

/** Documentation address ranges: nothing here is reachable. */
const ipRanges: JsonObject = {
  etag: '0b1c2d3e',
  ipv4_cidrs: ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'],
  ipv6_cidrs: ['2001:db8::/32'],
};

function answer({ schema }: LookupContext, config: ValueObject, found: JsonObject): ValueObject {
  const filled = fromJson(found, schema.attributes);
  const result: Record<string, ProviderValue> = {};
  for (const name of Object.keys(schema.attributes)) {
    result[name] = config[name] ?? filled[name] ?? null;
  }
  return result;
}

/** `cloudflare_dns_records` lists `cloudflare_dns_record`; `…policies` lists `…policy`; `…_list` drops the suffix. */
function singular({ type, resourceTypes }: LookupContext): string | null {
  const guesses = [
    type.replace(/_list$/, ''),
    type.replace(/ies$/, 'y'),
    type.replace(/s$/, ''),
    type.replace(/es$/, ''),
  ];
  return guesses.find((name) => name !== type && resourceTypes.includes(name)) ?? null;
}

/** Arguments that shape the answer and select nothing. */
const shaping: ReadonlySet<string> = new Set([
  'max_items',
  'direction',
  'order',
  'match',
  'page',
  'per_page',
]);

function criteria(config: ValueObject): JsonObject {
  const filter = config['filter'];
  const own = isObject(filter) ? { ...config, ...filter } : config;
  const entries = Object.entries(own).filter(
    ([name, value]) => value !== null && name !== 'filter' && !shaping.has(name),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, toJson(value)]));
}

type LookupCandidate = Pick<StoredObject, 'type' | 'id' | 'attributes'>;

function selects(config: ValueObject, object: LookupCandidate): boolean {
  return Object.entries(criteria(config)).every(([name, wanted]) => matches(object, name, wanted));
}

function matches(object: LookupCandidate, name: string, wanted: Json): boolean {
  if (typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted)) {
    const held = object.attributes[name];
    return Object.entries(wanted).every(
      ([key, inner]) =>
        inner === null || (held as JsonObject | undefined)?.[key] === inner || key === 'exact',
    );
  }
  // `<type>_id` is how data sources call the object's own id.
  const isOwnId = name.endsWith('_id') && object.type.endsWith(name.slice(0, -'_id'.length));
  return object.attributes[name] === wanted || (isOwnId && object.id === wanted);
}
