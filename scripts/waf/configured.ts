/**
 * Rulesets and lists as Terraform writes them, in the form that is run. Objects of a bundle come with their reference
 * (`${cloudflare_zone.shop.id}`) as their id, those of a store with the id itself: what names them names the same text.
 */
import type { Json, JsonObject } from '../plan/types.ts';
import { readListItems } from './lists.ts';
import type { Ruleset, RulesetRule, SkipScope, UriRewrite } from './ruleset.ts';
import type { ListContent } from './runtime.ts';

/** One Cloudflare object with its attributes under their Terraform names. */
export interface ConfiguredObject {
  readonly type: string;
  readonly id: string;
  readonly attributes: JsonObject;
}

export function objectAt(value: Json | undefined, key: string): JsonObject {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : {};
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function listAt(value: JsonObject, key: string): readonly Json[] {
  const found = value[key];
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}

function textsAt(value: JsonObject, key: string): readonly string[] {
  return listAt(value, key).filter((item) => typeof item === 'string');
}

function textAt(value: JsonObject, key: string): string {
  const found = value[key];
  return typeof found === 'string' ? found : '';
}

/** What runs for a zone: its own rulesets, and those of its account. */
export function rulesetsOf(objects: readonly ConfiguredObject[], zone: ConfiguredObject): readonly Ruleset[] {
  const account = objectAt(zone.attributes, 'account')['id'];
  return objects
    .filter(({ type, attributes }) => type === 'cloudflare_ruleset' && isOf(attributes, zone.id, account))
    .map(({ id, attributes }) => ({
      id,
      kind: kindOf(attributes),
      phase: textAt(attributes, 'phase'),
      rules: listAt(attributes, 'rules').filter(isObject).map(readRule),
    }));
}

function isOf(attributes: JsonObject, zoneId: string, accountId: Json | undefined): boolean {
  const zone = attributes['zone_id'] ?? null;
  return zone === null ? attributes['account_id'] === accountId : zone === zoneId;
}

function kindOf(attributes: JsonObject): Ruleset['kind'] {
  const kind = textAt(attributes, 'kind');
  return kind === 'zone' || kind === 'root' || kind === 'managed' ? kind : 'custom';
}

function readRule(rule: JsonObject): RulesetRule {
  const parameters = objectAt(rule, 'action_parameters');
  const action = textAt(rule, 'action');
  return {
    ref: textAt(rule, 'ref') || textAt(rule, 'id'),
    expression: textAt(rule, 'expression'),
    action,
    enabled: rule['enabled'] !== false,
    ...(action === 'skip' ? { skip: readSkip(parameters) } : {}),
    ...(action === 'execute' ? { executes: textAt(parameters, 'id') } : {}),
    ...(action === 'rewrite' ? { rewrites: readRewrite(objectAt(parameters, 'uri')) } : {}),
    ...(isObject(rule['ratelimit']) ? { isRateLimit: true } : {}),
  };
}

function readSkip(parameters: JsonObject): SkipScope {
  const rules = Object.entries(objectAt(parameters, 'rules'));
  return {
    currentRuleset: parameters['ruleset'] === 'current',
    currentPhase: parameters['phase'] === 'current',
    phases: textsAt(parameters, 'phases'),
    rulesets: textsAt(parameters, 'rulesets'),
    rules: Object.fromEntries(
      rules.map(([id, ids]) => [id, Array.isArray(ids) ? ids.filter((one) => typeof one === 'string') : []]),
    ),
    products: textsAt(parameters, 'products'),
  };
}

function readRewrite(uri: JsonObject): UriRewrite {
  const part = (name: string): UriRewrite['path'] => {
    const { value, expression } = objectAt(uri, name);
    if (typeof value === 'string') {
      return value;
    }
    return typeof expression === 'string' ? { expression } : null;
  };
  return { path: part('path'), query: part('query') };
}

/** Lists by name. One with an item that is not of its kind is left out, and is then unknown to every expression. */
export function listsOf(objects: readonly ConfiguredObject[]): ReadonlyMap<string, ListContent> {
  const contents = new Map<string, ListContent>();
  for (const { name, kind, items } of writtenLists(objects)) {
    const read = kind === 'ip' || kind === 'asn' || kind === 'hostname' ? readListItems(kind, items) : null;
    if (read?.ok === true) {
      contents.set(name, read.content);
    }
  }
  return contents;
}

/** What is in each list, as one text per list that is equal exactly when the contents are. */
export function listItemsOf(objects: readonly ConfiguredObject[]): ReadonlyMap<string, string> {
  return new Map(
    writtenLists(objects).map(({ name, kind, items }) => [name, JSON.stringify([kind, items.toSorted()])]),
  );
}

interface WrittenList {
  readonly name: string;
  readonly kind: string;
  readonly items: readonly string[];
}

function writtenLists(objects: readonly ConfiguredObject[]): readonly WrittenList[] {
  return objects
    .filter(({ type }) => type === 'cloudflare_list')
    .map((list) => {
      const kind = textAt(list.attributes, 'kind');
      return { name: textAt(list.attributes, 'name'), kind, items: itemsOf(list, kind, objects) };
    });
}

function itemsOf(
  list: ConfiguredObject,
  kind: string,
  objects: readonly ConfiguredObject[],
): readonly string[] {
  const inline = listAt(list.attributes, 'items').filter(isObject);
  const separate = objects
    .filter(({ type, attributes }) => type === 'cloudflare_list_item' && attributes['list_id'] === list.id)
    .map(({ attributes }) => attributes);
  return [...inline, ...separate].map((item) => {
    const value = kind === 'hostname' ? objectAt(item, 'hostname')['url_hostname'] : item[kind];
    return typeof value === 'number' || typeof value === 'string'
      ? String(value)
      : JSON.stringify(value ?? null);
  });
}
