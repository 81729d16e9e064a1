/**
 * Other spellings of a configuration that change nothing, made from the tables of facts themselves: every kind of spelling that
 * they know, wherever they know it. Whoever adds a kind to the tables has to add here how it is spelled otherwise.
 */
import v4 from '../../../scripts/plan/v4/types.json' with { type: 'json' };
import { providerType } from '../../../scripts/provider/types.ts';
import { isList, isObject, own, sameJson } from '../../../scripts/json/json.ts';
import type { Spelling } from '../../../scripts/provider/spelling.ts';
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';
import type { Attributes } from '../../../scripts/sandbox/provider/schema.ts';

/** What was spelled otherwise: a property that never met a kind says nothing about it. */
export type Kind =
  | Spelling
  | 'set'
  | 'set in a set'
  | 'default'
  | 'object default'
  | 'conditional default'
  | 'null'
  | 'text';

interface Fallback {
  readonly path: string;
  readonly value: Json;
  readonly when?: { readonly path: string; readonly in: readonly string[] };
}

interface Tables {
  readonly sets: ReadonlySet<string>;
  readonly dynamic: ReadonlySet<string>;
  readonly spellings: Readonly<Record<string, Spelling>>;
  readonly fallbacks: readonly Fallback[];
}

function tablesOf(type: string): Tables {
  const { sets = [], dynamic = [], defaults = {} } = providerType(type)?.schema ?? {};
  const {
    unordered = [],
    spellings = {},
    conditionalDefaults = [],
    absentAs = [],
  } = providerType(type)?.behaviour ?? {};
  return {
    sets: new Set([...sets, ...unordered]),
    dynamic: new Set(dynamic),
    spellings,
    fallbacks: [
      ...Object.entries(defaults).map(([path, value]) => ({ path, value })),
      ...conditionalDefaults,
      ...absentAs,
    ],
  };
}

/** Two texts or more that are one value, by the kind of spelling. */
const spelled: Readonly<Record<Exclude<Spelling, 'dns-content'>, readonly string[]>> = {
  caseless: ['weur', 'WEUR', 'Weur'],
  json: ['{"a":[1,{"c":2}],"b":"x"}', '{ "b": "x", "a": [ 1, { "c": 2 } ] }', '{"b":"x","a":[1,{"c":2.0}]}'],
  rfc3339: ['2027-01-31T00:00:00Z', '2027-01-31T00:00:00+00:00', '2027-01-31T02:00:00.000+02:00'],
  'dns-name': ['www', 'www.shop.example', 'WWW.Shop.Example.', 'Www'],
};

/** Contents by the type of the record. */
export const contents: Readonly<Record<string, readonly string[]>> = {
  A: ['192.0.2.1'],
  AAAA: ['2001:db8::1', '2001:DB8:0:0:0:0:0:1', '2001:0db8::0001'],
  CNAME: ['origin.shop.example', 'Origin.Shop.Example.', 'ORIGIN.shop.example'],
  MX: ['mx.shop.example', 'mx.shop.example.'],
  NS: ['ns1.shop.example', 'NS1.shop.example.'],
  SRV: ['sip.shop.example', 'SIP.shop.example.'],
};

export interface Speller {
  /** A number from 0 to `count - 1`. */
  readonly choose: (count: number) => number;
  readonly note: (kind: Kind) => void;
  /** As Terraform writes values: numbers and booleans are not texts. */
  readonly typed?: true;
}

function pick<T>(speller: Speller, values: readonly T[]): T {
  return values[speller.choose(values.length)] as T;
}

function shuffled<T>(speller: Speller, values: readonly T[]): readonly T[] {
  const left = [...values];
  return values.map(() => left.splice(speller.choose(left.length), 1)[0] as T);
}

interface Place {
  readonly tables: Tables;
  readonly root: JsonObject;
  readonly speller: Speller;
}

