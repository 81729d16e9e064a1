/** Arguments whose values version 5 writes in another way, beyond names and blocks. Facts: docs of v4.52.8 beside 5.14.0. */
import { isList, isObject, own } from '../../json/json.ts';
import type { Json, JsonObject } from '../types.ts';
import { v5Conditions } from './access.ts';

type Change = (value: Json) => Json;

/** By type and argument of version 5. Each returns what it is given where that is of version 5 already. */
const changes: Readonly<Record<string, Readonly<Record<string, Change>>>> = {
  cloudflare_address_map: { ips: eachOf((value) => (isObject(value) ? (own(value, 'ip') ?? value) : value)) },
  cloudflare_firewall_rule: { action: (value) => (typeof value === 'string' ? { mode: value } : value) },
  cloudflare_healthcheck: { http_config: memberOf('header', mapBy('header', 'values')) },
  cloudflare_list: { items: itemsOf },
  cloudflare_list_item: { redirect: redirectOf },
  cloudflare_load_balancer: {
    country_pools: mapBy('country', 'pool_ids'),
    pop_pools: mapBy('pop', 'pool_ids'),
    region_pools: mapBy('region', 'pool_ids'),
    rules: eachOf(
      memberOf('overrides', (value) =>
        ['country', 'pop', 'region'].reduce<Json>(
          (overrides, name) => memberOf(`${name}_pools`, mapBy(name, 'pool_ids'))(overrides),
          value,
        ),
      ),
    ),
  },
  cloudflare_load_balancer_monitor: { header: mapBy('header', 'values') },
  cloudflare_load_balancer_pool: { origins: eachOf(memberOf('header', hostHeaderOf)) },
  cloudflare_page_rule: { actions: memberOf('cache_ttl_by_status', textMapBy('codes', 'ttl')) },
  cloudflare_spectrum_application: { origin_port: portRangeOf },
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
  return isList(items) && items.some((item) => isObject(item) && typeof own(item, 'value') === 'object')
    ? items.map(itemOf)
    : items;
}

function itemOf(item: Json): Json {
  if (!isObject(item)) {
    return item;
  }
  const { value, ...rest } = item;
  const [written] = isList(value ?? null) ? (value as readonly Json[]) : [value];
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

/** `[{ region, pool_ids }]` is a map of pools by region. A block that stands once may be written without a list. */
function mapBy(name: string, member: string): Change {
  return (value) => {
    const items = isList(value) ? value : isObject(value) && Object.hasOwn(value, name) ? [value] : null;
    const entries = (items ?? []).flatMap((item) => {
      const key = isObject(item) ? own(item, name) : undefined;
      const inner = isObject(item) ? own(item, member) : undefined;
      return typeof key === 'string' && inner !== undefined ? [[key, inner] as const] : [];
    });
    return items !== null && entries.length === items.length ? Object.fromEntries(entries) : value;
  };
}

/** The same with texts for numbers. */
function textMapBy(name: string, member: string): Change {
  return (value) => {
    const map = mapBy(name, member)(value);
    return map === value || !isObject(map)
      ? value
      : Object.fromEntries(
          Object.entries(map).map(([key, one]) => [key, typeof one === 'number' ? String(one) : one]),
        );
  };
}

/** The one header that an origin is asked with is the host in both versions. */
function hostHeaderOf(value: Json): Json {
  const map = mapBy('header', 'values')(value);
  const [entry, ...more] = isObject(map) ? Object.entries(map) : [];
  return map !== value && entry?.[0].toLowerCase() === 'host' && more.length === 0
    ? { host: entry[1] }
    : value;
}

/** `[{ start, end }]` is the text `start-end`. */
function portRangeOf(value: Json): Json {
  const block = isList(value) ? value[0] : value;
  const [start, end] = isObject(block) ? [own(block, 'start'), own(block, 'end')] : [];
  return typeof start === 'number' && typeof end === 'number' ? `${start}-${end}` : value;
}

/** A change of a member, in an object or in every element of a list of objects. */
function memberOf(name: string, change: Change): Change {
  return (value) => {
    if (isList(value)) {
      return eachOf(memberOf(name, change))(value);
    }
    const member = isObject(value) ? own(value, name) : undefined;
    const now = member === undefined ? undefined : change(member);
    return now === undefined || now === member ? value : { ...(value as JsonObject), [name]: now };
  };
}

function eachOf(change: Change): Change {
  return (value) => {
    const items = isList(value) ? value.map(change) : [];
    return isList(value) && items.some((item, index) => item !== value[index]) ? items : value;
  };
}
