/**
 * From a plan to questions: who each object is that the plan makes, whatever id Cloudflare gives it. Pure; what cannot be
 * asked is named with the reason, never left out.
 */
import { changeKind } from '../plan/kind.ts';
import { canonicalJson, isObject } from '../plan/json.ts';
import type { Json, JsonObject, ResourceChange, StackPlan } from '../plan/types.ts';
import { identityRow, whyNotAsked, type IdentityRow } from './identities.ts';
import type { Inquiry, NotAsked, Question, Setting } from './types.ts';

type Asked =
  | { readonly kind: 'question'; readonly question: Question }
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

function joined(asked: readonly Asked[]): Inquiry {
  return {
    questions: asked.flatMap((one) => (one.kind === 'question' ? [one.question] : [])),
    settings: asked.flatMap((one) => (one.kind === 'setting' ? [one.setting] : [])),
    notAsked: asked.flatMap((one) => (one.kind === 'not-asked' ? [one.notAsked] : [])),
  };
}

type About = Pick<ResourceChange, 'address' | 'type' | 'zone'>;

function ask(about: About, values: JsonObject): Asked {
  const { address, type } = about;
  if (type === 'cloudflare_zone_setting') {
    return askSetting(about, values);
  }
  const row = identityRow(type);
  if (row === null) {
    return unaskable(about, whyNotAsked(type));
  }
  const match = matchOf(type, row, values);
  if (match === null) {
    return unaskable(about, 'what names it is not known before it is made');
  }
  const place = placeOf(row.list, values);
  if (place === null) {
    return unaskable(about, 'the zone or account that it belongs to is not known yet');
  }
  const question: Question = {
    address,
    type,
    identity: `${Object.values(match).map(shown).join(' ')} in ${place.name}`,
    listing: { path: place.path, query: queryOf(about, row, match) },
    match,
    id: row.id ?? 'id',
    importAs: row.import === null ? null : fill(row.import, values),
    isUnique: row.isUnique,
  };
  return { kind: 'question', question };
}

function unaskable({ address, type }: About, reason: string): Asked {
  return { kind: 'not-asked', notAsked: { address, type, reason, hasFailed: false } };
}

function askSetting(about: About, values: JsonObject): Asked {
  const { zone_id: zone, setting_id: setting } = values;
  if (typeof zone !== 'string' || typeof setting !== 'string') {
    return unaskable(about, 'the zone that it belongs to is not known yet');
  }
  const { address, type } = about;
  const path = `/zones/${segment(zone)}/settings/${segment(setting)}`;
  return { kind: 'setting', setting: { address, type, identity: `${setting} of zone ${zone}`, path } };
}

const entryPoints: ReadonlySet<unknown> = new Set(['zone', 'root']);

/** The values that are the identity; null when one of them is not known. */
function matchOf(type: string, row: IdentityRow, values: JsonObject): JsonObject | null {
  const by = identityOf(type, row, values);
  const pairs = by.map((name) => [name, valueAt(values, name)] as const);
  return pairs.some(([, value]) => value === undefined || value === null)
    ? null
    : Object.fromEntries(pairs.map(([name, value]) => [name, value ?? null]));
}

function identityOf(type: string, row: IdentityRow, values: JsonObject): readonly string[] {
  if (type === 'cloudflare_ruleset' && entryPoints.has(values['kind'])) {
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

/** The pattern with the values in it; `{id}` stays. Null when one is not known. */
function fill(pattern: string, values: JsonObject): string | null {
  const { zone_id: zone, account_id: account } = values;
  const scope =
    typeof zone === 'string' ? `zones/${zone}` : typeof account === 'string' ? `accounts/${account}` : null;
  const known: Readonly<Record<string, Json | undefined>> = { zone_id: zone, account_id: account, scope };
  const filled = pattern.replace(/\{(zone_id|account_id|scope)\}/g, (_, name: string) => {
    const value = known[name];
    return typeof value === 'string' ? value.split('/').map(segment).join('/') : '{}';
  });
  return filled.includes('{}') ? null : filled;
}

function segment(text: string): string {
  return encodeURIComponent(text);
}

/** Narrows the list by what Cloudflare compares exactly. A record's name is only given when it is whole, zone and all. */
function queryOf(about: About, row: IdentityRow, match: JsonObject): Readonly<Record<string, string>> {
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

function shown(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