/** The body with more than one element in each set, and in every spelled place a text that can be spelled otherwise. */
export function spellable(type: string, body: JsonObject, recordType: string): JsonObject {
  const tables = tablesOf(type);
  const widen = (value: Json, pattern: string): Json => {
    const spelling = tables.spellings[pattern];
    if (spelling !== undefined) {
      return spelling === 'dns-content' ? (contents[recordType]?.[0] ?? 'x') : (spelled[spelling][0] ?? '');
    }
    if (isList(value)) {
      const items = value.map((item) => widen(item, `${pattern}[]`));
      const [first] = items;
      return tables.sets.has(pattern) && first !== undefined
        ? [...items, another(first, tables, `${pattern}[]`)]
        : items;
    }
    return isObject(value) ? members(value, (name, item) => widen(item, join(pattern, name))) : value;
  };
  const wide = widen(body, '') as JsonObject;
  return type === 'cloudflare_dns_record' ? { ...wide, type: recordType } : wide;
}

/** An element that differs from another in what has only one spelling. */
function another(value: Json, tables: Tables, pattern: string): Json {
  if (typeof value === 'string') {
    return tables.spellings[pattern] === undefined ? `${value}-too` : value;
  }
  if (typeof value === 'number') {
    return value + 1;
  }
  if (isList(value)) {
    return value.map((item) => another(item, tables, `${pattern}[]`));
  }
  return isObject(value) ? members(value, (name, item) => another(item, tables, join(pattern, name))) : value;
}

/** The same configuration in other words. */
export function respelled(
  type: string,
  attributes: Attributes,
  body: JsonObject,
  speller: Speller,
): JsonObject {
  const place = { tables: tablesOf(type), root: body, speller };
  return object(place, body, { pattern: '', attributes, isInSet: false });
}

interface Around {
  readonly pattern: string;
  readonly attributes: Attributes | null;
  readonly isInSet: boolean;
}

function respell(place: Place, value: Json, around: Around): Json {
  const { tables, speller } = place;
  if (isList(value)) {
    const isSet = tables.sets.has(around.pattern);
    const items = value.map((item) =>
      respell(place, item, { ...around, pattern: `${around.pattern}[]`, isInSet: around.isInSet || isSet }),
    );
    if (!isSet || items.length < 2) {
      return items;
    }
    speller.note(around.isInSet ? 'set in a set' : 'set');
    return shuffled(speller, items);
  }
  if (isObject(value)) {
    return object(place, value, around);
  }
  return scalar(place, value, around.pattern);
}

function scalar({ tables, root, speller }: Place, value: Json, pattern: string): Json {
  const spelling = tables.spellings[pattern];
  if (typeof value === 'string' && spelling !== undefined) {
    speller.note(spelling);
    return pick(
      speller,
      spelling === 'dns-content' ? (contents[textAt(tables, root, 'type')] ?? [value]) : spelled[spelling],
    );
  }
  if (
    (typeof value === 'number' || typeof value === 'boolean') &&
    speller.typed !== true &&
    !isOpenType(tables, pattern)
  ) {
    speller.note('text');
    return pick(speller, [value, String(value)]);
  }
  return value;
}

function isOpenType({ dynamic }: Tables, pattern: string): boolean {
  return [...dynamic].some(
    (path) => pattern === path || pattern.startsWith(`${path}.`) || pattern.startsWith(`${path}[`),
  );
}

function object(place: Place, value: JsonObject, around: Around): JsonObject {
  const { attributes, pattern } = around;
  const names = new Set([
    ...Object.keys(value),
    ...Object.entries(attributes ?? {})
      .filter(([, { presence }]) => presence !== 'computed')
      .map(([name]) => name),
  ]);
  const result: Record<string, Json> = {};
  for (const name of names) {
    const written = member(place, value, { name, pattern: join(pattern, name) });
    if (written !== undefined) {
      const shape = attributes?.[name]?.shape;
      const inner = shape?.kind === 'nested' ? shape.attributes : null;
      result[name] =
        written === null
          ? null
          : respell(place, written, { ...around, pattern: join(pattern, name), attributes: inner });
    }
  }
  return result;
}

