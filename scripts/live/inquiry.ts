/**
 * From a plan to questions: who each object is that the plan makes, whatever id Cloudflare gives it. Pure; what cannot be
 * asked is named with the reason, never left out.
 */
import { cloudflareSource } from '../provider/facts.ts';
import { changeKind, keepsValue } from '../provider/kind.ts';
import { canonicalJson, isObject } from '../json/json.ts';
import { rulesetType } from '../provider/ruleset-type.ts';
import { liveValueOf } from '../provider/live-values.ts';
import type { Json, JsonObject, ResourceChange, StackPlan } from '../plan/types.ts';
import type { TypeIdentity } from '../provider/entry.ts';
import { providerType } from '../provider/types.ts';
import type { Inquiry, NotAsked, LiveQuestion, Setting } from './types.ts';

type InquiryItem =
  | { readonly kind: 'question'; readonly question: LiveQuestion }
  | { readonly kind: 'setting'; readonly setting: Setting }
  | { readonly kind: 'not-asked'; readonly notAsked: NotAsked };

/**
 * About every object that the plan makes: new ones and those that take another's place. An update keeps the object, and a
 * deletion is of an object that the state holds until Cloudflare confirmed it: those two a plan tells.
 */
export function inquiryOf(plan: StackPlan): Inquiry {
  const makes = plan.changes.filter(
    (change) => change.mode === 'managed' && ['create', 'replace'].includes(changeKind(change)),
  );
  return joined(makes.map(({ after, ...change }) => ask(change, after ?? {})));
}

/** About every object that the plan takes away: afterwards none of them may answer. */
export function inquiryOfDeleted(plan: StackPlan): Inquiry {
  const takes = plan.changes.filter((change) => change.mode === 'managed' && changeKind(change) === 'delete');
  return joined(takes.map(({ before, ...change }) => ask(change, before ?? {})));
}

/** Both together; about one object once. */
export function both(one: Inquiry, other: Inquiry): Inquiry {
  return {
    questions: [...one.questions, ...other.questions],
    settings: [...one.settings, ...other.settings],
    notAsked: [...one.notAsked, ...other.notAsked],
  };
}

/** The same with every object and every address once: the first that asks. */
export function withoutRepeats({ questions, settings, notAsked }: Inquiry): Inquiry {
  return {
    questions: once(questions, ({ listing, match }) => canonicalJson({ listing, match })),
    settings: once(settings, ({ path }) => path),
    notAsked: once(notAsked, ({ address }) => address),
  };
}

function once<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...new Map(items.toReversed().map((item) => [keyOf(item), item])).values()].toReversed();
}

function joined(parts: readonly InquiryItem[]): Inquiry {
  return {
    questions: parts.flatMap((one) => (one.kind === 'question' ? [one.question] : [])),
    settings: parts.flatMap((one) => (one.kind === 'setting' ? [one.setting] : [])),
    notAsked: parts.flatMap((one) => (one.kind === 'not-asked' ? [one.notAsked] : [])),
  };
}

/** The path with the values in its braces; null when one of them is not known. */
export function pathOf(pattern: string | null, values: JsonObject): string | null {
  const path = pattern === null ? null : fill(pattern, values);
  const { id } = values;
  return path === null || !path.includes('{id}')
    ? path
    : typeof id === 'string' || typeof id === 'number'
      ? path.replace('{id}', segment(String(id)))
      : null;
}

/** Where an object of a type that keeps its value is read; null for any other, and where it cannot be told. */
export function settingPath(type: string, values: JsonObject): string | null {
  const row = liveValueOf(type, cloudflareSource, values);
  return row?.values === undefined ? null : fill(row.read, values);
}

type InquirySubject = Pick<ResourceChange, 'address' | 'type' | 'zone' | 'provider'>;

function ask(about: InquirySubject, values: JsonObject): InquiryItem {
  const { address, type } = about;
  if (keepsValue(about)) {
    return askSetting(about, values);
  }
  const {
    identity: row,
    listing,
    identityUnknown = 'objects of its type cannot be told by name',
  } = providerType(type) ?? {};
  if (row === undefined || listing === undefined) {
    return unaskable(about, identityUnknown);
  }
  const match = matchOf(type, row, values);
  if (match === null) {
    return unaskable(about, 'what names it is not known before it is made');
  }
  const place = placeOf(listing.list, values);
  if (place === null) {
    return unaskable(about, 'the zone or account that it belongs to is not known yet');
  }
  const question: LiveQuestion = {
    address,
    type,
    identity: `${Object.values(match).map(displayText).join(' ')} in ${place.name}`,
    listing: { path: place.path, query: queryOf(about, row, match) },
    match,
    id: row.id ?? 'id',
    importAs: fill(row.import, values),
    isUnique: row.isUnique,
  };
  return { kind: 'question', question };
}

function unaskable({ address, type }: InquirySubject, reason: string): InquiryItem {
  return { kind: 'not-asked', notAsked: { address, type, reason, hasFailed: false } };
}

