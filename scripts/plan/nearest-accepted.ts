/** The value nearest to a refused one that the provider takes, for messages. Never the refused value itself. */
import { isList } from './json.ts';
import { nearestWord } from './nearest-word.ts';
import type { Json } from './types.ts';
import type { Validator } from './validators.ts';

/** Null where none is near, or where it would be a guess. Of a list: that of its first element that is not taken. */
export function nearestAccepted(rule: Validator, value: Json): Json {
  switch (rule.kind) {
    case 'oneOf':
      return nearestListed(rule, value);
    case 'equals':
      return rule.value;
    case 'between':
      return within(value, rule.min, rule.max);
    case 'atLeast':
      return within(value, rule.min, Infinity);
    case 'atMost':
      return within(value, -Infinity, rule.max);
    case 'each':
      return isList(value)
        ? (value
            .flatMap((item) => rule.of.map((one) => nearestAccepted(one, item)))
            .find((near) => near !== null) ?? null)
        : null;
    default:
      return null;
  }
}

function within(value: Json, least: number, most: number): Json {
  return typeof value !== 'number' || (value >= least && value <= most)
    ? null
    : Math.min(Math.max(value, least), most);
}

function nearestListed(
  { values, caseInsensitive = false }: Extract<Validator, { readonly kind: 'oneOf' }>,
  value: Json,
): Json {
  const same = (text: string): string => (caseInsensitive ? text.toLowerCase() : text);
  if (values.some((allowed) => same(String(allowed)) === same(String(value)))) {
    return null;
  }
  if (typeof value === 'number') {
    const numbers = values.filter((each) => typeof each === 'number');
    return numbers.toSorted((a, b) => Math.abs(a - value) - Math.abs(b - value))[0] ?? null;
  }
  return typeof value === 'string' ? nearestWord(value, values.map(String)) : null;
}