/** What is written for a member: itself, null or nothing where it is its default, its default where it is nothing. */
function member(
  { tables, root, speller }: Place,
  owner: JsonObject,
  { name, pattern }: { readonly name: string; readonly pattern: string },
): Json | undefined {
  const value = own(owner, name) ?? null;
  const fallback = tables.fallbacks.find(
    ({ path, when }) =>
      path === pattern && (when === undefined || when.in.includes(textAt(tables, root, when.path))),
  );
  const absent = (): null | undefined => {
    speller.note('null');
    return pick(speller, [null, undefined]);
  };
  if (fallback === undefined) {
    return value === null ? absent() : value;
  }
  if (value !== null && !sameJson(value, fallback.value)) {
    return value;
  }
  speller.note(
    fallback.when === undefined
      ? isObject(fallback.value)
        ? 'object default'
        : 'default'
      : 'conditional default',
  );
  return speller.choose(2) === 0 ? absent() : fallback.value;
}

/** The body with defaults written out in place of some other values. */
export function defaulted(type: string, body: JsonObject, speller: Speller): JsonObject {
  const { fallbacks } = tablesOf(type);
  const fill = (value: Json, pattern: string): Json => {
    const fallback = fallbacks.find(({ path, when }) => path === pattern && when === undefined);
    if (fallback !== undefined && speller.choose(2) === 0) {
      return fallback.value;
    }
    if (isList(value)) {
      return value.map((item) => fill(item, `${pattern}[]`));
    }
    return isObject(value) ? members(value, (name, item) => fill(item, join(pattern, name))) : value;
  };
  return fill(body, '') as JsonObject;
}

/** What an update computes anew: attributes that hold a value before and are unknown after, with none of lists. */
export interface ComputedAnew {
  readonly paths: readonly (readonly string[])[];
  /** The body without what is computed anew only because it is not configured. */
  readonly body: JsonObject;
}

export function computedAnew(type: string, body: JsonObject): ComputedAnew {
  const {
    recomputed = [],
    recomputedUnlessConfigured = [],
    retainedByPlan = [],
  } = providerType(type)?.behaviour ?? {};
  const unless = recomputedUnlessConfigured.filter((path) => /^\w+$/.test(path));
  const always = recomputed.filter((path) => !path.includes('[') && !retainedByPlan.includes(path));
  return {
    paths: [...always, ...unless].map((path) => path.split('.')),
    body: Object.fromEntries(Object.entries(body).filter(([name]) => !unless.includes(name))),
  };
}

/**
 * The types of version 4 that version 5 has, most under another name; without those whose conditions of Access version 4 writes in a
 * form of its own, see v4.test.ts, and without custom certificates, whose options are in a block that has no defaults there.
 */
export const v4Names: readonly (readonly [name: string, kind: string])[] = Object.entries(
  v4.types as Readonly<Record<string, { readonly kind?: string }>>,
)
  .map(([name, { kind = name }]) => [name, kind] as const)
  .filter(([, kind]) => !/_access_(?:group|policy)$|_custom_ssl$/.test(kind));

/** A body of version 5 as version 4 writes it: by its names, and each object that was a block there as a list of one. */
export function asV4(name: string, kind: string, body: JsonObject): JsonObject {
  const { rename = {} } =
    (v4.types as Readonly<Record<string, { readonly rename?: Readonly<Record<string, string>> }>>)[name] ??
    {};
  const { objects = [] } =
    (v4.shapes as Readonly<Record<string, { readonly objects?: readonly string[] }>>)[kind] ?? {};
  const names = new Map(Object.entries(rename).map(([old, now]) => [now, old]));
  const write = (value: Json, pattern: string): Json => {
    if (isList(value)) {
      return value.map((item) => write(item, `${pattern}[]`));
    }
    if (!isObject(value)) {
      return value;
    }
    const written = members(value, (each, item) => write(item, join(pattern, each)));
    return objects.includes(pattern) ? [written] : written;
  };
  return Object.fromEntries(
    Object.entries(write(body, '') as JsonObject).map(([each, value]) => [names.get(each) ?? each, value]),
  );
}

