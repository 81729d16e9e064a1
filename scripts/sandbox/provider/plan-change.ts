/**
 * What Terraform shows before it applies. Set values are kept as configured; what the configuration leaves out and
 * Cloudflare fills in is a default, the value it had, or unknown. Values that an update cannot change are kept, so an
 * update shows no noise; a plan without a difference is the prior state itself, byte for byte.
 */
import { isComputed } from './schema.ts';
import type { ConditionalDefault } from '../../provider/entry.ts';
import type { Attribute, Attributes, SchemaShape, TypeSchema } from './schema.ts';
import { fromJson, isList, isObject, isUnknown, mapElements, sameValue, unknown } from './values.ts';
import type { ProviderValue, ValueObject } from './values.ts';

type PathStep = { readonly attribute: string } | { readonly index: number } | { readonly key: string };
export type ValuePath = readonly PathStep[];

export interface PlannedChange {
  readonly planned: ValueObject;
  readonly requiresReplace: readonly ValuePath[];
}

/** Computed attributes that change together with another one. */
const follows: Readonly<Record<string, string>> = {
  comment_modified_on: 'comment',
  tags_modified_on: 'tags',
  content: 'data',
};

/** Plans one resource. `prior` is null for a creation. */
export function planChange(
  { attributes, conditionalDefaults = [] }: Pick<TypeSchema, 'attributes' | 'conditionalDefaults'>,
  prior: ValueObject | null,
  config: ValueObject,
): PlannedChange {
  const planned = conditionalDefaults.reduce(
    (object, fallback) => withConditionalDefault(object, config, fallback),
    planObject(attributes, config, prior),
  );
  if (prior === null) {
    return { planned, requiresReplace: [] };
  }
  const changed = changedNames(attributes, prior, planned);
  if (changed.size === 0) {
    return { planned: prior, requiresReplace: [] };
  }
  return {
    planned: recomputed(attributes, planned, config, (name) => changed.has(name)),
    requiresReplace: replacements(attributes, { prior, planned, config }, []),
  };
}

/** The object with what the provider computes anew on every update, where the configuration does not set it. */
function recomputed(
  attributes: Attributes,
  planned: ValueObject,
  config: ValueObject,
  hasMoved: (name: string) => boolean,
): ValueObject {
  const result: Record<string, ProviderValue> = { ...planned };
  for (const [name, attribute] of Object.entries(attributes)) {
    const configured = config[name] ?? null;
    const leader = follows[name];
    const moves =
      leader !== undefined && leader in attributes ? hasMoved(leader) : attribute.recomputed === true;
    if (configured !== null) {
      result[name] = recomputedInside(attribute.shape, planned[name] ?? null, configured);
    } else if (moves && isComputed(attribute)) {
      result[name] = unknown;
    }
  }
  return result;
}

function recomputedInside(shape: SchemaShape, planned: ProviderValue, config: ProviderValue): ProviderValue {
  if (shape.kind === 'plain') {
    return planned;
  }
  const member = (value: ProviderValue, configured: ProviderValue | undefined): ProviderValue =>
    isObject(value) && isObject(configured)
      ? recomputed(shape.attributes, value, configured, () => false)
      : value;
  if (shape.nesting === 'single') {
    return member(planned, config);
  }
  return isUnknown(planned) || isUnknown(config) || planned === null
    ? planned
    : mapElements(planned, (element, key) =>
        member(element, (config as Readonly<Record<string, ProviderValue>>)[String(key)]),
      );
}

function changedNames(attributes: Attributes, prior: ValueObject, planned: ValueObject): ReadonlySet<string> {
  const names = Object.entries(attributes)
    .filter(([name, attribute]) => !sameValue(prior[name] ?? null, planned[name] ?? null, attribute.shape))
    .map(([name]) => name);
  return new Set(names);
}

function planObject(attributes: Attributes, config: ValueObject, prior: ValueObject | null): ValueObject {
  const result: Record<string, ProviderValue> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    result[name] = planValue(
      attribute,
      config[name] ?? null,
      prior === null ? undefined : (prior[name] ?? null),
    );
  }
  return result;
}

/** `prior` is undefined when the object around it is new. */
function planValue(
  attribute: Attribute,
  config: ProviderValue,
  prior: ProviderValue | undefined,
): ProviderValue {
  if (config === null) {
    return planAbsent(attribute, prior);
  }
  const { shape } = attribute;
  if (isUnknown(config) || shape.kind === 'plain') {
    return !isUnknown(config) && prior !== undefined && sameValue(config, prior, shape) ? prior : config;
  }
  if (shape.nesting === 'single') {
    return planObject(shape.attributes, config as ValueObject, isObject(prior) ? prior : null);
  }
  const match = matchPrior(shape, config, prior);
  return mapElements(config, (element, key) =>
    isObject(element) ? planObject(shape.attributes, element, match(key)) : element,
  );
}

function planAbsent(attribute: Attribute, prior: ProviderValue | undefined): ProviderValue {
  if (!isComputed(attribute)) {
    return null;
  }
  if (attribute.default !== undefined) {
    return fromJson({ it: attribute.default }, { it: attribute })['it'] ?? null;
  }
  return prior === undefined ? unknown : prior;
}

