/**
 * Values that are the same although they are not written alike: an absent attribute and its default, sets in another
 * order, other spellings. What counts is in the facts of the provider; a type without facts has nothing of the kind.
 */
import type { AttributeFacts, Fallback } from './facts.ts';
import { canonicalJson, compareText, isList, isObject, own, sameJson } from '../json/json.ts';
import { canonicalSpelling, noContext } from './spelling.ts';
import type { SpellingContext } from './spelling.ts';
import type { Json, JsonObject, Path } from '../plan/types.ts';

/** The facts of what stands at a path; undefined where there are none. */
export function factsAt(facts: AttributeFacts | undefined, path: Path): AttributeFacts | undefined {
  return path.reduce<AttributeFacts | undefined>(
    (inner, segment) =>
      typeof segment === 'string' ? (inner?.attributes.get(segment) ?? inner?.items) : inner?.items,
    facts,
  );
}

/** What an absent attribute of an object stands for; undefined where nothing is known to. */
export function fallbackOf(facts: AttributeFacts | undefined, object: Json | undefined): Json | undefined {
  return facts?.fallbacks.find((fallback) => holds(fallback, object))?.value;
}

function holds({ when }: Fallback, object: Json | undefined): boolean {
  const value = when?.path
    .split('.')
    .reduce<Json | undefined>((inner, key) => (isObject(inner) ? own(inner, key) : undefined), object);
  if (when === undefined) {
    return true;
  }
  return typeof value === 'string'
    ? when.in.includes(value)
    : (value ?? null) === null && when.byDefault === true;
}

/** Nothing, or what stands for nothing: false, no text, no element, the default, or an object of such. */
export function isBlank(facts: AttributeFacts | undefined, value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '') {
    return true;
  }
  if (isList(value)) {
    return value.length === 0;
  }
  return (
    isDefault(facts, value) ||
    (isObject(value) &&
      Object.keys(value).every((key) => isBlank(facts?.attributes.get(key) ?? facts?.items, value[key])))
  );
}

/** The value with sets in one order, texts in one spelling, and without what says the same as nothing. */
export function canonicalValue(
  facts: AttributeFacts | undefined,
  value: Json,
  context: SpellingContext = noContext,
): Json {
  if (facts?.variesBelow !== true) {
    return value;
  }
  if (typeof value === 'string') {
    return facts.spelling === undefined ? value : canonicalSpelling(facts.spelling, value, context);
  }
  if (isList(value)) {
    const items = value.map((item) => canonicalValue(facts.items, item, context));
    return facts.set ? items.toSorted((a, b) => compareText(canonicalJson(a), canonicalJson(b))) : items;
  }
  return isObject(value) ? canonicalMembers(facts, value, context) : value;
}

function canonicalMembers(facts: AttributeFacts, value: JsonObject, context: SpellingContext): JsonObject {
  const members = Object.keys(value).flatMap((key): readonly (readonly [string, Json])[] => {
    const inner = facts.attributes.get(key) ?? facts.items;
    const item = canonicalValue(inner, value[key] ?? null, context);
    return item === null || isDefault(inner, item) ? [] : [[key, item]];
  });
  return Object.fromEntries(members);
}

/** The same as left out, whatever stands beside it. */
function isDefault(facts: AttributeFacts | undefined, value: Json): boolean {
  return (
    facts?.fallbacks.some((fallback) => fallback.when === undefined && sameJson(fallback.value, value)) ===
    true
  );
}

/** Canonical JSON without the members that are null: to Terraform those are not set. */
export function contentText(item: Json): string {
  const text = canonicalJson(item);
  return text.includes(':null') ? canonicalJson(withoutNulls(item)) : text;
}

function withoutNulls(value: Json): Json {
  if (isList(value)) {
    return value.map(withoutNulls);
  }
  return isObject(value)
    ? Object.fromEntries(
        Object.keys(value).flatMap((key): readonly (readonly [string, Json])[] => {
          const item = value[key] ?? null;
          return item === null ? [] : [[key, withoutNulls(item)]];
        }),
      )
    : value;
}

/** The value with defaults for the members that it lacks and `like` has. */
export function filledLike(facts: AttributeFacts | undefined, value: Json, like: Json): Json {
  if (facts === undefined || !isObject(value) || !isObject(like)) {
    return value;
  }
  const filled = mapMembers(like, (key, wanted) => {
    const inner = facts.attributes.get(key) ?? facts.items;
    return filledLike(inner, own(value, key) ?? fallbackOf(inner, value) ?? null, wanted);
  });
  return { ...value, ...filled };
}

function mapMembers(value: JsonObject, map: (key: string, item: Json) => Json): JsonObject {
  return Object.fromEntries(Object.keys(value).map((key) => [key, map(key, value[key] ?? null)]));
}
