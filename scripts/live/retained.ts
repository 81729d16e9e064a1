/**
 * Values of objects that Cloudflare keeps when Terraform deletes them: what of an answer is the value, and whether what was
 * there before can be set again.
 */
import { cloudflareSource, factsOf, type AttributeFacts } from '../provider/facts.ts';
import { isObject, sameJson } from '../json/json.ts';
import { liveValueOf } from '../provider/live-values.ts';
import type { Json, JsonObject } from '../plan/types.ts';
import type { LiveSetting, Setting } from './types.ts';

/** The name under which many types have their only value. */
const single = 'value';

/**
 * The value in the API's answer: of the attributes that the plan sets, and of those beside them as far as they are told, no
 * secret among them. Null when there is no object; undefined when the answer has none that the plan sets and so does not tell.
 */
export function valueIn(setting: Setting, answer: JsonObject | null): Json | undefined {
  const { beside = [] } = setting;
  const sets = setsOf(setting);
  if (answer === null) {
    return null;
  }
  const facts = factsOf(setting.type, cloudflareSource);
  if (sets.every((name) => answer[name] === undefined)) {
    return undefined;
  }
  const present = [...sets, ...beside].filter((name) => answer[name] !== undefined);
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

/**
 * Whether both are the same value of one object. The order of members says nothing, and neither does an attribute beside those
 * that the plan sets where one of them does not tell it.
 */
export function isSameValue(one: LiveSetting, other: LiveSetting): boolean {
  return sameJson(comparable(one, other), comparable(other, one));
}

/** What a rollback has to write, given what is live now: beside what the release set only what differs. */
export function toWrite(setting: LiveSetting, now: LiveSetting): LiveSetting {
  return {
    ...setting,
    value: without(setting, (name) => !isTold(setting, name) || isEqualIn(setting, now, name)),
  };
}

/** Without what stands beside what the release set. */
export function withoutBeside(setting: LiveSetting): LiveSetting {
  return { ...setting, value: without(setting, () => true) };
}

function comparable(one: LiveSetting, other: LiveSetting): Json {
  return without(one, (name) => !(isTold(one, name) && isTold(other, name)));
}

function without(setting: LiveSetting, isLeftOut: (beside: string) => boolean): Json {
  const { value, beside = [] } = setting;
  return isObject(value) && !isSingle(setting)
    ? Object.fromEntries(
        Object.entries(value).filter(([name]) => !(beside.includes(name) && isLeftOut(name))),
      )
    : value;
}

function isTold({ value }: LiveSetting, name: string): boolean {
  return isObject(value) && (value[name] ?? null) !== null;
}

function isEqualIn(one: LiveSetting, other: LiveSetting, name: string): boolean {
  return isObject(one.value) && isObject(other.value) && sameJson(one.value[name], other.value[name]);
}

function setsOf({ type, sets }: Setting): readonly string[] {
  return sets ?? liveValueOf(type, cloudflareSource, {})?.values ?? [];
}

function isSingle({ type }: Setting): boolean {
  const values = liveValueOf(type, cloudflareSource, {})?.values;
  return values === undefined || (values.length === 1 && values[0] === single);
}

/** The value with null in place of everything that the provider marks as secret. */
export function withoutSecrets(facts: AttributeFacts | undefined, value: Json): Json {
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
