/**
 * Values in the types that the provider's schema asks for. Terraform converts as it reads a configuration: `"false"` is
 * false where the schema says bool, `"5"` is 5 where it says number. This is the one place where that is done, so that
 * whoever reads a plan reads what will be applied.
 */
import { isOpenText } from './expression/parse.ts';
import type { AttributeFacts, ScalarType } from '../provider/facts.ts';
import { isList, isObject, own, setOwn } from '../json/json.ts';
import type { Json, JsonObject, Path } from './types.ts';

/** The value with each text converted that Terraform would convert; the same object when there is none. */
export function typedValue(facts: AttributeFacts | null | undefined, value: Json): Json {
  if (facts?.scalarBelow !== true) {
    return value;
  }
  if (typeof value === 'string') {
    return facts.scalar === undefined ? value : (converted(facts.scalar, value) ?? value);
  }
  if (isList(value)) {
    const items = value.map((item) => typedValue(facts.items, item));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  return isObject(value) ? typedObject(facts, value) : value;
}

function typedObject(facts: AttributeFacts, value: JsonObject): JsonObject {
  let copy: Record<string, Json> | null = null;
  for (const key of Object.keys(value)) {
    const item = value[key] ?? null;
    const typed = typedValue(below(facts, key), item);
    if (typed !== item) {
      copy ??= { ...value };
      setOwn(copy, key, typed);
    }
  }
  return copy ?? value;
}

function below(facts: AttributeFacts, key: string): AttributeFacts | undefined {
  return facts.attributes.get(key) ?? facts.items;
}

/** More digits than a number here holds: two such texts would read the same. */
const heldDigits = 15;

/**
 * The boolean or number that Terraform makes of a text; undefined when it makes none. Terraform's own `tobool` and
 * `tonumber` give the cases: "1" and "0" are booleans, "True" is none, " 5" and "0x10" are not numbers. "Inf" is one to
 * Terraform and none that any argument takes.
 */
export function converted(type: ScalarType, text: string): boolean | number | undefined {
  if (type === 'bool') {
    return booleans.get(text);
  }
  const digits = /^[+-]?(?<whole>\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?$/iu.exec(text)?.groups?.['whole'];
  return digits === undefined || digits.replace('.', '').length > heldDigits ? undefined : Number(text);
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** What a setting of Terraform's own says; undefined when it is neither true nor false, or not known. */
export function asBoolean(value: Json | undefined): boolean | undefined {
  return typeof value === 'string' ? booleans.get(value) : typeof value === 'boolean' ? value : undefined;
}

/** True for a mark such as `sensitive` that is there and is not plainly false. */
export function isMarked(body: JsonObject, key: string): boolean {
  const mark = own(body, key);
  return mark !== undefined && asBoolean(mark) !== false;
}

export interface Mistyped {
  readonly path: Path;
  readonly type: ScalarType;
}

/** What stands where the schema asks for a boolean or a number and cannot become one; what is not known yet is left out. */
export function mistypedIn(
  facts: AttributeFacts | null | undefined,
  value: Json,
  path: Path = [],
): readonly Mistyped[] {
  if (facts?.scalarBelow !== true || value === null) {
    return [];
  }
  if (facts.scalar !== undefined) {
    return fits(facts.scalar, value) ? [] : [{ path, type: facts.scalar }];
  }
  if (isList(value)) {
    return value.flatMap((item, index) => mistypedIn(facts.items, item, [...path, index]));
  }
  return isObject(value)
    ? Object.keys(value).flatMap((key) => mistypedIn(below(facts, key), value[key] ?? null, [...path, key]))
    : [];
}

function fits(type: ScalarType, value: Json): boolean {
  return typeof value === 'string'
    ? isOpenText(value) || converted(type, value) !== undefined
    : typeof value === (type === 'bool' ? 'boolean' : 'number');
}
