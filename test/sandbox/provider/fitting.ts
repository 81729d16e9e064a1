/** Brings made-up values into what the provider's validators take, by the same table. */
import { refusedIn } from '../../../scripts/provider/accepted.ts';
import { providerType } from '../../../scripts/provider/types.ts';
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';
import type { ValueValidator, Validator } from '../../../scripts/provider/validators.ts';

const texts: readonly string[] = ['c'.repeat(32), 'log', '24h'];

/** What a value has to be to pass one validator; undefined when leaving it away is the way. */
function fitting(rule: Validator): Json | undefined {
  if (rule.kind === 'regex') {
    return texts.find((text) => new RegExp(rule.pattern, 'u').test(text));
  }
  if (rule.kind === 'anyOf') {
    return rule.of.map((one: ValueValidator) => fitting(one)).find((value) => value !== undefined);
  }
  if (rule.kind === 'oneOf') {
    return rule.values[0];
  }
  if (rule.kind === 'between' || rule.kind === 'atLeast') {
    return rule.min;
  }
  if (rule.kind === 'atMost') {
    return rule.max;
  }
  return rule.kind === 'equals' ? rule.value : written[rule.kind];
}

const written: Readonly<Partial<Record<Validator['kind'], string>>> = {
  rfc3339: '2026-11-24T20:15:00Z',
  json: '{}',
  urlWithPath: 'shop.example/',
};

function made(required: string, rules: readonly Validator[], sample: Json): Json | undefined {
  if (/^(?:be left away|come with)/.test(required)) {
    return undefined;
  }
  return (
    rules.map(fitting).find((one) => one !== undefined) ??
    (required.startsWith('be set') ? sample : undefined)
  );
}

type Body = Record<string, Json> | Json[];

/**
 * The same values with each one that is refused made to fit, or left away.
 * @param sampleAt What to set where something has to be set.
 */
export function fitted(
  type: string,
  values: JsonObject,
  sampleAt: (path: string) => Json = () => 'x',
): JsonObject {
  const copy = structuredClone(values) as Record<string, Json>;
  const rules = providerType(type)?.accepts ?? {};
  for (let round = 0; round < 100; round += 1) {
    const [refused] = refusedIn(type, copy);
    if (refused === undefined) {
      return copy;
    }
    const pattern = refused.path
      .map((part, at) => (typeof part === 'number' ? '[]' : `${at === 0 ? '' : '.'}${part}`))
      .join('');
    const parent = refused.path
      .slice(0, -1)
      .reduce<Json>((at, part) => (at as JsonObject)[part] ?? null, copy) as Body;
    const value = made(refused.required, rules[pattern] ?? [], sampleAt(pattern));
    const last = refused.path.at(-1) ?? '';
    if (value === undefined && Array.isArray(parent)) {
      parent.splice(Number(last), 1);
    } else if (value === undefined) {
      delete (parent as Record<string | number, Json>)[last];
    } else {
      (parent as Record<string | number, Json>)[last] = value;
    }
  }
  throw new Error(`nothing was found that ${type} takes: ${JSON.stringify(refusedIn(type, copy))}`);
}
