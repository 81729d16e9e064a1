/**
 * Rulesets and lists as Terraform writes them, in the form that is run. Objects of a bundle come with their reference
 * (`${cloudflare_zone.shop.id}`) as their id, those of a store with the id itself: what names them names the same text.
 */
import { objectAt, objectsAt, textAt, textsAt } from './attributes.ts';
import { rulesetType } from '../../provider/ruleset-type.ts';
import type { Json, JsonObject } from '../../plan/types.ts';
import { readListItems } from '../evaluate/lists.ts';
import type { ManagedOverrides, ManagedSetting } from './managed.ts';
import { compileRedirects, redirectContent } from './redirects.ts';
import type { RedirectEntry, RedirectFinder } from './redirects.ts';
import { readRuleset } from './rules.ts';
import type { RulesetRule } from './rules.ts';
import type { RunRule, RunRuleset, CompiledSkipScope, UriRewrite } from './ruleset.ts';
import type { ListContent } from '../evaluate/runtime.ts';

/** One Cloudflare object with its attributes under their Terraform names. */
export interface ConfiguredObject {
  readonly type: string;
  readonly id: string;
  readonly attributes: JsonObject;
}

/** Types of resources that decide about requests. */
export const decidingTypes: ReadonlySet<string> = new Set([
  'cloudflare_access_rule',
  'cloudflare_list',
  'cloudflare_list_item',
  rulesetType,
  'cloudflare_user_agent_blocking_rule',
  'cloudflare_zone_lockdown',
]);

/** What runs for a zone: its own rulesets, and those of its account. */
export function rulesetsOf(
  objects: readonly ConfiguredObject[],
  zone: ConfiguredObject,
): readonly RunRuleset[] {
  const account = objectAt(zone.attributes, 'account')['id'];
  return objects
    .filter(({ type, attributes }) => type === rulesetType && isOf(attributes, zone.id, account))
    .map(({ id, attributes }) => {
      const { kind, phase, rules } = readRuleset(attributes);
      return { id, kind: kindOf(kind), phase, rules: rules.map(runRule) };
    });
}

function isOf(attributes: JsonObject, zoneId: string, accountId: Json | undefined): boolean {
  const zone = attributes['zone_id'] ?? null;
  return zone === null ? attributes['account_id'] === accountId : zone === zoneId;
}

function kindOf(kind: string): RunRuleset['kind'] {
  return kind === 'zone' || kind === 'root' || kind === 'managed' ? kind : 'custom';
}

function runRule({
  ref,
  id,
  name,
  expression,
  action,
  enabled,
  parameters,
  isRateLimit,
}: RulesetRule): RunRule {
  return {
    ref,
    id,
    name,
    expression,
    action,
    enabled,
    ...(action === 'skip' ? { skip: readSkip(parameters) } : {}),
    ...(action === 'execute'
      ? { executes: textAt(parameters, 'id'), overrides: readOverrides(objectAt(parameters, 'overrides')) }
      : {}),
    ...(action === 'rewrite' ? { rewrites: readRewrite(objectAt(parameters, 'uri')) } : {}),
    ...(isRateLimit ? { isRateLimit } : {}),
  };
}

function readSkip(parameters: JsonObject): CompiledSkipScope {
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

function readOverrides(overrides: JsonObject): ManagedOverrides {
  return {
    ...readSetting(overrides),
    categories: objectsAt(overrides, 'categories').map((one) => ({
      ...readSetting(one),
      category: textAt(one, 'category'),
    })),
    rules: objectsAt(overrides, 'rules').map((one) => ({
      ...readSetting(one),
      id: textAt(one, 'id'),
      scoreThreshold: typeof one['score_threshold'] === 'number' ? one['score_threshold'] : null,
    })),
  };
}

function readSetting(from: JsonObject): ManagedSetting {
  return {
    action: textAt(from, 'action') || null,
    enabled: typeof from['enabled'] === 'boolean' ? from['enabled'] : null,
    sensitivity: textAt(from, 'sensitivity_level') || null,
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
  for (const list of objects.filter(({ type }) => type === 'cloudflare_list')) {
    const content = contentOf(list, objects);
    if (content !== null) {
      contents.set(textAt(list.attributes, 'name'), content);
    }
  }
  return contents;
}

/** What is in each list, as one text per list that is equal exactly when the contents are. */
export function listItemsOf(objects: readonly ConfiguredObject[]): ReadonlyMap<string, string> {
  return new Map(
    objects
      .filter(({ type }) => type === 'cloudflare_list')
      .map((list) => {
        const kind = textAt(list.attributes, 'kind');
        const items = itemsOf(list, kind, objects).toSorted();
        return [textAt(list.attributes, 'name'), JSON.stringify([kind, items])];
      }),
  );
}

function contentOf(list: ConfiguredObject, objects: readonly ConfiguredObject[]): ListContent | null {
  const kind = textAt(list.attributes, 'kind');
  if (kind === 'redirect') {
    return redirectContent(redirectsOf(objects, list));
  }
  if (kind !== 'ip' && kind !== 'asn' && kind !== 'hostname') {
    return null;
  }
  const read = readListItems(kind, itemsOf(list, kind, objects));
  return read.ok ? read.value : null;
}

/** The entries of a redirect list, ready to be looked up. */
export function redirectsOf(objects: readonly ConfiguredObject[], list: ConfiguredObject): RedirectFinder {
  return compileRedirects(entriesOf(list, objects).map(redirectEntry));
}

/** An item of a redirect list. */
export function redirectEntry(item: JsonObject): RedirectEntry {
  const redirect = objectAt(item, 'redirect');
  return {
    source: textAt(redirect, 'source_url'),
    target: textAt(redirect, 'target_url'),
    status: typeof redirect['status_code'] === 'number' ? redirect['status_code'] : 301,
    includesSubdomains: redirect['include_subdomains'] === true,
    matchesSubpaths: redirect['subpath_matching'] === true,
    keepsQuery: redirect['preserve_query_string'] === true,
    keepsPathSuffix: redirect['preserve_path_suffix'] !== false,
  };
}

/** Items of the list itself and those that are objects of their own. */
function entriesOf(list: ConfiguredObject, objects: readonly ConfiguredObject[]): readonly JsonObject[] {
  const separate = objects
    .filter(({ type, attributes }) => type === 'cloudflare_list_item' && attributes['list_id'] === list.id)
    .map(({ attributes }) => attributes);
  return [...objectsAt(list.attributes, 'items'), ...separate];
}

function itemsOf(
  list: ConfiguredObject,
  kind: string,
  objects: readonly ConfiguredObject[],
): readonly string[] {
  return entriesOf(list, objects).map((item) => itemText(kind, item));
}

/** An item of a list as one text: the address, number or name that it is, or the whole of its redirect. */
export function itemText(kind: string, item: JsonObject): string {
  const value = kind === 'hostname' ? objectAt(item, 'hostname')['url_hostname'] : item[kind];
  return typeof value === 'number' || typeof value === 'string'
    ? String(value)
    : JSON.stringify(value ?? null);
}
