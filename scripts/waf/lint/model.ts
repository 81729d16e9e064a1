/**
 * Rulesets and lists of a configuration as lint rules see them. Texts are those that Cloudflare gets: Terraform's `$${`
 * is `${`. A text that refers to something else (`${var.x}`) is not known, and nothing is said about it.
 */
import { listAt, objectAt, textAt } from '../rulesets/attributes.ts';
import { isOpenText, literalText } from '../../plan/expression/parse.ts';
import { isObject } from '../../json/json.ts';
import type { Json, JsonObject } from '../../plan/types.ts';
import type { ConfiguredObject } from '../rulesets/configured.ts';
import type { CloudflarePlan } from '../language/tables.ts';
import { plans } from '../language/tables.ts';

export interface LintedRuleset {
  readonly id: string;
  readonly attributes: JsonObject;
  readonly phase: string;
  readonly kind: string;
  /** True for a ruleset of an account. */
  readonly isAccount: boolean;
  /** Plan of its zone; undefined when it is not known. */
  readonly plan: CloudflarePlan | undefined;
  readonly rules: readonly LintedRule[];
  readonly estate: LintedEstate;
}

export interface LintedRule {
  /** `ref`, or `rules[2]` for a rule without one. */
  readonly name: string;
  readonly position: number;
  readonly attributes: JsonObject;
  readonly action: string;
  readonly parameters: JsonObject;
  readonly enabled: boolean;
  readonly ruleset: LintedRuleset;
}

export interface LintedList {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly attributes: JsonObject;
  /** Inline items, then those that are resources of their own. */
  readonly items: readonly JsonObject[];
}

export interface LintedEstate {
  readonly rulesets: readonly LintedRuleset[];
  readonly lists: readonly LintedList[];
  /** Kinds of lists by name, those declared elsewhere included. */
  readonly listKinds: ReadonlyMap<string, string>;
}

export interface EstateOptions {
  /** Plan of zones whose plan the configuration does not say. */
  readonly plan?: CloudflarePlan;
  /** Kinds of lists that are declared elsewhere, by name. */
  readonly otherLists?: ReadonlyMap<string, string>;
}

/** An attribute that is there: `null` is the same as absent. */
export function attribute(object: JsonObject, key: string): Json | undefined {
  return object[key] ?? undefined;
}

/** True for a value that is only known when Terraform runs. */
export function isReference(value: Json | undefined): boolean {
  return typeof value === 'string' && isOpenText(value);
}

function unescaped(value: Json): Json {
  if (typeof value === 'string') {
    return literalText(value) ?? value;
  }
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map(unescaped);
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unescaped(member)]))
    : value;
}

/** Reads the rulesets and lists of one configuration. */
export function lintedEstate(
  objects: readonly ConfiguredObject[],
  options: EstateOptions = {},
): LintedEstate {
  const ofType = (wanted: string): readonly ConfiguredObject[] =>
    objects
      .filter(({ type }) => type === wanted)
      .map((object) => ({ ...object, attributes: unescaped(object.attributes) as JsonObject }));
  const items = ofType('cloudflare_list_item');
  const lists = ofType('cloudflare_list').map((list) => readList(list, items));
  const listKinds = new Map([
    ...(options.otherLists ?? []),
    ...lists.map(({ name, kind }) => [name, kind] as const),
  ]);
  const rulesets: LintedRuleset[] = [];
  const estate = { rulesets, lists, listKinds };
  const zonePlans = readPlans(objects);
  for (const object of ofType('cloudflare_ruleset')) {
    const plan = zonePlans.get(textAt(object.attributes, 'zone_id')) ?? options.plan;
    rulesets.push(readRuleset(object, plan, estate));
  }
  return estate;
}

function readRuleset(
  { id, attributes }: ConfiguredObject,
  plan: CloudflarePlan | undefined,
  estate: LintedEstate,
): LintedRuleset {
  const rules: LintedRule[] = [];
  const ruleset: LintedRuleset = {
    id,
    attributes,
    phase: textAt(attributes, 'phase'),
    kind: textAt(attributes, 'kind'),
    isAccount: attribute(attributes, 'zone_id') === undefined,
    plan: attribute(attributes, 'zone_id') === undefined ? undefined : plan,
    rules,
    estate,
  };
  for (const [position, rule] of listAt(attributes, 'rules').entries()) {
    if (isObject(rule)) {
      rules.push({
        name: textAt(rule, 'ref') || `rules[${position}]`,
        position,
        attributes: rule,
        action: textAt(rule, 'action'),
        parameters: objectAt(rule, 'action_parameters'),
        enabled: rule['enabled'] !== false,
        ruleset,
      });
    }
  }
  return ruleset;
}

function readList(list: ConfiguredObject, items: readonly ConfiguredObject[]): LintedList {
  const separate = items.filter(({ attributes }) => attributes['list_id'] === list.id);
  return {
    id: list.id,
    name: textAt(list.attributes, 'name'),
    kind: textAt(list.attributes, 'kind'),
    attributes: list.attributes,
    items: [
      ...listAt(list.attributes, 'items').filter(isObject),
      ...separate.map(({ attributes }) => attributes),
    ],
  };
}

/** Plans by zone, as subscriptions (`cloudflare_zone_subscription`) and read zones (`plan.legacy_id`) say them. */
function readPlans(objects: readonly ConfiguredObject[]): ReadonlyMap<string, CloudflarePlan> {
  const found = new Map<string, CloudflarePlan>();
  for (const { type, id, attributes } of objects) {
    const zone = type === 'cloudflare_zone' ? id : textAt(attributes, 'zone_id');
    const name =
      type === 'cloudflare_zone'
        ? textAt(objectAt(attributes, 'plan'), 'legacy_id')
        : type === 'cloudflare_zone_subscription'
          ? textAt(objectAt(attributes, 'rate_plan'), 'id')
          : '';
    const plan = plans.find((one) => one === name);
    if (plan !== undefined) {
      found.set(zone, plan);
    }
  }
  return found;
}

/** Kinds of lists by name. */
export function listKindsOf(objects: readonly ConfiguredObject[]): ReadonlyMap<string, string> {
  return new Map(
    objects
      .filter(({ type }) => type === 'cloudflare_list')
      .map(({ attributes }) => [textAt(attributes, 'name'), textAt(attributes, 'kind')]),
  );
}
