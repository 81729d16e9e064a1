/** The value nearest to a refused one that the provider takes, for messages. Never the refused value itself. */
import { isList } from '../json/json.ts';
import { nearestWord } from '../plan/nearest-word.ts';
import type { Json } from '../plan/types.ts';
import type { Validator } from './validators.ts';

/** Null where none is near, or where it would be a guess. Of a list: that of its first element that is not taken. */
export function nearestAccepted(rule: Validator, value: Json): Json {
  if (rule.kind === 'oneOf') {
    return nearestListed(rule, value);
  }
  if (rule.kind === 'equals') {
    return rule.value;
  }
  if (rule.kind === 'each' && isList(value)) {
    const near = value.flatMap((item) => rule.of.map((one) => nearestAccepted(one, item)));
    return near.find((one) => one !== null) ?? null;
  }
  return nearestNumber(rule, value);
}

function nearestNumber(rule: Validator, value: Json): Json {
  const least = rule.kind === 'between' || rule.kind === 'atLeast' ? rule.min : -Infinity;
  const most = rule.kind === 'between' || rule.kind === 'atMost' ? rule.max : Infinity;
  return typeof value !== 'number' || (value >= least && value <= most)
    ? null
    : Math.min(Math.max(value, least), most);
}

function nearestListed(
  { values, caseInsensitive = false }: Extract<Validator, { readonly kind: 'oneOf' }>,
  value: Json,
): Json {
  if (typeof value !== 'number' && typeof value !== 'string') {
    return null;
  }
  const same = (one: string | number): string => (caseInsensitive ? String(one).toLowerCase() : String(one));
  if (values.some((allowed) => same(allowed) === same(value))) {
    return null;
  }
  if (typeof value === 'number') {
    const numbers = values.filter((each) => typeof each === 'number');
    return numbers.toSorted((a, b) => Math.abs(a - value) - Math.abs(b - value))[0] ?? null;
  }
  return nearestWord(value, values.map(String));
}
