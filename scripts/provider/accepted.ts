/**
 * What the provider refuses to take: lengths, ranges, patterns, members that exclude or need each other. Terraform asks the
 * provider before it plans; here the same is asked before anybody approves.
 */
import { cloudflareSource, factsOf } from './facts.ts';
import { isList, isObject, own } from '../json/json.ts';
import { nearestAccepted } from './nearest-accepted.ts';
import type { ProviderType } from './entry.ts';
import { providerType } from './types.ts';
import type { Json, JsonObject, ResourceChange, StackSettings } from '../plan/types.ts';
import { isOlderVersion } from '../plan/v4/types.ts';
import { problemOf, type BesideFact, type Validator } from './validators.ts';

export interface RefusedValue {
  readonly path: readonly (string | number)[];
  /** What the value has to do, as the end of "it has to …". */
  readonly required: string;
  /** The nearest value that it takes; null where none is near. */
  readonly nearest: Json;
}

/** What has to be, for people: `it has to be one of "a", "b"; the nearest is "a"`. */
export function requiredText({ required, nearest }: RefusedValue): string {
  return `it has to ${required}${nearest === null ? '' : `; the nearest is ${JSON.stringify(nearest)}`}`;
}

/**
 * Whether the provider of these validators is asked: not about what goes, data sources and other providers, nor in a stack that is
 * held to an older version of it, whose values are others.
 * @param settings Those of the stack after the change.
 */
export function appliesTo(
  { type, provider, mode, after }: ResourceChange,
  settings: StackSettings | null,
): boolean {
  return mode === 'managed' && after !== null && !isOlder(settings) && factsOf(type, provider) !== null;
}

/** What the provider would refuse of a resource as a configuration leaves it. */
export function refusedOf(change: ResourceChange, settings: StackSettings | null): readonly RefusedValue[] {
  return appliesTo(change, settings) ? refusedIn(change.type, change.after ?? {}) : [];
}

function isOlder(settings: StackSettings | null): boolean {
  const version = settings?.providers.find(({ source }) => source === cloudflareSource)?.version ?? '';
  return isOlderVersion(version);
}

/**
 * What the provider would refuse of the configured values of a Cloudflare resource; a text with an expression is not known.
 * @param fileHash Reads the hash of a file that the configuration names; without it files are not judged.
 */
export function refusedIn(
  type: string,
  values: JsonObject,
  fileHash: BesideFact['fileHash'] = () => null,
): readonly RefusedValue[] {
  const accepts = providerType(type)?.accepts;
  if (accepts === undefined) {
    return [];
  }
  const found: (RefusedValue & { readonly order: number })[] = [];
  visit(treeOf(accepts), { path: [], steps: [], value: values }, (place, { order, rules }) => {
    for (const rule of rules) {
      const beside = { other: (other: string) => otherOf(values, other, place), fileHash };
      const required = problemOf(rule, place.value, beside);
      if (required !== null) {
        found.push({ order, path: place.path, required, nearest: nearestAccepted(rule, place.value) });
      }
    }
  });
  return found
    .toSorted((a, b) => a.order - b.order)
    .map(({ path, required, nearest }) => ({ path, required, nearest }));
}

/** The values that the provider takes for attributes of a type, by path; without attributes that take any. */
export function allowedValuesOf(type: string): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const [path, rules] of Object.entries(providerType(type)?.accepts ?? {})) {
    for (const rule of rules.flatMap((one): readonly Validator[] => (one.kind === 'each' ? one.of : [one]))) {
      if (rule.kind === 'oneOf') {
        found[path] = rule.values.map(String);
      }
    }
  }
  return found;
}

interface AttributePlace {
  readonly path: readonly (string | number)[];
  /** Steps taken at each `[]`, in order. */
  readonly steps: readonly (string | number)[];
  /** Null when the attribute is not set where it could be. */
  readonly value: Json;
}

const element = '[]';

function tokensOf(path: string): readonly string[] {
  return path.replaceAll('[]', '.[]').split('.');
}

interface Judged {
  /** Place of the attribute in the table. */
  readonly order: number;
  readonly rules: readonly Validator[];
}

/** The attributes of a type by their steps, so that what is not set is left with all that would be in it. */
interface AttributeTree {
  judged: Judged | null;
  readonly below: Map<string, AttributeTree>;
}

/** Of the table, which never changes while the program runs: made at the first resource of a type. */
const trees = new WeakMap<ProviderType['accepts'] & object, AttributeTree>();

function treeOf(accepts: ProviderType['accepts'] & object): AttributeTree {
  const known = trees.get(accepts);
  if (known !== undefined) {
    return known;
  }
  const root: AttributeTree = { judged: null, below: new Map() };
  for (const [order, [path, rules]] of Object.entries(accepts).entries()) {
    let node = root;
    for (const token of tokensOf(path)) {
      const next = node.below.get(token) ?? { judged: null, below: new Map() };
      node.below.set(token, next);
      node = next;
    }
    node.judged = { order, rules };
  }
  trees.set(accepts, root);
  return root;
}

/** Calls `judge` where an attribute stands or could stand: everything that it would be in is there. */
function visit(
  { judged, below }: AttributeTree,
  place: AttributePlace,
  judge: (place: AttributePlace, judged: Judged) => void,
): void {
  const { path, steps, value } = place;
  if (judged !== null) {
    judge(place, judged);
  }
  for (const [token, child] of below) {
    if (token === element) {
      for (const [step, item] of elementsOf(value)) {
        visit(child, { path: [...path, step], steps: [...steps, step], value: item }, judge);
      }
    } else if (isObject(value)) {
      visit(child, { path: [...path, token], steps, value: own(value, token) ?? null }, judge);
    }
  }
}

function elementsOf(value: Json): readonly (readonly [string | number, Json])[] {
  if (isList(value)) {
    return value.map((item, index) => [index, item] as const);
  }
  return isObject(value) ? Object.entries(value) : [];
}

/** The value of another attribute, in the same elements as this one. */
function otherOf(root: JsonObject, path: string, { steps }: AttributePlace): Json {
  let value: Json = root;
  let used = 0;
  for (const token of tokensOf(path)) {
    const step = token === element ? steps[used] : token;
    used += token === element ? 1 : 0;
    value = step === undefined ? null : stepInto(value, step);
  }
  return value;
}

function stepInto(value: Json, step: string | number): Json {
  if (isList(value)) {
    return typeof step === 'number' ? (value[step] ?? null) : null;
  }
  return isObject(value) ? (own(value, String(step)) ?? null) : null;
}
