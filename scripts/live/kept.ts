/**
 * Values of objects that Cloudflare keeps when Terraform deletes them: what of an answer is the value, and whether what was
 * there before can be set again.
 */
import { cloudflareSource, factsOf, type AttributeFacts } from '../plan/facts.ts';
import { isObject, sameJson } from '../plan/json.ts';
import { liveValueOf } from '../plan/live-values.ts';
import type { Json, JsonObject } from '../plan/types.ts';
import type { LiveSetting, Setting } from './types.ts';

/** The name under which many types have their only value. */
const single = 'value';

/**
 * The value in the API's answer: of the attributes that the plan sets, no secret among them. Null when there is no object;
 * undefined when the answer has none of them and so does not tell.
 */
export function valueIn(setting: Setting, answer: JsonObject | null): Json | undefined {
  const sets = setsOf(setting);
  if (answer === null) {
    return null;
  }
  const facts = factsOf(setting.type, cloudflareSource);
  const present = sets.filter((name) => answer[name] !== undefined);
  if (present.length === 0) {
    return undefined;
  }
  const values = present.map(
    (name) => [name, withoutSecrets(facts?.attributes.get(name), answer[name] ?? null)] as const,
  );
  return isSingle(setting) ? (values[0]?.[1] ?? null) : Object.fromEntries(values);
}

/** Whether setting the value again brings it back: it was told whole. */
export function isRestorable(setting: LiveSetting): boolean {
  const { value } = setting;
  return isSingle(setting)
    ? value !== null
    : isObject(value) && setsOf(setting).every((name) => (value[name] ?? null) !== null);
}

/** The arguments that set the object to this value. */
export function argumentsFor(setting: LiveSetting): JsonObject {
  const { names = {}, value } = setting;
  return { ...names, ...(isSingle(setting) ? { [single]: value } : isObject(value) ? value : {}) };
}

/** Whether both are the same value of one object. The order of members says nothing. */
export function isSameValue(one: LiveSetting, other: LiveSetting): boolean {
  return sameJson(one.value, other.value);
}

function setsOf({ type, sets }: Setting): readonly string[] {
  return sets ?? liveValueOf(type, cloudflareSource)?.values ?? [];
}

function isSingle({ type }: Setting): boolean {
  const values = liveValueOf(type, cloudflareSource)?.values;
  return values === undefined || (values.length === 1 && values[0] === single);
}

function withoutSecrets(facts: AttributeFacts | undefined, value: Json): Json {
  if (facts?.sensitive === true) {
    return null;
  }
  if (facts?.sensitiveBelow !== true || value === null || typeof value !== 'object') {
    return value;
  }
  if (!isObject(value)) {
    return value.map((item) => withoutSecrets(facts.items, item));
  }
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, item]) => [name, withoutSecrets(facts.attributes.get(name) ?? facts.items, item)]),
  );
}