type PriorMatch = (key: string | number) => ValueObject | null;

/**
 * Finds for each configured element the one it was before: by `ref`, then the element that says the same, then the
 * one at the same place. Inserting a rule on top therefore keeps the ids of all others.
 */
function matchPrior(
  shape: SchemaShape & { readonly kind: 'nested' },
  config: ProviderValue,
  prior: ProviderValue | undefined,
): PriorMatch {
  if (isObject(prior)) {
    return (key) => asObject(prior[String(key)]);
  }
  if (!isList(prior) || !isList(config)) {
    return () => null;
  }
  const free = new Set(prior.keys());
  const chosen = new Map<number, ValueObject>();
  const take = (index: number, from: number | undefined): void => {
    const element = from === undefined || !free.has(from) ? null : asObject(prior[from]);
    if (element !== null && from !== undefined) {
      chosen.set(index, element);
      free.delete(from);
    }
  };
  const passes: readonly ((element: ValueObject, index: number) => number | undefined)[] = [
    (element) =>
      [...free].find((from) => hasRef(element) && asObject(prior[from])?.['ref'] === element['ref']),
    (element, index) =>
      [index, ...free].find((from) => free.has(from) && matchesPrior(shape.attributes, element, prior[from])),
    (element, index) => (shape.nesting === 'list' && !hasRef(element) ? index : undefined),
  ];
  for (const pass of passes) {
    for (const [index, element] of config.entries()) {
      if (isObject(element) && !chosen.has(index)) {
        take(index, pass(element, index));
      }
    }
  }
  return (key) => chosen.get(Number(key)) ?? null;
}

function asObject(value: ProviderValue | undefined): ValueObject | null {
  return isObject(value) ? value : null;
}

function hasRef(element: ValueObject): boolean {
  return typeof element['ref'] === 'string';
}

/** True when everything the configuration sets is so in `prior`. */
function matchesPrior(
  attributes: Attributes,
  config: ValueObject,
  prior: ProviderValue | undefined,
): boolean {
  const before = asObject(prior);
  return (
    before !== null &&
    Object.entries(attributes).every(
      ([name, attribute]) =>
        (config[name] ?? null) === null ||
        sameValue(
          planValue(attribute, config[name] ?? null, before[name] ?? null),
          before[name] ?? null,
          attribute.shape,
        ),
    )
  );
}

/** The object with the default where its condition holds and the configuration leaves the attribute out. */
function withConditionalDefault(
  planned: ValueObject,
  config: ValueObject,
  { path, value, when }: ConditionalDefault,
): ValueObject {
  const kind = when.path.split('.').reduce<ProviderValue>(inner, planned);
  const names = path.split('.');
  return typeof kind === 'string' &&
    when.in.includes(kind) &&
    names.reduce<ProviderValue>(inner, config) === null
    ? withValue(planned, names, value)
    : planned;
}

function inner(value: ProviderValue, name: string): ProviderValue {
  return asObject(value)?.[name] ?? null;
}

/** Nothing is made on the way: a default inside of what is not there is none. */
function withValue(
  object: ValueObject,
  [name = '', ...rest]: readonly string[],
  value: ProviderValue,
): ValueObject {
  const child = asObject(object[name]);
  if (rest.length === 0) {
    return { ...object, [name]: value };
  }
  return child === null ? object : { ...object, [name]: withValue(child, rest, value) };
}

/** One object before and after the change, and what the configuration says of it; null where that is not an object. */
interface Versions {
  readonly prior: ValueObject;
  readonly planned: ValueObject;
  readonly config: ValueObject | null;
}

/** Paths of changed attributes that force replacement. */
function replacements(attributes: Attributes, versions: Versions, path: ValuePath): readonly ValuePath[] {
  return Object.entries(attributes).flatMap(([name, attribute]) => {
    const before = versions.prior[name] ?? null;
    const after = versions.planned[name] ?? null;
    const config = versions.config?.[name] ?? null;
    const here: ValuePath = [...path, { attribute: name }];
    if (sameValue(before, after, attribute.shape)) {
      return [];
    }
    const forces = attribute.replace === true || (attribute.replaceIfConfigured === true && config !== null);
    return forces ? [here] : innerReplacements(attribute.shape, { before, after, config }, here);
  });
}

function innerReplacements(
  shape: SchemaShape,
  {
    before,
    after,
    config,
  }: { readonly before: ProviderValue; readonly after: ProviderValue; readonly config: ProviderValue },
  path: ValuePath,
): readonly ValuePath[] {
  if (shape.kind === 'plain' || before === null || after === null) {
    return [];
  }
  if (shape.nesting === 'single') {
    return isObject(before) && isObject(after)
      ? replacements(shape.attributes, { prior: before, planned: after, config: asObject(config) }, path)
      : [];
  }
  if (shape.nesting !== 'list' || !isList(before) || !isList(after)) {
    return [];
  }
  const configs = isList(config) ? config : [];
  return after.flatMap((element, index) => {
    const old = asObject(before[index]);
    return old === null || !isObject(element)
      ? []
      : replacements(shape.attributes, { prior: old, planned: element, config: asObject(configs[index]) }, [
          ...path,
          { index },
        ]);
  });
}