/** The object with a value at a path. */
export function withAt(inner: JsonObject, [name = '', ...rest]: readonly string[], value: Json): JsonObject {
  const next = inner[name];
  return { ...inner, [name]: rest.length === 0 ? value : withAt(isObject(next) ? next : {}, rest, value) };
}

/** The text of an attribute, or that which it has when it is left out. */
function textAt({ fallbacks }: Tables, root: JsonObject, path: string): string {
  const value = path
    .split('.')
    .reduce<Json | undefined>((inner, key) => (isObject(inner) ? own(inner, key) : undefined), root);
  const otherwise = fallbacks.find((one) => one.path === path && one.when === undefined)?.value;
  const text = value ?? otherwise;
  return typeof text === 'string' ? text : '';
}

/** Each condition of Access with one selector, as Cloudflare has them. */
export function withOneSelector(body: JsonObject): JsonObject {
  return members(body, (name, value) =>
    ['include', 'exclude', 'require'].includes(name) && isList(value)
      ? value.map((item, at) =>
          isObject(item) ? Object.fromEntries([Object.entries(item)[at + 1] ?? ['everyone', {}]]) : item,
        )
      : value,
  );
}

/** Without a part of what has a default, and with what conditional ones ask for. */
export function thinned(type: string, body: JsonObject, speller: Speller): JsonObject {
  const { fallbacks } = tablesOf(type);
  const paths = new Set(fallbacks.map(({ path }) => path));
  const thin = (value: Json, pattern: string): Json => {
    if (isList(value)) {
      return value.map((item) => thin(item, `${pattern}[]`));
    }
    return isObject(value)
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([name]) => !paths.has(join(pattern, name)) || speller.choose(2) === 0)
            .map(([name, item]) => [name, thin(item, join(pattern, name))]),
        )
      : value;
  };
  const wanted = pick(speller, [
    undefined,
    ...fallbacks.map(({ when }) => when).filter((when) => when !== undefined),
  ]);
  const result = thin(body, '') as JsonObject;
  return wanted === undefined ? result : withAt(result, wanted.path.split('.'), pick(speller, wanted.in));
}

/** The body with one value that is another, wherever that is; the same body where nothing has a value. */
export function edited(type: string, body: JsonObject, speller: Speller): JsonObject {
  const { spellings } = tablesOf(type);
  const isEditable = (value: Json, pattern: string): boolean =>
    spellings[pattern] === undefined && value !== null && typeof value !== 'object';
  const count = (value: Json, pattern: string): number =>
    isEditable(value, pattern)
      ? 1
      : inside(value, pattern).reduce((sum, [item, at]) => sum + count(item, at), 0);
  const total = count(body, '');
  let left = total === 0 ? -1 : speller.choose(total);
  const edit = (value: Json, pattern: string): Json => {
    if (isEditable(value, pattern)) {
      left -= 1;
      return left === -1 ? other(value) : value;
    }
    if (isList(value)) {
      return value.map((item) => edit(item, `${pattern}[]`));
    }
    return isObject(value) ? members(value, (name, item) => edit(item, join(pattern, name))) : value;
  };
  return edit(body, '') as JsonObject;
}

function inside(value: Json, pattern: string): readonly (readonly [Json, string])[] {
  if (isList(value)) {
    return value.map((item) => [item, `${pattern}[]`] as const);
  }
  return isObject(value)
    ? Object.entries(value).map(([name, item]) => [item, join(pattern, name)] as const)
    : [];
}

function other(value: Json): Json {
  return typeof value === 'boolean'
    ? !value
    : typeof value === 'number'
      ? value + 7
      : `${wordOf(value)}-edited`;
}

function join(pattern: string, name: string): string {
  return pattern === '' ? name : `${pattern}.${name}`;
}

function members(value: JsonObject, map: (name: string, item: Json) => Json): JsonObject {
  return Object.fromEntries(Object.keys(value).map((name) => [name, map(name, value[name] ?? null)]));
}

function wordOf(value: Json): string {
  return typeof value === 'string' ? value : '';
}