function askSetting(about: InquirySubject, values: JsonObject): InquiryItem {
  const { address, type } = about;
  const row = liveValueOf(type, about.provider, values);
  if (row?.values === undefined) {
    return unaskable(about, 'what Cloudflare has of its type cannot be read');
  }
  const path = fill(row.read, values);
  if (path === null) {
    return unaskable(about, 'what it belongs to is not known yet');
  }
  const names = namesIn(row.read, values);
  const sets = row.values.filter((name) => (values[name] ?? null) !== null);
  const beside = row.values.filter((name) => !sets.includes(name));
  const setting: Setting = {
    address,
    type,
    identity: identityOfSetting(type, names),
    path,
    names,
    sets,
    ...(beside.length === 0 ? {} : { beside }),
  };
  return { kind: 'setting', setting };
}

/** `early_hints of zone <id>`, `bot_management of zone <id>`. */
function identityOfSetting(type: string, names: JsonObject): string {
  const { zone_id: zone, account_id: account, ...own } = names;
  const name = Object.values(own).map(displayText).join(' ');
  const kind = type === 'cloudflare_zone_setting' ? '' : type.replace(/^cloudflare_/, '');
  const what = [kind, name].filter((part) => part !== '').join(' ');
  const place = zone === undefined ? account : zone;
  return place === undefined
    ? what
    : `${what} of ${zone === undefined ? 'account' : 'zone'} ${displayText(place)}`;
}

/** The values that a path is filled with. */
function namesIn(pattern: string, values: JsonObject): JsonObject {
  const names = [...pattern.matchAll(placeholder)].flatMap(([, name = '']) =>
    name === 'scope' ? [typeof values['zone_id'] === 'string' ? 'zone_id' : 'account_id'] : [name],
  );
  return Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
}

const entryPoints: ReadonlySet<unknown> = new Set(['zone', 'root']);

/** The values that are the identity; null when one of them is not known. */
function matchOf(type: string, row: TypeIdentity, values: JsonObject): JsonObject | null {
  const by = identityOf(type, row, values);
  const pairs = by.map((name) => [name, valueAt(values, name)] as const);
  return pairs.some(([, value]) => value === undefined || value === null)
    ? null
    : Object.fromEntries(pairs.map(([name, value]) => [name, value ?? null]));
}

function identityOf(type: string, row: TypeIdentity, values: JsonObject): readonly string[] {
  if (type === rulesetType && entryPoints.has(values['kind'])) {
    // Cloudflare has one entry point of a phase, whatever it is called.
    return ['kind', 'phase'];
  }
  // Records of structured types have no content of their own: it is made of their data.
  return type === 'cloudflare_dns_record' && values['content'] === undefined && values['data'] !== undefined
    ? ['type', 'name', 'data']
    : row.by;
}

export function valueAt(values: JsonObject, name: string): Json | undefined {
  const [first = '', ...rest] = name.split('.');
  const value = values[first];
  return rest.length === 0 ? value : isObject(value) ? valueAt(value, rest.join('.')) : undefined;
}

function placeOf(list: string, values: JsonObject): { readonly path: string; readonly name: string } | null {
  const path = fill(list, values);
  return path === null
    ? null
    : { path, name: list.includes('{') ? path.split('/').slice(1, 3).join(' ') : 'the account' };
}

const placeholder = /\{(\w+)\}/g;

/** The pattern with the values in it; `{id}` stays. Null when one is not known. */
function fill(pattern: string, values: JsonObject): string | null {
  const { zone_id: zone, account_id: account } = values;
  const scope =
    typeof zone === 'string' ? `zones/${zone}` : typeof account === 'string' ? `accounts/${account}` : null;
  const filled = pattern.replace(placeholder, (whole, name: string) => {
    if (name === 'id') {
      return whole;
    }
    const value = name === 'scope' ? scope : values[name];
    return typeof value === 'string'
      ? name === 'scope'
        ? value.split('/').map(segment).join('/')
        : segment(value)
      : '{}';
  });
  return filled.includes('{}') ? null : filled;
}

function segment(text: string): string {
  return encodeURIComponent(text);
}

/** Narrows the list by what Cloudflare compares exactly. A record's name is only given when it is whole, zone and all. */
function queryOf(
  about: InquirySubject,
  row: TypeIdentity,
  match: JsonObject,
): Readonly<Record<string, string>> {
  const pairs = Object.entries(row.filter ?? {}).flatMap(([name, parameter]) => {
    const value = match[name];
    const isWhole =
      about.type !== 'cloudflare_dns_record' || name !== 'name' || isBelow(value, about.zone ?? '');
    return typeof value === 'string' && isWhole ? [[parameter, value] as const] : [];
  });
  return Object.fromEntries(pairs);
}

function isBelow(name: Json | undefined, zone: string): boolean {
  return typeof name === 'string' && zone !== '' && (name === zone || name.endsWith(`.${zone}`));
}

function displayText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
