/** Arguments whose values version 5 writes in another way, beyond names and blocks. Facts: docs of v4.52.8 beside 5.14.0. */
import { isList, isObject, own } from '../json.ts';
import type { Json, JsonObject } from '../types.ts';
import { v5Conditions } from './access.ts';

type Change = (value: Json) => Json;

/** By type and argument of version 5. Each returns what it is given where that is of version 5 already. */
const changes: Readonly<Record<string, Readonly<Record<string, Change>>>> = {
  cloudflare_firewall_rule: { action: (value) => (typeof value === 'string' ? { mode: value } : value) },
  cloudflare_list: { items: itemsOf },
  cloudflare_list_item: { redirect: redirectOf },
  cloudflare_load_balancer: {
    country_pools: poolsBy('country'),
    pop_pools: poolsBy('pop'),
    region_pools: poolsBy('region'),
  },
  cloudflare_zero_trust_access_group: conditions(),
  cloudflare_zero_trust_access_policy: conditions(),
};

function conditions(): Readonly<Record<string, Change>> {
  return { exclude: v5Conditions, include: v5Conditions, require: v5Conditions };
}

/** The body with the arguments of its type as version 5 writes them; the same object where nothing differs. */
export function valuesOfKind(kind: string, body: JsonObject): JsonObject {
  const ofKind = Object.hasOwn(changes, kind) ? (changes[kind] ?? {}) : {};
  let copy = body;
  for (const [name, change] of Object.entries(ofKind)) {
    const value = own(body, name);
    const now = value === undefined ? undefined : change(value);
    if (now !== undefined && now !== value) {
      copy = { ...copy, [name]: now };
    }
  }
  return copy;
}

/** `{ comment, value: [{ ip }] }` is `{ comment, ip }`. */
function itemsOf(items: Json): Json {
  return isList(items) && items.some((item) => isObject(item) && isList(own(item, 'value') ?? null))
    ? items.map(itemOf)
    : items;
}

function itemOf(item: Json): Json {
  if (!isObject(item)) {
    return item;
  }
  const { value, ...rest } = item;
  const [written] = isList(value ?? null) ? (value as readonly Json[]) : [];
  if (!isObject(written)) {
    return item;
  }
  const redirect = own(written, 'redirect');
  return { ...rest, ...written, ...(redirect === undefined ? {} : { redirect: redirectOf(redirect) }) };
}

/** Switches of a redirect are the words `enabled` and `disabled` in version 4. */
function redirectOf(redirect: Json): Json {
  const block = isList(redirect) ? redirect[0] : redirect;
  if (!isObject(block) || !Object.values(block).some(isSwitch)) {
    return redirect;
  }
  return Object.fromEntries(
    Object.entries(block).map(([name, value]) => [name, isSwitch(value) ? value === 'enabled' : value]),
  );
}

function isSwitch(value: Json): boolean {
  return value === 'enabled' || value === 'disabled';
}

/** `[{ region, pool_ids }]` is a map of pools by region. */
function poolsBy(name: string): Change {
  return (value) => {
    if (!isList(value)) {
      return value;
    }
    const entries = value.flatMap((item) => {
      const key = isObject(item) ? own(item, name) : undefined;
      const pools = isObject(item) ? own(item, 'pool_ids') : undefined;
      return typeof key === 'string' && pools !== undefined ? [[key, pools] as const] : [];
    });
    return entries.length === value.length ? Object.fromEntries(entries) : value;
  };
}
