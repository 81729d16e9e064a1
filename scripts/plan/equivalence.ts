/**
 * Values that are the same although they are not written alike: an absent attribute and its default, sets in another
 * order, other spellings. What counts is in the facts of the provider; a type without facts has nothing of the kind.
 */
import type { AttributeFacts, Fallback } from './facts.ts';
import { canonicalJson, compareText, isList, isObject, own, sameJson } from './json.ts';
import { canonicalSpelling, noContext } from './spelling.ts';
import type { Json, JsonObject } from './types.ts';

/** What an absent attribute of an object stands for; undefined where nothing is known to. */
export function fallbackOf(facts: AttributeFacts | undefined, object: Json | undefined): Json | undefined {
  return facts?.fallbacks.find((fallback) => holds(fallback, object))?.value;
}

function holds({ when }: Fallback, object: Json | undefined): boolean {
  const value = when?.path
    .split('.')
    .reduce<Json | undefined>((inner, key) => (isObject(inner) ? own(inner, key) : undefined), object);
  return when === undefined || (typeof value === 'string' && when.in.includes(value));
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
    facts?.fallbacks.some((fallback) => fallback.when === undefined && sameJson(fallback.value, value)) ===
      true ||
    (isObject(value) &&
      Object.keys(value).every((key) => isBlank(facts?.attributes.get(key) ?? facts?.items, value[key])))
  );
}

/** The value with sets in one order and texts in one spelling, for what needs to know nothing around it. */
export function canonicalValue(facts: AttributeFacts | undefined, value: Json): Json {
  if (facts?.variesBelow !== true) {
    return value;
  }
  if (typeof value === 'string') {
    return facts.spelling === undefined ? value : canonicalSpelling(facts.spelling, value, noContext);
  }
  if (isList(value)) {
    const items = value.map((item) => canonicalValue(facts.items, item));
    return facts.set ? items.toSorted((a, b) => compareText(canonicalJson(a), canonicalJson(b))) : items;
  }
  return isObject(value) ? canonicalObject(facts, value) : value;
}

function canonicalObject(facts: AttributeFacts, value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.keys(value).map((key) => [
      key,
      canonicalValue(facts.attributes.get(key) ?? facts.items, value[key] ?? null),
    ]),
  );
}
