/**
 * Rulesets and lists of a configuration as lint rules see them. Texts are those that Cloudflare gets: Terraform's `$${`
 * is `${`. A text that refers to something else (`${var.x}`) is not known, and nothing is said about it.
 */
import { listAt, objectAt, textAt } from '../rulesets/attributes.ts';
import { isOpenText, literalText } from '../../plan/expression/parse.ts';
import { Expressions } from '../reason/expressions.ts';
import { isObject } from '../../json/json.ts';
import type { Json, JsonObject } from '../../plan/types.ts';
import { rulesetType } from '../../provider/ruleset-type.ts';
import type { ConfiguredObject } from '../rulesets/configured.ts';
import { readRuleset } from '../rulesets/rules.ts';
import type { RulesetRule, Ruleset } from '../rulesets/rules.ts';
import type { CloudflarePlan } from '../language/tables.ts';
import { plans } from '../language/tables.ts';

export interface LintedRuleset extends Ruleset {
  readonly id: string;
  /** Plan of its zone; undefined when it is not known. */
  readonly plan: CloudflarePlan | undefined;
  readonly rules: readonly LintedRule[];
  readonly estate: LintedEstate;
}

export interface LintedRule extends RulesetRule {
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
  readonly expressions: Expressions;
}

export interface EstateOptions {
  /** Where expressions are read; a table of its own where nobody hands one. */
  readonly expressions?: Expressions;
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
  const { expressions = new Expressions() } = options;
  const estate = { rulesets, lists, listKinds, expressions };
  const zonePlans = readPlans(objects);
  for (const object of ofType(rulesetType)) {
    const plan = zonePlans.get(textAt(object.attributes, 'zone_id')) ?? options.plan;
    rulesets.push(lintedRuleset(object, plan, estate));
  }
  return estate;
}

function lintedRuleset(
  { id, attributes }: ConfiguredObject,
  plan: CloudflarePlan | undefined,
  estate: LintedEstate,
): LintedRuleset {
  const read = readRuleset(attributes);
  const rules: LintedRule[] = [];
  const ruleset: LintedRuleset = {
    ...read,
    id,
    plan: read.isAccount ? undefined : plan,
    rules,
    estate,
  };
  rules.push(...read.rules.map((rule) => ({ ...rule, ruleset })));
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
